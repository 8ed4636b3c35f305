import { useCallback, useEffect, useState } from 'preact/hooks';
import { isAbort, problemOf, type Problem } from '../api/client';
import type { Draft, Play, Task } from '../api/deskTypes';
import { getAll } from '../api/getAll';
import { hostNow } from '../api/HostClock';
import { moveAmongRows, useMoveKeys } from '../shell/keys';
import { ProblemNotice, Skeleton } from '../shell/States';
import { usePractice } from '../work/usePractice';
import { useReloadOn } from '../work/useStream';
import { count } from '../words/format';
import { AlertFigures } from './AlertFigures';
import { rowsOf, type TeamRow } from './teamRows';

const MOST = 5000;
const EVERY_MS = 15_000;

interface Loaded { rows: TeamRow[]; missing: number }

/** What each CSM has open, and what of it is late. */
export function TeamView() {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const teams = usePractice()?.teams ?? [];
  const load = useCallback(() => {
    Promise.all([
      getAll<Play>('/v1/plays', {}, MOST), getAll<Task>('/v1/tasks', {}, MOST), getAll<Draft>('/v1/drafts', { state: 'pending' }, MOST),
    ]).then(([plays, tasks, drafts]) => {
      const missing = [plays, tasks, drafts].reduce((sum, list) => sum + list.total - list.items.length, 0);
      setLoaded({ rows: rowsOf(plays.items, tasks.items, drafts.items, hostNow()), missing });
      setProblem(null);
    }, (error: unknown) => { if (!isAbort(error)) setProblem(problemOf(error)); });
  }, []);
  useEffect(load, [load]);
  useReloadOn(changes => changes.plays.size + changes.drafts.size + changes.tasks.size > 0, load, 'team', EVERY_MS);
  useMoveKeys(moveAmongRows);
  useEffect(() => { document.title = 'Team - HealthGrains'; }, []);

  const managerOf = (name: string) => teams.find(team => team.members.includes(name))?.manager ?? '';
  return (
    <>
      <h1>Team{loaded && <small>{count(loaded.rows.length)} people with open work</small>}</h1>
      <p><a href="/handover">Hand a book over</a> when somebody leaves or is away <kbd>g h</kbd></p>
      {problem && <ProblemNotice problem={problem} onRetry={load} />}
      {!loaded && !problem && <Skeleton lines={5} label="The team is loading" />}
      {loaded && loaded.rows.length === 0 && <p class="notice">No play runs, and nothing waits for anybody.</p>}
      {loaded && loaded.rows.length > 0 && (
        <section class="panel">
          <table class="team">
            <thead>
              <tr>
                <th scope="col">Who</th><th scope="col" class="num">Open plays</th><th scope="col" class="num">late</th>
                <th scope="col" class="num">Tasks</th><th scope="col" class="num">late</th>
                <th scope="col" class="num">Drafts to review</th><th scope="col" class="num">wait for the manager</th>
              </tr>
            </thead>
            <tbody>
              {loaded.rows.map(row => (
                <tr key={row.owner}>
                  <th scope="row">{row.owner ? <a data-row href={'/day?owner=' + encodeURIComponent(row.owner)}>{row.owner}</a> : 'nobody'}
                    {managerOf(row.owner) && <span class="sub">team of {managerOf(row.owner)}</span>}</th>
                  <td class="num" data-label="Open plays">{count(row.plays)}</td><Late n={row.latePlays} of="plays" />
                  <td class="num" data-label="Tasks">{count(row.tasks)}</td><Late n={row.lateTasks} of="tasks" />
                  <td class="num" data-label="Drafts to review">{row.drafts > 0 && row.owner
                    ? <a href={'/review?owner=' + encodeURIComponent(row.owner)}>{count(row.drafts)}</a> : count(row.drafts)}</td>
                  <td class="num" data-label="Wait for the manager">{count(row.approvals)}</td>
                </tr>))}
            </tbody>
          </table>
          {loaded.missing > 0 && (
            <p class="late">{count(loaded.missing)} plays, tasks or drafts are not counted: there are more than this page reads.</p>)}
        </section>)}
      <p class="muted">A play is late while one of its tasks is. A draft that needs the manager counts twice: with the account's owner under
        “wait for the manager”, and with the manager under “drafts to review”.</p>
      <AlertFigures />
    </>
  );
}

function Late({ n, of }: { n: number; of: string }) {
  return (
    <td data-label={`Late ${of}`} class={'num ' + (n > 0 ? 'late' : 'muted')}>
      <span>{n > 0 && <span aria-hidden="true">! </span>}{count(n)}</span></td>
  );
}
