import type { AccountSummary, Portfolio } from '../api/types';
import { accountPath } from '../shell/router';
import { score, signed } from '../words/format';

const SHOWN = 5;

export function Movers({ portfolio }: { portfolio: Portfolio }) {
  return (
    <details class="movers" open>
      <summary><h2>Movers of 7 days</h2></summary>
      <div class="columns">
        <MoverList title="Fell most" rows={portfolio.fallers} />
        <MoverList title="Rose most" rows={portfolio.risers} />
      </div>
    </details>
  );
}

function MoverList({ title, rows }: { title: string; rows: AccountSummary[] }) {
  return (
    <div>
      <h3>{title}</h3>
      {rows.length === 0 && <p class="muted">None in 7 days.</p>}
      <ol>
        {rows.slice(0, SHOWN).map(row => (
          <li key={row.id}>
            <a href={accountPath(row.id)}>{row.name}</a>
            <span class={row.change7Days < 0 ? 'num fell' : 'num rose'}>{signed(row.change7Days)}</span>
            <span class="muted num">to {score(row.score)}</span>
          </li>))}
      </ol>
    </div>
  );
}
