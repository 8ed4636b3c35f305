import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { HistoryPoint, TimelineItem } from '../api/types';
import { onDay, range, score } from '../words/format';
import { chartColours, optionsOf } from './chartOptions';

/** The score of each day with its interval, its slope now, and what happened meanwhile. */
export function HealthChart({ points, slopePerDay, uncapped, events }: {
  points: HistoryPoint[]; slopePerDay: number | null; uncapped: number; events: TimelineItem[];
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const held = useRef({ points, events });
  held.current = { points, events };
  const [at, setAt] = useState<number | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const draw = () => {
      chart.current?.destroy();
      const options = optionsOf(element.clientWidth, chartColours(element), () => held.current.events, setAt);
      chart.current = new uPlot(options, dataOf(held.current.points, slopePerDay, uncapped), element);
    };
    draw();
    const size = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height: chart.current.height }));
    size.observe(element);
    scheme.addEventListener('change', draw);
    return () => {
      size.disconnect();
      scheme.removeEventListener('change', draw);
      chart.current?.destroy();
      chart.current = null;
    };
  }, []);
  useEffect(() => chart.current?.setData(dataOf(points, slopePerDay, uncapped)), [points, slopePerDay, uncapped, events]);

  const first = points[0];
  const last = points.at(-1);
  const label = first && last
    ? `Health from ${onDay(first.day)}, ${score(first.score)}, to ${onDay(last.day)}, ${score(last.score)}. The table below has each day.`
    : 'Health by day';
  const shown = points[at ?? points.length - 1];
  return (
    <figure class="chart">
      <div ref={box} role="img" aria-label={label} />
      <figcaption>
        {shown && <span class="num">{onDay(shown.day)}: <strong>{score(shown.score)}</strong>, interval {range(shown.low, shown.high)}
          {shown.provisional && ', the day is not over'}
          {events.filter(event => event.at.startsWith(shown.day)).map(event => '; ' + event.title)}</span>}
        <span class="legend">
          <i class="line" />score <i class="area" />80 % interval <i class="dash" />slope now, without caps{' '}
          <i class="tick bad" />bad news <i class="tick good" />good news <i class="tick" />other events
        </span>
      </figcaption>
    </figure>
  );
}

const SLOPE_DAYS = 14;

/** Days as seconds, the interval's ends, the score, and the slope over its last two weeks. */
function dataOf(points: HistoryPoint[], slopePerDay: number | null, uncapped: number): uPlot.AlignedData {
  const slope = points.map((_, n) => {
    const back = points.length - 1 - n;
    return slopePerDay !== null && back <= SLOPE_DAYS ? uncapped - slopePerDay * back : null;
  });
  return [
    points.map(point => Date.parse(point.day) / 1000), points.map(point => point.high), points.map(point => point.low),
    points.map(point => point.score), slope,
  ];
}
