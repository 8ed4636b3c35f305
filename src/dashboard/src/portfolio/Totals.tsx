import type { Band, Portfolio } from '../api/types';
import { BandMark } from '../words/BandMark';
import { count, money, percent } from '../words/format';
import { setQuery, useAddress } from '../shell/router';

/** The book by band, and its money by currency: never converted, never added up over currencies. */
export function Totals({ portfolio }: { portfolio: Portfolio }) {
  const { query } = useAddress();
  const shown = query.get('band');
  return (
    <section class="totals" aria-label="Totals">
      {portfolio.bands.map(total => (
        <button key={total.band} type="button" class={'card ' + total.band} aria-pressed={shown === total.band}
          onClick={() => setQuery({ band: shown === total.band ? null : total.band })} title={titleOf(total.band, shown)}>
          <BandMark band={total.band} />
          <span class="big">{count(total.accounts)}</span>
          <span class="muted">{portfolio.accounts > 0 && percent(total.accounts / portfolio.accounts)} of accounts</span>
          {Object.keys(total.arr).map(currency => (
            <span key={currency} class="pair">
              <span>{money(total.arr[currency] ?? 0, currency)} ARR</span>
              <span>{money(total.arrAtRisk[currency] ?? 0, currency)} at risk</span>
            </span>))}
        </button>))}
      {portfolio.totals.map(total => (
        <div key={total.currency} class="card money">
          <span class="label">ARR at risk, {total.currency}</span>
          <span class="big">{money(total.arrAtRisk, total.currency)}</span>
          <span class="muted">
            80 % interval {money(total.arrAtRiskLow, total.currency)} to {money(total.arrAtRiskHigh, total.currency)}
          </span>
          <span class="pair"><span>of {money(total.arr, total.currency)} ARR</span>
            {total.arr > 0 && <span>{percent(total.arrAtRisk / total.arr)}</span>}</span>
        </div>))}
      {portfolio.withoutArr > 0 && <p class="muted">{count(portfolio.withoutArr)} without an ARR, and so without a share in the money.</p>}
    </section>
  );
}

const titleOf = (band: Band, shown: string | null): string => shown === band ? 'Show all bands' : `Show only ${band} accounts`;
