import { useEffect, useReducer, useState } from 'preact/hooks';
import { stream } from '../api/ChangeStream';
import { setMe } from '../api/me';
import { moveAmongRows, useDeedKeys, useMoveKeys } from '../shell/keys';
import { accountPath, go, setQuery, useAddress } from '../shell/router';
import { ProblemNotice, Skeleton } from '../shell/States';
import { usePeople } from '../work/people';
import { useMe } from '../work/useMe';
import { WhoAreYou } from '../work/WhoAreYou';
import { count } from '../words/format';
import { useTick } from '../words/Time';
import { DayBook, type Row } from './DayBook';
import { DayRow } from './DayRow';
import { deal, type Verb } from './dealing';
import { SECTIONS, type Section } from './dayOrder';

const TITLES: Record<Section, string> = {
  urgent: 'Urgent', drafts: 'Drafts that wait for you', tasks: 'Due today or late', others: 'Other alerts, the most pressing first',
};
const VERBS: Record<string, Verb> = { a: 'accept', s: 'snooze', d: 'done', x: 'refuse', e: 'edit' };

const SHOWN = 10;

let lastBook: DayBook | null = null;

function bookOf(owner: string): DayBook {
  if (lastBook?.owner !== owner) lastBook = new DayBook(owner);
  return lastBook;
}

export function MyDay() {
  const { query } = useAddress();
  const me = useMe();
  const owner = query.get('owner') ?? me;
  useEffect(() => { document.title = 'My day - HealthGrains'; }, []);
  useMoveKeys(moveAmongRows);
  if (!owner) return <><h1>My day</h1><WhoAreYou onChosen={name => setQuery({ owner: name })} /></>;
  return <Day key={owner} owner={owner} me={me} />;
}

function Day({ owner, me }: { owner: string; me: string }) {
  const book = bookOf(owner);
  const [open, setOpen] = useState<string | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const [, again] = useReducer((n: number, _: void) => n + 1, 0);
  useTick();
  useEffect(() => {
    const stop = [book.watch(() => again()), stream.watch(changes => book.apply(changes), () => void book.load())];
    void book.load();
    return () => stop.forEach(each => each());
  }, [book]);

  const toggle = (key: string) => {
    setEditing(null);
    setOpen(old => old === key ? null : key);
  };
  const act = async (row: Row, verb: Verb) => {
    if (book.dealt(row)) return;
    // Nobody approves what they have not opened.
    if (row.item.kind === 'draft' && (verb === 'edit' || verb === 'accept' && open !== row.key)) {
      setOpen(row.key);
      setEditing(verb === 'edit' ? row.key : null);
      return;
    }
    const item = await deal(row.item, verb);
    if (!item) return;
    book.take(item);
    if (!book.dealt(row)) return;
    setOpen(null);
    focusAfter(row.key);
  };
  const show = () => {
    book.sort();
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-row]')?.focus());
  };
  useDeedKeys(key => {
    if (key === 'n' && (book.news > 0 || book.rows.some(row => book.dealt(row)))) {
      show();
      return true;
    }
    const at = document.activeElement?.closest<HTMLElement>('[data-item]')?.dataset['item'];
    const row = book.rows.find(other => other.key === at);
    if (!row) return false;
    if (key === 'Escape') {
      if (editing !== row.key && open !== row.key) return false;
      if (editing === row.key) setEditing(null);
      else setOpen(null);
      focusOn(row.key);
      return true;
    }
    if (key === 'o') go(accountPath(row.item.it.account));
    else if (VERBS[key]) void act(row, VERBS[key]);
    else return false;
    return true;
  });

  const left = book.rows.filter(row => row.section !== 'others' && !book.dealt(row)).length;
  const dealt = book.rows.filter(row => book.dealt(row)).length;
  const othersLeft = book.rows.filter(row => row.section === 'others' && !book.dealt(row)).length;
  return (
    <>
      <h1>{owner === me ? 'My day' : `The day of ${owner}`}
        {book.isLoaded && <small>{left === 0 ? 'the morning is done' : `${count(left)} to do`}
          {dealt > 0 && `, ${count(dealt)} dealt with`}</small>}</h1>
      <Whose owner={owner} me={me} />
      {book.problem && <ProblemNotice problem={book.problem} onRetry={() => void book.load()} />}
      {!book.isLoaded && !book.problem && <Skeleton lines={6} label="The day is loading" />}
      {book.isLoaded && <Counts book={book} />}
      {(book.news > 0 || dealt > 0) && (
        <p>
          <button type="button" class={book.news > 0 ? 'sort-again' : ''} onClick={show}>
            {book.news > 0 ? `${count(book.news)} new - show` : 'Clear what is dealt with'} <kbd>n</kbd></button></p>)}
      {book.isLoaded && left === 0 && (
        <section class="notice done">
          <h2>The morning is done</h2>
          <p>Nothing urgent waits, no draft, and no task is due. {othersLeft > 0 && `${count(othersLeft)} other alerts can wait a little. `}
            What comes up shows here by itself.</p>
        </section>)}
      {SECTIONS.map(section => {
        const rows = book.rows.filter(row => row.section === section);
        return rows.length > 0 && (
          <section key={section} class="day" aria-labelledby={'day-' + section}>
            <h2 id={'day-' + section}>{TITLES[section]} <small>{count(rows.filter(row => !book.dealt(row)).length)}</small></h2>
            <ol class="items">
              {rows.slice(0, section === 'others' && !all ? SHOWN : rows.length).map(row => (
                <DayRow key={row.key} row={row} dealt={book.dealt(row)} open={open === row.key} editing={editing === row.key}
                  onToggle={() => toggle(row.key)} onVerb={verb => void act(row, verb)} onChange={item => book.take(item)}
                  onEdit={on => {
                    setEditing(on ? row.key : null);
                    if (!on) focusOn(row.key);
                  }} />))}
            </ol>
            {section === 'others' && !all && rows.length > SHOWN && (
              <p><button type="button" data-row onClick={() => setAll(true)}>Show the other {count(rows.length - SHOWN)}</button></p>)}
          </section>);
      })}
      {book.missing > 0 && <p class="muted">{count(book.missing)} more are not loaded: what is first of each kind is here.</p>}
    </>
  );
}

