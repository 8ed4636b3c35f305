import { useEffect, useReducer } from 'preact/hooks';
import { problemOf, type Problem } from '../api/client';

const KEPT_MS = 7000;
const WORDS: Record<number, string> = { 403: 'You may not do this', 409: 'That is not possible now' };

let words = '';
let problem: Problem | null = null;
let timer = 0;
const listeners = new Set<() => void>();

function set(text: string, fault: Problem | null): void {
  [words, problem] = [text, fault];
  clearTimeout(timer);
  if (text && !fault) timer = window.setTimeout(() => set('', null), KEPT_MS);
  for (const listener of listeners) listener();
}

/** Says something that was done. */
export const say = (text: string): void => set(text, null);

/** Does something, and says that it is done or why it is not; null where it is not. */
export async function act<T>(done: string, request: () => Promise<T>): Promise<T | null> {
  try {
    const answer = await request();
    say(done);
    return answer;
  } catch (error) {
    set('', problemOf(error));
    return null;
  }
}

/** What was done last, or refused, at the foot of the page. A refusal stays until it is closed or something else is done. */
export function Said() {
  const [, again] = useReducer((n: number, _: void) => n + 1, 0);
  useEffect(() => {
    const listener = () => again();
    listeners.add(listener);
    return () => { listeners.delete(listener); };
  }, []);
  return (
    <div class="said">
      <p role="status">{words}</p>
      {problem && (
        <div role="alert" class="refused">
          <p>
            <strong>{WORDS[problem.status] ?? problem.title}.</strong>
            {' '}{sentence(problem.detail)}
          </p>
          <button type="button" class="small" onClick={() => set('', null)}>Close</button>
        </div>)}
    </div>
  );
}

const sentence = (text: string): string => text && text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
