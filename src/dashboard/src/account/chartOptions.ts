import uPlot from 'uplot';
import type { TimelineItem } from '../api/types';
import { onDay } from '../words/format';

interface Colours { ink: string; soft: string; line: string; accent: string; area: string; red: string; green: string }

const HEIGHT = 260;

/** A canvas does not know of style sheets: it is given the colours that hold where it stands. */
export function chartColours(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue('--' + name).trim();
  const accent = of('accent');
  return {
    ink: of('ink'), soft: of('soft'), line: of('line'), accent, area: accent + '33', red: of('red'), green: of('green'),
  };
}

export function optionsOf(
  width: number, colours: Colours, events: () => TimelineItem[], onPoint: (index: number | null) => void): uPlot.Options {
  const axis = { stroke: colours.soft, grid: { stroke: colours.line, width: 1 }, ticks: { stroke: colours.line, width: 1 } };
  return {
    width, height: HEIGHT,
    legend: { show: false },
    // Days of the record are UTC days.
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: { y: { range: [0, 100] } },
    axes: [
      { ...axis, space: 70, values: (_, splits) => splits.map(split => onDay(new Date(split * 1000).toISOString().slice(0, 10))) },
      { ...axis, size: 40 },
    ],
    series: [
      {},
      { stroke: 'transparent', points: { show: false } },
      { stroke: 'transparent', points: { show: false } },
      { stroke: colours.accent, width: 2, points: { show: false } },
      { stroke: colours.ink, width: 1.5, dash: [5, 4], points: { show: false } },
    ],
    bands: [{ series: [1, 2], fill: colours.area }],
    cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
    hooks: {
      setCursor: [chart => onPoint(chart.cursor.idx ?? null)],
      draw: [chart => drawMarks(chart, events(), colours)],
    },
  };
}

/** A line through the moment and a mark at its top: a filled triangle for bad news, a hollow one for good, a dot for the rest. */
function drawMarks(chart: uPlot, events: TimelineItem[], colours: Colours): void {
  const { ctx, bbox } = chart;
  const size = 5 * devicePixelRatio;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  for (const event of events) {
    const x = Math.round(chart.valToPos(Date.parse(event.at) / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = event.tone === 'bad' ? colours.red : event.tone === 'good' ? colours.green : colours.soft;
    ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    if (event.tone === 'neutral') ctx.arc(x, bbox.top + size, size * 0.6, 0, 2 * Math.PI);
    else {
      ctx.moveTo(x - size, bbox.top);
      ctx.lineTo(x + size, bbox.top);
      ctx.lineTo(x, bbox.top + size * 1.6);
      ctx.closePath();
    }
    if (event.tone === 'good') ctx.stroke();
    else ctx.fill();
  }
  ctx.restore();
}
