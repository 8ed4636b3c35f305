import type { Draft } from '../api/deskTypes';
import { hostNow } from '../api/HostClock';
import { distance } from '../work/times';
import { Time } from '../words/Time';

export function DeskDrafts({ drafts }: { drafts: Draft[] }) {
  if (drafts.length === 0) return <p class="muted">Nothing waits to be sent.</p>;
  return (
    <ul class="plain todo">
      {drafts.map(draft => (
        <li key={draft.id}>
          <div>
            <p><a href={'/review?draft=' + encodeURIComponent(draft.id)}>{draft.subject || draft.title}</a></p>
            <p class="muted">{draft.contactName && `to ${draft.contactName}, `}
              <Standing draft={draft} /></p>
          </div>
        </li>))}
    </ul>
  );
}

function Standing({ draft }: { draft: Draft }) {
  if (draft.state === 'pending')
    return <>waits for {draft.reviewer ?? `the ${draft.needs}`}, expires {distance(Date.parse(draft.expiresAt), hostNow())}</>;
  return <>{draft.state}{draft.delay && `, put off by ${draft.delay}`}{draft.sendAt && <> until <Time at={draft.sendAt} /></>}</>;
}
