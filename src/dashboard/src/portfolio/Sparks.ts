import { get } from '../api/client';
import type { HistoryPoint, Page } from '../api/types';

const DAYS = 42;
const AT_ONCE = 3;
const KEPT = 600;
const FRESH_MS = 15 * 60_000;

/** The last six weeks of the rows that are seen, asked for a few at a time and kept for those seen lately. */
class Sparks {
  private readonly kept = new Map<string, { scores: number[]; at: number }>();
  private wanted: string[] = [];
  private readonly running = new Set<string>();
  private readonly listeners = new Set<() => void>();

  of(id: string): number[] | null {
    return this.kept.get(id)?.scores ?? null;
  }

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** These are seen now; those asked for before and no longer seen are not worth a request. */
  want(ids: string[]): void {
    const stale = Date.now() - FRESH_MS;
    this.wanted = ids.filter(id => !this.running.has(id) && (this.kept.get(id)?.at ?? 0) < stale);
    this.pump();
  }

  private pump(): void {
    while (this.running.size < AT_ONCE) {
      const id = this.wanted.shift();
      if (id === undefined) return;
      void this.load(id);
    }
  }

  private async load(id: string): Promise<void> {
    this.running.add(id);
    try {
      const page = await get<Page<HistoryPoint>>(`/v1/accounts/${encodeURIComponent(id)}/history?days=${DAYS}`);
      this.keep(id, page.items.map(point => point.score));
    } catch {
      // A spark is an extra: without it the row still says all. An empty one is not asked for again at once.
      this.keep(id, []);
    }
    this.running.delete(id);
    this.pump();
  }

  private keep(id: string, scores: number[]): void {
    this.kept.delete(id);
    this.kept.set(id, { scores, at: Date.now() });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
    }
    for (const listener of this.listeners) listener();
  }
}

export const sparks = new Sparks();
