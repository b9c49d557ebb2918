/**
 * The pull of a run's penalties in one phase, made when the phase begins or goes on. What an earlier phase
 * left that cannot be made again, the weights after phase 1 and the Fisher information there, is kept in a
 * file of the run's folder, so that a continued run has the same bits.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists, InputError } from '@layerwise/errors';
import { openSafetensors, writeSafetensors } from '@layerwise/model';
import type { Pull } from '@layerwise/optimizers';
import { epochOrder } from '../batches/batch-order.js';
import { fisherOfClassifier, type FisherProgress } from './fisher.js';
import type { FisherOptions } from './method.js';
import { fillPull, overshootOf, penaltiesIn, type AfterOriginal } from './penalty.js';
import type { Training } from '../phases/phase.js';
import { flatRates } from '../weights/flat-groups.js';
import { createTrainer } from '../step/trainer.js';

/** In the folder of a run: weights and Fisher information after phase 1. */
export const AFTER_ORIGINAL_FILE = 'after-original.safetensors';

export interface PullOptions extends FisherProgress {
  /** The run's: where the file lies. */
  readonly folder: string;
  /** Of the run, or of what else decides the weights after phase 1. */
  readonly fingerprint: string;
  /** Told in a sentence what makes a penalty doubtful. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** Above this share of weights with rate · λ · F > 1 a penalty is warned of. */
const OVERSHOOTING = 0.001;

/**
 * The pull in phase `phase`, counted from 0, of which `step` steps are done; null where nothing pulls.
 * @throws the signal's reason soon after it was aborted; InputError where a file that is needed is missing or
 * damaged
 */
export async function pullOfPhase(
  training: Training,
  phase: number,
  step: number,
  options: PullOptions,
): Promise<Pull | null> {
  const { run, settings } = training;
  const { state } = run;
  const penalties = penaltiesIn(phase, settings.method);
  if (state.pull === null || penalties.length === 0) return null;
  const fisher = penalties.flatMap((penalty) => (penalty.anchor === 'original' ? [penalty.fisher] : []))[0];
  let after: AfterOriginal | null = null;
  if (fisher !== undefined) {
    // Before the first step the weights are those after phase 1, and everything follows from them.
    after = step > 0 ? readAfterOriginal(options) : await takeAfterOriginal(training, phase, fisher, options);
  }
  const pull = fillPull(state.pull, penalties, state.plan, run.encoder.tensors, after);
  const trained = run.sequence.map((_, place) => place === phase);
  const { share, largest } = overshootOf(pull, flatRates(settings.rates, trained), state.plan.layout);
  if (share > OVERSHOOTING)
    options.onWarning?.(
      `in phase ${phase + 1} rate · λ · F is above 1 for ${(100 * share).toFixed(1)} % of the weights (${largest.toExponential(1)} at most): ` +
        'plain gradient steps would jump past the anchor there; a smaller λ or rate would not.',
    );
  return pull;
}

/** Removes what `pullOfPhase` kept. */
export async function removeAfterOriginal(folder: string): Promise<void> {
  await rm(join(folder, AFTER_ORIGINAL_FILE), { force: true });
}

/**
 * Takes D_o's Fisher information at the weights as they are, and keeps both. Of a longer sequence it is the
 * sum of those of all earlier tasks, taken anew before each phase.
 */
async function takeAfterOriginal(
  { engine, run: { state, sequence }, settings: { seed } }: Training,
  phase: number,
  { texts, batch }: FisherOptions,
  options: PullOptions,
): Promise<AfterOriginal> {
  const sum = state.pull?.coefficients;
  if (!sum) throw new RangeError('a penalty anchored after phase 1 needs a coefficient a weight');
  const fisher = new Float32Array(sum.length);
  const { signal, onTexts } = options;
  for (const [place, { task, train, program }] of sequence.slice(0, phase).entries()) {
    const labels = task.train.label;
    const rows = epochOrder(seed, place, 0, labels.length).subarray(0, texts);
    const trainer = await createTrainer({ engine, state, heads: [program] });
    try {
      const labelled = { tokens: train, labels, classes: program.labels };
      await fisherOfClassifier(state, trainer, labelled, { rows, sum, batch, signal, onTexts });
    } finally {
      await trainer.dispose();
    }
    sum.floats.forEach((value, i) => (fisher[i] = fisher[i]! + value));
  }
  const after = { weights: state.parameters.floats.slice(), fisher };
  const tensors = Object.entries(after).map(([name, data]) => ({ name, shape: [data.length], data }));
  await writeSafetensors(join(options.folder, AFTER_ORIGINAL_FILE), tensors, {
    metadata: { fingerprint: options.fingerprint },
  });
  return after;
}

function readAfterOriginal({ folder, fingerprint }: PullOptions): AfterOriginal {
  const file = join(folder, AFTER_ORIGINAL_FILE);
  const missing = `${file} is missing or another run's, and phase 2 cannot go on without the weights after phase 1; add --fresh to start over.`;
  if (!fileExists(file)) throw new InputError(missing);
  const stored = openSafetensors(file);
  if (stored.metadata['fingerprint'] !== fingerprint) throw new InputError(missing);
  return { weights: stored.readTensor('weights'), fisher: stored.readTensor('fisher') };
}
