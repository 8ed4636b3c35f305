import { useEffect, useRef, useState } from 'preact/hooks';
import { stream } from '../api/ChangeStream';
import { queryOf } from '../api/client';
import type { Portfolio } from '../api/types';
import { useResource } from '../api/useResource';
import { EmptySystem } from '../samples/EmptySystem';
import { ProblemNotice, Skeleton } from '../shell/States';
import { useAddress } from '../shell/router';
import { count } from '../words/format';
import { AccountList } from './AccountList';
import { Filters } from './Filters';
import { Movers } from './Movers';
import { SilentSources } from './SilentSources';
import { Totals } from './Totals';
import { isFiltered, queryFrom } from './accountQuery';

// Totals over the whole book cost the server more than a row does.
const TOTALS_EVERY_MS = 5000;
// Who waits for the first account waits for nothing else.
const FIRST_AFTER_MS = 1500;

export function PortfolioView() {
  const { query: address } = useAddress();
  const query = queryFrom(address);
  const book = useResource<Portfolio>('/v1/portfolio' + queryOf({ owner: query.owner }));
  const [filling, setFilling] = useState(false);
  useFreshTotals(book.reload, book.data?.accounts === 0 ? FIRST_AFTER_MS : TOTALS_EVERY_MS);
  useEffect(() => { document.title = 'Portfolio - HealthGrains'; }, []);

  // Whoever fills the system sees it through, though the first accounts are there long before the last.
  if (filling || (book.data?.accounts === 0 && !isFiltered(query)))
    return <EmptySystem onFilling={() => setFilling(true)} onFilled={() => {
      setFilling(false);
      book.reload();
    }} />;
  return (
    <>
      <h1>Portfolio{query.owner && <> of {query.owner}</>}{book.data && <> <small>{count(book.data.accounts)} accounts</small></>}</h1>
      {book.problem && !book.data && <ProblemNotice problem={book.problem} onRetry={book.reload} />}
      {book.loading && !book.data && <Skeleton lines={3} label="The totals are loading" />}
      <SilentSources />
      {book.data && <Totals portfolio={book.data} />}
      {book.data && <Movers portfolio={book.data} />}
      {!book.problem?.isForbidden && (
        <section aria-labelledby="accounts-title">
          <h2 id="accounts-title">Accounts</h2>
          <Filters query={query} />
          <AccountList query={query} />
        </section>)}
    </>
  );
}

/** Loads the totals again after changes, but not with each of them. */
function useFreshTotals(reload: () => void, everyMs: number): void {
  const due = useRef(0);
  useEffect(() => {
    const later = () => {
      if (due.current) return;
      due.current = window.setTimeout(() => {
        due.current = 0;
        reload();
      }, everyMs);
    };
    const stop = stream.watch(later, reload);
    return () => {
      stop();
      clearTimeout(due.current);
      due.current = 0;
    };
  }, [reload, everyMs]);
}
