/**
 * What SMART (Jiang et al. 2020; the programs are in `@layerwise/model`'s smart.ts) does to a batch before
 * its step, and to its earlier iterate after it. Before: a perturbation of the embedding rows is drawn and
 * made worse, and the earlier weights are asked for their logits, both under the dropout masks of the step.
 * After: the earlier weights follow, θ̃ ← θ̃ + (1 − β)(θ − θ̃).
 */
import {
  dropoutKey,
  gradientName,
  type Bindings,
  type Engine,
  type Executable,
  type Program,
} from '@layerwise/engine';
import {
  ascend,
  EARLIER_LOGITS,
  normalNoise,
  PERTURBATION,
  ROWS,
  smartAscentProgram,
  smartForwardProgram,
  TEXT_WEIGHTS,
  type ClassifierOptions,
  type DropoutSite,
} from '@layerwise/model';
import type { Smart } from './method.js';
import type { Randomness, TrainingBatch, TrainingState } from '../step/training-state.js';
import { compileOn } from '../weights/weights.js';

/** The settings of the paper's experiments (section 4.1), with λ and μ of 1. */
export const SMART: Smart = { smoothness: 1, radius: 1e-5, stepSize: 1e-3, ascents: 1, proximity: 1 };

export interface SmartFeeds {
  /**
   * What `smartProgram` is fed beside `inputs` (packing and masks). It uses the lookup: rows are gathered
   * anew afterwards.
   */
  of(batch: TrainingBatch, inputs: Bindings, randomness: Randomness, part: number): Promise<Bindings>;
  dispose(): Promise<void>;
}

/** Noise has places of its own among those of dropout masks. */
const NOISE_PLACE = 2 ** 32;

export interface SmartFeedsOptions {
  readonly engine: Engine;
  readonly state: TrainingState;
  readonly head: ClassifierOptions;
  readonly sites: readonly DropoutSite[];
  readonly smart: Smart;
}

/** Compiles for one head what comes before a step. */
export async function createSmartFeeds({
  engine,
  state: { plan, parameters, earlier, lookup },
  head,
  sites,
  smart: { smoothness, proximity, radius, stepSize, ascents },
}: SmartFeedsOptions): Promise<SmartFeeds> {
  const compile = (program: Program, weights: Float32Array) =>
    compileOn(engine, program, plan.layout, weights);
  const climb = smoothness > 0 ? await compile(smartAscentProgram(head, sites), parameters.floats) : null;
  const ask =
    proximity > 0 && earlier ? await compile(smartForwardProgram(head, sites), earlier.floats) : null;
  const width = plan.config.hiddenSize;

  const perturbed = async (
    climbing: Executable,
    { packed }: TrainingBatch,
    inputs: Bindings,
    shares: Bindings,
    noise: Float32Array,
  ): Promise<Bindings> => {
    const shape = [packed.tokens, width];
    const rows = { [ROWS]: { data: lookup.gather(packed, parameters.floats), shape } };
    const perturbation = { [PERTURBATION]: { data: noise, shape } };
    for (let time = 0; time < ascents; time++) {
      const results = await climbing.run({ ...inputs, ...rows, ...shares, ...perturbation }, {});
      ascend(noise, results[gradientName(PERTURBATION)]!, packed, { stepSize, radius });
    }
    return perturbation;
  };
  const asked = async (asking: Executable, batch: TrainingBatch, inputs: Bindings): Promise<Bindings> => {
    const { packed, labels } = batch;
    const data = lookup.gather(packed, earlier?.floats ?? parameters.floats);
    const results = await asking.run({ ...inputs, [ROWS]: { data, shape: [packed.tokens, width] } }, {});
    return { [EARLIER_LOGITS]: { data: results['logits']!, shape: [packed.texts, labels] } };
  };

  return {
    async of(batch, inputs, randomness, part) {
      const { packed, targets, labels } = batch;
      // A text counts in the divergences as it does in the cross-entropy.
      const share = (text: number): number =>
        targets.subarray(text * labels, (text + 1) * labels).reduce((sum, weight) => sum + weight, 0);
      const data = Float32Array.from({ length: packed.texts }, (_, text) => share(text));
      const shares: Bindings = climb || ask ? { [TEXT_WEIGHTS]: { data, shape: [packed.texts, 1] } } : {};
      const key = dropoutKey({ ...randomness, place: NOISE_PLACE + part });
      const noise = climb ? normalNoise(packed.tokens * width, radius, key) : new Float32Array(0);
      return {
        ...shares,
        ...(climb && (await perturbed(climb, batch, inputs, shares, noise))),
        ...(ask && (await asked(ask, batch, inputs))),
      };
    },
    async dispose() {
      await climb?.dispose();
      await ask?.dispose();
    },
  };
}

/** β at a step of a phase, as the paper has it: the earlier weights follow faster in the first tenth. */
export function momentumAt(step: number, steps: number): number {
  return step < 0.1 * steps ? 0.99 : 0.999;
}

/**
 * After a step: the earlier weights go a little of the way to those that there are now. Equal ones stay as
 * they are.
 */
export function follow(earlier: Float32Array, parameters: Float32Array, momentum: number): void {
  const share = 1 - momentum;
  for (let i = 0; i < earlier.length; i++) {
    const before = earlier[i]!;
    earlier[i] = before + share * (parameters[i]! - before);
  }
}
