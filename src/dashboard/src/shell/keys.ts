import { go, goBack, portfolioPath } from './router';

export const KEYS: [string, string][] = [
  ['j / k', 'the next or the previous row'],
  ['Enter', 'open it'],
  ['/', 'search, or the first filter'],
  ['g p', 'go to the portfolio'],
  ['g a', 'go to the alerts'],
  ['Esc', 'leave a field, close what is open, or go back from an account'],
  ['?', 'show these keys'],
];

const TOGETHER_MS = 1200;

/** What a list does with j and k; the view that is shown sets it. */
let move: ((by: 1 | -1) => void) | null = null;

export function onMove(handler: (by: 1 | -1) => void): () => void {
  move = handler;
  return () => { if (move === handler) move = null; };
}

/** Moves the focus among the elements that carry data-row, where all of them are on the page. */
export function moveAmongRows(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement?.closest<HTMLElement>('[data-row]') as HTMLElement);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

export function startKeys(help: () => void): () => void {
  let wentAt = 0;
  const listener = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    // One that is closed may hold the focus for a moment yet.
    if (target.closest('dialog[open]')) return;
    const isField = target.matches('input, select, textarea');
    if (event.key === 'Escape') {
      if (isField) target.blur();
      else if (location.pathname.startsWith('/accounts/')) goBack();
      return;
    }
    if (isField) return;
    const isSecond = event.timeStamp - wentAt < TOGETHER_MS;
    wentAt = 0;
    if (isSecond && event.key === 'p') go(portfolioPath());
    else if (isSecond && event.key === 'a') go('/alerts');
    else if (event.key === 'g') wentAt = event.timeStamp;
    else if (event.key === '?') help();
    else if (event.key === 'j') move?.(1);
    else if (event.key === 'k') move?.(-1);
    else if (event.key === '/') document.querySelector<HTMLElement>('[data-search]')?.focus();
    else return;
    event.preventDefault();
  };
  document.addEventListener('keydown', listener);
  return () => document.removeEventListener('keydown', listener);
}
