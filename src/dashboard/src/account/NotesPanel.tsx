import { useRef, useState } from 'preact/hooks';
import { post } from '../api/client';
import type { Note, NoteKind } from '../api/deskTypes';
import { hostNow } from '../api/HostClock';
import { me } from '../api/me';
import type { Account, Page } from '../api/types';
import { useResource } from '../api/useResource';
import { useDeedKeys } from '../shell/keys';
import { Panel, ProblemNotice, Skeleton } from '../shell/States';
import { act } from '../work/said';
import { dateAfter, endOfDate } from '../work/times';
import { touches, useReloadOn } from '../work/useStream';
import { count } from '../words/format';
import { Time } from '../words/Time';

const MOST_TEXT = 4000;
const SHOWN = 5;
const KINDS: [NoteKind, string][] = [['note', 'Note'], ['call', 'Call'], ['meeting', 'Meeting'], ['observation', 'Observation']];

/** What was learned about the account: a box to write it down, and the latest. */
export function NotesPanel({ account, path }: { account: Account; path: string }) {
  const { data, problem, loading, reload } = useResource<Page<Note>>(`${path}/notes?limit=${SHOWN}`);
  useReloadOn(changes => touches(changes, account.id), reload, account.id);
  return (
    <Panel id="notes" title={data && data.total > 0 ? `Notes (${count(data.total)})` : 'Notes'}>
      <NoteBox path={path} onDone={reload} />
      {problem && !data && <ProblemNotice problem={problem} onRetry={reload} heading="h3" />}
      {!data && loading && <Skeleton lines={2} label="Notes are loading" />}
      <ul class="plain notes">
        {data?.items.map(note => (
          <li key={note.id}>
            <p class="muted"><Time at={note.at} /> {KINDS.find(([kind]) => kind === note.kind)?.[1]} by {note.by}
              {note.followUp && ', followed up by a task'}</p>
            <p class="text">{note.text}</p>
          </li>))}
      </ul>
      {data && data.total > data.items.length && <p class="muted">Older ones stand in the history below.</p>}
    </Panel>
  );
}

function NoteBox({ path, onDone }: { path: string; onDone: () => void }) {
  const box = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [text, setText] = useState('');
  const [kind, setKind] = useState<NoteKind>('note');
  const [on, setOn] = useState('');
  const [busy, setBusy] = useState(false);
  useDeedKeys(key => {
    if (key !== 'w') return false;
    box.current?.focus();
    box.current?.scrollIntoView({ block: 'center' });
    return true;
  });
  const write = async () => {
    if (busy || !text.trim() || !form.current?.reportValidity()) return;
    setBusy(true);
    const follow = on ? { followUpOn: new Date(endOfDate(on)).toISOString(), ...me() ? { followUpBy: me() } : {} } : {};
    const kept = await act(on ? 'The note is kept, and a task follows it up.' : 'The note is kept.',
      () => post<Note>(path + '/notes', { text, kind, ...follow }));
    setBusy(false);
    if (!kept) return;
    setText('');
    setOn('');
    onDone();
  };
  const now = hostNow();
  return (
    <form ref={form} class="note-box" onSubmit={event => {
      event.preventDefault();
      void write();
    }} onKeyDown={event => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void write();
    }}>
      <label class="reason"><span>What did you learn? <kbd>w</kbd></span>
        <textarea ref={box} rows={3} maxLength={MOST_TEXT} value={text} onInput={event => setText(event.currentTarget.value)} /></label>
      <label>From a{' '}
        <select value={kind} onChange={event => setKind(event.currentTarget.value as NoteKind)}>
          {KINDS.map(([key, title]) => <option key={key} value={key}>{title.toLowerCase()}</option>)}
        </select></label>
      <label>Follow up on{' '}
        <input type="date" value={on} min={dateAfter(now, 0)} max={dateAfter(now, 365)} onInput={event => setOn(event.currentTarget.value)} />
      </label>
      <button class="primary" disabled={busy || !text.trim()}>Keep the note</button>
    </form>
  );
}
