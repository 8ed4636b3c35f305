import type { PastPlay } from '../api/deskTypes';
import { count, onDate, score, sentence, signed } from '../words/format';

/** Plays that are over: what was tried and what followed. */
export function TriedBefore({ past }: { past: PastPlay[] }) {
  if (past.length === 0) return null;
  return (
    <details>
      <summary>Tried before ({count(past.length)})</summary>
      <table>
        <thead><tr><th scope="col">Play</th><th scope="col">When</th>
          <th scope="col">How it ended</th><th scope="col" class="num">Score</th></tr></thead>
        <tbody>
          {past.map(play => (
            <tr key={play.playbook + play.startedAt}>
              <th scope="row">{play.title}</th>
              <td>{onDate(play.startedAt)} to {onDate(play.endedAt)}</td>
              <td>{sentence(play.exit)}{play.outcome && `: ${play.outcome}`}</td>
              <td class="num">{score(play.scoreAtStart)} to {score(play.scoreAtEnd)}
                <span class={'sub ' + (play.scoreAtEnd < play.scoreAtStart ? 'fell' : 'rose')}>
                  {signed(play.scoreAtEnd - play.scoreAtStart)}</span></td>
            </tr>))}
        </tbody>
      </table>
    </details>
  );
}
