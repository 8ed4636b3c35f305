import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { stream } from '../api/ChangeStream';
import type { Draft } from '../api/deskTypes';
import { hostNow } from '../api/HostClock';
import { Pick } from '../alerts/AlertsView';
import { Choice } from '../portfolio/Filters';
import { useDeedKeys, useMoveKeys } from '../shell/keys';
import { accountPath, go, setQuery, useAddress } from '../shell/router';
import { ProblemNotice, Skeleton } from '../shell/States';
import { approve, markRead, reject } from '../work/deeds';
import { usePeople } from '../work/people';
import { useMe } from '../work/useMe';
import { distance } from '../work/times';
import { count, sentence } from '../words/format';
import { useTick } from '../words/Time';
import { DraftPanel } from './DraftPanel';
import { draftState } from './draftState';
import { Figures } from './Figures';
import { ReviewBook } from './ReviewBook';

const STATES: [string, string][] = [
  ['', 'Wait for a person'], ['approved', 'Approved, not sent yet'], ['sent', 'Sent'], ['rejected', 'Rejected'], ['expired', 'Expired'],
];

export function ReviewView() {
  const { query } = useAddress();
  const me = useMe();
  const people = usePeople();
  const owner = query.get('owner') ?? me;
  const state = query.get('state') ?? '';
  const book = useMemo(() => new ReviewBook(owner === 'all' ? '' : owner, state), [owner, state]);
  const [editing, setEditing] = useState(false);
  const [, again] = useReducer((n: number, _: void) => n + 1, 0);
  useTick();
  useEffect(() => { document.title = 'Review - HealthGrains'; }, []);
  useEffect(() => {
    const stop = [book.watch(() => again()), stream.watch(changes => book.apply(changes), () => void book.load())];
    void book.load(query.get('draft'));
    return () => stop.forEach(each => each());
  }, [book]);

  const asked = query.get('draft');
  const draft = book.drafts.find(each => each.id === asked) ?? (asked ? null : book.drafts.find(each => !book.isDealt(each)) ?? null);
  const isPending = draft?.state === 'pending';
  useEffect(() => setEditing(false), [draft?.id]);
  // A failure here is no more than a reading not counted.
  useEffect(() => {
    if (draft && isPending && !draft.readAt) markRead(draft).then(read => book.take(read), () => undefined);
  }, [draft?.id]);

  const select = (next: Draft | null | undefined) => {
    setQuery({ draft: next?.id ?? null });
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-row][aria-current]')?.focus());
  };
  const decide = async (how: (draft: Draft) => Promise<Draft | null>) => {
    if (!draft || !isPending && !(how === reject && draft.state === 'approved')) return;
    const next = book.after(draft);
    const decided = await how(draft);
    if (!decided) return;
    book.take(decided);
    select(next);
  };
  useMoveKeys(by => {
    const at = draft ? book.drafts.indexOf(draft) : -1;
    select(book.drafts[Math.min(book.drafts.length - 1, Math.max(0, at + by))]);
  });
  useDeedKeys(key => {
    if (key === 'Escape' && editing) setEditing(false);
    else if (key === 'n' && book.news > 0) void book.load();
    else if (!draft) return false;
    else if (key === 'a') void decide(approve);
    else if (key === 'x') void decide(reject);
    else if (key === 'e' && isPending) setEditing(true);
    else if (key === 'o') go(accountPath(draft.account));
    else return false;
    return true;
  });

  const left = book.drafts.filter(each => !book.isDealt(each)).length;
  return (
    <>
      <h1>Review{book.isLoaded && <small>{count(state === '' ? left : book.total)}
        {owner && owner !== 'all' ? ` of ${owner}` : ''}</small>}</h1>
      <form class="filters" aria-label="Drafts" onSubmit={event => event.preventDefault()}>
        <Choice name="owner" label="Whose queue" value={owner === 'all' ? '' : owner} options={people}
           onPick={value => setQuery({ owner: value || 'all', draft: null })} />
        <Pick name="state" label="State" value={state} options={STATES} search onPick={value => setQuery({ state: value, draft: null })} />
      </form>
      <Figures owner={owner === 'all' ? '' : owner} me={me} />
      {book.news > 0 && <p><button type="button" class="sort-again" onClick={() => void book.load()}>
        {count(book.news)} new - show (n)</button></p>}
      {book.problem && <ProblemNotice problem={book.problem} onRetry={() => void book.load(asked)} />}
      {!book.isLoaded && !book.problem && <Skeleton lines={5} label="The drafts are loading" />}
      {book.isLoaded && !draft && left === 0 && (
        <section class="notice done">
          <h2>{state === '' ? 'Nothing waits for review' : 'No draft is in this state'}</h2>
          <p>{state === '' ? 'What a play writes next comes up here by itself.' : 'Choose another state.'}</p>
        </section>)}
      {book.isLoaded && !draft && left > 0 && <p class="notice">The address names a draft that is not in this queue. Choose one below.</p>}
      {book.drafts.length > 0 && (
        <div class="review">
          <nav aria-label="Drafts" class="queue">
            <ol class="plain">
              {book.drafts.map(each => (
                <li key={each.id} class={book.isDealt(each) ? 'dealt' : ''}>
                  <a data-row href={hrefOf(each, query)} aria-current={each === draft ? 'true' : undefined} onClick={event => {
                    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                    event.preventDefault();
                    select(each);
                  }}>
                    <strong>{each.accountName}</strong>
                    <span>{each.subject || each.title}</span>
                    <span class="muted">{standing(each)}</span>
                  </a>
                </li>))}
            </ol>
            {book.total > book.drafts.length && <p class="muted">{count(book.drafts.length)} of {count(book.total)}, the oldest first.</p>}
          </nav>
          {draft && (
            <article class="panel" aria-labelledby="draft-title">
              <h2 id="draft-title">{draft.title} <small class="muted">{draft.accountName}</small></h2>
              {isPending && !editing && (
                <div class="actions">
                  <button type="button" class="primary" onClick={() => void decide(approve)}>Approve <kbd>a</kbd></button>
                  <button type="button" onClick={() => setEditing(true)}>Edit <kbd>e</kbd></button>
                  <button type="button" onClick={() => void decide(reject)}>Reject… <kbd>x</kbd></button>
                </div>)}
              {draft.state === 'approved' && (
                <div class="actions"><button type="button" onClick={() => void decide(reject)}>Call it back… <kbd>x</kbd></button></div>)}
              <DraftPanel draft={draft} editing={editing} onEdit={setEditing} onChange={changed => book.take(changed)} />
            </article>)}
        </div>)}
    </>
  );
}

function hrefOf(draft: Draft, query: URLSearchParams): string {
  const to = new URLSearchParams(query);
  to.set('draft', draft.id);
  return '/review?' + to.toString();
}

function standing(draft: Draft): string {
  if (draft.state !== 'pending') return sentence(draftState(draft)) + (draft.delay ? ', put off' : '');
  return `expires ${distance(Date.parse(draft.expiresAt), hostNow())}${draft.needs === 'manager' ? ', needs the manager' : ''}`;
}
