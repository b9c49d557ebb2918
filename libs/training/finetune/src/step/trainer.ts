/**
 * One training step: pack a batch, look its embeddings up, fill dropout masks, run the graph forward and
 * backward, add the embeddings' gradients up, update. `finetune`, `verify` and `bench step` all train through
 * this file.
 */
import {
  dropoutKey,
  gradientName,
  loadDropout,
  viewOf,
  type Bindings,
  type Engine,
  type Executable,
} from '@layerwise/engine';
import {
  packingBindings,
  ROWS,
  smartProgram,
  trainingProgram,
  type ClassifierOptions,
  type DropoutSite,
} from '@layerwise/model';
import { clipFactor, type Pull, type Rates } from '@layerwise/optimizers';
import { dropoutMasks } from './dropout-masks.js';
import type { Smart } from '../methods/method.js';
import { createSmartFeeds, type SmartFeeds } from '../methods/smart-step.js';
import { cohorts } from '../methods/unfreezing.js';
import { compileOn } from '../weights/weights.js';
import type { Randomness, TrainingBatch, TrainingState } from './training-state.js';

export interface UpdateSettings {
  /** From 1 within the phase: Adam's bias correction. */
  readonly step: number;
  /** Rate of each group, the schedule's factor included. */
  readonly rates: Rates;
  /**
   * Step of the phase, from 0, at which each group began to train (`unfreezing.ts`); absent or null: all at
   * 0.
   */
  readonly joined?: readonly (number | null)[] | null;
  readonly clipNorm: number | null;
  /** Of the run's penalties; within what is clipped, as the loss holds it. */
  readonly pull?: Pull | null;
}

export interface Trainer {
  /**
   * Loss of `batches` (one, or several to accumulate); their summed gradients lie in `gradients()`
   * afterwards.
   */
  backward(batches: Iterable<TrainingBatch>, randomness: Randomness): Promise<number>;
  gradients(): Float32Array;
  /** Moves the weights by the gradients there, which are spent afterwards. */
  update(settings: UpdateSettings): void;
  dispose(): Promise<void>;
}

/** One step: the loss before the update. A loss that is not finite changes no weight. */
export async function trainStep(
  trainer: Trainer,
  batches: Iterable<TrainingBatch>,
  randomness: Randomness,
  settings: UpdateSettings,
): Promise<number> {
  const loss = await trainer.backward(batches, randomness);
  if (Number.isFinite(loss)) trainer.update(settings);
  return loss;
}

export interface TrainerOptions {
  readonly engine: Engine;
  readonly state: TrainingState;
  /** Heads whose programs are compiled; a batch says through which one it goes. */
  readonly heads: readonly ClassifierOptions[];
  /** Where dropout is; absent: nowhere. */
  readonly sites?: readonly DropoutSite[];
  /** SMART's loss in place of the plain one. */
  readonly smart?: Smart | null;
  /**
   * Whether a tensor of flat memory is trained; absent: all are. The gradient of one that is not stays zero,
   * and neither it nor what lies below the lowest that is trained is computed.
   */
  readonly isTrained?: (name: string) => boolean;
}

/** Compiles the training programs of one or several heads on `state`. */
export async function createTrainer({
  engine,
  state,
  heads,
  sites = [],
  smart = null,
  isTrained = () => true,
}: TrainerOptions): Promise<Trainer> {
  const { plan, parameters, gradients, optimizer, accumulator, lookup, masks, memory } = state;
  const tables: (string | null)[] = Object.values(plan.config.architecture.tables);
  const trainsTables = tables.some((name) => name !== null && isTrained(name));
  const compiled: { executable: Executable; own: Float32Array[]; smartFeeds: SmartFeeds | null }[] = [];
  for (const options of heads) {
    const whole = smart ? smartProgram(options, sites, smart) : trainingProgram(options, sites);
    const gradientsOf = whole.gradientsOf.filter((name) => (name === ROWS ? trainsTables : isTrained(name)));
    const program = { ...whole, gradientsOf };
    const executable = await compileOn(engine, program, plan.layout, parameters.floats, gradients.floats);
    const own = options.head.tensors.map(({ name }) => viewOf(gradients.floats, plan.layout, name));
    const smartFeeds = smart && (await createSmartFeeds({ engine, state, head: options, sites, smart }));
    compiled.push({ executable, own, smartFeeds });
  }
  const fillMask = loadDropout(memory);

  const forwardBackward = async (
    batch: TrainingBatch,
    randomness: Randomness,
    part: number,
  ): Promise<number> => {
    const { packed, head = 0 } = batch;
    const program = compiled[head];
    if (!program) throw new RangeError(`head ${head} of a trainer of ${heads.length}`);
    // The other heads have no part in this batch, and what an earlier one left as their gradient would be
    // added again.
    if (heads.length > 1) for (const { own } of compiled) for (const gradient of own) gradient.fill(0);
    const rowShape = [packed.tokens, plan.config.hiddenSize];
    const inputs: Bindings = {
      ...packingBindings(plan.config, packed),
      ...dropoutMasks(masks.floats, sites, packed, (mask, rate, place) => {
        fillMask(mask, rate, dropoutKey({ ...randomness, place: part * sites.length + place }));
      }),
    };
    const added = await program.smartFeeds?.of(batch, inputs, randomness, part);
    const feeds: Bindings = {
      ...inputs,
      ...added,
      [ROWS]: { data: lookup.gather(packed, parameters.floats), shape: rowShape },
      targets: { data: batch.targets, shape: [packed.texts, batch.labels] },
    };
    const results = await program.executable.run(feeds, {
      [gradientName(ROWS)]: { data: lookup.rowGradients(), shape: rowShape },
    });
    if (trainsTables) lookup.scatter(gradients.floats);
    return results['loss']![0]!;
  };

  const summed = accumulator?.sum ?? gradients;
  return {
    async backward(batches, randomness) {
      let loss = 0;
      let part = 0;
      accumulator?.clear();
      for (const batch of batches) {
        if (part > 0 && !accumulator) throw new RangeError('several batches a step need an accumulator');
        lookup.clear(gradients.floats);
        loss += await forwardBackward(batch, randomness, part++);
        accumulator?.add();
      }
      return loss;
    },
    gradients: () => summed.floats,
    update({ step, rates, joined = null, clipNorm, pull = null }) {
      const gradientScale = clipNorm === null ? 1 : clipFactor(optimizer.gradientNorm(rates, pull), clipNorm);
      for (const cohort of cohorts(rates, joined))
        optimizer.update({ step: step - cohort.joined, rates: cohort.rates, gradientScale, pull });
      lookup.clear(gradients.floats);
    },
    async dispose() {
      lookup.clear(gradients.floats);
      for (const { executable, smartFeeds } of compiled) {
        await executable.dispose();
        await smartFeeds?.dispose();
      }
    },
  };
}
