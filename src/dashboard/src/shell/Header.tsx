import { LiveStatus } from './LiveStatus';
import type { Route } from './router';

export function Header({ view, onHelp }: { view: Route['view']; onHelp: () => void }) {
  const current = (name: string) => view === name ? 'page' as const : undefined;
  return (
    <header class="top">
      <a class="brand" href="/">HealthGrains</a>
      <nav aria-label="Views">
        <a href="/day" aria-current={current('day')}>My day</a>
        <a href="/review" aria-current={current('review')}>Review</a>
        <a href="/" aria-current={current('portfolio')}>Portfolio</a>
        <a href="/alerts" aria-current={current('alerts')}>Alerts</a>
        <a href="/team" aria-current={current('team')}>Team</a>
        <a href="/deliveries" aria-current={current('deliveries')}>Sent</a>
      </nav>
      <LiveStatus />
      <button type="button" class="quiet" onClick={onHelp} aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">?</button>
    </header>
  );
}
