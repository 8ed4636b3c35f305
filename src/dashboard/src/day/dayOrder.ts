import type { Draft, Task } from '../api/deskTypes';
import type { Alert } from '../api/types';
import { endOfDay } from '../work/times';

export type Item = { kind: 'alert'; it: Alert } | { kind: 'draft'; it: Draft } | { kind: 'task'; it: Task };
export type Section = 'urgent' | 'drafts' | 'tasks' | 'others';

export const SECTIONS: Section[] = ['urgent', 'drafts', 'tasks', 'others'];
const SOON_MS = 86_400_000;

/** Where an item stands today; null for one that does not need a person now. */
export function sectionOf(item: Item, now: number): Section | null {
  if (item.kind === 'alert') return item.it.state !== 'open' ? null : item.it.urgent ? 'urgent' : 'others';
  if (item.kind === 'draft') return item.it.state === 'pending' && Date.parse(item.it.expiresAt) > now ? 'drafts' : null;
  return item.it.state === 'open' && Date.parse(item.it.dueAt) <= endOfDay(now) ? 'tasks' : null;
}

export const expiresSoon = (draft: Draft, now: number): boolean => Date.parse(draft.expiresAt) - now < SOON_MS;

/** The day in its order: urgent alerts, drafts, tasks, the other alerts. */
export function orderOf(items: Item[], now: number): Item[] {
  const placed = items.map(item => ({ item, section: sectionOf(item, now) })).filter(each => each.section !== null);
  placed.sort((a, b) => SECTIONS.indexOf(a.section!) - SECTIONS.indexOf(b.section!) || compare(a.item, b.item, now));
  return placed.map(each => each.item);
}

function compare(a: Item, b: Item, now: number): number {
  if (a.kind === 'alert' && b.kind === 'alert') {
    const red = (alert: Alert) => alert.severity === 'red' ? 0 : 1;
    return (a.it.urgent ? red(a.it) - red(b.it) : 0) || rankOf(b.it) - rankOf(a.it)
      || red(a.it) - red(b.it) || early(b.it.raisedAt, a.it.raisedAt);
  }
  if (a.kind === 'draft' && b.kind === 'draft')
    return Number(expiresSoon(b.it, now)) - Number(expiresSoon(a.it, now)) || early(a.it.createdAt, b.it.createdAt);
  return a.kind === 'task' && b.kind === 'task' ? early(a.it.dueAt, b.it.dueAt) : 0;
}

// The churn risk's own alert comes from the policy, which ranks nothing: it is what all the others are about.
const rankOf = (alert: Alert): number => alert.rank || (alert.severity === 'red' ? 90 : 70);

const early = (a: string, b: string): number => Date.parse(a) - Date.parse(b);
