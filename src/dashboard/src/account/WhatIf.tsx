import { useState } from 'preact/hooks';
import { post, problemOf, type Problem } from '../api/client';
import type { Account } from '../api/types';
import { Panel, ProblemNotice } from '../shell/States';
import { BandMark } from '../words/BandMark';
import { count, money, range, score, sentence, signed } from '../words/format';
import { Time } from '../words/Time';

const MOST_USERS = 500;

interface Wishes { logins: number; closeTickets: boolean; payInvoices: boolean }

export function WhatIf({ account, path }: { account: Account; path: string }) {
  const [wishes, setWishes] = useState<Wishes>({ logins: 20, closeTickets: false, payInvoices: false });
  const [answer, setAnswer] = useState<{ before: Account; after: Account } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<Wishes>) => setWishes(old => ({ ...old, ...change }));
  const { tickets, oldestTicketAt, invoices, unpaidSince } = account.open;

  const ask = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const after = await post<Account>(path + '/what-if', wishes);
      setAnswer({ before: account, after });
    } catch (error) {
      setProblem(problemOf(error));
    }
    setBusy(false);
  };

  return (
    <Panel id="what-if" title="What if" aside={<span class="muted">Nothing is kept.</span>}>
      <form class="what-if" onSubmit={event => void ask(event)}>
        <label>Users who log in today
          <input type="number" min={0} max={MOST_USERS} value={wishes.logins}
            onInput={event => set({ logins: Math.max(0, Math.min(MOST_USERS, Math.trunc(event.currentTarget.valueAsNumber) || 0)) })} />
        </label>
        {tickets > 0 ? (
          <label class="check">
            <input type="checkbox" checked={wishes.closeTickets} onChange={event => set({ closeTickets: event.currentTarget.checked })} />
            <span>{tickets === 1 ? 'The open ticket is solved' : `All ${count(tickets)} open tickets are solved`}
              {oldestTicketAt && (
                <span class="muted"> ({tickets > 1 && 'the oldest '}opened <Time at={oldestTicketAt} as="ago" />)</span>)}</span>
          </label>) : <p class="muted">No ticket is open.</p>}
        {invoices > 0 ? (
          <label class="check">
            <input type="checkbox" checked={wishes.payInvoices} onChange={event => set({ payInvoices: event.currentTarget.checked })} />
            <span>{invoices === 1 ? 'The unpaid invoice is paid' : `All ${count(invoices)} unpaid invoices are paid`}
              {unpaidSince && <span class="muted"> (first failed <Time at={unpaidSince} as="ago" />)</span>}</span>
          </label>) : <p class="muted">No invoice is unpaid.</p>}
        <button class="primary" disabled={busy}>{busy ? 'Asking…' : 'Show the score'}</button>
      </form>
      {problem && <ProblemNotice problem={problem} heading="h3" />}
      <div role="status">{answer && <Answer {...answer} />}</div>
    </Panel>
  );
}

function Answer({ before, after }: { before: Account; after: Account }) {
  const moved = after.health.categories.map((category, n) => {
    const old = before.health.categories.find(other => other.key === category.key) ?? before.health.categories[n];
    return { key: category.key, delta: category.points - (old?.points ?? 0) };
  }).filter(({ delta }) => Math.abs(delta) >= 0.05);
  const change = after.health.score - before.health.score;
  return (
    <div class="answer">
      <p>
        The score would be <strong class="score">{score(after.health.score)}</strong> <BandMark band={after.health.band} />{' '}
        ({range(after.health.low, after.health.high)}), <strong class={change < 0 ? 'fell' : 'rose'}>{signed(change)}</strong> against{' '}
        {score(before.health.score)}; ARR at risk {money(after.risk.arrAtRisk, after.currency)} instead of{' '}
        {money(before.risk.arrAtRisk, before.currency)}.
      </p>
      {moved.length > 0 && <p>{moved.map(({ key, delta }) => `${sentence(key)} ${signed(delta)}`).join(', ')}.</p>}
      {after.health.caps.map(cap => (
        <p key={cap.rule} class="muted">The cap “{sentence(cap.rule)}” would still hold it to {score(cap.limit)}.</p>))}
    </div>
  );
}
