import type { Draft, Fact } from '../api/deskTypes';
import { usePractice } from '../work/usePractice';
import { count } from '../words/format';
import { factWords, splitFacts, type FactTitle } from './factWords';

/** What a draft was written from, by the names that people have for it. */
export function Facts({ draft }: { draft: Draft }) {
  const titles = usePractice()?.facts ?? [];
  const { first, rest } = splitFacts(draft.facts);
  return (
    <div class="facts">
      <h3>Written from</h3>
      {first.length + rest.length === 0 && <p class="muted">No facts were known.</p>}
      <List facts={first} titles={titles} />
      {rest.length > 0 && (
        <details>
          <summary>{count(rest.length)} more</summary>
          <List facts={rest} titles={titles} />
        </details>)}
    </div>
  );
}

function List({ facts, titles }: { facts: [string, Fact][]; titles: FactTitle[] }) {
  if (facts.length === 0) return null;
  return (
    <dl>
      {facts.map(([key, value]) => {
        const said = factWords(key, value, titles);
        return <div key={key}><dt>{said.title}</dt><dd>{said.value}</dd></div>;
      })}
    </dl>
  );
}
