import { useEffect, useRef, useState } from 'preact/hooks';
import type { FacetCount } from '../api/types';
import { setQuery } from '../shell/router';
import { count } from '../words/format';
import { isFiltered, type AccountQuery } from './accountQuery';
import { useFacets } from './facets';

const BANDS = ['red', 'yellow', 'green'];
const TIERS = ['enterprise', 'standard', 'smb'];
const TRENDS = ['steady', 'improving', 'declining', 'accelerating'];

export function Filters({ query }: { query: AccountQuery }) {
  const facets = useFacets();
  return (
    <form class="filters" role="search" aria-label="Accounts" onSubmit={event => event.preventDefault()}>
      <Search value={query.q} />
      <Choice name="band" label="Band" value={query.band} options={BANDS} />
      <Choice name="tier" label="Tier" value={query.tier} options={TIERS} counts={facets?.tiers} />
      <Choice name="decline" label="Trend" value={query.decline} options={TRENDS} />
      <Choice name="owner" label="Owner" value={query.owner} counts={facets?.owners} />
      <Choice name="segment" label="Segment" value={query.segment} counts={facets?.segments} />
      {isFiltered(query) && (
        <button type="button" class="quiet"
          onClick={() => setQuery({ q: null, band: null, tier: null, decline: null, owner: null, segment: null })}>Clear filters</button>)}
    </form>
  );
}

/** One of what there is. What the address says is among it, whether the server knows of such an account or not. */
export function Choice({ name, label, value, options, counts, onPick }: {
  name: string; label: string; value: string; options?: string[]; counts?: FacetCount[] | undefined; onPick?: (value: string) => void;
}) {
  const known = options ?? counts?.map(facet => facet.value) ?? [];
  const all = value === '' || known.includes(value) ? known : [value, ...known];
  const numbers = new Map(counts?.map(facet => [facet.value, facet.accounts]));
  const pick = onPick ?? ((picked: string) => setQuery({ [name]: picked }));
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={event => pick(event.currentTarget.value)}>
        <option value="">All</option>
        {all.map(option => <option key={option} value={option}>{option}{counts && ` (${count(numbers.get(option) ?? 0)})`}</option>)}
      </select>
    </label>
  );
}

const PAUSE_MS = 250;

/** A text that filters once the typing pauses; what the address says meanwhile (back, forward) wins. */
function Search({ value }: { value: string }) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const take = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setQuery({ q: next.trim() }), PAUSE_MS);
  };
  return (
    <label>
      <span>Search</span>
      <input type="search" value={text} placeholder="Name or id" autocomplete="off" spellcheck={false} data-search
        onInput={event => take(event.currentTarget.value)} />
    </label>
  );
}
