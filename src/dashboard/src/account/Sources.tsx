import type { AccountSource } from '../api/types';
import { Panel } from '../shell/States';
import { percent, sentence } from '../words/format';
import { Time } from '../words/Time';

/** When each source was last heard, and whether its silence is the account's own or everybody's. */
export function Sources({ sources, coverage }: { sources: AccountSource[]; coverage: number }) {
  return (
    <Panel id="sources" title="Sources" aside={<span class="muted">{percent(coverage)} observed</span>}>
      <table>
        <thead><tr><th scope="col">Source</th><th scope="col">Last signal</th><th scope="col">State</th></tr></thead>
        <tbody>
          {sources.map(source => (
            <tr key={source.source} data-source={source.source}>
              <th scope="row">{sentence(source.source)}</th>
              <td>{source.lastAt ? <Time at={source.lastAt} as="ago" /> : 'never'}</td>
              <td>{source.state === 'heard' ? source.note : <strong><span aria-hidden="true">! </span>{source.note}</strong>}</td>
            </tr>))}
        </tbody>
      </table>
    </Panel>
  );
}
