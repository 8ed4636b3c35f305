import type { TimelineItem } from '../api/types';
import { Outside } from '../alerts/EvidenceLinks';
import { count } from '../words/format';
import { Time } from '../words/Time';

const SHOWN = 6;
const LONG = 200;

/** What the marks of the chart stand for, newest first. */
export function Events({ events }: { events: TimelineItem[] }) {
  if (events.length === 0) return <p class="muted">Nothing but the score moved in this time.</p>;
  const rest = events.slice(SHOWN);
  return (
    <section class="events" aria-labelledby="events">
      <h3 id="events">What happened</h3>
      <List events={events.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details>
          <summary>{count(rest.length)} more</summary>
          <List events={rest} />
        </details>)}
    </section>
  );
}

/** A note may be a page long: its beginning, and the rest on demand. */
function Detail({ text }: { text: string }) {
  if (text.length <= LONG) return <span class="muted text"> {text}</span>;
  return <details class="muted"><summary>{text.slice(0, LONG).replace(/\s+/g, ' ')}…</summary><p class="text">{text}</p></details>;
}

function List({ events }: { events: TimelineItem[] }) {
  return (
    <ol class="plain marks">
      {events.map(event => (
        <li key={event.at + event.kind + event.title} class={event.tone}>
          <Time at={event.at} />{' '}
          {event.link ? <a href={event.link}>{event.title}</a>
            : event.url?.startsWith('https://') ? <Outside url={event.url}>{event.title}</Outside>
            : <span class="title">{event.title}</span>}
          {event.detail && <Detail text={event.detail} />}
        </li>))}
    </ol>
  );
}
