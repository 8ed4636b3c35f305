import { useEffect } from 'preact/hooks';
import type { Task } from '../api/deskTypes';
import { hostNow } from '../api/HostClock';
import type { Alert } from '../api/types';
import { AlertFacts, Reach } from '../alerts/AlertFacts';
import { DraftPanel } from '../review/DraftPanel';
import { accountPath } from '../shell/router';
import { markRead, putOffWords } from '../work/deeds';
import { distance } from '../work/times';
import { BandMark } from '../words/BandMark';
import { daysInWords, daysUntil, money, sentence } from '../words/format';
import { PutOffs } from '../work/PutOffs';
import { Time } from '../words/Time';
import type { Row } from './DayBook';
import { expiresSoon, type Item } from './dayOrder';
import type { Verb } from './dealing';

/** One thing that waits: what, for whom, why, and what can be done with it. */
export function DayRow({ row, dealt, open, editing, onToggle, onVerb, onEdit, onChange }: {
  row: Row; dealt: string | null; open: boolean; editing: boolean;
  onToggle: () => void; onVerb: (verb: Verb) => void; onEdit: (on: boolean) => void; onChange: (item: Item) => void;
}) {
  const { item, key } = row;
  const opened = open && item.kind === 'draft' && item.it.state === 'pending' && !item.it.readAt;
  useEffect(() => {
    // A failure here is no more than a reading not counted.
    if (opened && item.kind === 'draft') markRead(item.it).then(it => onChange({ kind: 'draft', it }), () => undefined);
  }, [opened]);
  const id = 'details-' + key.replace(/\W/g, '-');
  return (
    <li data-item={key} class={`item ${item.kind === 'alert' ? item.it.severity : 'work'} ${dealt ? 'dealt' : ''} ${open ? 'open' : ''}`}>
      <div class="head">
        <span class="mark">{item.kind === 'alert' ? <BandMark band={item.it.severity} /> : item.kind === 'draft' ? 'Draft' : 'Task'}</span>
        <div class="what">
          <button type="button" class="title" data-row aria-expanded={open} aria-controls={id} onClick={onToggle}>
            <span class="name">{item.it.accountName}</span> <span>{titleOf(item)}</span></button>
          <p class="why">{whyOf(item)}</p>
        </div>
        <p class="when">{dealt ? <strong class="state">{sentence(dealt)}</strong> : <When item={item} />}</p>
        {!dealt && <Verbs item={item} open={open} onVerb={onVerb} onToggle={onToggle} />}
      </div>
      <div id={id} hidden={!open}>{open && <div class="details">
        {item.kind === 'alert' && <AlertFacts alert={item.it} />}
        {item.kind === 'draft' && (
          <DraftPanel draft={item.it} editing={editing} onEdit={onEdit} onChange={it => onChange({ kind: 'draft', it })} within />)}
        {item.kind === 'task' && <TaskFacts task={item.it} />}
        <p><a href={accountPath(item.it.account)}>Open {item.it.accountName}</a> <kbd>o</kbd></p>
      </div>}</div>
    </li>
  );
}

const titleOf = (item: Item): string => item.kind === 'alert' ? sentence(item.it.rule)
  : item.kind === 'draft' ? item.it.subject || item.it.title : item.it.title;

function whyOf(item: Item): string {
  if (item.kind === 'alert') return `${sentence(item.it.reason)}${facts(item.it)}`;
  if (item.kind === 'draft') return `${item.it.subject ? item.it.title + '. ' : ''}${item.it.playTitle}: ${item.it.playReason}`;
  const whose = item.it.playTitle ? `Step ${item.it.step ?? ''} of ${item.it.playTitle}` : item.it.note ? 'Follows a note' : 'A task of its own';
  return `${whose}. ${putOffWords(item.it)}`;
}

function facts(alert: Alert): string {
  const renewal = alert.renewalDate ? `, renewal ${daysInWords(daysUntil(alert.renewalDate, hostNow()))}` : '';
  return ` · ARR ${money(alert.arr, alert.currency)}${renewal}`;
}

function When({ item }: { item: Item }) {
  const now = hostNow();
  if (item.kind === 'alert') {
    return (
      <>raised <Time at={item.it.raisedAt} as="ago" />
        {(item.it.pushedAt || item.it.state === 'open') && <span class="sub"><Reach alert={item.it} /></span>}</>);
  }
  if (item.kind === 'draft') {
    const soon = expiresSoon(item.it, now);
    const off = distance(Date.parse(item.it.expiresAt), now);
    return <span class={soon ? 'late' : ''}>{soon && <span aria-hidden="true">! </span>}expires {off}</span>;
  }
  const due = Date.parse(item.it.dueAt);
  return due < now ? <span class="late"><span aria-hidden="true">! </span>{distance(due, now)}</span> : <>due {distance(due, now)}</>;
}

function Verbs({ item, open, onVerb, onToggle }: { item: Item; open: boolean; onVerb: (verb: Verb) => void; onToggle: () => void }) {
  const verbs: [Verb, string, string][] = item.kind === 'alert'
    ? [['accept', 'Acknowledge', 'a'], ['snooze', 'Put off', 's'], ['done', 'Resolve', 'd']]
    : item.kind === 'task' ? [['done', 'Done', 'd'], ['snooze', 'Put off', 's'], ['refuse', 'Cancel', 'x']]
      : open ? [['accept', 'Approve', 'a'], ['edit', 'Edit', 'e'], ['refuse', 'Reject', 'x']] : [];
  return (
    <div class="verbs">
      {item.kind === 'draft' && !open && <button type="button" class="small" onClick={onToggle}>Review</button>}
      {verbs.map(([verb, title, key]) => (
        <button key={verb} type="button" class="small" title={`${title} (${key})`} onClick={() => onVerb(verb)}
          aria-label={`${title}: ${item.it.accountName}, ${titleOf(item)}`}>{title}</button>))}
    </div>
  );
}

function TaskFacts({ task }: { task: Task }) {
  return (
    <>
      {task.brief ? <p class="text">{task.brief}</p> : <p class="muted">There is no brief for this task.</p>}
      <p class="muted">Due <Time at={task.dueAt} />,
        prepared <Time at={task.createdAt} as="ago" />{task.owner && `, for ${task.owner}`}.</p>
      <PutOffs task={task} />
    </>
  );
}
