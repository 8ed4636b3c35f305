import { useState } from 'preact/hooks';
import type { HistoryPoint, TimelineItem } from '../api/types';
import { onDay, percent, range, score, sentence } from '../words/format';

/** All that the chart shows, in figures. Drawn only once it is opened. */
export function HistoryTable({ points, events }: { points: HistoryPoint[]; events: TimelineItem[] }) {
  const [open, setOpen] = useState(false);
  const keys = Object.keys(points.at(-1)?.categories ?? {});
  return (
    <details onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {open && (
        <div class="scroll" tabIndex={0} role="region" aria-label="History by day">
          <table>
            <thead>
              <tr><th scope="col">Day (UTC)</th><th scope="col" class="num">Score</th><th scope="col" class="num">Interval</th>
                <th scope="col" class="num">Observed</th>
                {keys.map(key => <th key={key} scope="col" class="num">{sentence(key)}</th>)}
                <th scope="col">What happened</th></tr>
            </thead>
            <tbody>
              {points.toReversed().map(point => (
                <tr key={point.day}>
                  <th scope="row">{onDay(point.day)}{point.provisional && ' (so far)'}</th><td class="num">{score(point.score)}</td>
                  <td class="num">{range(point.low, point.high)}</td><td class="num">{percent(point.coverage)}</td>
                  {keys.map(key => <td key={key} class="num">{key in point.categories ? score(point.categories[key] ?? 0) : ''}</td>)}
                  <td>{events.filter(event => event.at.startsWith(point.day)).map(event => event.title).join('; ')}</td>
                </tr>))}
            </tbody>
          </table>
        </div>)}
    </details>
  );
}
