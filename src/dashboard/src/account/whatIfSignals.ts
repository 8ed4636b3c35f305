import type { Signal } from '../api/types';

/** What the panel asks for. */
export interface Wishes { users: number; tickets: string; isPaid: boolean; invoice: string }

/** The signals that would tell it: they are sent to be tried, never kept. */
export function signalsOf({ users, tickets, isPaid, invoice }: Wishes): Signal[] {
  const signals: Signal[] = [];
  for (let n = 1; n <= users; n++) signals.push({ source: 'usage', kind: 'login', subject: 'what-if-user-' + n });
  for (const ticket of namesIn(tickets)) signals.push({ source: 'ticket', kind: 'solved', subject: ticket });
  if (isPaid) for (const name of namesIn(invoice)) signals.push({ source: 'billing', kind: 'invoicePaid', subject: name });
  // An invoice without a number stands for a failure that named none.
  if (isPaid && namesIn(invoice).length === 0) signals.push({ source: 'billing', kind: 'invoicePaid' });
  return signals.map((signal, n) => ({ ...signal, id: 'what-if-' + n }));
}

const namesIn = (text: string): string[] => text.split(/[\s,;]+/).filter(name => name !== '');
