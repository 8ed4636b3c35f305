import type { Band, DeclineState } from '../api/types';

const WORDS: Record<Band, string> = { red: 'Red', yellow: 'Yellow', green: 'Green' };

/** A band, by its word and its shape beside its colour. */
export function BandMark({ band }: { band: Band }) {
  return <span class={'band ' + band}><Shape band={band} />{WORDS[band]}</span>;
}

function Shape({ band }: { band: Band }) {
  return (
    <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" focusable="false">
      {band === 'green' && <circle cx="5" cy="5" r="4.5" />}
      {band === 'yellow' && <path d="M5 .5 9.8 9.5H.2z" />}
      {band === 'red' && <path d="M5 0 10 5 5 10 0 5z" />}
    </svg>
  );
}

const ARROWS: Record<DeclineState, string> = { steady: '→', improving: '↗', declining: '↘', accelerating: '⇊' };

export function Trend({ state }: { state: DeclineState }) {
  return <span class={'trend ' + state}><span aria-hidden="true">{ARROWS[state]}</span> {state}</span>;
}
