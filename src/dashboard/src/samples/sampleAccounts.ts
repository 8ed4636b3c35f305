import type { Signal, Tier } from '../api/types';
import { Chance } from './chance';

/** An account made up: its profile, and how it fares. */
export interface Sample { id: string; profile: SampleProfile; fate: Fate }

type Fate = 'well' | 'fading' | 'tickets' | 'unpaid';

export interface SampleProfile {
  name: string; tier: Tier; segment: string; plan: string; arr: number; currency: string; seats: number; owner: string;
  startedAt: string; renewalDate: string; termMonths: number;
}

export const SAMPLE_DAYS = 42;
const DAY = 86_400_000;
const FIRST = ['Amber', 'Birch', 'Cobalt', 'Dune', 'Ember', 'Fjord', 'Garnet', 'Harbor', 'Iris', 'Juniper', 'Kestrel', 'Lumen'];
const LAST = ['Bakery', 'Clinics', 'Freight', 'Games', 'Insurance', 'Labs', 'Media', 'Robotics', 'Schools', 'Travel'];
const OWNERS = ['Alex Sample', 'Kim Sample', 'Robin Sample'];
const TIERS: Tier[] = ['enterprise', 'standard', 'standard', 'smb', 'smb'];
const FATES: Fate[] = ['well', 'well', 'well', 'well', 'fading', 'tickets', 'unpaid'];
const PRICE: Record<Tier, number> = { enterprise: 1100, standard: 700, smb: 420 };
const FEATURES = ['reports', 'export', 'search', 'automation', 'dashboards', 'sharing', 'api'];

export function makeSamples(howMany: number, now: number, seed: number): Sample[] {
  const chance = new Chance(seed);
  return Array.from({ length: howMany }, (_, n) => {
    const tier = chance.of(TIERS);
    const seats = tier === 'enterprise' ? chance.between(40, 90) : tier === 'standard' ? chance.between(12, 35) : chance.between(4, 10);
    const age = chance.between(90, 1000);
    return {
      id: `sample-${String(n + 1).padStart(2, '0')}`,
      fate: chance.of(FATES),
      profile: {
        name: `${FIRST[n % FIRST.length]} ${LAST[(n + Math.floor(n / FIRST.length)) % LAST.length]}`, tier,
        segment: chance.of(['software', 'retail', 'health', 'logistics']), plan: tier === 'enterprise' ? 'Enterprise' : 'Team',
        arr: seats * PRICE[tier], currency: chance.happens(0.25) ? 'EUR' : 'USD', seats, owner: chance.of(OWNERS),
        startedAt: dayOf(now - age * DAY), renewalDate: dayOf(now + chance.between(5, 330) * DAY), termMonths: 12,
      },
    };
  });
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Six weeks of what a customer does. Ids follow from the account and the day: sent twice, they count once. */
export function signalsOfSample({ id, profile, fate }: Sample, now: number, seed: number): Signal[] {
  const chance = new Chance(seed ^ hash(id));
  const signals: Signal[] = [];
  for (let back = SAMPLE_DAYS - 1; back >= 0; back--) {
    const start = now - (back + 1) * DAY;
    const say: Say = (signal, [first, last] = [0, 1]) => {
      const at = new Date(start + Math.floor((first + chance.next() * (last - first)) * (DAY - 60_000))).toISOString();
      signals.push({ id: `${id}-${dayOf(start)}-${signals.length}`, account: id, at, ...signal });
    };
    dayOfUse(chance, say, profile.seats, start, fate === 'fading' ? Math.max(0.08, back / SAMPLE_DAYS) : 1);
    dayOfRest(chance, say, id, fate, back);
  }
  return signals;
}

/** Takes a signal, and the part of the day it falls into where that matters. */
type Say = (signal: Omit<Signal, 'id' | 'account' | 'at'>, part?: [number, number]) => void;

function dayOfUse(chance: Chance, say: Say, seats: number, start: number, share: number): void {
  const weekday = new Date(start).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  // A sample of the users of a large account is enough to see: all of them would be many thousand signals.
  const users = Math.min(seats, 30);
  for (let user = 0; user < users; user++) {
    if (!chance.happens((isWeekend ? 0.06 : 0.5) * share)) continue;
    const subject = 'u-' + user;
    say({ source: 'usage', kind: 'login', subject });
    say({ source: 'usage', kind: 'sessionEnded', subject, value: chance.between(6, 50) });
    say({ source: 'usage', kind: 'featureUsed', subject, name: chance.of(FEATURES) });
    if (chance.happens(0.15)) say({ source: 'usage', kind: 'workflowCompleted', subject });
  }
}

function dayOfRest(chance: Chance, say: Say, id: string, fate: Fate, back: number): void {
  if (chance.happens(0.14)) say({ source: 'engagement', kind: 'emailSent', subject: 'c-1' });
  if (chance.happens(fate === 'well' ? 0.1 : 0.04)) say({ source: 'engagement', kind: 'emailOpened', subject: 'c-1' });
  if (chance.happens(fate === 'well' ? 0.06 : 0.02)) say({ source: 'engagement', kind: 'meetingHeld', subject: 'c-1' });
  const nps = fate === 'well' ? chance.between(7, 10) : chance.between(2, 7);
  if (back === 20) say({ source: 'engagement', kind: 'npsAnswered', subject: 'c-1', value: nps });
  if (back === 30 || back === 20) billing(say, id, fate, back);
  if (chance.happens(fate === 'tickets' && back < 21 ? 0.5 : 0.05)) ticket(chance, say, id, fate, back);
}

function billing(say: Say, id: string, fate: Fate, back: number): void {
  const isUnpaid = fate === 'unpaid' && back === 20;
  const subject = `${id}-invoice-${back}`;
  say({ source: 'billing', kind: isUnpaid ? 'paymentFailed' : 'invoicePaid', subject, value: isUnpaid ? 1 : 1000 });
}

function ticket(chance: Chance, say: Say, id: string, fate: Fate, back: number): void {
  const subject = `${id}-ticket-${back}`;
  const isBad = fate === 'tickets';
  say({
    source: 'ticket', kind: 'opened', subject, name: chance.of(['bug', 'question', 'billing']),
    text: isBad ? 'This is broken again and we are losing time. Very frustrating.' : 'How do we set this up? Thanks for the help.',
  }, [0, 0.4]);
  if (isBad) return;
  say({ source: 'ticket', kind: 'solved', subject }, [0.45, 0.7]);
  say({ source: 'ticket', kind: 'csat', subject, value: chance.between(4, 5) }, [0.75, 1]);
}

function hash(text: string): number {
  let value = 2166136261;
  for (const char of text) value = Math.imul(value ^ char.charCodeAt(0), 16777619);
  return value;
}
