/**
 * One step of the masked-language model on flat memory: look rows up, run the graph forward and backward, add
 * the lookup's part to the tied word table's gradient, update. Pretraining, `verify` and Fisher information
 * go through this file; `trainer.ts` is its neighbour for classifiers.
 */
import { gradientName, type Bindings, type Engine, type Program } from '@layerwise/engine';
import {
  maskedBindings,
  maskedLanguageProgram,
  maskedScoreProgram,
  packingBindings,
  ROWS,
  taughtLanguageProgram,
  taughtScoreProgram,
  teacherBindings,
  type PackedBatch,
  type TeachingWeights,
} from '@layerwise/model';
import { clipFactor } from '@layerwise/optimizers';
import type { UpdateSettings } from './trainer.js';
import type { TrainingState } from './training-state.js';
import { compileOn } from '../weights/weights.js';

/** A batch of which some tokens are to be told from the others. */
export interface MaskedBatch {
  /** As the model sees it: with [MASK] or other words in the scored places. */
  readonly packed: PackedBatch;
  /** Packed rows that are scored, each at most once. */
  readonly rows: ArrayLike<number>;
  /** The right token of each scored row. */
  readonly ids: ArrayLike<number>;
  /** What each scored row counts; alike where it is left out. */
  readonly weights?: Float32Array;
}

/**
 * A batch whose scored rows begin with the first row of every text, and what a teacher makes of those texts.
 */
export interface TaughtBatch extends MaskedBatch {
  /** [texts, size], each of length 1. */
  readonly teacher: Float32Array;
}

export interface MaskedTrainer<Batch extends MaskedBatch = MaskedBatch> {
  /** The loss; its gradients lie in `gradients()` afterwards, the tied table's whole. */
  backward(batch: Batch): Promise<number>;
  gradients(): Float32Array;
  /** Moves the weights by the gradients there, which are spent afterwards. */
  update(settings: UpdateSettings): void;
  dispose(): Promise<void>;
}

/**
 * Compiles mean loss of the scored rows and its gradients on `state`, whose plan holds the whole vocabulary
 * and `maskedLanguageHead`.
 * @throws RangeError where the plan's word table is but a part of the vocabulary, or the head is missing.
 */
export async function createMaskedTrainer(engine: Engine, state: TrainingState): Promise<MaskedTrainer> {
  const run = await compiled(engine, state, maskedLanguageProgram(state.plan.config));
  return trainerOf(state, run, () => ({}));
}

/**
 * The same under a teacher whose vectors have `size` numbers (`taught-language.ts` of model); the plan holds
 * `teacherProjection`, too.
 * @throws as `createMaskedTrainer`
 */
export async function createTaughtTrainer(
  engine: Engine,
  state: TrainingState,
  size: number,
  weights: TeachingWeights,
): Promise<MaskedTrainer<TaughtBatch>> {
  const program = taughtLanguageProgram(state.plan.config, size, weights);
  const run = await compiled(engine, state, program);
  return trainerOf(state, run, ({ teacher, packed, rows }: TaughtBatch) =>
    teacherBindings(teacher, packed.texts, rows.length),
  );
}

function trainerOf<Batch extends MaskedBatch>(
  { plan, parameters, gradients, optimizer, lookup }: TrainingState,
  executable: Awaited<ReturnType<typeof compiled>>,
  furtherFeeds: (batch: Batch) => Bindings,
): MaskedTrainer<Batch> {
  return {
    async backward(batch) {
      lookup.clear(gradients.floats);
      const rows = lookup.gather(batch.packed, parameters.floats);
      const shape = [batch.packed.tokens, plan.config.hiddenSize];
      const into = { [gradientName(ROWS)]: { data: lookup.rowGradients(), shape } };
      const results = await executable.run(batch, { rows, further: furtherFeeds(batch), into });
      // The session has written the decoder's part over the whole table; the lookup's is added to it.
      lookup.scatter(gradients.floats);
      return results['loss']![0]!;
    },
    gradients: () => gradients.floats,
    update({ step, rates, clipNorm }) {
      const gradientScale = clipNorm === null ? 1 : clipFactor(optimizer.gradientNorm(rates), clipNorm);
      optimizer.update({ step, rates, gradientScale });
      lookup.clear(gradients.floats);
    },
    dispose: () => {
      lookup.clear(gradients.floats);
      return executable.dispose();
    },
  };
}

export interface MaskedScorer {
  /** Mean loss of scored rows, and the share of them whose likeliest word is the right one. */
  score(batch: MaskedBatch): Promise<{ readonly loss: number; readonly accuracy: number }>;
  dispose(): Promise<void>;
}

/** Compiles the forward pass alone on `state`, which is as `createMaskedTrainer` takes it. */
export async function createMaskedScorer(engine: Engine, state: TrainingState): Promise<MaskedScorer> {
  const forward = await forwardOf(engine, state, maskedScoreProgram(state.plan.config));
  return {
    async score(batch) {
      const results = await forward.run(batch, {});
      return {
        loss: results['loss']![0]!,
        accuracy: results['accuracy']![0]!,
      };
    },
    dispose: () => forward.dispose(),
  };
}

/** How near the projected first states of a batch point to the teacher's vectors. */
export interface TaughtScorer {
  /** Mean cosine over the batch's texts. */
  cosine(batch: TaughtBatch): Promise<number>;
  dispose(): Promise<void>;
}

/** Compiles the forward pass alone on `state`, which is as `createTaughtTrainer` takes it. */
export async function createTaughtScorer(
  engine: Engine,
  state: TrainingState,
  size: number,
): Promise<TaughtScorer> {
  const forward = await forwardOf(engine, state, taughtScoreProgram(state.plan.config, size));
  return {
    async cosine(batch) {
      const { teacher, packed, rows } = batch;
      const results = await forward.run(batch, teacherBindings(teacher, packed.texts, rows.length));
      return results['cosine']![0]!;
    },
    dispose: () => forward.dispose(),
  };
}

/** A program without gradients on batches whose rows are looked up now. */
async function forwardOf(engine: Engine, state: TrainingState, program: Program) {
  const { parameters, gradients, lookup } = state;
  const executable = await compiled(engine, state, program);
  return {
    run(batch: MaskedBatch, further: Bindings) {
      lookup.clear(gradients.floats);
      const rows = lookup.gather(batch.packed, parameters.floats);
      return executable.run(batch, { rows, further, into: {} });
    },
    dispose: () => executable.dispose(),
  };
}

interface Run {
  /** The batch's looked-up embeddings [tokens, h]. */
  readonly rows: Float32Array;
  readonly further: Bindings;
  readonly into: Bindings;
}

async function compiled(engine: Engine, { plan, parameters, gradients }: TrainingState, program: Program) {
  const { hiddenSize, vocabularySize } = plan.config;
  if (plan.vocabulary.size !== vocabularySize)
    throw new RangeError('the masked-language model needs the whole vocabulary');
  const executable = await compileOn(engine, program, plan.layout, parameters.floats, gradients.floats);
  return {
    run({ packed, rows, ids, weights }: MaskedBatch, { rows: looked, further, into }: Run) {
      const feeds = {
        ...packingBindings(plan.config, packed),
        ...maskedBindings(rows, ids, packed.tokens, vocabularySize, weights),
        ...further,
        [ROWS]: { data: looked, shape: [packed.tokens, hiddenSize] },
      };
      return executable.run(feeds, into);
    },
    dispose: () => executable.dispose(),
  };
}
