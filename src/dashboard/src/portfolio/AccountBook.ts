import type { Changes } from '../api/ChangeStream';
import { get, isAbort, Problem, problemOf, queryOf } from '../api/client';
import type { AccountSummary, Page } from '../api/types';
import { DEFAULT_SORT, isBefore, matches, type AccountQuery } from './accountQuery';

export const PAGE = 200;
const MARK_MS = 2500;

export type Mark = 'up' | 'down' | 'changed';

/**
 * The accounts that a query lists, page by page, kept as they change. A change alters a row where it stands: nothing moves under the eye
 * or the pointer of who reads. That the order is no longer true is said, and put right when asked for.
 */
export class AccountBook {
  rows: AccountSummary[] = [];
  total: number | null = null;
  asOf = '';
  loading = false;
  problem: Problem | null = null;
  orderChanged = false;
  private next: string | null = null;
  private readonly places = new Map<string, number>();
  private readonly marks = new Map<string, { mark: Mark; until: number }>();
  private running: AbortController | null = null;
  private sweep = 0;
  private readonly listeners = new Set<() => void>();

  constructor(readonly query: AccountQuery) {}

  get hasMore(): boolean {
    return this.next !== null;
  }

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  markOf(id: string): Mark | null {
    return this.marks.get(id)?.mark ?? null;
  }

  /** Loads from the beginning. What is shown stays until the first page is there. */
  restart(): Promise<void> {
    this.running?.abort();
    this.loading = false;
    return this.load(null);
  }

  async more(): Promise<void> {
    if (!this.loading && !this.problem && this.next) await this.load(this.next);
  }

  retry(): Promise<void> {
    return this.load(this.rows.length > 0 ? this.next : null);
  }

  private async load(cursor: string | null): Promise<void> {
    if (this.loading) return;
    const control = new AbortController();
    this.running = control;
    this.loading = true;
    this.tell();
    try {
      const sort = this.query.sort === DEFAULT_SORT ? '' : this.query.sort;
      const page = await get<Page<AccountSummary>>('/v1/accounts' + queryOf({ ...this.query, sort, limit: PAGE, cursor }), control.signal);
      if (cursor === null) this.clear();
      this.take(page);
      this.problem = null;
    } catch (error) {
      if (isAbort(error) || control !== this.running) return;
      this.problem = problemOf(error);
    }
    this.loading = false;
    this.tell();
  }

  private clear(): void {
    this.rows = [];
    this.places.clear();
    this.marks.clear();
    this.orderChanged = false;
  }

  private take(page: Page<AccountSummary>): void {
    for (const row of page.items) {
      // A row that moved down meanwhile is on two pages.
      if (this.places.has(row.id)) continue;
      this.places.set(row.id, this.rows.length);
      this.rows.push(row);
    }
    this.next = page.next;
    this.total = page.total;
    this.asOf = page.asOf;
  }

  apply(changes: Changes): void {
    if (this.total === null) return;
    let touched = false;
    const now = Date.now();
    for (const row of changes.accounts.values()) {
      const place = this.places.get(row.id);
      if (place === undefined) this.orderChanged ||= this.belongsAmongShown(row);
      else touched = this.replace(place, row, now) || touched;
    }
    for (const id of changes.erased) this.orderChanged ||= this.places.has(id);
    if (touched || this.orderChanged) this.tell();
    if (touched) this.sweepLater();
  }

  private replace(place: number, row: AccountSummary, now: number): boolean {
    const old = this.rows[place];
    if (!old || old.version > row.version) return false;
    this.rows[place] = row;
    const mark = markOf(old, row);
    if (mark) this.marks.set(row.id, { mark, until: now + MARK_MS });
    const [above, below] = [this.rows[place - 1], this.rows[place + 1]];
    this.orderChanged ||= !matches(this.query, row)
      || (above !== undefined && isBefore(this.query.sort, row, above))
      || (below !== undefined && isBefore(this.query.sort, below, row));
    return true;
  }

  private belongsAmongShown(row: AccountSummary): boolean {
    const last = this.rows.at(-1);
    return matches(this.query, row) && (!last || !this.next || isBefore(this.query.sort, row, last));
  }

  private sweepLater(): void {
    if (this.sweep) return;
    this.sweep = window.setTimeout(() => {
      this.sweep = 0;
      const now = Date.now();
      for (const [id, mark] of this.marks) if (mark.until <= now) this.marks.delete(id);
      this.tell();
      if (this.marks.size > 0) this.sweepLater();
    }, 500);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Only what the row shows is worth a mark. */
function markOf(old: AccountSummary, row: AccountSummary): Mark | null {
  const [before, after] = [Math.round(old.score * 10), Math.round(row.score * 10)];
  if (after !== before) return after > before ? 'up' : 'down';
  const isSame = old.band === row.band && old.decline === row.decline && old.owner === row.owner && old.name === row.name
    && old.renewalDate === row.renewalDate && old.openAlerts === row.openAlerts && old.arr === row.arr;
  return isSame ? null : 'changed';
}
