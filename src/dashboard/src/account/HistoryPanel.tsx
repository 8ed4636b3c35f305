import { useEffect, useRef } from 'preact/hooks';
import type { Account, HistoryPoint, Page, TimelineItem } from '../api/types';
import { useResource, type Resource } from '../api/useResource';
import { Panel, ProblemNotice, Skeleton } from '../shell/States';
import { setQuery, useAddress } from '../shell/router';
import { touches, useReloadOn } from '../work/useStream';
import { merge } from './deskEvents';
import { Events } from './Events';
import { HealthChart } from './HealthChart';
import { HistoryTable } from './HistoryTable';
import { useDeskEvents } from './useDeskEvents';

const SPANS: [string, string][] = [['42', '6 weeks'], ['90', '90 days'], ['180', '180 days'], ['365', '1 year']];

export function HistoryPanel({ account, path }: { account: Account; path: string }) {
  const { query } = useAddress();
  const days = SPANS.some(([value]) => value === query.get('days')) ? query.get('days') ?? '90' : '90';
  const history = useResource<Page<HistoryPoint>>(`${path}/history?days=${days}`);
  const timeline = useEvents(account, path, days);
  const done = useDeskEvents(account.id, Number(days));
  const events = timeline.data?.items ?? [];
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
          <HealthChart points={points} slopePerDay={slope} uncapped={uncapped(account)} events={events} />
          <HistoryTable points={points} events={events} />
        </>)}
      {timeline.problem && !timeline.data && <ProblemNotice problem={timeline.problem} onRetry={timeline.reload} heading="h3" />}
      {timeline.data && <Events events={merge(events, done)} />}
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

/** What happened to the account. Asked for again once something that it tells of may have happened. */
function useEvents(account: Account, path: string, days: string): Resource<Page<TimelineItem>> {
  const events = useResource<Page<TimelineItem>>(`${path}/timeline?days=${days}`);
  const { crm, billing, engagement, usage } = account.lastSignals;
  // Usage brings integrations and little else of it: one look a day will do.
  const alerts = account.alerts.map(alert => alert.id + alert.state + alert.severity);
  const news = [crm, billing, engagement, usage?.slice(0, 10), ...alerts].join();
  const known = useRef(news);
  useEffect(() => {
    if (known.current !== news) events.reload();
    known.current = news;
  }, [news]);
  // What people write down and put off stands in it too.
  useReloadOn(changes => touches(changes, account.id), events.reload, account.id);
  return events;
}
