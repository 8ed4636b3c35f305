import type { Changes } from '../api/ChangeStream';
import { get, isAbort, problemOf, queryOf, type Problem } from '../api/client';
import type { Alert, Page } from '../api/types';

const PAGE = 50;

/**
 * The alerts of a state, an owner and a severity, page by page. What changes is changed in place; what is new waits until it is asked
 * for.
 */
export class AlertBook {
  alerts: Alert[] = [];
  total: number | null = null;
  loading = false;
  hasNews = false;
  problem: Problem | null = null;
  private next: string | null = null;
  private running: AbortController | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(readonly state: string, readonly owner: string, readonly severity: string) {}

  get hasMore(): boolean {
    return this.next !== null;
  }

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  restart(): Promise<void> {
    return this.load(null);
  }

  more(): Promise<void> {
    return this.load(this.next);
  }

  retry(): Promise<void> {
    return this.load(this.alerts.length > 0 ? this.next : null);
  }

  private async load(cursor: string | null): Promise<void> {
    this.running?.abort();
    const control = new AbortController();
    this.running = control;
    this.loading = true;
    this.tell();
    try {
      const path = '/v1/alerts' + queryOf({ state: this.state, severity: this.severity, owner: this.owner, limit: PAGE, cursor });
      const page = await get<Page<Alert>>(path, control.signal);
      const known = cursor === null ? [] : this.alerts;
      const ids = new Set(known.map(alert => alert.id));
      this.alerts = [...known, ...page.items.filter(alert => !ids.has(alert.id))];
      this.next = page.next;
      this.total = page.total;
      this.problem = null;
      if (cursor === null) this.hasNews = false;
    } catch (error) {
      if (isAbort(error) || control !== this.running) return;
      this.problem = problemOf(error);
    }
    this.loading = false;
    this.tell();
  }

  apply(changes: Changes): void {
    if (this.total === null || changes.alerts.size === 0) return;
    for (const alert of changes.alerts.values()) {
      const place = this.alerts.findIndex(other => other.id === alert.id);
      if (place >= 0) this.alerts[place] = withPush(alert, this.alerts[place]);
      else this.hasNews ||= this.fits(alert);
    }
    this.tell();
  }

  private fits(alert: Alert): boolean {
    const isOver = alert.state === 'resolved' || alert.state === 'closed';
    return (this.state ? alert.state === this.state : !isOver) && (!this.owner || alert.owner === this.owner)
      && (!this.severity || alert.severity === this.severity);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** An alert as it is now. Only a push says when it was; what else happens to the alert leaves that as it was. */
export const withPush = (alert: Alert, known: Alert | undefined): Alert =>
  alert.pushedAt || known?.owner !== alert.owner ? alert : { ...alert, pushedAt: known.pushedAt };
