import { useEffect, useState } from 'preact/hooks';

const VIEWS = ['day', 'review', 'alerts', 'team', 'deliveries', 'handover'] as const;

export type Route = { view: 'portfolio' } | { view: 'account'; id: string } | { view: typeof VIEWS[number] } | { view: 'unknown' };

/** Which view a path names. */
export function routeOf(path: string): Route {
  if (path === '/') return { view: 'portfolio' };
  const view = VIEWS.find(name => path === '/' + name || path === `/${name}/`);
  if (view) return { view };
  const account = /^\/accounts\/([^/]+)\/?$/.exec(path)?.[1];
  return account ? { view: 'account', id: decode(account) } : { view: 'unknown' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

let lastPortfolio = '/';

/** The portfolio with the filters it had last. */
export const portfolioPath = (): string => lastPortfolio;

/** Back to where the reader came from, as it was; to the portfolio where the reader began here. */
export function goBack(): void {
  if ((history.state as { isWithin?: boolean } | null)?.isWithin) history.back();
  else go(portfolioPath());
}

export const accountPath = (id: string): string => '/accounts/' + encodeURIComponent(id);

const listeners = new Set<() => void>();
const tell = (): void => { for (const listener of listeners) listener(); };

/** Goes to another view; remembers how far down this one was. */
export function go(url: string): void {
  history.replaceState({ ...history.state as object | null, scroll: scrollY }, '');
  history.pushState({ scroll: 0, isWithin: true }, '', url);
  tell();
  scrollTo(0, 0);
}

/** Puts a filter into the address. Each keystroke of a search is no step to go back to. */
export function setQuery(changes: Record<string, string | null>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  if (url.href === location.href) return;
  history.replaceState(history.state, '', url);
  tell();
}

export function useAddress(): { path: string; query: URLSearchParams } {
  const [, again] = useState(0);
  useEffect(() => {
    const listener = () => again(n => n + 1);
    listeners.add(listener);
    return () => { listeners.delete(listener); };
  }, []);
  if (location.pathname === '/') lastPortfolio = '/' + location.search;
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

/** Follows links within the dashboard without loading the page again. */
export function startRouter(): void {
  history.scrollRestoration = 'manual';
  addEventListener('popstate', event => {
    tell();
    const scroll = (event.state as { scroll?: number } | null)?.scroll ?? 0;
    // Twice: the view that comes back has first to be as high as it was.
    requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, scroll)));
  });
  document.addEventListener('click', event => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.('a');
    if (!link || link.target || link.origin !== location.origin || link.hash || routeOf(link.pathname).view === 'unknown') return;
    event.preventDefault();
    go(link.href);
  });
}
