import { useState } from 'preact/hooks';
import { post, problemOf, type Problem } from '../api/client';
import type { Alert } from '../api/types';
import { ProblemNotice } from '../shell/States';
import { accountPath } from '../shell/router';
import { BandMark } from '../words/BandMark';
import { money, score, sentence, signed } from '../words/format';
import { Time } from '../words/Time';
import { ResolveDialog } from './ResolveDialog';

/** An alert: why, what drove it, what to do, and the two things a person can say to it. */
export function AlertCard({ alert, onDone, withinAccount }: { alert: Alert; onDone: () => void; withinAccount?: boolean }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [resolving, setResolving] = useState(false);

  const say = async (verb: 'acknowledge' | 'resolve', body?: unknown) => {
    setBusy(true);
    setProblem(null);
    try {
      await post<Alert>(`/v1/alerts/${encodeURIComponent(alert.id)}/${verb}`, body);
      onDone();
    } catch (error) {
      setProblem(problemOf(error));
    }
    setBusy(false);
  };

  const isOver = alert.state === 'resolved' || alert.state === 'closed';
  const Title = withinAccount ? 'h3' : 'h2';
  return (
    <article class={'alert ' + alert.severity} aria-label={`${alert.accountName}: ${alert.reason}`}>
      <header>
        <BandMark band={alert.severity} />
        <Title>{withinAccount ? sentence(alert.rule) : <a data-row href={accountPath(alert.account)}>{alert.accountName}</a>}</Title>
        <span class="state">{alert.state}</span>
        <span class="muted">raised <Time at={alert.raisedAt} as="ago" />
          {alert.escalatedAt && <>, red since <Time at={alert.escalatedAt} as="ago" /></>}</span>
      </header>
      <p><strong>{sentenceOf(alert.reason)}</strong> <span class="muted">The score was {score(alert.score)}.</span></p>
      {!withinAccount && (
        <p class="muted">ARR {money(alert.arr, alert.currency)}, {alert.tier}, owner {alert.owner ?? 'nobody'}
          {alert.renewalDate && <>, renewal <Time at={alert.renewalDate} as="date" /></>}</p>)}
      <p>{alert.suggestedApproach}</p>
      <Drivers alert={alert} />
      {alert.acknowledgedAt && (
        <p class="muted">Acknowledged <Time at={alert.acknowledgedAt} as="ago" />
          {alert.acknowledgedBy && ' by ' + alert.acknowledgedBy}.</p>)}
      {alert.resolvedAt && (
        <p class="muted">Over since <Time at={alert.resolvedAt} as="ago" />
          {alert.resolvedBy ? ', resolved by ' + alert.resolvedBy : ', closed by itself: recovered or churned'}
          {alert.resolution && `: “${alert.resolution}”`}.</p>)}
      {!isOver && (
        <div class="actions">
          {alert.state === 'open' && <button type="button" disabled={busy} onClick={() => void say('acknowledge')}>Acknowledge</button>}
          <button type="button" disabled={busy} onClick={() => setResolving(true)}>Resolve…</button>
        </div>)}
      {problem && <ProblemNotice problem={problem} onRetry={onDone} heading="h3" />}
      {resolving && <ResolveDialog name={alert.accountName} onClose={reason => {
        setResolving(false);
        if (reason !== null) void say('resolve', { reason });
      }} />}
    </article>
  );
}

const sentenceOf = (reason: string): string => reason.charAt(0).toUpperCase() + reason.slice(1) + '.';

function Drivers({ alert }: { alert: Alert }) {
  if (alert.drivers.length === 0) return null;
  return (
    <details>
      <summary>What drove it</summary>
      <table>
        <thead><tr><th scope="col">Measure</th><th scope="col">Reads</th><th scope="col" class="num">Points</th></tr></thead>
        <tbody>
          {alert.drivers.map(driver => (
            <tr key={driver.measure}>
              <th scope="row">{sentence(driver.measure)}</th><td>{driver.note}</td>
              <td class={'num ' + (driver.points < 0 ? 'fell' : 'rose')}>{signed(driver.points)}</td>
            </tr>))}
        </tbody>
      </table>
    </details>
  );
}
