// What a person can do with what waits, wherever it is shown. Each asks what it has to know, and answers null where nothing was done.
import { post } from '../api/client';
import type { Draft, Play, Task } from '../api/deskTypes';
import type { Alert } from '../api/types';
import { hostNow } from '../api/HostClock';
import { onDateTime } from '../words/format';
import { blanksOf } from '../review/blanks';
import { ask } from './ask';
import { act } from './said';
import { dateAfter, endOfDate, morningAfter } from './times';

const MOST_DAYS = 90;

const at = (list: string, id: string, verb: string): string => `/v1/${list}/${encodeURIComponent(id)}/${verb}`;
const reason = (label: string) => ({ name: 'reason', label, kind: 'text' as const, required: true });

export const acknowledge = (alert: Alert): Promise<Alert | null> =>
  act(`${alert.accountName}: acknowledged.`, () => post<Alert>(at('alerts', alert.id, 'acknowledge')));

export async function snooze(alert: Alert): Promise<Alert | null> {
  const days: [string, string][] = [['1', 'until tomorrow morning'], ['3', 'for 3 days'], ['7', 'for a week']];
  const said = await ask({
    title: `Put off the alert of ${alert.accountName}`, note: 'Then it is open again, if it still holds.', submit: 'Put off',
    fields: [{ name: 'days', label: 'How long?', kind: 'choice', options: days, value: '1', required: true }],
  });
  if (!said) return null;
  const until = morningAfter(hostNow(), Number(said.days));
  return act(`${alert.accountName}: put off until ${onDateTime(until)}.`,
    () => post<Alert>(at('alerts', alert.id, 'snooze'), { until: new Date(until).toISOString() }));
}

export async function assign(alert: Alert, people: string[]): Promise<Alert | null> {
  const options = people.filter(name => name !== alert.owner).map((name): [string, string] => [name, name]);
  const said = await ask({
    title: `Give the alert of ${alert.accountName} to somebody`, submit: 'Assign',
    fields: [options.length > 0 ? { name: 'to', label: 'To whom?', kind: 'pick', options, required: true }
      : { name: 'to', label: 'To whom?', kind: 'line', required: true }],
  });
  return said && act(`${alert.accountName}: given to ${said.to}.`, () => post<Alert>(at('alerts', alert.id, 'assign'), { to: said.to }));
}

export async function resolve(alert: Alert): Promise<Alert | null> {
  const said = await ask({
    title: `Resolve the alert of ${alert.accountName}`, note: 'The account stays quiet until it has recovered.', submit: 'Resolve',
    fields: [reason('Why is it resolved?')],
  });
  return said && act(`${alert.accountName}: resolved.`, () => post<Alert>(at('alerts', alert.id, 'resolve'), { reason: said.reason }));
}

export const markRead = (draft: Draft): Promise<Draft> => post<Draft>(at('drafts', draft.id, 'read'));

export async function approve(draft: Draft): Promise<Draft | null> {
  const blanks = blanksOf(draft);
  if (blanks.length > 0) {
    const said = await ask({
      title: 'This text has blanks', submit: 'Approve as it is', fields: [],
      note: `${blanks.join(', ')}: it would go to ${draft.contactName ?? draft.accountName} like this. Edit it (e) to fill them in.`,
    });
    if (!said) return null;
  }
  return act(`${draft.accountName}: approved.`, () => post<Draft>(at('drafts', draft.id, 'approve')));
}

export const saveText = (draft: Draft, subject: string, text: string): Promise<Draft | null> =>
  act(`${draft.accountName}: the draft is changed.`, () => post<Draft>(at('drafts', draft.id, 'edit'), { subject, text }));

export async function reject(draft: Draft): Promise<Draft | null> {
  const said = await ask({
    title: `Reject the draft to ${draft.contactName ?? draft.accountName}`, submit: 'Reject', fields: [reason('Why?')],
    note: draft.kind === 'approval' ? 'The play ends with it.' : 'Its step is left out; the play goes on.',
  });
  return said && act(`${draft.accountName}: rejected.`, () => post<Draft>(at('drafts', draft.id, 'reject'), { reason: said.reason }));
}

