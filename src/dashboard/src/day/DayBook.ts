import { withPush } from '../alerts/AlertBook';
import type { Changes } from '../api/ChangeStream';
import { isAbort, problemOf, type Problem } from '../api/client';
import type { Draft, Task } from '../api/deskTypes';
import { getAll } from '../api/getAll';
import { hostNow } from '../api/HostClock';
import type { Alert } from '../api/types';
import { draftState } from '../review/draftState';
import { orderOf, sectionOf, type Item, type Section } from './dayOrder';

const MOST = 500;

export interface Row { item: Item; section: Section; key: string }

/**
 * What one person's day holds. The order stands still while it is read: what changes, changes in place, what is dealt with stays where
 * it was and says so, and what is new is counted until it is asked for.
 */
export class DayBook {
  rows: Row[] = [];
  news = 0;
  later = 0;
  missing = 0;
  loading = false;
  isLoaded = false;
  problem: Problem | null = null;
  private items = new Map<string, Item>();
  private running: AbortController | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(readonly owner: string) {}

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  }

  async load(): Promise<void> {
    this.running?.abort();
    const control = new AbortController();
    this.running = control;
    this.loading = true;
    this.tell();
    try {
      const { signal } = control;
      const owner = this.owner;
      const [alerts, drafts, tasks] = await Promise.all([
        getAll<Alert>('/v1/alerts', { owner, state: 'open' }, MOST, signal),
        getAll<Draft>('/v1/drafts', { owner, state: 'pending' }, MOST, signal),
        getAll<Task>('/v1/tasks', { owner }, MOST, signal),
      ]);
      this.items = new Map();
      for (const it of alerts.items) this.items.set('alert ' + it.id, { kind: 'alert', it });
      for (const it of drafts.items) this.items.set('draft ' + it.id, { kind: 'draft', it });
      for (const it of tasks.items) this.items.set('task ' + it.id, { kind: 'task', it });
      this.missing = [alerts, drafts, tasks].reduce((sum, list) => sum + list.total - list.items.length, 0);
      this.sort();
      this.problem = null;
      this.isLoaded = true;
    } catch (error) {
      if (isAbort(error) || control !== this.running) return;
      this.problem = problemOf(error);
    }
    this.loading = false;
    this.tell();
  }

  /** Puts all in order again, with what is new and without what is dealt with. */
  sort(): void {
    const now = hostNow();
    this.rows = orderOf([...this.items.values()], now).map(item => ({ item, section: sectionOf(item, now)!, key: keyOf(item) }));
    this.count();
    this.tell();
  }

  take(item: Item): void {
    this.put(item);
    this.count();
    this.tell();
  }

  apply(changes: Changes): void {
    if (!this.isLoaded) return;
    for (const it of changes.alerts.values()) this.hear({ kind: 'alert', it }, it.owner);
    for (const it of changes.drafts.values()) this.hear({ kind: 'draft', it }, it.reviewer ?? it.owner);
    for (const it of changes.tasks.values()) this.hear({ kind: 'task', it }, it.owner);
    this.count();
    this.tell();
  }

  /** What became of a row since it was put in order; null while it still waits. */
  dealt({ item }: Row): string | null {
    if (item.kind === 'alert') {
      if (item.it.owner !== this.owner) return 'given to ' + (item.it.owner ?? 'nobody');
      return item.it.state === 'open' ? null : item.it.state === 'closed' ? 'over by itself' : item.it.state;
    }
    if (item.kind === 'draft') return item.it.state === 'pending' ? null : draftState(item.it);
    if (item.it.state !== 'open') return item.it.state;
    if (item.it.owner !== this.owner) return 'given to ' + (item.it.owner ?? 'nobody');
    return sectionOf(item, hostNow()) ? null : 'put off';
  }

  private hear(item: Item, whose: string | null): void {
    if (whose === this.owner || this.items.has(keyOf(item))) this.put(item);
  }

  private put(item: Item): void {
    const key = keyOf(item);
    const known = this.items.get(key);
    if (item.kind === 'alert' && known?.kind === 'alert') item = { kind: 'alert', it: withPush(item.it, known.it) };
    this.items.set(key, item);
    const row = this.rows.find(other => other.key === key);
    if (row) row.item = item;
  }

  private count(): void {
    const now = hostNow();
    const shown = new Set(this.rows.map(row => row.key));
    const mine = [...this.items.values()].filter(item => item.kind === 'draft' || item.it.owner === this.owner);
    this.news = mine.filter(item => sectionOf(item, now) && !shown.has(keyOf(item))).length;
    this.later = mine.filter(item => item.kind === 'task' && item.it.state === 'open' && !sectionOf(item, now)).length;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

export const keyOf = (item: Item): string => `${item.kind} ${item.it.id}`;
