import { round } from '../words/format';

const WIDTH = 84;
const HEIGHT = 24;

/** Six weeks of the score on the scale from 0 to 100, ending in the score now. */
export function Spark({ scores, now }: { scores: number[] | null; now: number }) {
  if (scores === null) return <span class="spark wait" aria-hidden="true" />;
  if (scores.length < 2) return <span class="muted">no past yet</span>;
  const all = [...scores.slice(0, -1), now];
  const step = WIDTH / (all.length - 1);
  const y = (score: number) => (HEIGHT - 2 - score / 100 * (HEIGHT - 4)).toFixed(1);
  const words = `${all.length} days, from ${round(all[0] ?? now)} to ${round(now)}`;
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={words}>
      <title>{words}</title>
      <polyline points={all.map((score, n) => `${(n * step).toFixed(1)},${y(score)}`).join(' ')} />
    </svg>
  );
}
