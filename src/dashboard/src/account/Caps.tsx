import type { Cap } from '../api/types';
import { Panel } from '../shell/States';
import { round, sentence, signed } from '../words/format';
import { Time } from '../words/Time';

const REASONS: Record<string, string> = {
  unpaid: 'An invoice is unpaid',
  championGone: 'The champion has left',
  cancelRequested: 'They asked to cancel',
};

export function Caps({ caps }: { caps: Cap[] }) {
  return (
    <Panel id="caps" title="Caps">
      {caps.length === 0 && <p class="muted">Nothing limits the score.</p>}
      <ul class="plain">
        {caps.map(cap => (
          <li key={cap.rule}>
            <strong>{REASONS[cap.rule] ?? sentence(cap.rule)}</strong>: at most {round(cap.limit)}
            {Math.abs(cap.points) >= 0.05
              ? <>, which takes <span class="fell">{signed(cap.points)}</span> points</>
              : ', which does not bind now'}
            <span class="sub">since <Time at={cap.since} /></span>
          </li>))}
      </ul>
    </Panel>
  );
}
