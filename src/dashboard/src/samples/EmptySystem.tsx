import { SampleMaker } from './SampleMaker';

/** What to do where there is nothing yet. */
export function EmptySystem({ onFilling, onFilled }: { onFilling: () => void; onFilled: () => void }) {
  const here = location.origin;
  const signal = '{"id":"evt-1","account":"acme","source":"usage","kind":"login","subject":"u-17"}';
  const profile = '{"name":"Acme","tier":"enterprise","arr":120000,"currency":"USD","owner":"Me"}';
  return (
    <>
      <h1>No account yet</h1>
      <section class="panel" aria-labelledby="first-title">
        <h2 id="first-title">Send the first signal</h2>
        <p>An account begins with the first signal that names it. This line makes one:</p>
        <pre tabIndex={0}>{`curl -s ${here}/v1/signals -H 'content-type: application/json' -d '${signal}'`}</pre>
        <p>Then say what it pays and who owns it:</p>
        <pre tabIndex={0}>{`curl -s -X PUT ${here}/v1/accounts/acme -H 'content-type: application/json' -d '${profile}'`}</pre>
        <p>It appears here within seconds. All routes: <a href="/openapi/v1.json" target="_blank" rel="noreferrer">/openapi/v1.json</a>.</p>
      </section>
      <section class="panel" aria-labelledby="sample-title">
        <h2 id="sample-title">Or look around first</h2>
        <SampleMaker onBegin={onFilling} onDone={onFilled} />
      </section>
    </>
  );
}
