// Figures for people, in the reader's language and zone.

const points1 = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const signed1 = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const percent0 = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const utcDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dateTime = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

export const score = (value: number): string => points1.format(value);
export const round = (value: number): string => whole.format(value);
export const signed = (value: number): string => signed1.format(Math.abs(value) < 0.05 ? 0 : value);
export const percent = (share: number): string => percent0.format(share);
export const count = (value: number): string => whole.format(value);
/** One figure where both ends read alike. */
export const range = (low: number, high: number): string => between(whole.format(low), whole.format(high));
export const onDate = (at: string | number): string => date.format(new Date(at));
export const onDateTime = (at: string | number): string => dateTime.format(new Date(at));
/** A day of the record is a UTC day wherever the reader is. */
export const onDay = (day: string): string => utcDay.format(new Date(day + 'T00:00:00Z'));
export const exactUtc = (at: string | number): string => new Date(at).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');

const monies = new Map<string, Intl.NumberFormat>();

/** Money, short: people compare sizes here. */
export function money(amount: number | null, currency: string, shortFrom = 100_000): string {
  if (amount === null) return 'not known';
  const isShort = Math.abs(amount) >= shortFrom;
  const key = currency + isShort;
  let format = monies.get(key);
  if (!format) {
    format = moneyFormat(currency, isShort);
    monies.set(key, format);
  }
  return format.format(amount);
}

/** Both ends of an interval, where there is little room. */
export const moneyRange = (low: number, high: number, currency: string): string =>
  between(money(low, currency, 1000), money(high, currency, 1000));

const between = (low: string, high: string): string => low === high ? low : `${low} to ${high}`;

function moneyFormat(currency: string, isShort: boolean): Intl.NumberFormat {
  const options: Intl.NumberFormatOptions = isShort
    ? { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 }
    : { minimumFractionDigits: 0, maximumFractionDigits: 0 };
  return new Intl.NumberFormat(undefined, { style: 'currency', currency, ...options });
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]];

export function since(at: number, now: number): string {
  const past = at - now;
  for (const [unit, size] of STEPS) if (Math.abs(past) >= size || unit === 'second') return ago.format(Math.trunc(past / size), unit);
  return '';
}

const dayOf = (at: number): number => Math.floor(at / 86_400_000);

/** UTC days until a moment, as the API counts them; negative when it has passed. */
export const daysUntil = (at: string, now: number): number => dayOf(Date.parse(at)) - dayOf(now);

export function daysInWords(days: number): string {
  if (days < 0) return `${whole.format(-days)} d past`;
  return days === 0 ? 'today' : `${whole.format(days)} d`;
}

const SHORT = /\b(nps|crm|csat|arr)\b/g;

/** `loginFrequency` reads "login frequency". */
export const words = (key: string): string => key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ').toLowerCase()
  .replace(SHORT, name => name.toUpperCase());

export const sentence = (key: string): string => {
  const text = words(key);
  return text.charAt(0).toUpperCase() + text.slice(1);
};
