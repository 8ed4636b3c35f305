// What people do for accounts, as /openapi/v1.json describes it.
import type { Alert, Band, Instant } from './types';

export type PlayState = 'running' | 'paused' | 'ended';
export type StepState = 'waiting' | 'open' | 'done' | 'skipped';
export type StepKind = 'task' | 'email' | 'inApp' | 'notice' | 'brief' | 'approval' | 'wait';
export type DraftState = 'pending' | 'approved' | 'sent' | 'rejected' | 'expired';
export type TaskState = 'open' | 'done' | 'cancelled';

export interface Step {
  number: number;
  id: string;
  title: string;
  kind: StepKind;
  day: number;
  state: StepState;
  dueAt: Instant | null;
  openedAt: Instant | null;
  endedAt: Instant | null;
  by: string | null;
  outcome: string | null;
  notes: string | null;
  reason: string | null;
  task: string | null;
  draft: string | null;
  text: string | null;
}

export interface Play {
  id: string;
  account: string;
  accountName: string;
  playbook: string;
  version: number;
  title: string;
  state: PlayState;
  trigger: string | null;
  reason: string;
  startedAt: Instant;
  startedBy: string;
  owner: string | null;
  nextAt: Instant | null;
  late: boolean;
  endedAt: Instant | null;
  exit: string | null;
  outcome: string | null;
  scoreAtStart: number;
  steps: Step[];
}

export type Fact = number | string | boolean;

export interface Draft {
  id: string;
  account: string;
  accountName: string;
  play: string;
  playTitle: string;
  playReason: string;
  step: string;
  kind: StepKind;
  title: string;
  contactName: string | null;
  email: string | null;
  subject: string;
  text: string;
  template: string | null;
  facts: Record<string, Fact>;
  marks: string[];
  state: DraftState;
  needs: 'owner' | 'manager';
  needsBecause: string | null;
  owner: string | null;
  reviewer: string | null;
  createdAt: Instant;
  expiresAt: Instant;
  readAt: Instant | null;
  edited: boolean;
  decidedAt: Instant | null;
  decidedBy: string | null;
  reason: string | null;
  sendAt: Instant | null;
  delay: string | null;
  sentAt: Instant | null;
}

export interface Task {
  id: string;
  account: string;
  accountName: string;
  play: string | null;
  playTitle: string | null;
  step: number | null;
  title: string;
  brief: string | null;
  owner: string | null;
  dueAt: Instant;
  createdAt: Instant;
  state: TaskState;
  outcomes: string[];
  endedAt: Instant | null;
  by: string | null;
  outcome: string | null;
  notes: string | null;
  needs: 'owner' | 'manager';
  postponed: { at: Instant; by: string; from: Instant; to: Instant; reason: string }[];
  note: string | null;
}

export type NoteKind = 'note' | 'call' | 'meeting' | 'observation';

/** What somebody wrote down about an account. */
export interface Note {
  id: string;
  account: string;
  accountName: string;
  kind: NoteKind;
  text: string;
  at: Instant;
  by: string;
  followUp: string | null;
}

/** How much would change hands. */
export interface HandOverCounts { alerts: number; plays: number; tasks: number; drafts: number }

export interface HandOverPlan extends HandOverCounts {
  accounts: number;
  items: (HandOverCounts & { account: string; accountName: string; owner: string | null })[];
}

/** A play that is over. Times are Unix milliseconds here. */
export interface PastPlay {
  playbook: string;
  title: string;
  startedAt: number;
  endedAt: number;
  exit: string;
  outcome: string | null;
  scoreAtStart: number;
  scoreAtEnd: number;
}

export interface Override {
  band: Band | null;
  score: number | null;
  reason: string;
  by: string;
  setAt: Instant;
  until: Instant;
}

export interface Desk {
  account: string;
  plays: Play[];
  drafts: Draft[];
  tasks: Task[];
  past: PastPlay[];
  override: Override | null;
  alerts: Alert[];
  version: number;
}

export interface ReviewFigures {
  since: Instant;
  approved: number;
  unread: number;
  unedited: number;
  rejected: number;
  expired: number;
  automatic: number;
}

export interface PracticePart {
  id: string;
  version: number;
  title: string;
  detail: string | null;
}

export interface Team {
  manager: string;
  members: string[];
}

export interface Practice {
  triggers: PracticePart[];
  playbooks: PracticePart[];
  guardrails: PracticePart[];
  teams: Team[];
  facts: { key: string; title: string; unit: string }[];
}

/** What leaves the house. Times are Unix milliseconds here. */
export interface Delivery {
  dispatch: {
    id: string; account: string; owner: string | null; receiver: string; at: number; notBefore: number;
    body: { type: string; to?: string; subject?: string; text?: string; event?: string; kind?: string };
  };
  state: 'pending' | 'delivered' | 'dead' | 'cancelled';
  attempts: number;
  error: string | null;
  dueSince: number;
  nextAttempt: number | null;
  settledAt: number | null;
  deliveredTo: string | null;
}
