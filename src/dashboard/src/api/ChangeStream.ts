import { waitBefore } from './backoff';
import type { Draft, Note, Play, Task } from './deskTypes';
import type { AccountSummary, Alert } from './types';

/** What came since the last frame. Of an account only the latest counts. */
export interface Changes {
  accounts: Map<string, AccountSummary>;
  erased: Set<string>;
  alerts: Map<string, Alert>;
  plays: Map<string, Play>;
  drafts: Map<string, Draft>;
  tasks: Map<string, Task>;
  notes: Map<string, Note>;
}

export type StreamState =
  | { kind: 'connecting' }
  | { kind: 'live'; heardAt: number }
  | { kind: 'lost'; heardAt: number; retryAt: number };

// More than this in one frame is no list of changes any more: loading again costs less, and what waits here stays small.
const MOST_PENDING = 5000;
// A browser gives a site six connections. A tab that nobody sees gives its own back after a while.
const HIDDEN_MS = 60_000;

/** The one stream of the page: it connects again by itself and hands changes on once a frame. */
class ChangeStream {
  private source: EventSource | null = null;
  private lastId = '';
  private attempt = 0;
  private heardAt = Date.now();
  private retry = 0;
  private hiding = 0;
  private pending = fresh();
  private due = false;
  private readonly onChanges = new Set<(changes: Changes) => void>();
  private readonly onReset = new Set<() => void>();
  private readonly onState = new Set<() => void>();
  private readonly onSources = new Set<() => void>();
  state: StreamState = { kind: 'connecting' };

  start(): void {
    this.connect();
    document.addEventListener('visibilitychange', () => this.seen());
  }

  /** Calls back with each frame's changes, and when all that is shown has to be loaded again. */
  watch(changes: (changes: Changes) => void, reset: () => void): () => void {
    this.onChanges.add(changes);
    this.onReset.add(reset);
    return () => {
      this.onChanges.delete(changes);
      this.onReset.delete(reset);
    };
  }

  /** Calls back when a source falls silent for all accounts, or is back. */
  watchSources(listener: () => void): () => void {
    this.onSources.add(listener);
    return () => this.onSources.delete(listener);
  }

  watchState(listener: () => void): () => void {
    this.onState.add(listener);
    return () => this.onState.delete(listener);
  }

  connect(): void {
    clearTimeout(this.retry);
    this.source?.close();
    const source = new EventSource('/v1/stream' + (this.lastId ? '?lastEventId=' + this.lastId : ''));
    this.source = source;
    source.onopen = () => {
      this.attempt = 0;
      this.heard();
    };
    source.onerror = () => this.lost();
    this.on<AccountSummary>(source, 'account.changed', row => this.pending.accounts.set(row.id, row));
    this.on<{ id: string }>(source, 'account.erased', row => {
      this.pending.accounts.delete(row.id);
      this.pending.erased.add(row.id);
    });
    for (const type of ['raised', 'escalated', 'acknowledged', 'resolved', 'changed', 'reopened', 'pushed'].map(what => 'alert.' + what))
      this.on<Alert>(source, type, alert => this.pending.alerts.set(alert.id, alert));
    this.on<Play>(source, 'play.step', play => this.pending.plays.set(play.id, play));
    this.on<Draft>(source, 'draft.changed', draft => this.pending.drafts.set(draft.id, draft));
    this.on<Task>(source, 'task.changed', task => this.pending.tasks.set(task.id, task));
    this.on<Note>(source, 'note.added', note => this.pending.notes.set(note.id, note));
    for (const type of ['source.silent', 'source.back'])
      this.on(source, type, () => this.onSources.forEach(listener => listener()));
    source.addEventListener('reset', event => {
      if (event.lastEventId) this.lastId = event.lastEventId;
      this.heard();
      this.reset();
    });
  }

  private on<T>(source: EventSource, type: string, take: (data: T) => void): void {
    source.addEventListener(type, event => {
      this.lastId = event.lastEventId || this.lastId;
      this.heardAt = Date.now();
      take(JSON.parse(event.data as string) as T);
      if (this.pending.accounts.size > MOST_PENDING) this.reset();
      else this.plan();
    });
  }

  private plan(): void {
    if (this.due) return;
    this.due = true;
    const flush = () => {
      this.due = false;
      const changes = this.pending;
      this.pending = fresh();
      this.set({ kind: 'live', heardAt: this.heardAt });
      for (const listener of this.onChanges) listener(changes);
    };
    // A hidden page gets no frames.
    if (document.hidden) setTimeout(flush, 1000);
    else requestAnimationFrame(flush);
  }

  private heard(): void {
    this.heardAt = Date.now();
    this.set({ kind: 'live', heardAt: this.heardAt });
  }

  private lost(): void {
    // The browser's own way of connecting again gives up at the first answer that is not a stream.
    this.source?.close();
    this.source = null;
    const wait = waitBefore(this.attempt++, Math.random());
    this.set({ kind: 'lost', heardAt: this.heardAt, retryAt: Date.now() + wait });
    clearTimeout(this.retry);
    this.retry = window.setTimeout(() => this.connect(), wait);
  }

  private reset(): void {
    this.pending = fresh();
    for (const listener of this.onReset) listener();
  }

  private seen(): void {
    clearTimeout(this.hiding);
    if (!document.hidden) {
      if (!this.source) this.connect();
      return;
    }
    this.hiding = window.setTimeout(() => {
      clearTimeout(this.retry);
      this.source?.close();
      this.source = null;
      this.set({ kind: 'connecting' });
    }, HIDDEN_MS);
  }

  private set(state: StreamState): void {
    this.state = state;
    for (const listener of this.onState) listener();
  }
}

const fresh = (): Changes => ({
  accounts: new Map(), erased: new Set(), alerts: new Map(), plays: new Map(), drafts: new Map(), tasks: new Map(), notes: new Map(),
});

export const stream = new ChangeStream();
