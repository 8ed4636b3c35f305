import type { ComponentChildren } from 'preact';
import type { Evidence } from '../api/types';
import { sentence } from '../words/format';
import { Time } from '../words/Time';

/** Where what an alert or a change rests on can be seen in its own system. */
export function EvidenceLinks({ evidence }: { evidence: Evidence[] | null | undefined }) {
  const links = (evidence ?? []).filter(one => one.url.startsWith('https://'));
  if (links.length === 0) return null;
  return (
    <ul class="plain evidence" aria-label="Evidence">
      {links.map(one => (
        <li key={one.url + one.at}>
          <Outside url={one.url}>{sentence(one.source)}: {sentence(one.kind)}</Outside> <Time at={one.at} as="ago" />
        </li>))}
    </ul>
  );
}

/** A link out of the house: the other side learns neither from where nor gets a hand on this page. */
export function Outside({ url, children }: { url: string; children: ComponentChildren }) {
  return <a href={url} target="_blank" rel="noopener noreferrer">{children}<span class="sr"> (opens in its own system)</span></a>;
}
