import { put, remove } from '../api/client';
import type { Desk } from '../api/deskTypes';
import { hostNow } from '../api/HostClock';
import type { Account } from '../api/types';
import { ask } from '../work/ask';
import { act } from '../work/said';
import { BandMark } from '../words/BandMark';
import { score } from '../words/format';
import { Time } from '../words/Time';

const BANDS: [string, string][] = [['red', 'Red'], ['yellow', 'Yellow'], ['green', 'Green']];
const MONTH_MS = 30 * 86_400_000;

/** What a person says against the computed score: beside it, never instead of it. */
export function OverrideNote({ account, path, onDone }: { account: Account; path: string; onDone: () => void }) {
  const said = account.override;
  const set = async () => {
    const answers = await ask({
      title: `How is ${account.name}, in your view?`, submit: 'Set',
      note: `Shown beside the computed ${account.health.band} ${score(account.health.score)}, never instead of it.`,
      fields: [
        { name: 'band', label: 'It is', kind: 'choice', options: BANDS, value: said?.band ?? account.health.band, required: true },
        { name: 'reason', label: 'Why? What do the signals not say?', kind: 'text', value: said?.reason ?? '', required: true },
        { name: 'until', label: 'Until', kind: 'date', value: new Date(hostNow() + MONTH_MS).toISOString().slice(0, 10), required: true },
      ],
    });
    if (answers && await act('Your view is shown beside the score.', () => put<Desk>(path + '/override', answers))) onDone();
  };
  const clear = async () => {
    if (await act('The override is taken back.', () => remove<Desk>(path + '/override'))) onDone();
  };
  if (!said && account.status !== 'active') return null;
  if (!said) return <p><button type="button" class="small flush" onClick={() => void set()}>I see it otherwise…</button></p>;
  return (
    <section class="notice said-otherwise" aria-label="A person says otherwise">
      <p>
        <strong>{said.by} says</strong> {said.band && <BandMark band={said.band} />} {said.score !== null && score(said.score)}:
        {' '}“{said.reason}” <span class="muted">Since <Time at={said.setAt} as="date" />, until <Time at={said.until} as="date" />.
        The score above is as computed.</span>
      </p>
      <div class="actions">
        <button type="button" class="small flush" onClick={() => void set()}>Change…</button>
        <button type="button" class="small flush" onClick={() => void clear()}>Take it back</button>
      </div>
    </section>
  );
}
