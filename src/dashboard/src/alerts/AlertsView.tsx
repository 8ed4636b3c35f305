import { useEffect, useReducer } from 'preact/hooks';
import { stream } from '../api/ChangeStream';
import { Choice } from '../portfolio/Filters';
import { useFacets } from '../portfolio/facets';
import type { Alert } from '../api/types';
import { moveAmongRows, useDeedKeys, useMoveKeys } from '../shell/keys';
import { setQuery, useAddress } from '../shell/router';
import { ProblemNotice, Skeleton } from '../shell/States';
import { count } from '../words/format';
import { useTick } from '../words/Time';
import { acknowledge, resolve, snooze } from '../work/deeds';
import { AlertCard } from './AlertCard';
import { AlertBook } from './AlertBook';
import { Mine } from './Mine';

const STATES: [string, string][] = [
  ['', 'Not over'], ['open', 'Open'], ['acknowledged', 'Acknowledged'], ['snoozed', 'Put off'],
     ['resolved', 'Resolved'], ['closed', 'Closed'],
];
const SEVERITIES: [string, string][] = [['', 'All'], ['red', 'Red'], ['yellow', 'Yellow']];

const DEEDS: Record<string, (alert: Alert) => Promise<Alert | null>> = { a: acknowledge, s: snooze, d: resolve, x: resolve };

let lastBook: AlertBook | null = null;

function bookOf(state: string, owner: string, severity: string): AlertBook {
  if (lastBook?.state !== state || lastBook.owner !== owner || lastBook.severity !== severity)
    lastBook = new AlertBook(state, owner, severity);
  return lastBook;
}

export function AlertsView() {
  const { query } = useAddress();
  const [state, owner, severity] = [query.get('state') ?? '', query.get('owner') ?? '', query.get('severity') ?? ''];
  const book = bookOf(state, owner, severity);
  const owners = useFacets()?.owners.map(facet => facet.value) ?? [];
  const [, again] = useReducer((n: number, _: void) => n + 1, 0);
  useTick();
  useMoveKeys(moveAmongRows);
  useDeedKeys(key => {
    const id = document.activeElement?.closest<HTMLElement>('[data-alert]')?.dataset['alert'];
    const alert = book.alerts.find(other => other.id === id);
    if (key === 'n' && book.hasNews) void book.restart();
    else if (alert && DEEDS[key]) void DEEDS[key](alert).then(done => done && void book.restart());
    else return false;
    return true;
  });
  useEffect(() => { document.title = 'Alerts - HealthGrains'; }, []);
  useEffect(() => {
    const stop = [book.watch(() => again()), stream.watch(changes => book.apply(changes), () => void book.restart())];
    void book.restart();
    return () => stop.forEach(each => each());
  }, [book]);

  return (
    <>
      <h1>Alerts{book.total !== null && <small>{count(book.total)}{owner && ' of ' + owner}</small>}</h1>
      <form class="filters" aria-label="Alerts" onSubmit={event => event.preventDefault()}>
        <Pick name="state" label="State" value={state} options={STATES} search />
        <Pick name="severity" label="Severity" value={severity} options={SEVERITIES} />
        <Choice name="owner" label="Owner" value={owner} options={owners} />
        <Mine owner={owner} />
      </form>
      {book.hasNews && <p><button type="button" onClick={() => void book.restart()}>New alerts - show them (n)</button></p>}
      {book.problem && <ProblemNotice problem={book.problem} onRetry={() => void book.retry()} />}
      {book.total === null && !book.problem && <Skeleton lines={5} label="The alerts are loading" />}
      {book.total !== null && book.alerts.length === 0 && !book.problem && <p class="notice">{emptyWords(state, owner, severity)}</p>}
      {book.alerts.map(alert => <AlertCard key={alert.id} alert={alert} onDone={() => void book.restart()} />)}
      {book.hasMore && (
        <p>
          <button type="button" disabled={book.loading} onClick={() => void book.more()}>
            {book.loading ? 'Loading…' : 'Show more'}
          </button>{' '}
          <span class="muted">{count(book.alerts.length)} of {count(book.total ?? 0)} loaded</span></p>)}
    </>
  );
}

function emptyWords(state: string, owner: string, severity: string): string {
  if (owner || severity) return 'No alert fits these filters.';
  return state === '' || state === 'open' ? 'No alert is open: nothing asks for attention now.' : 'No alert is in this state.';
}

export function Pick({ name, label, value, options, search, onPick }: {
  name: string; label: string; value: string; options: [string, string][]; search?: boolean; onPick?: (value: string) => void;
}) {
  const pick = onPick ?? ((picked: string) => setQuery({ [name]: picked }));
  return (
    <label>
      <span>{label}</span>
      <select value={value} data-search={search} onChange={event => pick(event.currentTarget.value)}>
        {options.map(([key, title]) => <option key={key} value={key}>{title}</option>)}
      </select>
    </label>
  );
}
