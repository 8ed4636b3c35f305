import { useEffect, useReducer } from 'preact/hooks';
import { get } from './client';

const FRESH_MS = 60_000;

/** A hook for what changes seldom: asked for when a view that needs it is opened, at most once a minute; null until it is known. */
export function seldom<T>(path: string): () => T | null {
  let known: T | null = null;
  let askedAt = 0;
  const listeners = new Set<() => void>();
  const ask = async () => {
    if (Date.now() - askedAt < FRESH_MS) return;
    askedAt = Date.now();
    try {
      known = await get<T>(path);
    } catch {
      // The view says what is wrong with the server; what is known stays.
      askedAt = 0;
    }
    for (const listener of listeners) listener();
  };
  return () => {
    const [, again] = useReducer((n: number, _: void) => n + 1, 0);
    useEffect(() => {
      const listener = () => again();
      listeners.add(listener);
      void ask();
      return () => { listeners.delete(listener); };
    }, []);
    return known;
  };
}
