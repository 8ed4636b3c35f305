import type { Ledger, LedgerItem, Signal } from '../api/types';

const DAY_MS = 86_400_000;
export const MOST_SIGNALS = 200;

// A kind's name is of one source alone.
const KINDS: Record<Signal['source'], string[]> = {
  usage: [
    'login', 'featureUsed', 'sessionEnded', 'workflowCompleted', 'integrationConnected', 'integrationRemoved', 'seatsInUse', 'limitUsed',
  ],
  ticket: ['opened', 'replied', 'solved', 'reopened', 'csat'],
  billing: [
    'invoicePaid', 'paymentFailed', 'downgradeRequested', 'planChanged', 'seatsChanged', 'cancelRequested', 'subscriptionCancelled',
    'creditIssued',
  ],
  engagement: ['emailSent', 'emailOpened', 'meetingHeld', 'npsAnswered', 'reviewPosted', 'surveyAnswered'],
  crm: ['contactJoined', 'contactLeft', 'milestoneReached', 'dealClosed', 'renewed', 'churned', 'noteAdded'],
};

/** The query that finds the signals of an entry: those of its day within the ledger's span; null where it stands for none. */
export function signalsQuery(item: LedgerItem, { from, to }: Ledger): string | null {
  const kinds = Object.keys(item.kinds ?? {});
  if (item.cause !== 'signal' || !item.day || kinds.length === 0) return null;
  const day = Date.parse(item.day + 'T00:00:00Z');
  const since = Math.max(day, Date.parse(from.at));
  // The end of the span is part of it, and the API leaves out the moment that is named.
  const until = Math.min(day + DAY_MS, Date.parse(to.at) + 1);
  const sources = Object.entries(KINDS).filter(([, names]) => kinds.some(kind => names.includes(kind))).map(([source]) => source);
  const moment = (at: number) => new Date(at).toISOString();
  const query = new URLSearchParams({ since: moment(since), until: moment(until), limit: String(MOST_SIGNALS) });
  if (sources.length === 1 && sources[0]) query.set('source', sources[0]);
  return '?' + query.toString();
}
