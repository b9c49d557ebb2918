/**
 * One run of an objective, whose end is always a `RunEnd`: what it throws is a failure of this trial and a
 * reward that is no number is divergence. So that one bad set of values never ends a search. A full disk is
 * nobody's values' fault: the run is stopped, and says why. Workers and the inline executor run through here.
 */
import { isDiskFull } from '../journal/file-errors.js';
import type { Objective, RunContext, RunEnd, RunRequest } from './objective.js';

export interface FinishedRun {
  readonly end: RunEnd;
  readonly seconds: number;
}

/** @param onError told what was thrown, stack and all, for a log */
export async function runObjective(
  objective: Objective,
  request: RunRequest,
  context: RunContext,
  onError: (error: unknown) => void = () => undefined,
): Promise<FinishedRun> {
  const began = performance.now();
  let steps = 0;
  const counted: RunContext = {
    signal: context.signal,
    heartbeat: (done, total) => {
      steps = done;
      context.heartbeat(done, total);
    },
  };
  const ended = (end: RunEnd): FinishedRun => ({ end, seconds: (performance.now() - began) / 1000 });
  try {
    return ended(numbered(await objective(request, counted)));
  } catch (error) {
    if (context.signal.aborted && error instanceof Error && error.name === 'AbortError')
      return ended({ kind: 'stopped', steps });
    onError(error);
    if (isDiskFull(error)) return ended({ kind: 'stopped', steps, reason: sentenceOf(error) });
    return ended({ kind: 'failed', message: sentenceOf(error), steps });
  }
}

/** A measurement that is no number is divergence, whatever the objective calls it. */
function numbered(end: RunEnd): RunEnd {
  if (end.kind !== 'measured' || Number.isFinite(end.reward)) return end;
  return { kind: 'diverged', message: `the reward is ${end.reward}`, steps: end.steps };
}

function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim() === '' ? 'the objective failed without a word' : message;
}
