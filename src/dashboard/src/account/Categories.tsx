import type { Cap, Category } from '../api/types';
import { Panel } from '../shell/States';
import { percent, score, sentence, signed } from '../words/format';

/** The categories; with what the caps take, their points sum to the score. */
export function Categories({ categories, caps, score: total }: { categories: Category[]; caps: Cap[]; score: number }) {
  const taken = caps.filter(cap => Math.abs(cap.points) >= 0.05);
  return (
    <Panel id="categories" title="Categories">
      <table class="categories">
        <thead>
          <tr>
            <th scope="col">Category</th><th scope="col" class="num">Score</th><th scope="col" class="num">Weight</th>
            <th scope="col" class="num">Observed</th><th scope="col" class="num">Points</th>
          </tr>
        </thead>
        <tbody>
          {categories.map(category => (
            <tr key={category.key}>
              <th scope="row">{sentence(category.key)}<Bar share={category.score / 100} /></th>
              <td class="num">{score(category.score)}</td>
              <td class="num">{percent(category.weight)}</td>
              <td class="num">{percent(category.coverage)}</td>
              <td class="num">{score(category.points)}</td>
            </tr>))}
          {taken.map(cap => (
            <tr key={cap.rule}>
              <th scope="row" colSpan={4}>Cap: {sentence(cap.rule)}</th><td class="num fell">{signed(cap.points)}</td>
            </tr>))}
        </tbody>
        <tfoot><tr><th scope="row" colSpan={4}>Score</th><td class="num"><strong>{score(total)}</strong></td></tr></tfoot>
      </table>
    </Panel>
  );
}

function Bar({ share }: { share: number }) {
  return (
    <svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="4" /><rect class="fill" width={Math.max(0, Math.min(1, share)) * 100} height="4" />
    </svg>
  );
}
