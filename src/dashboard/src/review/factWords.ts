import type { Fact } from '../api/deskTypes';
import { count, money, percent, score, words } from '../words/format';

export interface FactTitle { key: string; title: string; unit: string }

// What whoever approves looks for first; the rest is a press away.
const FIRST = [
  'score', 'band', 'change7Days', 'decline', 'risk', 'cap', 'churnProbability', 'arr', 'tier', 'segment', 'daysToRenewal', 'tenureDays',
  'nps', 'npsAgeDays', 'ticketsOpen', 'unpaidDays', 'seatsUsed', 'limitUsed', 'meetingAgeDays', 'championGoneDays', 'executiveGoneDays',
];

/** A fact's name and value for people; facts that a family holds are named by both. */
export function factWords(key: string, value: Fact, titles: FactTitle[], currency = 'USD'): { title: string; value: string } {
  const known = titles.find(fact => fact.key === key) ?? titles.find(fact => fact.key.endsWith(':') && key.startsWith(fact.key));
  const title = shortOf(known?.title ?? words(key));
  const family = known?.key.endsWith(':') ? known.key : null;
  return {
    title: family ? `${title}: ${words(key.slice(family.length))}` : title, value: valueOf(value, known?.unit ?? '', currency),
  };
}

function valueOf(value: Fact, unit: string, currency: string): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return words(value) === value.toLowerCase() ? value : words(value);
  if (unit === 'share' || unit === '0 to 1') return percent(value);
  if (unit === 'money') return money(value, currency);
  if (unit === '0 to 100') return score(value);
  if (unit === 'yes or no') return value ? 'yes' : 'no';
  if (unit === 'days') return Math.round(value) === 1 ? '1 day' : `${count(Math.round(value))} days`;
  const figure = Number.isInteger(value) || Math.abs(value) >= 100 ? count(value) : score(value);
  return ['0 to 10', '1 to 5', 'word', ''].includes(unit) ? figure : `${figure} ${value === 1 ? unit.replace(/s$/, '') : unit}`;
}

// Titles explain after a comma or a colon; a table has no room for that.
const shortOf = (title: string): string =>
  title.replace(/^Whether (a|the) /, '').replace(/[:,].*$/, '').replace(/^./, first => first.toUpperCase());

/** The facts that matter first, and the rest in their order. */
export function splitFacts(facts: Record<string, Fact>): { first: [string, Fact][]; rest: [string, Fact][] } {
  const all = Object.entries(facts);
  const first = FIRST.flatMap(key => all.filter(([name]) => name === key));
  return { first, rest: all.filter(([key]) => !FIRST.includes(key)) };
}
