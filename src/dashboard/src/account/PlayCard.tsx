import type { Play, Step } from '../api/deskTypes';
import { hostNow } from '../api/HostClock';
import { holdPlay, skipStep, stopPlay } from '../work/deeds';
import { distance } from '../work/times';
import { score, sentence } from '../words/format';
import { Time } from '../words/Time';

const KINDS: Record<Step['kind'], string> = {
  task: 'task', email: 'e-mail', inApp: 'in-app message', notice: 'notice to colleagues', brief: 'brief',
  approval: 'approval', wait: 'waits',
};
const MARKS: Record<Step['state'], string> = { waiting: '○', open: '◐', done: '●', skipped: '–' };

/** A play with its steps: what is done, what is open, what comes and when. */
export function PlayCard({ play, onDone }: { play: Play; onDone: () => void }) {
  const run = async (deed: Promise<Play | null>) => { if (await deed) onDone(); };
  return (
    <article class="play" aria-labelledby={'title-' + play.id}>
      <header>
        <h3 id={'title-' + play.id}>{play.title}</h3>
        <span class="state">{play.state}</span>
        {play.late && <strong class="late"><span aria-hidden="true">! </span>late</strong>}
        <span class="muted">for {play.owner ?? 'nobody'}, began{' '}
          <Time at={play.startedAt} as="ago" /> at a score of {score(play.scoreAtStart)}</span>
      </header>
      <p>{sentence(play.reason)}.</p>
      <ol class="steps">
        {play.steps.map(step => (
          <li key={step.id} class={step.state}>
            <span class="mark" aria-hidden="true">{MARKS[step.state]}</span>
            <div>
              <p><span class={step.state === 'skipped' ? 'muted' : ''}>{step.title}</span>
                <span class="muted"> · {KINDS[step.kind]} · {standing(step)}</span>
                {step.dueAt && <span class="muted"> {distance(Date.parse(step.dueAt), hostNow())}</span>}
                {step.endedAt && <span class="muted"> <Time at={step.endedAt} as="date" />{step.by && ` by ${step.by}`}</span>}</p>
              {(step.reason || step.notes) && <p class="muted">{[step.reason, step.notes].filter(Boolean).join('. ')}</p>}
              {step.text && <details><summary>{step.kind === 'brief' ? 'Read the brief' : 'Read it'}</summary>
                <p class="text">{step.text}</p></details>}
              {step.draft && step.state === 'open' &&
                <p><a href={'/review?draft=' + encodeURIComponent(step.draft)}>Review the draft</a></p>}
            </div>
            {(step.state === 'open' || step.state === 'waiting') && play.state !== 'ended' && (
              <button type="button" class="small" aria-label={`Leave out: ${step.title}`}
                 onClick={() => void run(skipStep(play, step))}>Leave out…</button>)}
          </li>))}
      </ol>
      {play.state !== 'ended' && (
        <div class="actions">
          <button type="button" class="small flush" onClick={() => void run(holdPlay(play))}>
            {play.state === 'paused' ? 'Go on' : 'Pause'}</button>
          <button type="button" class="small flush" onClick={() => void run(stopPlay(play))}>Stop…</button>
        </div>)}
    </article>
  );
}

const standing = (step: Step): string => step.state === 'done' ? step.outcome ?? 'done'
  : step.state === 'skipped' ? 'left out' : step.state === 'open' ? 'open now' : `day ${step.day}`;