function Counts({ book }: { book: DayBook }) {
  const of = (section: Section) => book.rows.filter(row => row.section === section && !book.dealt(row)).length;
  const figures: [number, string][] = [
    [of('urgent'), 'urgent'], [of('drafts'), 'drafts to review'], [of('tasks'), 'tasks due or late'], [of('others'), 'other alerts'],
    [book.later, 'tasks due later']];
  return <ul class="counts">{figures.map(([n, what]) => <li key={what}><strong>{count(n)}</strong> {what}</li>)}</ul>;
}

function Whose({ owner, me }: { owner: string; me: string }) {
  const people = usePeople();
  const names = people.includes(owner) ? people : [owner, ...people];
  return (
    <form class="whose" aria-label="Whose day" onSubmit={event => event.preventDefault()}>
      <label>Whose day{' '}
        <select data-search value={owner} onChange={event => setQuery({ owner: event.currentTarget.value })}>
          {names.map(name => <option key={name} value={name}>{name}{name === me ? ' (you)' : ''}</option>)}
        </select>
      </label>
      {owner !== me && <button type="button" onClick={() => setMe(owner)}>I am {owner}</button>}
      {owner !== me && me && <span class="muted">What you do here is recorded as done by {me}.</span>}
    </form>
  );
}

const buttonOf = (key: string) => document.querySelector<HTMLElement>(`[data-item="${CSS.escape(key)}"] [data-row]`);

function focusOn(key: string): void {
  requestAnimationFrame(() => buttonOf(key)?.focus());
}

/** The next row that still waits. */
function focusAfter(key: string): void {
  requestAnimationFrame(() => {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-item]')];
    const at = rows.findIndex(row => row.dataset['item'] === key);
    const waits = (row: HTMLElement) => !row.classList.contains('dealt') && row.dataset['item'] !== key;
    const next = rows.slice(at + 1).find(waits) ?? rows.find(waits) ?? rows[at];
    next?.querySelector<HTMLElement>('[data-row]')?.focus();
  });
}
