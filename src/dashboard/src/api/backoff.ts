const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/**
 * How long to wait before the attempt with this number, from 0. It doubles up to half a minute; chance spreads it over the upper half, so
 * that all the pages of a team do not come back in one moment after a restart.
 */
export function waitBefore(attempt: number, chance: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(longest * (0.5 + chance / 2));
}
