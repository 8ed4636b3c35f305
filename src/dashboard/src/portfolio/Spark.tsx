import { round } from '../words/format';

const WIDTH = 84;
const HEIGHT = 24;
// In points: less would show a day's noise as a fall, more would show a fall as nothing.
const LEAST_SPAN = 30;

/** Six weeks of the score, ending in the score now. */
export function Spark({ scores, now }: { scores: number[] | null; now: number }) {
  if (scores === null) return <span class="spark wait" aria-hidden="true" />;
  if (scores.length < 2) return <span class="muted">no past yet</span>;
  const all = [...scores.slice(0, -1), now];
  const step = WIDTH / (all.length - 1);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const span = Math.max(LEAST_SPAN, high - low);
  const bottom = Math.min(Math.max((low + high - span) / 2, 0), 100 - span);
  const y = (score: number) => (HEIGHT - 2 - (score - bottom) / span * (HEIGHT - 4)).toFixed(1);
  const words = `${all.length} days, from ${round(all[0] ?? now)} to ${round(now)}`;
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={words}>
      <title>{words}</title>
      <polyline points={all.map((score, n) => `${(n * step).toFixed(1)},${y(score)}`).join(' ')} />
    </svg>
  );
}
