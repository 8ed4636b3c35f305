import { useEffect, useReducer } from 'preact/hooks';
import { get } from '../api/client';
import type { Facets } from '../api/types';

const FRESH_MS = 60_000;

let facets: Facets | null = null;
let askedAt = 0;
const listeners = new Set<() => void>();

/** What can be chosen from changes seldom: asked for when a view that filters is opened, at most once a minute. */
async function ask(): Promise<void> {
  if (Date.now() - askedAt < FRESH_MS) return;
  askedAt = Date.now();
  try {
    facets = await get<Facets>('/v1/portfolio/facets');
  } catch {
    // The view says what is wrong with the server; what is known stays to choose from.
    askedAt = 0;
  }
  for (const listener of listeners) listener();
}

/** Owners, segments and tiers with how many accounts each has; null until they are known. */
export function useFacets(): Facets | null {
  const [, again] = useReducer((n: number, _: void) => n + 1, 0);
  useEffect(() => {
    const listener = () => again();
    listeners.add(listener);
    void ask();
    return () => { listeners.delete(listener); };
  }, []);
  return facets;
}
