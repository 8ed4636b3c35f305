import { setMe } from '../api/me';
import { usePeople } from './people';

/** Asked once: the page remembers who sits here. */
export function WhoAreYou({ onChosen }: { onChosen: (name: string) => void }) {
  const people = usePeople();
  return (
    <section class="notice" aria-labelledby="who">
      <h2 id="who">Who are you?</h2>
      <p>Your day, and the name under which what you do is recorded. This browser remembers it.</p>
      {people.length === 0 && <p class="muted">No account has an owner yet.</p>}
      <div class="people">
        {people.map((name, n) => (
          <button key={name} type="button" data-row data-search={n === 0} onClick={() => {
            setMe(name);
            onChosen(name);
          }}>{name}</button>))}
      </div>
    </section>
  );
}
