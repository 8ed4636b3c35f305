import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { get, isAbort, Problem, problemOf } from './client';

export interface Resource<T> {
  data: T | null;
  problem: Problem | null;
  loading: boolean;
  reload: () => void;
}

/** What a path answers. While it is asked again what is known stays; another path begins with nothing. */
export function useResource<T>(path: string | null): Resource<T> {
  const [state, setState] = useState<{ path: string | null; data: T | null; problem: Problem | null; loading: boolean }>(
    { path, data: null, problem: null, loading: path !== null });
  const running = useRef<AbortController | null>(null);

  const load = useCallback(() => {
    running.current?.abort();
    if (path === null) return;
    const control = new AbortController();
    running.current = control;
    setState(old => old.path === path ? { ...old, loading: true } : { path, data: null, problem: null, loading: true });
    get<T>(path, control.signal).then(
      data => { if (!control.signal.aborted) setState({ path, data, problem: null, loading: false }); },
      (error: unknown) => {
        if (isAbort(error) || control.signal.aborted) return;
        setState(old => ({ path, data: old.path === path ? old.data : null, problem: problemOf(error), loading: false }));
      });
  }, [path]);

  useEffect(() => {
    load();
    return () => running.current?.abort();
  }, [load]);

  return state.path === path ? { ...state, reload: load } : { data: null, problem: null, loading: path !== null, reload: load };
}
