import type { HandOverPlan } from '../api/deskTypes';
import { accountPath } from '../shell/router';
import { Panel } from '../shell/States';
import { count } from '../words/format';

const SHOWN = 20;

/** What will move: in sum, and by account. */
export function Plan({ plan, whole, single }: { plan: HandOverPlan; whole: boolean; single: boolean }) {
  const totals: [number, string, string, boolean][] = [
    [plan.accounts, 'account', 'accounts', whole], [plan.alerts, 'open alert', 'open alerts', whole],
    [plan.plays, 'play running', 'plays running', true], [plan.tasks, 'task', 'tasks', true],
    [plan.drafts, 'draft to review', 'drafts to review', true]];
  const busy = [...plan.items].sort((a, b) => work(b) - work(a));
  return (
    <Panel id="plan" title="What will move">
      <ul class="counts">
        {totals.map(([n, one, many, moves]) => (
          <li key={one}><strong>{count(n)}</strong> {n === 1 ? one : many}{!moves && ' (stay)'}</li>))}
      </ul>
      {single && plan.items[0] && (
        <p><a data-row href={accountPath(plan.items[0].account)}>{plan.items[0].accountName}</a>, with {plan.items[0].owner ?? 'nobody'} now</p>)}
      {!single && plan.items.length > 0 && (
        <details open={plan.items.length <= SHOWN}>
          <summary>By account</summary>
          <div class="scroll">
            <table class="team">
              <thead><tr><th scope="col">Account</th><th scope="col" class="num">Alerts</th><th scope="col" class="num">Plays</th>
                <th scope="col" class="num">Tasks</th><th scope="col" class="num">Drafts</th></tr></thead>
              <tbody>
                {busy.map(row => (
                  <tr key={row.account}>
                    <th scope="row"><a href={accountPath(row.account)}>{row.accountName}</a></th>
                    <td class="num" data-label="Alerts">{count(row.alerts)}</td><td class="num" data-label="Plays">{count(row.plays)}</td>
                    <td class="num" data-label="Tasks">{count(row.tasks)}</td><td class="num" data-label="Drafts">{count(row.drafts)}</td>
                  </tr>))}
              </tbody>
            </table>
          </div>
        </details>)}
    </Panel>
  );
}

const work = (row: HandOverPlan['items'][number]): number => row.alerts + row.plays + row.tasks + row.drafts;

/** The same in a sentence, for the question. */
export function sumOf(plan: HandOverPlan, whole: boolean): string {
  const parts: [number, string, string][] = [
    ...whole ? [[plan.accounts, 'account', 'accounts'], [plan.alerts, 'alert', 'alerts']] as [number, string, string][] : [],
    [plan.plays, 'play', 'plays'], [plan.tasks, 'task', 'tasks'], [plan.drafts, 'draft', 'drafts']];
  return parts.map(([n, one, many]) => `${count(n)} ${n === 1 ? one : many}`).join(', ');
}
