import { useEffect, useRef, useState } from 'preact/hooks';
import { setQuery } from '../shell/router';
import { isFiltered, type AccountQuery } from './accountQuery';
import { seen } from './seen';

const BANDS = ['red', 'yellow', 'green'];
const TIERS = ['enterprise', 'standard', 'smb'];
const TRENDS = ['steady', 'improving', 'declining', 'accelerating'];

export function Filters({ query }: { query: AccountQuery }) {
  return (
    <form class="filters" role="search" aria-label="Accounts" onSubmit={event => event.preventDefault()}>
      <TextFilter name="q" label="Search" value={query.q} placeholder="Name or id" search />
      <Choice name="band" label="Band" value={query.band} options={BANDS} />
      <Choice name="tier" label="Tier" value={query.tier} options={TIERS} />
      <Choice name="decline" label="Trend" value={query.decline} options={TRENDS} />
      <TextFilter name="owner" label="Owner" value={query.owner} options={seen.owners} />
      <TextFilter name="segment" label="Segment" value={query.segment} options={seen.segments} />
      {isFiltered(query) && (
        <button type="button" class="quiet"
          onClick={() => setQuery({ q: null, band: null, tier: null, decline: null, owner: null, segment: null })}>Clear filters</button>)}
    </form>
  );
}

function Choice({ name, label, value, options }: { name: string; label: string; value: string; options: string[] }) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={event => setQuery({ [name]: event.currentTarget.value })}>
        <option value="">All</option>
        {options.map(option => <option key={option} value={option}>{option}</option>)}
      </select>
    </label>
  );
}

const PAUSE_MS = 250;

/** A text that filters once the typing pauses; what the address says meanwhile (back, forward) wins. */
export function TextFilter({ name, label, value, placeholder, options, search }: {
  name: string; label: string; value: string; placeholder?: string; options?: () => string[]; search?: boolean;
}) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  // Taken when the field is entered: what can be chosen grows as accounts are seen.
  const [offered, setOffered] = useState<string[]>([]);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const take = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setQuery({ [name]: next.trim() }), PAUSE_MS);
  };
  return (
    <label>
      <span>{label}</span>
      <input type={search ? 'search' : 'text'} value={text} placeholder={placeholder ?? 'All'} list={options && name + '-seen'}
        onFocus={() => setOffered(options?.() ?? [])}
        autocomplete="off" spellcheck={false} data-search={search} onInput={event => take(event.currentTarget.value)} />
      {options && <datalist id={name + '-seen'}>{offered.map(option => <option key={option} value={option} />)}</datalist>}
    </label>
  );
}
