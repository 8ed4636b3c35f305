import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { stream } from '../api/ChangeStream';
import { useMoveKeys } from '../shell/keys';
import { setQuery } from '../shell/router';
import { ProblemNotice, Skeleton } from '../shell/States';
import { count } from '../words/format';
import { AccountBook, PAGE } from './AccountBook';
import { AccountRow, ROW_HEIGHT } from './AccountRow';
import { ColumnHeads } from './ColumnHeads';
import { DEFAULT_SORT, type AccountQuery } from './accountQuery';
import { sparks } from './Sparks';
import { useVisibleRows } from './useVisibleRows';

// The book shown last: who comes back from an account finds the list as it was left.
let lastBook: AccountBook | null = null;

function bookOf(query: AccountQuery): AccountBook {
  if (!lastBook || JSON.stringify(lastBook.query) !== JSON.stringify(query)) lastBook = new AccountBook(query);
  return lastBook;
}

const COLUMNS = 8;
// So many rows before the end of what is loaded, the next page is asked for.
const AHEAD = 150;

export function AccountList({ query }: { query: AccountQuery }) {
  const book = bookOf(query);
  const [, again] = useReducer((n: number, _: void) => n + 1, 0);
  const body = useRef<HTMLTableSectionElement>(null);
  const visible = useVisibleRows(body, book.rows.length, ROW_HEIGHT);
  const [focusAt, setFocusAt] = useState(-1);
  // Where the focus is about to go: keys come quicker than rows are drawn.
  const goingTo = useRef(-1);

  useEffect(() => {
    const stop = [
      book.watch(() => again()), sparks.watch(() => again()),
      stream.watch(changes => book.apply(changes), () => void book.restart()),
    ];
    // Who came back missed what changed meanwhile. One page is loaded again; of many the place in the list is worth more.
    if (book.rows.length <= PAGE) void book.restart();
    else book.orderChanged = true;
    again();
    return () => stop.forEach(each => each());
  }, [book]);

  useEffect(() => {
    if (visible.end > book.rows.length - AHEAD) void book.more();
    const timer = setTimeout(() => sparks.want(book.rows.slice(visible.first, visible.end).map(row => row.id)), 150);
    return () => clearTimeout(timer);
  }, [book, visible.first, visible.end, book.rows.length]);

  useMoveKeys(by => {
    const focused = document.activeElement?.closest('[data-index]')?.getAttribute('data-index');
    const at = goingTo.current >= 0 ? goingTo.current : focused == null ? null : Number(focused);
    const from = at ?? (by > 0 ? visible.first - 1 : visible.end);
    goingTo.current = Math.max(0, Math.min(book.rows.length - 1, at === null && scrollY < 400 ? 0 : from + by));
    setFocusAt(goingTo.current);
  });
  useLayoutEffect(() => {
    if (focusAt < 0 || !body.current) return;
    reveal(body.current, focusAt);
    const link = body.current.querySelector<HTMLElement>(`[data-index="${focusAt}"] a`);
    if (!link) return;
    link.focus({ preventScroll: true });
    if (goingTo.current === focusAt) goingTo.current = -1;
    setFocusAt(-1);
  }, [focusAt, visible.first, visible.end]);

  const failure = book.problem && <ProblemNotice problem={book.problem} onRetry={() => void book.retry()} heading="h3" />;
  if (failure && book.rows.length === 0) return failure;
  if (book.total === null) return <Skeleton lines={8} label="The accounts are loading" />;
  if (book.total === 0) return <p class="notice">No account fits these filters.</p>;
  const rest = book.rows.slice(visible.first, visible.end);
  return (
    <>
      <p class="list-note">
        <span role="status">{count(book.total)} {book.total === 1 ? 'account' : 'accounts'}</span>
        {book.orderChanged && (
          <button type="button" class="sort-again" onClick={() => void book.restart()}>Order changed - sort again</button>)}
      </p>
      <table class="accounts" aria-labelledby="accounts-title" aria-rowcount={book.total + 1}>
        <ColumnHeads sort={query.sort} onSort={sort => setQuery({ sort: sort === DEFAULT_SORT ? null : sort })} />
        <tbody ref={body}>
          <Spacer rows={visible.first} />
          {rest.map((row, n) => (
            <AccountRow key={row.id} row={row} index={visible.first + n} mark={book.markOf(row.id)} past={sparks.of(row.id)} />))}
          <Spacer rows={book.rows.length - visible.first - rest.length} />
        </tbody>
      </table>
      {failure}
      {book.hasMore && !failure && (
        <p class="muted">{count(book.rows.length)} of {count(book.total)} loaded; more as you scroll.</p>)}
    </>
  );
}

/** Stands for the rows that are not drawn. */
function Spacer({ rows }: { rows: number }) {
  if (rows <= 0) return null;
  return <tr aria-hidden="true" class="spacer"><td colSpan={COLUMNS} style={{ height: rows * ROW_HEIGHT + 'px' }} /></tr>;
}

function reveal(body: HTMLElement, index: number): void {
  const top = body.getBoundingClientRect().top + index * ROW_HEIGHT;
  if (top < 100) scrollBy(0, top - 100);
  else if (top + ROW_HEIGHT > innerHeight - 20) scrollBy(0, top + ROW_HEIGHT - innerHeight + 20);
}
