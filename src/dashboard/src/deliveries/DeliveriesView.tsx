import { useEffect } from 'preact/hooks';
import { post, queryOf } from '../api/client';
import type { Delivery } from '../api/deskTypes';
import type { Page } from '../api/types';
import { useResource } from '../api/useResource';
import { Pick } from '../alerts/AlertsView';
import { moveAmongRows, useMoveKeys } from '../shell/keys';
import { accountPath, useAddress } from '../shell/router';
import { ProblemNotice, Skeleton } from '../shell/States';
import { act } from '../work/said';
import { useReloadOn } from '../work/useStream';
import { count, words } from '../words/format';
import { Time, useTick } from '../words/Time';

const STATES: [string, string][] = [
  ['', 'All'], ['pending', 'To be sent'], ['delivered', 'Delivered'], ['dead', 'Given up'], ['cancelled', 'Called back'],
];
const WORDS: Record<Delivery['state'], string> = {
  pending: 'waits', delivered: 'delivered', dead: 'given up', cancelled: 'called back',
};
const LIMIT = 100;

/** What left the house or is to leave it; what could not be delivered is tried again by a press. */
export function DeliveriesView() {
  const { query } = useAddress();
  const state = query.get('state') ?? '';
  const account = query.get('account') ?? '';
  const { data, problem, reload } = useResource<Page<Delivery>>('/v1/deliveries' + queryOf({ state, account, limit: LIMIT }));
  useTick();
  useReloadOn(changes => changes.drafts.size + changes.plays.size > 0, reload, 'deliveries' + state + account);
  useMoveKeys(moveAmongRows);
  useEffect(() => { document.title = 'Sent - HealthGrains'; }, []);
  const retry = async (delivery: Delivery) => {
    const id = delivery.dispatch.id;
    if (await act(`${id} is tried again.`, () => post<Delivery>(`/v1/deliveries/${encodeURIComponent(id)}/retry`))) reload();
  };

  return (
    <>
      <h1>Sent{data && <small>{count(data.total)}{account && ' about ' + account}</small>}</h1>
      <form class="filters" aria-label="Deliveries" onSubmit={event => event.preventDefault()}>
        <Pick name="state" label="State" value={state} options={STATES} search />
      </form>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {!data && !problem && <Skeleton lines={5} label="The deliveries are loading" />}
      {data && data.items.length === 0 && (
        <p class="notice">{state ? 'Nothing is in this state.' : 'Nothing has left the house, and nothing is to leave.'}</p>)}
      {data && data.items.length > 0 && (
        <ol class="items">
          {data.items.map(item => <Row key={item.dispatch.id} delivery={item} onRetry={() => void retry(item)} />)}
        </ol>)}
      {data && data.total > data.items.length && (
        <p class="muted">The newest {count(data.items.length)} of {count(data.total)} are shown.</p>)}
    </>
  );
}

function Row({ delivery, onRetry }: { delivery: Delivery; onRetry: () => void }) {
  const { dispatch, state, error, attempts, deliveredTo, nextAttempt, settledAt } = delivery;
  const { body } = dispatch;
  const what = body.subject ?? body.text ?? (body.event ? words(body.event) : body.kind ? 'CRM: ' + words(body.kind) : body.type);
  return (
    <li class={'item delivery ' + state}>
      <div class="head">
        <span class="mark">{dispatch.receiver}</span>
        <div class="what">
          <p class="title">{what}</p>
          <p class="why">
            {dispatch.account ? <a data-row href={accountPath(dispatch.account)}>{dispatch.account}</a>
              : <a data-row href={'/day?owner=' + encodeURIComponent(dispatch.owner ?? '')}>{dispatch.owner ?? 'nobody'}, digest</a>}
            {body.to && `, to ${body.to}`}
            {attempts > 1 && `, ${count(attempts)} attempts`}{deliveredTo && `, taken by ${deliveredTo}`}</p>
          {error && <p class={state === 'dead' ? 'late' : 'muted'}>{error}</p>}
        </div>
        <p class="when"><strong>{WORDS[state]}</strong>{' '}
          {settledAt ? <Time at={iso(settledAt)} as="ago" /> : nextAttempt ? <>next <Time at={iso(nextAttempt)} /></> : null}</p>
        {state === 'dead' && <div class="verbs"><button type="button" class="small" onClick={onRetry}
          aria-label={`Try again: ${what}`}>Try again</button></div>}
      </div>
    </li>
  );
}

const iso = (at: number): string => new Date(at).toISOString();
