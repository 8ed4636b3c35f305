import { get } from './client';
import type { Clock } from './types';

// A demo's clock runs at a speed of its own, and every "3 days ago" is by that clock: so it is asked again and again, and between two
// answers it is taken to run as fast as it did before. That an answer comes also shows that the server lives.
const EVERY_MS = 15_000;

interface Reading { now: number; wall: number }

let last: Reading | null = null;
let speed = 1;
let kind: Clock['kind'] = 'wall';
let answers = true;
const listeners = new Set<() => void>();

/** The host's now; the browser's where the host's clock is the wall clock or not known. */
export function hostNow(): number {
  if (kind === 'wall' || !last) return Date.now();
  return last.now + (Date.now() - last.wall) * speed;
}

export const isSimulated = (): boolean => kind === 'simulated';
export const hostAnswers = (): boolean => answers;
/** When the host last said its time, by the browser's clock. */
export const clockReadAt = (): number => last?.wall ?? 0;

export function onClock(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function readClock(): Promise<void> {
  try {
    const clock = await get<Clock>('/v1/clock');
    take(clock, Date.now());
    answers = true;
  } catch {
    answers = false;
  }
  for (const listener of listeners) listener();
}

function take(clock: Clock, wall: number): void {
  const now = Date.parse(clock.now);
  if (last && wall - last.wall > 2000) speed = Math.max(0, (now - last.now) / (wall - last.wall));
  // The first answer says nothing of the speed; another soon after does.
  else if (!last && clock.kind === 'simulated') setTimeout(() => void readClock(), 2500);
  last = { now, wall };
  kind = clock.kind;
}

export function startClock(): void {
  void readClock();
  setInterval(() => { if (!document.hidden) void readClock(); }, EVERY_MS);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) void readClock(); });
}
