// The documents of the API, as /openapi/v1.json describes them; only what is shown here.
import type { Override } from './deskTypes';

export type Band = 'red' | 'yellow' | 'green';
export type Tier = 'enterprise' | 'standard' | 'smb';
export type DeclineState = 'steady' | 'improving' | 'declining' | 'accelerating';
export type AlertState = 'open' | 'acknowledged' | 'snoozed' | 'resolved' | 'closed';
export type Instant = string;
export type Day = string;

export interface Page<T> {
  items: T[];
  next: string | null;
  total: number;
  asOf: Instant;
}

export interface AccountSummary {
  id: string;
  name: string;
  tier: Tier;
  segment: string | null;
  arr: number | null;
  currency: string;
  owner: string | null;
  renewalDate: Instant | null;
  status: 'active' | 'churned';
  score: number;
  low: number;
  high: number;
  band: Band;
  coverage: number;
  change7Days: number;
  decline: DeclineState;
  slopePerDay: number;
  churnProbability: number;
  arrAtRisk: number | null;
  arrAtRiskLow: number | null;
  arrAtRiskHigh: number | null;
  openAlerts: number;
  version: number;
  model: string;
  asOf: Instant;
}

export interface Driver {
  measure: string;
  category: string;
  points: number;
  since: Instant;
  note: string;
}

export interface Category {
  key: string;
  score: number;
  weight: number;
  points: number;
  coverage: number;
}

export interface Cap {
  rule: string;
  limit: number;
  since: Instant;
  points: number;
}

export interface Health {
  score: number;
  low: number;
  high: number;
  band: Band;
  coverage: number;
  asOf: Instant;
  model: string;
  categories: Category[];
  drivers: Driver[];
  caps: Cap[];
}

export interface Decline {
  slopePerDay: number;
  acceleration: number;
  z: number;
  state: DeclineState;
}

export interface Risk {
  churnProbability: number;
  horizonDays: number;
  arrAtRisk: number | null;
  low: number;
  high: number;
  arrAtRiskLow: number | null;
  arrAtRiskHigh: number | null;
}

export interface Alert {
  id: string;
  account: string;
  accountName: string;
  rule: string;
  severity: Band;
  state: AlertState;
  raisedAt: Instant;
  since: Instant;
  escalatedAt: Instant | null;
  reason: string;
  score: number;
  drivers: Driver[];
  suggestedApproach: string;
  tier: Tier;
  arr: number | null;
  currency: string;
  renewalDate: Instant | null;
  owner: string | null;
  acknowledgedAt: Instant | null;
  acknowledgedBy: string | null;
  resolvedAt: Instant | null;
  resolvedBy: string | null;
  resolution: string | null;
  snoozedUntil: Instant | null;
  assignedTo: string | null;
  urgent: boolean;
  rank: number;
  triedBefore: string[];
  escalatedToManagerAt: Instant | null;
  evidence: Evidence[];
  /** When its owner was last told; null or absent while it is only listed, and in what the stream says of anything else. */
  pushedAt?: Instant | null;
}

/** A signal that can be seen in its own system. */
export interface Evidence {
  account: string;
  at: Instant;
  source: string;
  kind: string;
  url: string;
}

/** How long something took: null without any alert. */
export interface Times {
  alerts: number;
  medianHours: number | null;
  p90Hours: number | null;
}

export interface OwnerFigures {
  owner: string | null;
  manager: string | null;
  pushed: number;
  urgent: number;
  pushedAWeek: number;
  urgentAWeek: number;
  open: number;
  listed: number;
  toAcknowledge: Times;
  toResolve: Times;
}

export interface TeamFigures {
  asOf: Instant;
  budget: { rule: string; version: number; title: string; most: number; days: number } | null;
  all: OwnerFigures;
  owners: OwnerFigures[];
}

export interface Contact {
  id: string;
  name: string | null;
  email: string | null;
  role: string | null;
}

