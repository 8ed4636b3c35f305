import { useState } from 'preact/hooks';
import { post, problemOf, type Problem } from '../api/client';
import type { Account } from '../api/types';
import { Panel, ProblemNotice } from '../shell/States';
import { BandMark } from '../words/BandMark';
import { money, range, score, sentence, signed } from '../words/format';
import { signalsOf, type Wishes } from './whatIfSignals';

const MOST_USERS = 500;

export function WhatIf({ account, path }: { account: Account; path: string }) {
  const [wishes, setWishes] = useState<Wishes>({ users: 20, tickets: '', isPaid: false, invoice: '' });
  const [answer, setAnswer] = useState<{ before: Account; after: Account } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<Wishes>) => setWishes(old => ({ ...old, ...change }));

  const ask = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const after = await post<Account>(path + '/what-if', { signals: signalsOf(wishes) });
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
          <input type="number" min={0} max={MOST_USERS} value={wishes.users}
            onInput={event => set({ users: Math.max(0, Math.min(MOST_USERS, Math.trunc(event.currentTarget.valueAsNumber) || 0)) })} />
        </label>
        <label>Tickets that are solved, by their numbers
          <input type="text" value={wishes.tickets} placeholder="T-101, T-102"
            onInput={event => set({ tickets: event.currentTarget.value })} />
        </label>
        <label class="check">
          <input type="checkbox" checked={wishes.isPaid} onChange={event => set({ isPaid: event.currentTarget.checked })} />
          The invoice is paid
        </label>
        {wishes.isPaid && (
          <label>Its number, as the failed payment named it
            <input type="text" value={wishes.invoice} placeholder="in_123" onInput={event => set({ invoice: event.currentTarget.value })} />
          </label>)}
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
        <p key={cap.rule} class="muted">The cap “{sentence(cap.rule)}” would still hold it to {score(cap.limit)}.
          {cap.rule === 'unpaid' && ' It ends when the number of the invoice whose payment failed is paid.'}</p>))}
    </div>
  );
}
