/** The part of the past whose change is explained: a length back from now, or two UTC days. */
export type LedgerSpan = { kind: 'back'; length: string } | { kind: 'days'; from: string; to: string };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
export const LENGTHS = ['24h', '7d', '30d'];

/** Reads the address: `7d`, or `2026-04-01..2026-04-20`. */
export function spanFrom(text: string | null): LedgerSpan {
  if (text && LENGTHS.includes(text)) return { kind: 'back', length: text };
  const [from, to] = text?.split('..') ?? [];
  if (from && to && DAY.test(from) && DAY.test(to)) return { kind: 'days', from, to };
  return { kind: 'back', length: '7d' };
}

/** The query of the API. The last day counts whole, up to now where it is today. */
export function queryOfSpan(span: LedgerSpan, now: number): string {
  if (span.kind === 'back') return '?since=' + span.length;
  const end = Math.min(Date.parse(span.to) + 86_400_000, now);
  const until = end >= now ? '' : '&until=' + encodeURIComponent(new Date(end).toISOString());
  return `?since=${span.from}T00:00:00Z${until}`;
}