export interface Account {
  id: string;
  name: string;
  tier: Tier;
  segment: string | null;
  plan: string | null;
  arr: number | null;
  currency: string;
  seats: number | null;
  owner: string | null;
  startedAt: Instant | null;
  renewalDate: Instant | null;
  daysToRenewal: number | null;
  status: 'active' | 'churned';
  health: Health;
  decline: Decline;
  risk: Risk;
  alerts: Alert[];
  lastSignals: Record<string, Instant>;
  sources: AccountSource[];
  contacts: Contact[];
  open: OpenItems;
  override: Override | null;
  openTasks: number;
  openDrafts: number;
  version: number;
}

/** How one of an account's sources does: its own silence is told from everybody's. */
export interface AccountSource {
  source: string;
  state: 'never' | 'heard' | 'quiet' | 'silentForAll';
  lastAt: Instant | null;
  quietAt: Instant | null;
  note: string;
}

/** The silence of a source for all accounts. */
export interface SourceAlert {
  id: string;
  since: Instant;
  raisedAt: Instant;
  endedAt: Instant | null;
  reason: string;
  suggestedApproach: string;
  lostDays: number;
}

/** A source over all accounts. */
export interface Source {
  source: string;
  state: 'unknown' | 'flowing' | 'silent';
  accounts: number;
  silent: number;
  silentShare: number | null;
  heard: number;
  weekday: number;
  lastAt: Instant | null;
  alert: SourceAlert | null;
  past: SourceAlert[];
}

export interface Sources {
  asOf: Instant | null;
  accounts: number;
  items: Source[];
}

/** What waits for somebody. */
export interface OpenItems {
  tickets: number;
  oldestTicketAt: Instant | null;
  invoices: number;
  unpaidSince: Instant | null;
}

export interface TimelineItem {
  at: Instant;
  kind: string;
  title: string;
  tone: 'neutral' | 'good' | 'bad';
  detail: string | null;
  link: string | null;
  url?: string | null;
}

export interface FoundSignal {
  at: Instant;
  source: Signal['source'];
  kind: string;
  subject: string | null;
  name: string | null;
  value: number | null;
  sentiment: number | null;
}

export interface SignalsFound {
  items: FoundSignal[];
  total: number;
  complete: boolean;
  reason: string | null;
  asOf: Instant;
}

export interface FacetCount {
  value: string;
  accounts: number;
}

export interface Facets {
  asOf: Instant;
  accounts: number;
  owners: FacetCount[];
  segments: FacetCount[];
  tiers: FacetCount[];
}

export interface HistoryPoint {
  day: Day;
  score: number;
  low: number;
  high: number;
  coverage: number;
  provisional: boolean;
  categories: Record<string, number>;
  model: string;
}

export interface LedgerItem {
  cause: 'signal' | 'time' | 'cap' | 'model' | 'profile';
  measure: string;
  before: number;
  after: number;
  delta: number;
  day: Day | null;
  count: number | null;
  kinds: Record<string, number> | null;
  evidence: Evidence[] | null;
}

export interface Ledger {
  from: { at: Instant; score: number };
  to: { at: Instant; score: number };
  items: LedgerItem[];
}

export interface BandTotal {
  band: Band;
  accounts: number;
  arr: Record<string, number>;
  arrAtRisk: Record<string, number>;
}

export interface MoneyTotal {
  currency: string;
  arr: number;
  arrAtRisk: number;
  arrAtRiskLow: number;
  arrAtRiskHigh: number;
}

export interface Portfolio {
  asOf: Instant;
  owner: string | null;
  accounts: number;
  bands: BandTotal[];
  totals: MoneyTotal[];
  withoutArr: number;
  fallers: AccountSummary[];
  risers: AccountSummary[];
}

export interface Clock {
  now: Instant;
  kind: 'wall' | 'simulated';
}

export interface Receipt {
  accepted: number;
  late: number;
  duplicates: number;
  held: number;
  rejected: number;
  errors: { field: string; reason: string }[];
}

/** A native signal; `id` and `account` may be left out of a what-if. */
export interface Signal {
  id?: string;
  account?: string;
  source: 'usage' | 'ticket' | 'billing' | 'engagement' | 'crm';
  kind: string;
  at?: Instant;
  subject?: string;
  name?: string;
  value?: number;
  text?: string;
}
