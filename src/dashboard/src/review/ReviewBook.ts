import type { Changes } from '../api/ChangeStream';
import { get, isAbort, problemOf, type Problem } from '../api/client';
import type { Draft } from '../api/deskTypes';
import { getAll } from '../api/getAll';

const MOST = 200;

/** The drafts of a queue. Their order stands still: what is decided stays in its place, and what is new waits until it is asked for. */
export class ReviewBook {
  drafts: Draft[] = [];
  total = 0;
  news = 0;
  isLoaded = false;
  problem: Problem | null = null;
  private fresh = new Set<string>();
  private running: AbortController | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(readonly owner: string, readonly state: string) {}

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  }

  /** Loads the queue, and the draft that an address names where the queue does not hold it. */
  async load(named: string | null = null): Promise<void> {
    this.running?.abort();
    const control = new AbortController();
    this.running = control;
    try {
      const query = { state: this.state || 'pending', owner: this.owner };
      const { items, total } = await getAll<Draft>('/v1/drafts', query, MOST, control.signal);
      if (named && !items.some(draft => draft.id === named)) {
        const one = await get<Draft>('/v1/drafts/' + encodeURIComponent(named), control.signal).catch(() => null);
        if (one) items.unshift(one);
      }
      [this.drafts, this.total, this.news, this.problem, this.isLoaded] = [items, total, 0, null, true];
      this.fresh.clear();
    } catch (error) {
      if (isAbort(error) || control !== this.running) return;
      this.problem = problemOf(error);
    }
    this.tell();
  }

  isDealt(draft: Draft): boolean {
    return draft.state !== (this.state || 'pending');
  }

  /** The next that waits after this one, or the first that does. */
  after(draft: Draft): Draft | null {
    const at = this.drafts.findIndex(other => other.id === draft.id);
    const waits = (other: Draft) => other.id !== draft.id && !this.isDealt(other);
    return this.drafts.slice(at + 1).find(waits) ?? this.drafts.find(waits) ?? null;
  }

  take(draft: Draft): void {
    const at = this.drafts.findIndex(other => other.id === draft.id);
    if (at >= 0) this.drafts[at] = draft;
    this.tell();
  }

  apply(changes: Changes): void {
    if (!this.isLoaded || changes.drafts.size === 0) return;
    for (const draft of changes.drafts.values()) {
      const at = this.drafts.findIndex(other => other.id === draft.id);
      if (at >= 0) this.drafts[at] = draft;
      else if (!this.isDealt(draft) && (!this.owner || (draft.reviewer ?? draft.owner) === this.owner)) this.fresh.add(draft.id);
      else this.fresh.delete(draft.id);
    }
    this.news = this.fresh.size;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
