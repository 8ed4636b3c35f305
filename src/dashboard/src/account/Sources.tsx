import { hostNow } from '../api/HostClock';
import { Panel } from '../shell/States';
import { percent, sentence } from '../words/format';
import { Time } from '../words/Time';

const SOURCES = ['usage', 'ticket', 'billing', 'engagement', 'crm'];
const SILENT_AFTER_MS = 14 * 86_400_000;

/** When each source was last heard. Silence is told, not judged: some sources have little to say. */
export function Sources({ lastSignals, coverage }: { lastSignals: Record<string, string>; coverage: number }) {
  const names = [...new Set([...SOURCES, ...Object.keys(lastSignals)])];
  return (
    <Panel id="sources" title="Sources" aside={<span class="muted">{percent(coverage)} observed</span>}>
      <table>
        <thead><tr><th scope="col">Source</th><th scope="col">Last signal</th><th scope="col">State</th></tr></thead>
        <tbody>
          {names.map(name => {
            const at = lastSignals[name];
            return (
              <tr key={name}>
                <th scope="row">{sentence(name)}</th>
                <td>{at ? <Time at={at} as="ago" /> : 'never'}</td>
                <td>{stateOf(at)}</td>
              </tr>);
          })}
        </tbody>
      </table>
    </Panel>
  );
}

function stateOf(at: string | undefined) {
  if (!at) return <strong>! never heard</strong>;
  return hostNow() - Date.parse(at) > SILENT_AFTER_MS ? <strong>! silent for two weeks</strong> : 'heard';
}
