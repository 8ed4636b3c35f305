import type { Task } from '../api/deskTypes';
import { Time } from '../words/Time';

/** How a task was put off: to when, by whom and why. */
export function PutOffs({ task }: { task: Task }) {
  if (task.postponed.length === 0) return null;
  return (
    <ul class="plain muted">
      {task.postponed.map(put => (
        <li key={put.at}>Put off <Time at={put.at} as="date" /> by {put.by} to <Time at={put.to} as="date" />: {put.reason}</li>))}
    </ul>
  );
}
