import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { virtualRange, type Range } from './virtualRange';

// On paper nothing scrolls: what is loaded is printed, within reason.
const MOST_PRINTED = 1000;

/** Which rows of a table's body are within the window, as it scrolls. */
export function useVisibleRows(body: RefObject<HTMLElement | null>, rows: number, rowHeight: number): Range {
  const [range, setRange] = useState<Range>({ first: 0, end: Math.min(rows, 40) });
  useEffect(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
      const top = body.current?.getBoundingClientRect().top ?? 0;
      const next = virtualRange(rows, rowHeight, top, innerHeight);
      setRange(old => old.first === next.first && old.end === next.end ? old : next);
    };
    const plan = () => { frame ||= requestAnimationFrame(measure); };
    const all = () => setRange({ first: 0, end: Math.min(rows, MOST_PRINTED) });
    measure();
    addEventListener('beforeprint', all);
    addEventListener('afterprint', measure);
    addEventListener('scroll', plan, { passive: true });
    addEventListener('resize', plan);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('beforeprint', all);
      removeEventListener('afterprint', measure);
      removeEventListener('scroll', plan);
      removeEventListener('resize', plan);
    };
  }, [rows, rowHeight]);
  return { first: Math.min(range.first, rows), end: Math.min(rows, Math.max(range.end, Math.min(rows, 20))) };
}
