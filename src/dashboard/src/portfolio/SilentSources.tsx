import { useEffect } from 'preact/hooks';
import { stream } from '../api/ChangeStream';
import type { Sources } from '../api/types';
import { useResource } from '../api/useResource';
import { Time } from '../words/Time';

/** A connection that broke for all accounts, on top of everything: what the others say about silence is not so. */
export function SilentSources() {
  const { data, reload } = useResource<Sources>('/v1/sources');
  useEffect(() => {
    const stops = [stream.watchSources(reload), stream.watch(() => undefined, reload)];
    return () => stops.forEach(stop => stop());
  }, [reload]);
  return (
    <>
      {data?.items.map(source => source.alert && (
        <section key={source.source} class="notice failed" role="alert" data-source={source.source}>
          <h2>{source.alert.reason}</h2>
          <p>{source.alert.suggestedApproach} <span class="muted">Found <Time at={source.alert.raisedAt} as="ago" />.</span></p>
        </section>))}
    </>
  );
}
