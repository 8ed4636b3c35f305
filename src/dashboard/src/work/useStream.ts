import { useEffect } from 'preact/hooks';
import { stream, type Changes } from '../api/ChangeStream';

const RELOAD_AFTER_MS = 1000;

/** Whether something that people do for an account has changed. */
export const touches = (changes: Changes, account: string): boolean =>
  [changes.plays, changes.drafts, changes.tasks, changes.notes].some(map => [...map.values()].some(it => it.account === account));

/** Loads again after changes that concern a view, at most once in a time, and when the stream begins anew. */
export function useReloadOn(concerns: (changes: Changes) => boolean, reload: () => void, key: unknown, everyMs = RELOAD_AFTER_MS): void {
  useEffect(() => {
    let due = 0;
    const stop = stream.watch(changes => {
      if (due || !concerns(changes)) return;
      due = window.setTimeout(() => {
        due = 0;
        reload();
      }, everyMs);
    }, reload);
    return () => {
      stop();
      clearTimeout(due);
    };
  }, [key, reload]);
}
