import type { AccountSummary } from '../api/types';

/** What the list shows, as the address says it. */
export interface AccountQuery {
  sort: string;
  owner: string;
  band: string;
  tier: string;
  segment: string;
  decline: string;
  q: string;
}

export const DEFAULT_SORT = '-arrAtRisk';

export function queryFrom(address: URLSearchParams): AccountQuery {
  const text = (name: string) => address.get(name) ?? '';
  return {
    sort: text('sort') || DEFAULT_SORT, owner: text('owner'), band: text('band'), tier: text('tier'), segment: text('segment'),
    decline: text('decline'), q: text('q'),
  };
}

export const isFiltered = (query: AccountQuery): boolean =>
  [query.owner, query.band, query.tier, query.segment, query.decline, query.q].some(value => value !== '');

export function matches(query: AccountQuery, row: AccountSummary): boolean {
  const needle = query.q.toLowerCase();
  return row.status === 'active'
    && (!query.owner || row.owner === query.owner) && (!query.band || row.band === query.band)
    && (!query.tier || row.tier === query.tier) && (!query.segment || row.segment === query.segment)
    && (!query.decline || row.decline === query.decline)
    && (!needle || row.id.toLowerCase().includes(needle) || row.name.toLowerCase().includes(needle));
}

/** Whether a row belongs before another in this order. Rows that are equal to the eye are in order either way. */
export function isBefore(sort: string, a: AccountSummary, b: AccountSummary): boolean {
  const descending = sort.startsWith('-');
  const [x, y] = [keyOf(sort.replace('-', ''), a), keyOf(sort.replace('-', ''), b)];
  if (x === null || y === null) return x !== null && y === null;
  return descending ? x > y : x < y;
}

function keyOf(field: string, row: AccountSummary): number | string | null {
  switch (field) {
    case 'arr': return row.arr;
    case 'score': return Math.round(row.score * 10);
    case 'name': return row.name.toLowerCase();
    case 'renewalDate': return row.renewalDate;
    case 'change7Days': return Math.round(row.change7Days * 10);
    case 'churnProbability': return Math.round(row.churnProbability * 1000);
    default: return row.arrAtRisk === null ? null : Math.round(row.arrAtRisk);
  }
}
