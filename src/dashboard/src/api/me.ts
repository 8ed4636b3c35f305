// Who sits here. Chosen once and remembered; what is done is recorded under this name, for there are no credentials yet.
const KEY = 'healthgrains.me';

let name = remembered();
const listeners = new Set<() => void>();

// Storage may be switched off; then the choice lasts as long as the page.
function remembered(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

/** The name; empty while nobody has said. */
export const me = (): string => name;

export function setMe(to: string): void {
  name = to;
  try {
    localStorage.setItem(KEY, to);
  } catch {
    // As above.
  }
  for (const listener of listeners) listener();
}

export function onMe(listener: () => void): () => void {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}
