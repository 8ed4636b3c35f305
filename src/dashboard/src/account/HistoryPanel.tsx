import { useEffect } from 'preact/hooks';
import type { Account, Alert, HistoryPoint, Page } from '../api/types';
import { useResource } from '../api/useResource';
import { Panel, ProblemNotice, Skeleton } from '../shell/States';
import { setQuery, useAddress } from '../shell/router';
import { HealthChart, type EventMark } from './HealthChart';
import { HistoryTable } from './HistoryTable';

const SPANS: [string, string][] = [['42', '6 weeks'], ['90', '90 days'], ['180', '180 days'], ['365', '1 year']];
const DAY_MS = 86_400_000;

export function HistoryPanel({ account, path }: { account: Account; path: string }) {
  const { query } = useAddress();
  const days = SPANS.some(([value]) => value === query.get('days')) ? query.get('days') ?? '90' : '90';
  const history = useResource<Page<HistoryPoint>>(`${path}/history?days=${days}`);
  const marks = useEventMarks(account);
  const today = account.health.asOf.slice(0, 10);
  // A new day begins with a point of its own.
  useEffect(() => { if (history.data && !history.data.items.some(point => point.day >= today)) history.reload(); }, [today]);

  const points = history.data ? withNow(history.data.items, account) : [];
  // The line of one that is gone leads nowhere.
  const slope = account.status === 'churned' ? null : account.decline.slopePerDay;
  const choice = (
    <span class="choice" role="group" aria-label="Days shown">
      {SPANS.map(([value, title]) => (
        <button key={value} type="button" aria-pressed={days === value}
          onClick={() => setQuery({ days: value === '90' ? null : value })}>{title}</button>))}
    </span>);
  return (
    <Panel id="history" title="History" aside={choice}>
      {history.problem && <ProblemNotice problem={history.problem} onRetry={history.reload} heading="h3" />}
      {!history.data && history.loading && <Skeleton lines={4} label="The history is loading" />}
      {history.data && points.length < 2 && <p class="muted">One day is recorded at each close of a UTC day; the chart begins tomorrow.</p>}
      {points.length >= 2 && (
        <>
          <HealthChart points={points} slopePerDay={slope} uncapped={uncapped(account)} marks={marks} />
          <HistoryTable points={points} marks={marks} />
        </>)}
    </Panel>
  );
}

/** The trend is that of the score without its caps. */
const uncapped = ({ health }: Account): number => health.score - health.caps.reduce((sum, cap) => sum + cap.points, 0);

/** Today's point is the live score. */
function withNow(points: HistoryPoint[], { health }: Account): HistoryPoint[] {
  const last = points.at(-1);
  if (!last?.provisional) return points;
  const categories = Object.fromEntries(health.categories.map(category => [category.key, category.score]));
  const { score, low, high, coverage } = health;
  return [...points.slice(0, -1), { ...last, score, low, high, coverage, categories }];
}

/** What happened to the account's alerts, those that are over included. */
function useEventMarks(account: Account): EventMark[] {
  const of = (state: string) => `/v1/alerts?account=${encodeURIComponent(account.id)}&state=${state}&limit=100`;
  const resolved = useResource<Page<Alert>>(of('resolved'));
  const closed = useResource<Page<Alert>>(of('closed'));
  const open = account.alerts.length;
  useEffect(() => {
    if (resolved.data) resolved.reload();
    if (closed.data) closed.reload();
  }, [open]);
  const alerts = [...account.alerts, ...(resolved.data?.items ?? []), ...(closed.data?.items ?? [])];
  return alerts.flatMap(alert => marksOf(alert, account.status === 'churned')).sort((a, b) => a.at - b.at);
}

function marksOf(alert: Alert, isChurned: boolean): EventMark[] {
  const marks: EventMark[] = [{ at: Date.parse(alert.raisedAt), text: `Alert raised: ${alert.reason}`, kind: 'raised' }];
  // Its reason is worded anew when it turns red, so the first words are gone then.
  if (alert.escalatedAt && Date.parse(alert.escalatedAt) - Date.parse(alert.raisedAt) > DAY_MS / 24) {
    marks[0] = { at: Date.parse(alert.raisedAt), text: 'Alert raised', kind: 'raised' };
    marks.push({ at: Date.parse(alert.escalatedAt), text: `Alert turned red: ${alert.reason}`, kind: 'raised' });
  }
  if (alert.resolvedAt) marks.push({
    at: Date.parse(alert.resolvedAt), kind: 'over',
    text: alert.resolvedBy
      ? 'Alert resolved by ' + [alert.resolvedBy, alert.resolution].filter(Boolean).join(': ')
      : isChurned ? 'Alert closed' : 'Alert closed: recovered',
  });
  return marks;
}
