import { useEffect, useRef } from 'preact/hooks';
import { stream } from '../api/ChangeStream';
import type { Account } from '../api/types';
import { useResource } from '../api/useResource';
import { AlertCard } from '../alerts/AlertCard';
import { moveAmongRows, useMoveKeys } from '../shell/keys';
import { portfolioPath } from '../shell/router';
import { Panel, ProblemNotice, Skeleton } from '../shell/States';
import { useTick } from '../words/Time';
import { Categories } from './Categories';
import { Caps } from './Caps';
import { DeclinePanel } from './DeclinePanel';
import { DeskPanels } from './DeskPanels';
import { HistoryPanel } from './HistoryPanel';
import { LedgerPanel } from './LedgerPanel';
import { NotesPanel } from './NotesPanel';
import { OverrideNote } from './OverrideNote';
import { Profile } from './Profile';
import { ScoreSummary } from './ScoreSummary';
import { Sources } from './Sources';
import { WhatIf } from './WhatIf';

const RELOAD_AFTER_MS = 1000;

export function AccountPage({ id }: { id: string }) {
  const path = '/v1/accounts/' + encodeURIComponent(id);
  const { data: account, problem, reload } = useResource<Account>(path);
  useReloadOnChange(id, reload);
  useTick();
  useMoveKeys(moveAmongRows);
  useEffect(() => { document.title = (account?.name ?? id) + ' - HealthGrains'; }, [account?.name, id]);

  if (!account && problem) {
    return (
      <>
        <p><a href={portfolioPath()}>Portfolio</a></p>
        <ProblemNotice problem={problem} onRetry={reload} heading="h1" />
      </>
    );
  }
  if (!account) return <><h1>{id}</h1><Skeleton lines={6} label="The account is loading" /></>;
  return (
    <>
      <p class="crumb"><a href={portfolioPath()}>Portfolio</a></p>
      <h1>{account.name}{account.status === 'churned' && <small>churned: the score is frozen</small>}</h1>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      <Profile account={account} />
      <ScoreSummary account={account} />
      <OverrideNote account={account} path={path} onDone={reload} />
      {account.alerts.length > 0 && (
        <Panel id="alerts" title={account.alerts.length === 1 ? 'Alert' : 'Alerts'}>
          {account.alerts.map(alert => <AlertCard key={alert.id} alert={alert} onDone={reload} withinAccount />)}
        </Panel>)}
      <DeskPanels account={account} path={path} />
      <NotesPanel account={account} path={path} />
      <HistoryPanel account={account} path={path} />
      <LedgerPanel path={path} version={account.version} />
      <div class="two">
        <Categories categories={account.health.categories} caps={account.health.caps} score={account.health.score} />
        <div>
          {account.status === 'active' && <DeclinePanel decline={account.decline} />}
          <Caps caps={account.health.caps} />
          <Sources sources={account.sources} coverage={account.health.coverage} />
        </div>
      </div>
      {account.status === 'active' && <WhatIf account={account} path={path} />}
    </>
  );
}

/** Loads the account again after its changes, at most once a second. */
function useReloadOnChange(id: string, reload: () => void): void {
  const due = useRef(0);
  useEffect(() => {
    const stop = stream.watch(changes => {
      const concerns = changes.accounts.has(id) || changes.erased.has(id) || [...changes.alerts.values()].some(a => a.account === id);
      if (!concerns || due.current) return;
      due.current = window.setTimeout(() => {
        due.current = 0;
        reload();
      }, RELOAD_AFTER_MS);
    }, reload);
    return () => {
      stop();
      clearTimeout(due.current);
      due.current = 0;
    };
  }, [id, reload]);
}
