import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/client';

/** A refusal or a failure: what it is, and what to do. */
export function ProblemNotice({ problem, onRetry, heading = 'h2' }: {
  problem: Problem; onRetry?: () => void; heading?: 'h1' | 'h2' | 'h3';
}) {
  const Heading = heading;
  return (
    <section class={'notice ' + (problem.isForbidden ? 'forbidden' : 'failed')} role="alert">
      <Heading>{problem.isForbidden ? 'You may not see this: ' + problem.title : problem.title}</Heading>
      {problem.detail && <p>{problem.detail}</p>}
      <p>{adviceFor(problem)}</p>
      {onRetry && !problem.isForbidden && <button type="button" onClick={onRetry}>Try again</button>}
    </section>
  );
}

function adviceFor(problem: Problem): string {
  if (problem.status === 401) return 'Sign in again, then load this page anew.';
  if (problem.status === 403) return 'Ask whoever runs this server for access, or open the dashboard on the machine it runs on.';
  if (problem.status === 404) return 'It may have been erased, or the address has a typing error.';
  if (problem.status === 409) return 'Somebody else was faster: load again to see how it stands.';
  if (problem.status === 429) return 'The server has much to do. Wait a moment.';
  if (problem.status >= 500) return 'The fault is the server’s. Its log says more.';
  if (problem.status === 0) return 'See whether the server runs and the network holds.';
  return 'Change what was asked for.';
}

/** Grey bars where the content will be. */
export function Skeleton({ lines, label }: { lines: number; label: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="sr">{label}</span>
      {Array.from({ length: lines }, (_, n) => <span key={n} class="bar" aria-hidden="true" />)}
    </div>
  );
}

/** The heading of a panel, and what stands beside it. */
export function Panel({ title, aside, id, children }: {
  title: string; aside?: ComponentChildren; id: string; children: ComponentChildren;
}) {
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="panel-head"><h2 id={id}>{title}</h2>{aside}</div>
      {children}
    </section>
  );
}
