import { useState } from 'preact/hooks';
import { post, problemOf, put, type Problem } from '../api/client';
import { hostNow } from '../api/HostClock';
import type { Receipt } from '../api/types';
import { ProblemNotice } from '../shell/States';
import { count } from '../words/format';
import { makeSamples, SAMPLE_DAYS, signalsOfSample } from './sampleAccounts';

const ACCOUNTS = 36;
const SEED = 20261121;

interface Progress { done: number; signals: number; refused: number }

/** Makes accounts up in the page and sends them the way any system would. */
export function SampleMaker({ onBegin, onDone }: { onBegin: () => void; onDone: () => void }) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const run = async () => {
    setProblem(null);
    onBegin();
    let [signals, refused] = [0, 0];
    setProgress({ done: 0, signals, refused });
    const now = hostNow();
    try {
      for (const [n, sample] of makeSamples(ACCOUNTS, now, SEED).entries()) {
        await put('/v1/accounts/' + sample.id, sample.profile);
        const receipt = await post<Receipt>('/v1/signals', signalsOfSample(sample, now, SEED));
        signals += receipt.accepted + receipt.duplicates;
        refused += receipt.rejected + receipt.held;
        setProgress({ done: n + 1, signals, refused });
      }
      if (refused === 0) onDone();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };

  const isRunning = progress !== null && progress.done < ACCOUNTS && !problem;
  return (
    <>
      <p>
        Make up {ACCOUNTS} accounts with {SAMPLE_DAYS} days of signals and send them through the public API. Their ids begin
        with <code>sample-</code>; <code>DELETE /v1/accounts/sample-01</code> erases one.
      </p>
      <p><button type="button" class="primary" disabled={isRunning} onClick={() => void run()}>
        {isRunning ? 'Sending…' : problem ? 'Go on' : 'Make up sample accounts'}</button></p>
      {progress && (
        <p>
          <progress class="progress" max={ACCOUNTS} value={progress.done} aria-label="Sample accounts sent" />
          {progress.done} of {ACCOUNTS} accounts, {count(progress.signals)} signals taken
          {progress.refused > 0 && `, ${count(progress.refused)} refused: the server's log says why`}.
        </p>)}
      {progress?.done === ACCOUNTS && progress.refused > 0 && <button type="button" onClick={onDone}>Show the portfolio</button>}
      {problem && <ProblemNotice problem={problem} heading="h3" />}
    </>
  );
}
