import { useState } from 'preact/hooks';
import { EvidenceLinks } from '../alerts/EvidenceLinks';
import type { Ledger, LedgerItem } from '../api/types';
import { count, onDay, sentence, signed, words } from '../words/format';
import type { LedgerGroup } from './ledgerGroups';
import { signalsQuery } from './ledgerSignals';
import { SignalList } from './SignalList';

// Below this an entry would read +0.0.
const SMALL = 0.05;

/** Where the rows are from: what their signals are looked for by. */
export interface LedgerOf { path: string; ledger: Ledger }

export function LedgerRows({ groups, of }: { groups: LedgerGroup[]; of: LedgerOf }) {
  const large = groups.filter(group => Math.abs(group.delta) >= SMALL);
  const small = groups.filter(group => Math.abs(group.delta) < SMALL);
  const most = Math.max(...large.map(group => Math.abs(group.delta)), 1);
  return (
    <div class="ledger">
      {large.map(group => <Group key={keyOf(group)} group={group} most={most} of={of} />)}
      {small.length > 0 && (
        <details>
          <summary><span>{count(small.length)} more that moved it by less than 0.1</span></summary>
          {small.map(group => <Group key={keyOf(group)} group={group} most={most} of={of} />)}
        </details>)}
    </div>
  );
}

const keyOf = (group: LedgerGroup): string => String(group.isCap) + group.measure;

function Group({ group, most, of }: { group: LedgerGroup; most: number; of: LedgerOf }) {
  return (
    <details>
      <summary data-row>
        <span class="what">{group.isCap && 'Cap: '}{sentence(group.measure)}</span>
        <Delta value={group.delta} most={most} />
        <span class={'num ' + (group.delta < 0 ? 'fell' : 'rose')}>{signed(group.delta)}</span>
      </summary>
      <table>
        <thead>
          <tr><th scope="col">Cause</th><th scope="col">When</th><th scope="col">Signals</th><th scope="col" class="num">Points</th></tr>
        </thead>
        <tbody>
          {group.items.map((item, n) => <Item key={n} item={item} of={of} />)}
        </tbody>
      </table>
    </details>
  );
}

function Item({ item, of }: { item: LedgerItem; of: LedgerOf }) {
  const [open, setOpen] = useState(false);
  const query = signalsQuery(item, of.ledger);
  return (
    <>
      <tr>
        <th scope="row">{CAUSES[item.cause]}</th>
        <td>{item.day ? onDay(item.day) : 'the whole span'}</td>
        <td>{signalsIn(item)}{query && (
          <button type="button" class="quiet small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide them' : 'Show them'}
          </button>)}<EvidenceLinks evidence={item.evidence} /></td>
        <td class="num">{signed(item.delta)}</td>
      </tr>
      {open && query && (
        <tr><td colSpan={4}><SignalList path={of.path + '/signals' + query} kinds={Object.keys(item.kinds ?? {})} /></td></tr>)}
    </>
  );
}

const CAUSES: Record<LedgerItem['cause'], string> = {
  signal: 'Signals', time: 'Time: silence, and days that left the window', cap: 'A cap', model: 'Another model', profile: 'The profile',
};

function signalsIn(item: LedgerItem): string {
  if (!item.kinds) return item.count ? count(item.count) : '';
  return Object.entries(item.kinds).map(([kind, times]) => `${count(times)} ${words(kind)}`).join(', ');
}

/** A bar to the left of the middle for a fall, to the right for a rise. */
function Delta({ value, most }: { value: number; most: number }) {
  const width = Math.min(50, Math.abs(value) / most * 50);
  return (
    <svg class="delta" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class={value < 0 ? 'down' : 'up'} x={value < 0 ? 50 - width : 50} y="1" width={width} height="8" />
      <rect class="middle" x="49.7" y="0" width=".6" height="10" />
    </svg>
  );
}
