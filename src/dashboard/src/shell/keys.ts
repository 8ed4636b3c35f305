import { useLayoutEffect } from 'preact/hooks';
import { go, goBack, portfolioPath } from './router';

export const KEYS: [string, string][] = [
  ['j / k', 'the next or the previous row'],
  ['Enter', 'open it'],
  ['o', 'open its account'],
  ['a', 'acknowledge an alert, or approve a draft that is open'],
  ['s', 'put an alert or a task off'],
  ['d', 'a task is done; an alert is resolved'],
  ['e', 'edit a draft'],
  ['x', 'reject a draft or cancel a task, with the reason'],
  ['n', 'show what is new'],
  ['w', 'write a note on an account'],
  ['/', 'search, or the first filter'],
  ['g d', 'go to my day'],
  ['g r', 'go to the review'],
  ['g p', 'go to the portfolio'],
  ['g a', 'go to the alerts'],
  ['g t', 'go to the team'],
  ['g o', 'go to what went out'],
  ['g h', 'go to handing over'],
  ['Esc', 'leave a field, close what is open, or go back from an account'],
  ['?', 'show these keys'],
];

const TOGETHER_MS = 1200;

let move: ((by: 1 | -1) => void) | null = null;

/** What a list does with j and k; the view that is shown says it. */
export function useMoveKeys(handler: (by: 1 | -1) => void): void {
  // Before what was drawn is seen: a key acts on what the reader sees, never on what was there before.
  useLayoutEffect(() => {
    move = handler;
    return () => { if (move === handler) move = null; };
  });
}

let deed: ((key: string) => boolean) | null = null;

/** What a view does with its other keys; true where it did something. */
export function useDeedKeys(handler: (key: string) => boolean): void {
  useLayoutEffect(() => {
    deed = handler;
    return () => { if (deed === handler) deed = null; };
  });
}

const PLACES: Record<string, () => string> = {
  d: () => '/day', r: () => '/review', p: portfolioPath, a: () => '/alerts', t: () => '/team', o: () => '/deliveries',
  h: () => '/handover',
};

/** Moves the focus among the elements that carry data-row, where all of them are on the page. */
export function moveAmongRows(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement?.closest<HTMLElement>('[data-row]') as HTMLElement);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

export function startKeys(help: () => void): () => void {
  let wentAt = -TOGETHER_MS;
  const listener = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    // One that is closed may hold the focus for a moment yet.
    if (target.closest('dialog[open]')) return;
    const isField = target.matches('input, select, textarea');
    if (event.key === 'Escape') {
      if (deed?.('Escape')) return;
      if (isField) target.blur();
      else if (location.pathname.startsWith('/accounts/')) goBack();
      return;
    }
    if (isField) return;
    const isSecond = event.timeStamp - wentAt < TOGETHER_MS;
    wentAt = -TOGETHER_MS;
    const place = isSecond ? PLACES[event.key] : undefined;
    if (place) go(place());
    else if (event.key === 'g') wentAt = event.timeStamp;
    else if (event.key === '?') help();
    else if (event.key === 'j') move?.(1);
    else if (event.key === 'k') move?.(-1);
    else if (event.key === '/') document.querySelector<HTMLElement>('[data-search]')?.focus();
    else if (!deed?.(event.key)) return;
    event.preventDefault();
  };
  document.addEventListener('keydown', listener);
  return () => document.removeEventListener('keydown', listener);
}
