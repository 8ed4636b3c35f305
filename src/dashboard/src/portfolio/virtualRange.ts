/** Rows from `first` up to, but without, `end`. */
export interface Range { first: number; end: number }

/**
 * Which rows of a long list are worth drawing: those that are seen and a few on either side, in steps, so that scrolling by a row does
 * not draw anew.
 */
export function virtualRange(count: number, rowHeight: number, top: number, viewHeight: number, spare = 8): Range {
  const seenFirst = Math.floor(Math.max(0, -top) / rowHeight);
  const seenEnd = Math.ceil(Math.max(0, viewHeight - top) / rowHeight);
  const first = Math.max(0, Math.floor((seenFirst - spare) / 4) * 4);
  return { first: Math.min(first, count), end: Math.min(count, Math.ceil((seenEnd + spare) / 4) * 4) };
}
