import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Draft, Play, Task } from '../api/deskTypes';
import { getAll } from '../api/getAll';
import { hostNow } from '../api/HostClock';
import type { TimelineItem } from '../api/types';
import { touches, useReloadOn } from '../work/useStream';
import { deskEvents } from './deskEvents';

const MOST = 200;
const DAY_MS = 86_400_000;

/** What people did for an account in the last days. Where it cannot be had the rest of the line stands. */
export function useDeskEvents(account: string, days: number): TimelineItem[] {
  const [events, setEvents] = useState<TimelineItem[]>([]);
  const load = useCallback(() => {
    const all = <T>(list: string, states: string[]) => Promise.all(states.map(state => getAll<T>('/v1/' + list, { account, state }, MOST)))
      .then(lists => lists.flatMap(each => each.items));
    Promise.all([
      all<Play>('plays', ['running', 'paused', 'ended']),
      all<Draft>('drafts', ['sent', 'rejected', 'expired']),
      all<Task>('tasks', ['done', 'cancelled']),
    ]).then(([plays, drafts, tasks]) => setEvents(deskEvents(plays, drafts, tasks, hostNow() - days * DAY_MS)), () => undefined);
  }, [account, days]);
  useEffect(load, [load]);
  useReloadOn(changes => touches(changes, account), load, account);
  return events;
}
