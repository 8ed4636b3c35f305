import { useEffect, useReducer } from 'preact/hooks';
import { me, onMe } from '../api/me';

/** Who sits here; draws again when that changes. */
export function useMe(): string {
  const [, again] = useReducer((n: number, _: void) => n + 1, 0);
  useEffect(() => onMe(() => again()), []);
  return me();
}
