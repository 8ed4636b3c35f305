import type { Draft, Play, Task } from '../api/deskTypes';
import type { TimelineItem } from '../api/types';
import { draftState } from '../review/draftState';

type Tone = TimelineItem['tone'];

const GOOD = ['recovered', 'renewed', 'completed'];

function item(
  at: string, kind: string, title: string, detail: string | null, tone: Tone = 'neutral', link: string | null = null,
): TimelineItem {
  return { at, kind, title, detail, tone, link };
}

/** What people did, as marks in the account's line of time: plays, drafts that were decided, tasks that were done. */
export function deskEvents(plays: Play[], drafts: Draft[], tasks: Task[], since: number): TimelineItem[] {
  const events: TimelineItem[] = [];
  for (const play of plays) {
    events.push(item(play.startedAt, 'play.started', `${play.title} began`, play.reason));
    if (!play.endedAt) continue;
    const tone = GOOD.includes(play.exit ?? '') ? 'good' : play.exit === 'churned' ? 'bad' : 'neutral';
    events.push(item(play.endedAt, 'play.ended', `${play.title} ended: ${play.exit ?? ''}`, play.outcome, tone));
  }
  for (const draft of drafts) {
    const at = draft.sentAt ?? draft.decidedAt;
    if (!at || draft.state === 'approved' || draft.state === 'pending') continue;
    const what = draft.subject || draft.title;
    const to = draft.contactName && draft.kind !== 'approval' ? 'to ' + draft.contactName : '';
    events.push(item(at, 'draft.' + draft.state, `${draft.kind === 'approval' ? 'Approval' : 'Draft'} ${draftState(draft)}: ${what}`,
      draft.state === 'sent' ? [to, draft.decidedBy && `approved by ${draft.decidedBy}`].filter(Boolean).join(', ') : draft.reason,
      'neutral', '/review?draft=' + encodeURIComponent(draft.id)));
  }
  for (const task of tasks) {
    if (!task.endedAt) continue;
    const said = [task.outcome, task.notes, task.by && `by ${task.by}`].filter(Boolean).join(', ');
    events.push(item(task.endedAt, 'task.' + task.state, `Task ${task.state}: ${task.title}`, said));
  }
  return events.filter(event => Date.parse(event.at) >= since);
}

/** Both lines in one, newest first. */
export const merge = (a: TimelineItem[], b: TimelineItem[]): TimelineItem[] =>
  [...a, ...b].sort((x, y) => Date.parse(y.at) - Date.parse(x.at));