export async function completeTask(task: Task): Promise<Task | null> {
  const options: [string, string][] = [...task.outcomes.map((word): [string, string] => [word, word]), ['', 'nothing to say yet']];
  const said = await ask({
    title: `Done: ${task.title}`, note: task.accountName, submit: 'Done',
    fields: [
      ...task.outcomes.length > 0 ? [{ name: 'outcome', label: 'What came of it?', kind: 'choice' as const, options }] : [],
      { name: 'notes', label: 'Note', kind: 'text' },
      { name: 'actions', label: 'What follows, a line each: these become tasks', kind: 'text' },
    ],
  });
  if (!said) return null;
  const actions = (said.actions ?? '').split('\n').map(line => line.trim()).filter(line => line !== '');
  const came = { ...said.outcome ? { outcome: said.outcome } : {}, ...said.notes ? { notes: said.notes } : {}, actions };
  return act(`${task.accountName}: done.`, () => post<Task>(at('tasks', task.id, 'complete'), came));
}

export async function cancelTask(task: Task): Promise<Task | null> {
  const said = await ask({ title: `No longer needed: ${task.title}`, note: task.accountName,
    submit: 'Cancel the task', fields: [reason('Why?')] });
  return said && act(`${task.accountName}: the task is cancelled.`,
    () => post<Task>(at('tasks', task.id, 'cancel'), { reason: said.reason }));
}

export async function postponeTask(task: Task): Promise<Task | null> {
  const now = hostNow();
  const first = Date.parse(task.dueAt) >= now ? dateAfter(Date.parse(task.dueAt), 1) : dateAfter(now, 0);
  const said = await ask({
    title: `Put off: ${task.title}`, submit: 'Put off', note: `${task.accountName}. ${putOffWords(task) || 'It was not put off before.'}`,
    fields: [
      { name: 'until', label: 'Until which day?', kind: 'date', required: true, min: first, max: dateAfter(now, MOST_DAYS - 1),
        value: Date.parse(task.dueAt) >= now ? first : dateAfter(now, 1) },
      reason('Why?')],
  });
  if (!said) return null;
  const until = endOfDate(said.until!);
  return act(`${task.accountName}: put off until ${onDateTime(until)}.`,
    () => post<Task>(at('tasks', task.id, 'postpone'), { until: new Date(until).toISOString(), reason: said.reason }));
}

/** How often a task was put off; empty where it never was. */
export const putOffWords = ({ postponed }: Task): string =>
  postponed.length === 0 ? '' : postponed.length === 1 ? 'Put off once.' : `Put off ${postponed.length} times.`;

export async function addTask(account: string, name: string, owner: string | null): Promise<Task | null> {
  const said = await ask({
    title: `A task for ${name}`, submit: 'Add',
    fields: [{ name: 'title', label: 'What is to be done?', kind: 'line', required: true },
      { name: 'owner', label: 'Who does it', kind: 'line', value: owner ?? '' }, { name: 'dueAt', label: 'Until', kind: 'date' }],
  });
  if (!said) return null;
  const due = said.dueAt ? { dueAt: new Date(endOfDate(said.dueAt)).toISOString() } : {};
  const task = { account, title: said.title, ...said.owner ? { owner: said.owner } : {}, ...due };
  return act('The task is added.', () => post<Task>('/v1/tasks', task));
}

export const startPlay = (account: string, playbook: string, title: string): Promise<Play | null> =>
  act(`${title} has begun.`, () => post<Play>('/v1/plays', { account, playbook }));

export const holdPlay = (play: Play): Promise<Play | null> => play.state === 'paused'
  ? act(`${play.title} goes on.`, () => post<Play>(at('plays', play.id, 'resume')))
  : act(`${play.title} is paused.`, () => post<Play>(at('plays', play.id, 'pause')));

export async function stopPlay(play: Play): Promise<Play | null> {
  const said = await ask({
    title: `Stop ${play.title}`, note: 'Its drafts and tasks go with it.', submit: 'Stop the play', fields: [reason('Why?')],
  });
  return said && act(`${play.title} is stopped.`, () => post<Play>(at('plays', play.id, 'stop'), { reason: said.reason }));
}

export async function skipStep(play: Play, step: { number: number; title: string }): Promise<Play | null> {
  const said = await ask({ title: `Leave out: ${step.title}`, note: play.title, submit: 'Leave out', fields: [reason('Why?')] });
  return said && act('The step is left out.', () => post<Play>(at('plays', play.id, `steps/${step.number}/skip`), { reason: said.reason }));
}
