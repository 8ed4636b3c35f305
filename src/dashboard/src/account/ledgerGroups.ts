import type { LedgerItem } from '../api/types';

/** What one measure, or one cap, contributed to a change. */
export interface LedgerGroup { measure: string; isCap: boolean; delta: number; items: LedgerItem[] }

/** The entries by measure, those that moved most first. The sums of the groups are the change. */
export function groupsOf(items: LedgerItem[]): LedgerGroup[] {
  const groups = new Map<string, LedgerGroup>();
  for (const item of items) {
    const isCap = item.cause === 'cap';
    const key = (isCap ? 'cap:' : '') + item.measure;
    let group = groups.get(key);
    if (!group) groups.set(key, group = { measure: item.measure, isCap, delta: 0, items: [] });
    group.items.push(item);
    group.delta += item.delta;
  }
  return [...groups.values()].sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta));
}
