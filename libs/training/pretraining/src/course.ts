/**
 * What one step of pretraining does: masked stretches of text, or, under a teacher, masked sentences and the
 * vectors that it makes of them. `pretrain.ts` runs either alike.
 */
import type { Engine } from '@layerwise/engine';
import {
  createMaskedScorer,
  createMaskedTrainer,
  createTaughtScorer,
  createTaughtTrainer,
  stepRows,
  type MaskedBatch,
  type MaskedTrainer,
  type TaughtBatch,
  type UpdateSettings,
} from '@layerwise/finetune';
import { mixedSeed } from '@layerwise/statistics';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { heldOutBatches, scoreHeldOut, scoreLesson, type HeldOutScore } from './evaluate.js';
import { taughtBatch, type Lesson } from './lesson.js';
import { maskSequences } from './masking.js';
import type { PreparedPretraining } from './prepare.js';
import type { PretrainingSettings, TeachingSettings } from './settings.js';
import { sequences } from './token-stream.js';

/** The batch of a step, ready to be run. */
export interface CourseStep {
  readonly tokens: number;
  /** The loss; gradients lie in the state afterwards. */
  backward(): Promise<number>;
}

export interface Course {
  /** The batch of any step: a function of the seed and the step. */
  step(step: number): CourseStep;
  update(settings: UpdateSettings): void;
  evaluate(): Promise<HeldOutScore>;
  dispose(): Promise<void>;
}

/** Compiles what the settings ask for on `run.state`. */
export async function startCourse(
  engine: Engine,
  run: PreparedPretraining,
  settings: PretrainingSettings,
): Promise<Course> {
  const { state, lesson } = run;
  const { length, batch } = settings;
  const scorer = await createMaskedScorer(engine, state);
  const held = heldOutBatches(run, length, batch);
  const taught = lesson && settings.teaching;
  const training = taught
    ? await taughtCourse(engine, run, lesson, settings, taught)
    : await maskedCourse(engine, run, settings);
  return {
    ...training,
    evaluate: async () => ({ ...(await scoreHeldOut(scorer, held)), cosine: await training.heldOutCosine() }),
    async dispose() {
      await training.dispose();
      await scorer.dispose();
    },
  };
}

interface Training extends Omit<Course, 'evaluate'> {
  /** NaN without a teacher. */
  heldOutCosine(): Promise<number>;
}

/** An epoch begins a sequence at every sentence once, in random order. */
async function maskedCourse(
  engine: Engine,
  { state, streams: { training }, frame, rule }: PreparedPretraining,
  { seed, batch, length, pairShare }: PretrainingSettings,
): Promise<Training> {
  const trainer = await createMaskedTrainer(engine, state);
  const { starts } = training;
  const rowsOf = stepRows(seed, PHASE, starts.length, Math.min(batch, starts.length));
  const batchOf = (step: number): MaskedBatch => {
    const generator = mersenne(mixedSeed([seed, CUTS, step]));
    const stretches = Array.from(rowsOf(step), (row) => {
      const isPair = uniformFloat64(generator) < pairShare;
      const third = Math.floor(length / 3);
      return { start: starts[row]!, cut: isPair ? uniformInt(generator, third, 2 * third) : null };
    });
    return maskSequences(sequences(training, stretches, length, frame), rule, [seed, MASKS, step]);
  };
  return { ...stepsOf(trainer, batchOf), heldOutCosine: () => Promise.resolve(Number.NaN) };
}

/** An epoch takes every sentence once, in random order. */
async function taughtCourse(
  engine: Engine,
  { state, rule }: PreparedPretraining,
  { size, training, heldOut }: Lesson,
  { seed, batch }: PretrainingSettings,
  weights: TeachingSettings,
): Promise<Training> {
  const trainer = await createTaughtTrainer(engine, state, size, weights);
  const scorer = await createTaughtScorer(engine, state, size);
  const count = training.tokens.offsets.length - 1;
  const rowsOf = stepRows(seed, PHASE, count, Math.min(batch, count));
  const batchOf = (step: number): TaughtBatch =>
    taughtBatch(training, Int32Array.from(rowsOf(step)), size, rule, [seed, MASKS, step]);
  return {
    ...stepsOf(trainer, batchOf),
    heldOutCosine: () => scoreLesson(scorer, heldOut, size, batch),
    async dispose() {
      await trainer.dispose();
      await scorer.dispose();
    },
  };
}

function stepsOf<Batch extends MaskedBatch>(
  trainer: MaskedTrainer<Batch>,
  batchOf: (step: number) => Batch,
): Omit<Course, 'evaluate'> {
  return {
    step(step) {
      const batch = batchOf(step);
      return { tokens: batch.packed.tokens, backward: () => trainer.backward(batch) };
    },
    update: (settings) => {
      trainer.update(settings);
    },
    dispose: () => trainer.dispose(),
  };
}

/** Pretraining has one phase. */
const PHASE = 0;

/** What random numbers of a step are for: each has a stream of its own. */
const [MASKS, CUTS] = [1, 2];
