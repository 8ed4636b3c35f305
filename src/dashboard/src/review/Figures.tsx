import { queryOf } from '../api/client';
import type { ReviewFigures } from '../api/deskTypes';
import { useResource } from '../api/useResource';
import { useIsManager } from '../work/people';
import { usePractice } from '../work/usePractice';
import { count, percent } from '../words/format';
import { Time } from '../words/Time';

/** For a manager: a queue that is approved unread is no review. Of a team's members where a CSM's queue is shown. */
export function Figures({ owner, me }: { owner: string; me: string }) {
  const isManager = useIsManager(me);
  const teams = usePractice()?.teams ?? [];
  // A manager's own queue holds drafts of the members' accounts: the figures of all are what there is then.
  const of = teams.some(team => team.manager === owner) ? '' : owner;
  const figures = useResource<ReviewFigures>(isManager ? '/v1/reviews' + queryOf({ owner: of }) : null).data;
  if (!figures) return null;
  const decided = figures.approved + figures.rejected + figures.expired;
  const share = (part: number) => figures.approved > 0 ? ` (${percent(part / figures.approved)})` : '';
  return (
    <dl class="figures" aria-label={`How drafts${of ? ' of ' + of : ''} were reviewed`}>
      <div><dt>Decided since <Time at={figures.since} as="date" />{of && `, ${of}`}</dt><dd>{count(decided)}</dd></div>
      <div><dt>Approved</dt><dd>{count(figures.approved)}</dd></div>
      <div><dt>… unread</dt><dd class={figures.unread > 0 ? 'late' : ''}>{count(figures.unread)}{share(figures.unread)}</dd></div>
      <div><dt>… unedited</dt><dd>{count(figures.unedited)}{share(figures.unedited)}</dd></div>
      <div><dt>Rejected</dt><dd>{count(figures.rejected)}</dd></div>
      <div><dt>Expired</dt><dd class={figures.expired > 0 ? 'late' : ''}>{count(figures.expired)}</dd></div>
      <div><dt>By a playbook’s own leave</dt><dd>{count(figures.automatic)}</dd></div>
    </dl>
  );
}
