const DAY = 86_400_000;

/** Eight in the morning, by the reader's clock, so many days on. */
export function morningAfter(now: number, days: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + days);
  day.setHours(8, 0, 0, 0);
  return day.getTime();
}

export function endOfDay(now: number): number {
  const day = new Date(now);
  day.setHours(23, 59, 59, 999);
  return day.getTime();
}

/** How far off a moment is: "in 5 h", "3 d late". */
export function distance(at: number, now: number): string {
  const off = Math.abs(at - now);
  const hours = Math.floor(off / 3_600_000);
  const size = off >= DAY ? `${Math.floor(off / DAY)} d` : hours > 0 ? `${hours} h` : `${Math.floor(off / 60_000)} min`;
  return at < now ? `${size} late` : `in ${size}`;
}
