import { useEffect, useRef } from 'preact/hooks';
import { hostNow } from '../api/HostClock';
import type { Ledger } from '../api/types';
import { useResource } from '../api/useResource';
import { Panel, ProblemNotice, Skeleton } from '../shell/States';
import { setQuery, useAddress } from '../shell/router';
import { score, signed } from '../words/format';
import { Time } from '../words/Time';
import { LedgerRows } from './LedgerRows';
import { groupsOf } from './ledgerGroups';
import { LENGTHS, queryOfSpan, spanFrom, type LedgerSpan } from './ledgerSpan';

const TITLES: Record<string, string> = { '24h': '24 hours', '7d': '7 days', '30d': '30 days' };
const REFRESH_MS = 5000;

/** What moved the score: entries that sum to the change. */
export function LedgerPanel({ path, version }: { path: string; version: number }) {
  const { query } = useAddress();
  const span = spanFrom(query.get('span'));
  const { data, problem, loading, reload } = useResource<Ledger>(`${path}/ledger${useStableQuery(span)}`);
  const due = useRef(0);
  useEffect(() => {
    if (!data || due.current) return;
    due.current = window.setTimeout(() => {
      due.current = 0;
      reload();
    }, REFRESH_MS);
  }, [version]);
  useEffect(() => () => clearTimeout(due.current), []);

  return (
    <Panel id="ledger" title="What moved it" aside={<SpanChoice span={span} />}>
      {problem && <ProblemNotice problem={problem} onRetry={reload} heading="h3" />}
      {!data && loading && <Skeleton lines={4} label="The ledger is loading" />}
      {data && (
        <>
          <p>
            From <strong>{score(data.from.score)}</strong> on <Time at={data.from.at} /> to <strong>{score(data.to.score)}</strong>{' '}
            on <Time at={data.to.at} />: <strong>{signed(data.to.score - data.from.score)}</strong> points.
          </p>
          {data.items.length === 0 ? <p class="muted">Nothing moved it.</p>
            : <LedgerRows groups={groupsOf(data.items)} of={{ path, ledger: data }} />}
        </>)}
    </Panel>
  );
}

/** The query for the span; the moment it ends at is taken once for each choice, not with each drawing. */
function useStableQuery(span: LedgerSpan): string {
  const held = useRef({ key: '', query: '' });
  const key = JSON.stringify(span);
  if (held.current.key !== key) held.current = { key, query: queryOfSpan(span, hostNow()) };
  return held.current.query;
}

const CALENDAR_DAYS = 42;

function SpanChoice({ span }: { span: LedgerSpan }) {
  const day = (back: number) => new Date(hostNow() - back * 86_400_000).toISOString().slice(0, 10);
  const [from, to] = span.kind === 'days' ? [span.from, span.to] : [day(14), day(0)];
  // The score can be told anew only within the calendar, and its first day is no longer whole.
  const limits = { min: day(CALENDAR_DAYS - 1), max: day(0) };
  const choose = (first: string, last: string) => { if (first && last && first <= last) setQuery({ span: `${first}..${last}` }); };
  return (
    <div class="choice">
      <span class="choice" role="group" aria-label="Span">
        {LENGTHS.map(length => (
          <button key={length} type="button" aria-pressed={span.kind === 'back' && span.length === length}
            onClick={() => setQuery({ span: length === '7d' ? null : length })}>{TITLES[length]}</button>))}
      </span>
      <label>from <input type="date" value={from} {...limits} onChange={event => choose(event.currentTarget.value, to)} /></label>
      <label>to <input type="date" value={to} {...limits} onChange={event => choose(from, event.currentTarget.value)} /></label>
    </div>
  );
}
