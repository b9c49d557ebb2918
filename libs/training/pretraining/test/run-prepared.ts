/** Runs a prepared pretraining to its end, or until it is stopped after some steps. */
import {
  pretrain,
  type PretrainEnd,
  type PreparedPretraining,
  type PretrainingSettings,
} from '../src/index.js';

export function runPrepared(
  run: PreparedPretraining,
  settings: PretrainingSettings,
  folder: string,
  { checkpointEvery = 0, stopAfter = Infinity } = {},
): Promise<PretrainEnd> {
  const stop = new AbortController();
  return pretrain(run, settings, {
    outputFolder: folder,
    checkpointEvery,
    signal: stop.signal,
    onStart: () => undefined,
    onStep: (step) => {
      if (step >= stopAfter) stop.abort();
    },
    onEvaluation: () => undefined,
  });
}
