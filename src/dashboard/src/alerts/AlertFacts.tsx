import type { Alert } from '../api/types';
import { score, sentence, signed } from '../words/format';
import { Time } from '../words/Time';
import { EvidenceLinks } from './EvidenceLinks';

/** What to know of an alert before acting: what to do, what drove it, what was tried before. */
export function AlertFacts({ alert }: { alert: Alert }) {
  return (
    <>
      <p class="approach"><strong>Suggested:</strong> {alert.suggestedApproach}</p>
      {alert.escalatedToManagerAt && (
        <p class="late">The manager was told <Time at={alert.escalatedToManagerAt} as="ago" />: nobody had acknowledged it.</p>)}
      <p class="muted">The score was {score(alert.score)}. It holds since <Time at={alert.since} as="date" />.</p>
      <EvidenceLinks evidence={alert.evidence} />
      <Drivers alert={alert} />
      <Tried tried={alert.triedBefore} />
    </>
  );
}

/** Whether the owner was told, or finds it in the list alone: an alert that is listed is as open as any other. */
export function Reach({ alert }: { alert: Alert }) {
  if (alert.pushedAt) return <>told to {alert.owner ?? 'the team'} <Time at={alert.pushedAt} as="ago" /></>;
  return alert.state === 'open' ? <>in the list only</> : null;
}

export function Tried({ tried }: { tried: string[] }) {
  if (tried.length === 0) return null;
  return (
    <>
      <h4>Tried before</h4>
      <ul>{tried.map(text => <li key={text}>{sentence(text)}</li>)}</ul>
    </>
  );
}

export function Drivers({ alert }: { alert: Alert }) {
  if (alert.drivers.length === 0) return null;
  return (
    <table>
      <caption>What drove it</caption>
      <thead><tr><th scope="col">Measure</th><th scope="col">Reads</th><th scope="col" class="num">Points</th></tr></thead>
      <tbody>
        {alert.drivers.map(driver => (
          <tr key={driver.measure}>
            <th scope="row">{sentence(driver.measure)}</th><td>{driver.note}</td>
            <td class={'num ' + (driver.points < 0 ? 'fell' : 'rose')}>{signed(driver.points)}</td>
          </tr>))}
      </tbody>
    </table>
  );
}
