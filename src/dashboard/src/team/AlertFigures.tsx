import type { OwnerFigures, TeamFigures, Times } from '../api/types';
import { useResource } from '../api/useResource';
import { ProblemNotice, Skeleton } from '../shell/States';
import { useReloadOn } from '../work/useStream';
import { count } from '../words/format';
import { perWeek, shareOfBudget, spanOf } from './alertWords';

const EVERY_MS = 15_000;

/** What each CSM is told of against the budget, and how soon alerts are dealt with. */
export function AlertFigures() {
  const { data, problem, loading, reload } = useResource<TeamFigures>('/v1/team');
  useReloadOn(changes => changes.alerts.size > 0, reload, 'alert-figures', EVERY_MS);
  if (problem && !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  if (!data) return loading ? <Skeleton lines={4} label="Figures of alerts are loading" /> : null;
  const days = data.budget?.days ?? 7;
  return (
    <section class="panel" aria-labelledby="alert-figures">
      <h2 id="alert-figures">Alerts{data.budget && <small>{data.budget.title}</small>}</h2>
      {data.owners.length === 0 && <p class="notice">Nobody owns an account, and there is no team.</p>}
      {data.owners.length > 0 && (
        <table class="team">
          <thead>
            <tr>
              <th scope="col">Who</th><th scope="col" class="num">Told in {count(days)} days</th><th scope="col" class="num">urgent</th>
              <th scope="col" class="num">A week</th><th scope="col" class="num">Open</th><th scope="col" class="num">in the list only</th>
              <th scope="col" class="num">To acknowledge</th><th scope="col" class="num">To resolve</th>
            </tr>
          </thead>
          <tbody>
            {data.owners.map(owner => <Row key={owner.owner ?? ''} of={owner} name={owner.owner ?? 'nobody'} data={data} />)}
            {data.owners.length > 1 && <Row of={data.all} name="All" data={data} isAll />}
          </tbody>
        </table>)}
      <p class="muted">“Told” counts what was pushed within the budget{data.budget && ` of ${data.budget.most}`}; urgent alerts stand beside it.
        A week is the mean of 28 days. Times are from when an alert was raised, of alerts acknowledged, or resolved by hand, in 28 days: half
        took at most the first, nine of ten the second.</p>
    </section>
  );
}

function Row({ of, name, data, isAll }: { of: OwnerFigures; name: string; data: TeamFigures; isAll?: boolean }) {
  const isOver = !isAll && data.budget !== null && of.pushed > data.budget.most;
  return (
    <tr>
      <th scope="row">{of.owner ? <a href={'/alerts?owner=' + encodeURIComponent(of.owner)}>{name}</a> : name}</th>
      <td class={'num' + (isOver ? ' late' : '')} data-label="Told">{isAll ? count(of.pushed) : shareOfBudget(of.pushed, data.budget)}</td>
      <td class="num" data-label="Urgent">{count(of.urgent)}</td>
      <td class="num" data-label="A week">{perWeek(of.pushedAWeek)}{of.urgentAWeek > 0 && ` + ${perWeek(of.urgentAWeek)}`}</td>
      <td class="num" data-label="Open">{count(of.open)}</td>
      <td class="num" data-label="In the list only">{count(of.listed)}</td>
      <Took of={of.toAcknowledge} label="To acknowledge" /><Took of={of.toResolve} label="To resolve" />
    </tr>
  );
}

function Took({ of, label }: { of: Times; label: string }) {
  return (
    <td class="num" data-label={label}>{of.alerts === 0 ? <span class="muted">none yet</span>
      : <span title={`${of.alerts} alerts`}>{spanOf(of.medianHours)} · {spanOf(of.p90Hours)}</span>}</td>
  );
}
