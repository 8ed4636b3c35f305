const DAY = 86_400_000;

/** Eight in the morning, by the reader's clock, so many days on. */
export function morningAfter(now: number, days: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + days);
  day.setHours(8, 0, 0, 0);
  return day.getTime();
}

/** The end of a day as a date field gives it, by the reader's clock. */
export function endOfDate(date: string): number {
  const [year, month, day] = date.split('-').map(Number);
  return new Date(year!, month! - 1, day, 23, 59, 59).getTime();
}

/** The day that is so many days after a moment, by the reader's clock, as a date field takes it. */
export function dateAfter(at: number, days: number): string {
  const day = new Date(at);
  day.setDate(day.getDate() + days);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

const two = (n: number): string => String(n).padStart(2, '0');

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
