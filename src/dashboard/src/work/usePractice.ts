import { useEffect, useReducer } from 'preact/hooks';
import { get } from '../api/client';
import type { Practice } from '../api/deskTypes';

const FRESH_MS = 60_000;

let practice: Practice | null = null;
let askedAt = 0;
const listeners = new Set<() => void>();

async function ask(): Promise<void> {
  if (Date.now() - askedAt < FRESH_MS) return;
  askedAt = Date.now();
  try {
    practice = await get<Practice>('/v1/practice');
  } catch {
    // The view says what is wrong with the server; what is known stays.
    askedAt = 0;
  }
  for (const listener of listeners) listener();
}

/** What decides: playbooks, guardrails, teams and the names of facts; null until it is known. Changes seldom. */
export function usePractice(): Practice | null {
  const [, again] = useReducer((n: number, _: void) => n + 1, 0);
  useEffect(() => {
    const listener = () => again();
    listeners.add(listener);
    void ask();
    return () => { listeners.delete(listener); };
  }, []);
  return practice;
}
