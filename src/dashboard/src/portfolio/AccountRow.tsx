import { memo } from './memo';
import { hostNow } from '../api/HostClock';
import type { AccountSummary } from '../api/types';
import { accountPath } from '../shell/router';
import { BandMark, Trend } from '../words/BandMark';
import { daysInWords, daysUntil, exactUtc, money, moneyRange, range, score, signed } from '../words/format';
import type { Mark } from './AccountBook';
import { Spark } from './Spark';

/** Fixed, so that the place of a row follows from its number. */
export const ROW_HEIGHT = 52;

export const AccountRow = memo(Row);

function Row({ row, index, mark, past }: { row: AccountSummary; index: number; mark: Mark | null; past: number[] | null }) {
  return (
    <tr aria-rowindex={index + 2} data-index={index} class={mark ? 'marked ' + mark : undefined}>
      <th scope="row" class="c-name">
        <a href={accountPath(row.id)} title={row.name}>{row.name}</a>
        <span class="sub">
          {row.openAlerts > 0 && <span class="alerts" title={`${row.openAlerts} open alerts`}>! {row.openAlerts} open</span>}
          <span class="kind">{[row.tier, row.segment].filter(Boolean).join(', ')}</span>
        </span>
      </th>
      <td class="c-score">
        <span class="score">{score(row.score)}</span> <BandMark band={row.band} />
        <span class="sub">{row.high - row.low < 0.05 ? 'no spread' : range(row.low, row.high)}</span>
      </td>
      <td class="c-risk num">
        {money(row.arrAtRisk, row.currency)}
        {row.arrAtRiskLow !== null && row.arrAtRiskHigh !== null && row.high > row.low && (
          <span class="sub">{moneyRange(row.arrAtRiskLow, row.arrAtRiskHigh, row.currency)}</span>)}
      </td>
      <td class="c-spark"><Spark scores={past} now={row.score} /></td>
      <td class="c-change num">{signed(row.change7Days)}</td>
      <td class="c-trend"><Trend state={row.decline} /></td>
      <td class="c-renewal num">{row.renewalDate
        ? <time dateTime={row.renewalDate} title={exactUtc(row.renewalDate)}>{daysInWords(daysUntil(row.renewalDate, hostNow()))}</time>
        : <span class="muted">no date</span>}</td>
      <td class="c-owner">{row.owner ?? <span class="muted">nobody</span>}</td>
    </tr>
  );
}
