import { useEffect, useState } from 'preact/hooks';
import { hostNow } from '../api/HostClock';
import { exactUtc, onDate, onDateTime, since } from './format';

/** A moment in the reader's zone; the exact one, in UTC, on hover. */
export function Time({ at, as = 'moment' }: { at: string; as?: 'moment' | 'date' | 'ago' }) {
  const text = as === 'ago' ? since(Math.min(Date.parse(at), hostNow()), hostNow()) : as === 'date' ? onDate(at) : onDateTime(at);
  return <time dateTime={at} title={exactUtc(at)}>{text}</time>;
}

/** Draws again now and then, so that "5 minutes ago" does not stay true for an hour. */
export function useTick(everyMs = 20_000): void {
  const [, again] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => again(n => n + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
