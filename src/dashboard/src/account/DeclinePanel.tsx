import type { Decline } from '../api/types';
import { Panel } from '../shell/States';
import { Trend } from '../words/BandMark';
import { score, signed } from '../words/format';

export function DeclinePanel({ decline }: { decline: Decline }) {
  return (
    <Panel id="decline" title="Trend" aside={<Trend state={decline.state} />}>
      <p>{inWords(decline)}</p>
      <p class="muted">
        Against its own slow trend: {signed(decline.acceleration * 7)} points a week. The slope is {score(Math.abs(decline.z))} standard
        errors from level. It is that of the score without caps; the dashed line in the chart shows it over two weeks.
      </p>
    </Panel>
  );
}

export function inWords({ state, slopePerDay }: Decline): string {
  const week = signed(slopePerDay * 7);
  switch (state) {
    case 'accelerating': return `Falling faster and faster: ${week} points a week, beyond its own noise.`;
    case 'declining': return `Falling: ${week} points a week, beyond its own noise.`;
    case 'improving': return `Rising: ${week} points a week, beyond its own noise.`;
    default: return `Steady: ${week} points a week does not stand out from its own noise.`;
  }
}
