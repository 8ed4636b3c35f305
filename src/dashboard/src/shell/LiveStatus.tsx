import { useEffect, useState } from 'preact/hooks';
import { stream } from '../api/ChangeStream';
import { clockReadAt, hostAnswers, hostNow, isSimulated, onClock } from '../api/HostClock';
import { onDateTime, exactUtc, since } from '../words/format';

/** How fresh the page is. Only a change between live and stale is read out; the seconds are for the eye. */
export function LiveStatus() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const tick = () => setNow(Date.now());
    const timer = setInterval(tick, 1000);
    const off = [stream.watchState(tick), onClock(tick)];
    return () => {
      clearInterval(timer);
      off.forEach(stop => stop());
    };
  }, []);

  const state = stream.state;
  const isLive = state.kind === 'live' && hostAnswers();
  // While the stream stands, an answer of the clock shows as well that nothing has changed since.
  const heardAt = state.kind === 'connecting' ? null : isLive ? Math.max(state.heardAt, clockReadAt()) : state.heardAt;
  const heard = heardAt === null ? null : since(Math.min(heardAt, now), now);
  const wait = state.kind === 'lost' ? Math.max(0, Math.ceil((state.retryAt - now) / 1000)) : 0;
  const word = isLive ? 'Live' : state.kind === 'connecting' ? 'Connecting' : 'Stale';
  return (
    <div class={'live ' + word.toLowerCase()}>
      <span role="status"><span class="dot" aria-hidden="true" />{word}{word === 'Stale' && ': the server is not heard'}</span>
      {heard && <span class="as-of">as of {heard}</span>}
      {isSimulated() && <span class="sim" title={'Simulated clock: ' + exactUtc(hostNow())}>simulated, {onDateTime(hostNow())}</span>}
      {state.kind === 'lost' && (
        <button type="button" class="quiet" onClick={() => stream.connect()}>
          {wait > 0 ? `Again in ${wait} s, or now` : 'Trying…'}
        </button>)}
    </div>
  );
}
