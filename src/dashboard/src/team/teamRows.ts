import type { Draft, Play, Task } from '../api/deskTypes';

export interface TeamRow {
  owner: string;
  plays: number;
  latePlays: number;
  tasks: number;
  lateTasks: number;
  drafts: number;
  approvals: number;
}

/** What each person has open; who has most that is late comes first. */
export function rowsOf(plays: Play[], tasks: Task[], drafts: Draft[], now: number): TeamRow[] {
  const rows = new Map<string, TeamRow>();
  const row = (owner: string | null): TeamRow => {
    const name = owner ?? '';
    let known = rows.get(name);
    if (!known) rows.set(name, known = { owner: name, plays: 0, latePlays: 0, tasks: 0, lateTasks: 0, drafts: 0, approvals: 0 });
    return known;
  };
  for (const play of plays) {
    if (play.state === 'ended') continue;
    row(play.owner).plays++;
    if (play.late) row(play.owner).latePlays++;
  }
  for (const task of tasks) {
    if (task.state !== 'open') continue;
    row(task.owner).tasks++;
    if (Date.parse(task.dueAt) < now) row(task.owner).lateTasks++;
  }
  for (const draft of drafts) {
    if (draft.state !== 'pending') continue;
    row(draft.reviewer ?? draft.owner).drafts++;
    if (draft.needs === 'manager') row(draft.owner).approvals++;
  }
  const late = (each: TeamRow) => each.latePlays + each.lateTasks;
  return [...rows.values()].sort((a, b) => late(b) - late(a) || b.plays - a.plays || a.owner.localeCompare(b.owner));
}
