import { useState } from 'preact/hooks';
import type { Alert } from '../api/types';
import { accountPath } from '../shell/router';
import { acknowledge, assign, resolve, snooze } from '../work/deeds';
import { usePeople } from '../work/people';
import { BandMark } from '../words/BandMark';
import { money, score, sentence } from '../words/format';
import { Time } from '../words/Time';
import { Drivers, Reach, Tried } from './AlertFacts';
import { EvidenceLinks } from './EvidenceLinks';

/** An alert: why, what drove it, what was tried before, what to do, and what a person can say to it. */
export function AlertCard({ alert, onDone, withinAccount }: { alert: Alert; onDone: () => void; withinAccount?: boolean }) {
  const [busy, setBusy] = useState(false);
  const people = usePeople();
  const say = async (deed: (alert: Alert) => Promise<Alert | null>) => {
    setBusy(true);
    if (await deed(alert)) onDone();
    setBusy(false);
  };

  const isOver = alert.state === 'resolved' || alert.state === 'closed';
  const Title = withinAccount ? 'h3' : 'h2';
  const name = `${alert.accountName}, ${sentence(alert.rule)}`;
  return (
    <article class={'alert ' + alert.severity} data-alert={alert.id} aria-label={`${alert.accountName}: ${alert.reason}`}>
      <header>
        <BandMark band={alert.severity} />
        <Title>{withinAccount ? sentence(alert.rule) : <a data-row href={accountPath(alert.account)}>{alert.accountName}</a>}</Title>
        {!withinAccount && <span>{sentence(alert.rule)}</span>}
        {alert.urgent && <strong class="late"><span aria-hidden="true">! </span>urgent</strong>}
        <span class="state">{alert.state}</span>
        <span class="muted">raised <Time at={alert.raisedAt} as="ago" />
          {alert.escalatedAt && <>, red since <Time at={alert.escalatedAt} as="ago" /></>}
          {(alert.pushedAt || alert.state === 'open') && <>, <Reach alert={alert} /></>}</span>
      </header>
      <p><strong>{sentenceOf(alert.reason)}</strong> <span class="muted">The score was {score(alert.score)}.</span></p>
      {!withinAccount && (
        <p class="muted">ARR {money(alert.arr, alert.currency)}, {alert.tier},
          {alert.assignedTo ? ` given to ${alert.assignedTo}` : ` owner ${alert.owner ?? 'nobody'}`}
          {alert.renewalDate && <>, renewal <Time at={alert.renewalDate} as="date" /></>}</p>)}
      <p><span class="muted">Suggested:</span> {alert.suggestedApproach}</p>
      <EvidenceLinks evidence={alert.evidence} />
      {(alert.drivers.length > 0 || alert.triedBefore.length > 0) && (
        <details>
          <summary>{alert.triedBefore.length > 0 ? 'What drove it, and what was tried before' : 'What drove it'}</summary>
          <Drivers alert={alert} />
          <Tried tried={alert.triedBefore} />
        </details>)}
      <Course alert={alert} />
      {!isOver && (
        <div class="actions">
          {alert.state === 'open' && (
            <button type="button" disabled={busy} onClick={() => void say(acknowledge)}
               aria-label={`Acknowledge: ${name}`}>Acknowledge</button>)}
          <button type="button" disabled={busy} onClick={() => void say(snooze)} aria-label={`Put off: ${name}`}>Put off…</button>
          <button type="button" disabled={busy} onClick={() => void say(it => assign(it, people))}
             aria-label={`Assign: ${name}`}>Assign…</button>
          <button type="button" disabled={busy} onClick={() => void say(resolve)} aria-label={`Resolve: ${name}`}>Resolve…</button>
        </div>)}
    </article>
  );
}

function Course({ alert }: { alert: Alert }) {
  return (
    <>
      {alert.escalatedToManagerAt && (
        <p class="late">The manager was told <Time at={alert.escalatedToManagerAt} as="ago" />: nobody had acknowledged it.</p>)}
      {alert.snoozedUntil && <p class="muted">Put off until <Time at={alert.snoozedUntil} />.</p>}
      {alert.acknowledgedAt && (
        <p class="muted">Acknowledged <Time at={alert.acknowledgedAt} as="ago" />
          {alert.acknowledgedBy && ' by ' + alert.acknowledgedBy}.</p>)}
      {alert.resolvedAt && (
        <p class="muted">Over since <Time at={alert.resolvedAt} as="ago" />
          {alert.resolvedBy ? ', resolved by ' + alert.resolvedBy : ', closed by itself: recovered or churned'}
          {alert.resolution && `: “${alert.resolution}”`}.</p>)}
    </>
  );
}

const sentenceOf = (reason: string): string => reason.charAt(0).toUpperCase() + reason.slice(1) + '.';
