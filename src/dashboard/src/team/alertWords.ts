import type { TeamFigures } from '../api/types';

/** How long something took: minutes below an hour, hours below two days, else days. */
export function spanOf(hours: number | null): string {
  if (hours === null) return '-';
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours < 48 ? `${trim(hours)} h` : `${trim(hours / 24)} d`;
}

export const perWeek = (rate: number): string => trim(rate);

/** "2 of 3", or the number alone where there is no budget. */
export const shareOfBudget = (pushed: number, budget: TeamFigures['budget']): string =>
  budget ? `${pushed} of ${budget.most}` : `${pushed}`;

const trim = (value: number): string => String(Math.round(value * 10) / 10);
