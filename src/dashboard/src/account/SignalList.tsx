import type { SignalsFound } from '../api/types';
import { useResource } from '../api/useResource';
import { ProblemNotice, Skeleton } from '../shell/States';
import { count, signed, words } from '../words/format';
import { Time } from '../words/Time';

/** The signals themselves, as the server's log has them, and what is missing among them. */
export function SignalList({ path, kinds }: { path: string; kinds: string[] }) {
  const { data, problem, loading, reload } = useResource<SignalsFound>(path);
  if (problem) return <ProblemNotice problem={problem} onRetry={reload} heading="h3" />;
  if (!data) return loading ? <Skeleton lines={2} label="The signals are being looked for" /> : null;
  const shown = data.items.filter(item => kinds.includes(item.kind));
  return (
    <div class="signals">
      {shown.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Signals">
          <table>
            <thead>
              <tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Who or which</th>
                <th scope="col" class="num">Value</th></tr>
            </thead>
            <tbody>
              {shown.map((item, n) => (
                <tr key={n}>
                  <td><Time at={item.at} /></td>
                  <td>{words(item.kind)}{item.name && ': ' + item.name}</td>
                  <td>{item.subject ? <span title={item.subject}>{item.subject.slice(0, 6)}</span> : ''}</td>
                  <td class="num">{item.value ?? ''}{item.sentiment !== null && ` tone ${signed(item.sentiment)}`}</td>
                </tr>))}
            </tbody>
          </table>
        </div>)}
      {shown.length === 0 && data.complete && <p class="muted">None of them is in the log any more.</p>}
      {data.total > data.items.length && <p class="muted">The newest {count(data.items.length)} of {count(data.total)}.</p>}
      {data.reason && <p class="notice">{shown.length === 0 ? 'They cannot be shown: ' : 'There may be more: '}{data.reason}.</p>}
      {shown.length > 0 && <p class="muted">Who or which is a pseudonym: the same for the same one.</p>}
    </div>
  );
}
