import type { Desk } from '../api/deskTypes';
import type { Account } from '../api/types';
import { useResource } from '../api/useResource';
import { Panel, ProblemNotice, Skeleton } from '../shell/States';
import { addTask } from '../work/deeds';
import { touches, useReloadOn } from '../work/useStream';
import { count } from '../words/format';
import { DeskDrafts } from './DeskDrafts';
import { DeskTasks } from './DeskTasks';
import { PlayCard } from './PlayCard';
import { PlayStarter } from './PlayStarter';
import { TriedBefore } from './TriedBefore';

/** What people do for the account: plays with their steps, tasks, drafts, and what was tried before. */
export function DeskPanels({ account, path }: { account: Account; path: string }) {
  const { data: desk, problem, reload } = useResource<Desk>(path + '/desk');
  const id = account.id;
  useReloadOn(changes => touches(changes, id), reload, id);
  if (problem && !desk) return <Panel id="plays" title="Plays"><ProblemNotice problem={problem} onRetry={reload} heading="h3" /></Panel>;
  if (!desk) return <Panel id="plays" title="Plays"><Skeleton lines={3} label="Plays are loading" /></Panel>;
  const isActive = account.status === 'active';
  const add = async () => { if (await addTask(id, account.name, account.owner)) reload(); };
  return (
    <>
      <Panel id="plays" title={title('Plays', desk.plays.length)}
        aside={isActive && <PlayStarter account={id} running={desk.plays} onDone={reload} />}>
        {desk.plays.length === 0 && <p class="muted">No play runs.</p>}
        {desk.plays.map(play => <PlayCard key={play.id} play={play} onDone={reload} />)}
        <TriedBefore past={desk.past} />
      </Panel>
      <div class="two">
        <Panel id="tasks" title={title('Tasks', desk.tasks.length)}
          aside={<button type="button" class="small" onClick={() => void add()}>Add a task…</button>}>
          <DeskTasks tasks={desk.tasks} onDone={reload} />
        </Panel>
        <Panel id="drafts" title={title('Drafts', desk.drafts.length)}><DeskDrafts drafts={desk.drafts} /></Panel>
      </div>
    </>
  );
}

const title = (what: string, n: number): string => n === 0 ? what : `${what} (${count(n)})`;
