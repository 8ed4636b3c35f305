import type { Task } from '../api/deskTypes';
import { hostNow } from '../api/HostClock';
import { cancelTask, completeTask, postponeTask, putOffWords } from '../work/deeds';
import { PutOffs } from '../work/PutOffs';
import { distance } from '../work/times';

export function DeskTasks({ tasks, onDone }: { tasks: Task[]; onDone: () => void }) {
  const run = async (deed: Promise<Task | null>) => { if (await deed) onDone(); };
  if (tasks.length === 0) return <p class="muted">Nothing is to be done.</p>;
  const now = hostNow();
  return (
    <ul class="plain todo">
      {tasks.map(task => {
        const due = Date.parse(task.dueAt);
        return (
          <li key={task.id}>
            <div>
              <p>{task.title} <span class={due < now ? 'late' : 'muted'}>{due < now ? '! ' : 'due '}{distance(due, now)}</span></p>
              <p class="muted">{task.owner ?? 'nobody'}{task.playTitle && `, ${task.playTitle}`}</p>
              {task.postponed.length > 0 && <details><summary>{putOffWords(task)}</summary><PutOffs task={task} /></details>}
              {task.brief && <details><summary>{task.note ? 'The note' : 'Brief'}</summary><p class="text">{task.brief}</p></details>}
            </div>
            <span class="verbs">
              <button type="button" class="small" aria-label={`Done: ${task.title}`}
                 onClick={() => void run(completeTask(task))}>Done…</button>
              <button type="button" class="small" aria-label={`Put off: ${task.title}`}
                 onClick={() => void run(postponeTask(task))}>Put off…</button>
              <button type="button" class="small" aria-label={`Cancel: ${task.title}`}
                 onClick={() => void run(cancelTask(task))}>Cancel…</button>
            </span>
          </li>);
      })}
    </ul>
  );
}
