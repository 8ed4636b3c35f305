import { get, queryOf } from './client';
import type { Page } from './types';

const PAGE = 500;

/** A list with all its pages, up to so many rows; `total` tells whether there were more. */
export async function getAll<T>(path: string, query: Record<string, string | null>, most: number, signal?: AbortSignal)
  : Promise<{ items: T[]; total: number }> {
  const items: T[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Page<T> = await get<Page<T>>(path + queryOf({ ...query, limit: Math.min(PAGE, most), cursor }), signal);
    items.push(...page.items);
    cursor = page.next;
    if (cursor === null || items.length >= most) return { items, total: Math.max(page.total, items.length) };
  }
}
