import { useEffect, useState } from 'preact/hooks';
import { post } from '../api/client';
import type { HandOverPlan } from '../api/deskTypes';
import type { Account } from '../api/types';
import { useResource } from '../api/useResource';
import { moveAmongRows, useMoveKeys } from '../shell/keys';
import { accountPath, setQuery, useAddress } from '../shell/router';
import { ProblemNotice, Skeleton } from '../shell/States';
import { ask } from '../work/ask';
import { usePeople } from '../work/people';
import { act } from '../work/said';
import { useMe } from '../work/useMe';
import { usePractice } from '../work/usePractice';
import { useReloadOn } from '../work/useStream';
import { count } from '../words/format';
import { whoMust } from './mayHandOver';
import { Plan, sumOf } from './Plan';

const EVERY_MS = 3_000;

interface Done { accounts: number; to: string; from: string | null; whole: boolean }

/** One account, or a whole book, changes hands: what will move, then the question, then what came of it. */
export function HandOverView() {
  const { query } = useAddress();
  const account = query.get('account');
  const from = account ? null : query.get('from');
  useEffect(() => { document.title = 'Hand over - HealthGrains'; }, []);
  useMoveKeys(moveAmongRows);
  return (
    <>
      <h1>Hand over{account ? ' one account' : from ? ` the book of ${from}` : ''}</h1>
      {!account && <Whose from={from} />}
      {(account || from) && <HandOver key={account ?? 'from ' + from} account={account} from={from} />}
    </>
  );
}

function Whose({ from }: { from: string | null }) {
  const people = usePeople();
  return (
    <form class="whose" aria-label="Whose book" onSubmit={event => event.preventDefault()}>
      <label>Whose book{' '}
        <select data-search value={from ?? ''} onChange={event => setQuery({ from: event.currentTarget.value })}>
          <option value="">Choose</option>
          {(from === null || people.includes(from) ? people : [from, ...people]).map(name => <option key={name} value={name}>{name}</option>)}
        </select></label>
      <span class="muted">For one account alone, begin on its page.</span>
    </form>
  );
}

function HandOver({ account, from }: { account: string | null; from: string | null }) {
  const which: Record<string, string> = account ? { account } : { from: from ?? '' };
  const plan = useResource<HandOverPlan>('/v1/plays/handover?' + new URLSearchParams(which).toString());
  useReloadOn(changes => [changes.accounts, changes.alerts, changes.plays, changes.tasks, changes.drafts].some(map => map.size > 0),
    plan.reload, account ?? from, EVERY_MS);
  const [done, setDone] = useState<Done | null>(null);
  const [to, setTo] = useState('');
  const [whole, setWhole] = useState(true);
  const [busy, setBusy] = useState(false);
  const people = usePeople();
  const me = useMe();
  const owner = account ? plan.data?.items[0]?.owner ?? null : from;
  const must = whoMust(usePractice()?.teams ?? [], owner, me);

  if (plan.problem && !plan.data) return <ProblemNotice problem={plan.problem} onRetry={plan.reload} />;
  if (!plan.data) return <Skeleton lines={4} label="What would change hands is being counted" />;
  const data = plan.data;
  const name = account ? data.items[0]?.accountName ?? account : `the book of ${from}`;
  const go = async () => {
    if (busy || !to.trim()) return;
    const sure = await ask({
      title: `Hand ${name} over to ${to.trim()}?`, submit: 'Hand over', fields: [],
      note: `${sumOf(data, whole)}. ${whole ? '' : 'The accounts and their alerts stay. '}It is recorded as done by ${me || 'whoever sits here'}.`,
    });
    if (!sure) return;
    setBusy(true);
    const answer = await act(`${name} is with ${to.trim()} now.`,
      () => post<{ accounts: number }>('/v1/plays/handover', { ...which, to: to.trim(), withAccounts: whole }));
    setBusy(false);
    if (answer) setDone({ accounts: answer.accounts, to: to.trim(), from, whole });
  };
  if (done) return <Result done={done} account={account} name={name} onAgain={() => {
    setDone(null);
    plan.reload();
  }} />;
  return (
    <>
      <Plan plan={data} whole={whole} single={account !== null} />
      {data.accounts === 0 && <p class="notice">{from} owns no account: there is nothing to hand over.</p>}
      {data.accounts > 0 && (
        <form class="panel handover" aria-labelledby="to-whom" onSubmit={event => {
          event.preventDefault();
          void go();
        }}>
          <h2 id="to-whom">To whom</h2>
          <label class="reason">Who gets it
            <input type="text" list="people" autocomplete="off" maxLength={128} required value={to}
              onInput={event => setTo(event.currentTarget.value)} /></label>
          <datalist id="people">{people.filter(person => person !== owner).map(person => <option key={person} value={person} />)}</datalist>
          <fieldset>
            <legend>What changes hands</legend>
            <label class="check"><input type="radio" name="whole" checked={whole} onChange={() => setWhole(true)} />
              {' '}The accounts with all the work on them</label>
            <label class="check"><input type="radio" name="whole" checked={!whole} onChange={() => setWhole(false)} />
              {' '}The work alone: somebody stands in, and the accounts keep their owner</label>
          </fieldset>
          {whole && <p class="muted">Where the CRM sets the owner, change it there too, or the next import sets it back.</p>}
          {must && <p class="late">{me ? `You are ${me}: ` : 'Nobody has said who sits here: '}only {must} may hand this over.</p>}
          <button class="primary" disabled={busy || !to.trim() || to.trim() === from || must !== null}>
            {busy ? 'Handing over…' : 'Hand over…'}</button>
        </form>)}
    </>
  );
}

function Result({ done, account, name, onAgain }: { done: Done; account: string | null; name: string; onAgain: () => void }) {
  const view = useResource<Account>(account ? '/v1/accounts/' + encodeURIComponent(account) : null);
  return (
    <section class="notice done" aria-labelledby="result">
      <h2 id="result" tabIndex={-1}>It has changed hands</h2>
      <p>{account ? name : `${count(done.accounts)} ${done.accounts === 1 ? 'account' : 'accounts'} of ${done.from}`}
        {done.whole ? ` ${done.accounts === 1 ? 'is' : 'are'} with ` : ': the work is with '}{done.to} now.
        {view.data && ` Its owner is ${view.data.owner ?? 'nobody'}.`}</p>
      <ul class="plain">
        <li><a data-row href={'/day?owner=' + encodeURIComponent(done.to)}>The day of {done.to}</a></li>
        {account ? <li><a data-row href={accountPath(account)}>{name}</a></li>
          : <li><a data-row href={'/?owner=' + encodeURIComponent(done.to)}>The accounts of {done.to}</a></li>}
      </ul>
      <p><button type="button" onClick={onAgain}>{account ? 'Hand it over again' : `See what ${done.from} still has`}</button></p>
    </section>
  );
}
