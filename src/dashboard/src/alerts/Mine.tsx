import { setMe } from '../api/me';
import { setQuery } from '../shell/router';
import { useMe } from '../work/useMe';

/** One press shows one's own alerts, once the page was told whose those are. */
export function Mine({ owner }: { owner: string }) {
  const me = useMe();
  if (owner && owner !== me) return <button type="button" onClick={() => setMe(owner)}>I am {owner}</button>;
  if (!me) return <p class="muted">Name an owner to choose who you are; “Mine” is then one press.</p>;
  return (
    <button type="button" aria-pressed={owner === me} onClick={() => setQuery({ owner: owner === me ? null : me })}
      title={`Alerts of ${me}'s accounts`}>Mine</button>
  );
}
