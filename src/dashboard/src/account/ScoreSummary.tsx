import type { Account } from '../api/types';
import { BandMark, Trend } from '../words/BandMark';
import { money, percent, range, score, signed } from '../words/format';
import { Time } from '../words/Time';

export function ScoreSummary({ account: { health, risk, decline, currency } }: { account: Account }) {
  // Whatever is not observed, the cap decides.
  const isHeld = health.high - health.low < 0.05 && health.caps.some(cap => cap.points < 0);
  return (
    <section class="totals" aria-label="Health now">
      <div class={'card health ' + health.band}>
        <span class="label">Health</span>
        <span class="big">{score(health.score)} <BandMark band={health.band} /></span>
        <Gauge value={health.score} low={health.low} high={health.high} />
        <span class="muted">{isHeld ? `held at ${score(health.score)} by a cap` : '80 % interval ' + range(health.low, health.high)}</span>
      </div>
      <div class="card">
        <span class="label">ARR at risk</span>
        <span class="big">{money(risk.arrAtRisk, currency)}</span>
        {risk.arrAtRiskLow !== null && risk.arrAtRiskHigh !== null && !isHeld && (
          <span class="muted">{money(risk.arrAtRiskLow, currency)} to {money(risk.arrAtRiskHigh, currency)}</span>)}
        <span class="pair">{percent(risk.churnProbability)} chance of churn in {risk.horizonDays} days</span>
      </div>
      <div class="card">
        <span class="label">Trend</span>
        <span class="big small"><Trend state={decline.state} /></span>
        <span class="muted">{signed(decline.slopePerDay * 7)} points a week</span>
      </div>
      <div class="card">
        <span class="label">Coverage</span>
        <span class="big">{percent(health.coverage)}</span>
        <span class="muted">of what the model weighs is observed</span>
        <span class="pair">Model {health.model}, <Time at={health.asOf} /></span>
      </div>
    </section>
  );
}

/** The score on its scale, with the interval around it; the figures beside it say the same. */
function Gauge({ value, low, high }: { value: number; low: number; high: number }) {
  return (
    <svg class="gauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" x="0" y="3" width="100" height="2" />
      <rect class="interval" x={low} y="1.5" width={Math.max(0.6, high - low)} height="5" />
      <rect class="at" x={Math.min(99, value - 0.5)} y="0" width="1" height="8" />
    </svg>
  );
}
