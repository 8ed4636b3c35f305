import { useState } from 'preact/hooks';
import { setQuery } from '../shell/router';

const KEY = 'healthgrains.me';

// Storage may be switched off; then the choice lasts as long as the page.
function remembered(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

function remember(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // As above.
  }
}

/** One press shows one's own alerts, once the page was told whose those are. */
export function Mine({ owner }: { owner: string }) {
  const [me, setMe] = useState(remembered);
  if (owner && owner !== me) {
    return (
      <button type="button" onClick={() => {
        remember(owner);
        setMe(owner);
      }}>I am {owner}</button>
    );
  }
  if (!me) return <p class="muted">Name an owner to choose who you are; “Mine” is then one press.</p>;
  return (
    <button type="button" aria-pressed={owner === me} onClick={() => setQuery({ owner: owner === me ? null : me })}
      title={`Alerts of ${me}'s accounts`}>Mine</button>
  );
}
