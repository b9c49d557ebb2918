/**
 * One step of the masked-language model on flat memory: look rows up, run the graph forward and backward, add the lookup's part to
 * the tied word table's gradient, update. Pretraining, `verify` and Fisher information go through this file; `trainer.ts` is its
 * neighbour for classifiers.
 */
import { gradientName, type Bindings, type Engine, type Program } from '@layerwise/engine';
import {
  maskedBindings,
  maskedLanguageProgram,
  maskedScoreProgram,
  packingBindings,
  ROWS,
  type PackedBatch,
} from '@layerwise/model';
import { clipFactor } from '@layerwise/optimizers';
import type { TrainingState, UpdateSettings } from './trainer.js';
import { bindings } from './weights.js';

/** A batch of which some tokens are to be told from the others. */
export interface MaskedBatch {
  /** As the model sees it: with [MASK] or other words in the scored places. */
  readonly packed: PackedBatch;
  /** Packed rows that are scored, each at most once. */
  readonly rows: ArrayLike<number>;
  /** The right token of each scored row. */
  readonly ids: ArrayLike<number>;
}

export interface MaskedTrainer {
  /** Mean loss of the scored rows; its gradients lie in `gradients()` afterwards, the tied table's whole. */
  backward(batch: MaskedBatch): Promise<number>;
  gradients(): Float32Array;
  /** Moves the weights by the gradients there, which are spent afterwards. */
  update(settings: UpdateSettings): void;
  dispose(): Promise<void>;
}

/**
 * Compiles loss and gradients on `state`, whose plan holds the whole vocabulary and `maskedLanguageHead`.
 * @throws RangeError where the plan's word table is but a part of the vocabulary, or the head is missing.
 */
export async function createMaskedTrainer(
  engine: Engine,
  threads: number,
  state: TrainingState,
): Promise<MaskedTrainer> {
  const { plan, parameters, gradients, optimizer, lookup } = state;
  const executable = await compiled(engine, threads, state, maskedLanguageProgram(plan.config), (names) =>
    bindings(plan.layout, gradients.floats, names, gradientName),
  );
  return {
    async backward(batch) {
      lookup.clear(gradients.floats);
      const rows = lookup.gather(batch.packed, parameters.floats);
      const shape = [batch.packed.tokens, plan.config.hiddenSize];
      const results = await executable.run(batch, rows, {
        [gradientName(ROWS)]: { data: lookup.rowGradients(), shape },
      });
      // The session has written the decoder's part over the whole table; the lookup's is added to it.
      lookup.scatter(gradients.floats);
      return results['loss']?.[0] ?? Number.NaN;
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

/** Mean loss of scored rows, and the share of them whose likeliest word is the right one. */
export interface MaskedScore {
  readonly loss: number;
  readonly accuracy: number;
}

export interface MaskedScorer {
  score(batch: MaskedBatch): Promise<MaskedScore>;
  dispose(): Promise<void>;
}

/** Compiles the forward pass alone on `state`, which is as `createMaskedTrainer` takes it. */
export async function createMaskedScorer(
  engine: Engine,
  threads: number,
  state: TrainingState,
): Promise<MaskedScorer> {
  const { plan, parameters, gradients, lookup } = state;
  const executable = await compiled(engine, threads, state, maskedScoreProgram(plan.config), () => ({}));
  return {
    async score(batch) {
      lookup.clear(gradients.floats);
      const results = await executable.run(batch, lookup.gather(batch.packed, parameters.floats), {});
      return {
        loss: results['loss']?.[0] ?? Number.NaN,
        accuracy: results['accuracy']?.[0] ?? Number.NaN,
      };
    },
    dispose: () => executable.dispose(),
  };
}

interface Compiled {
  run(batch: MaskedBatch, rows: Float32Array, into: Bindings): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

async function compiled(
  engine: Engine,
  threads: number,
  { plan, parameters }: TrainingState,
  program: Program,
  fixedResults: (names: readonly string[]) => Bindings,
): Promise<Compiled> {
  const { hiddenSize, vocabularySize } = plan.config;
  if (plan.vocabulary.size !== vocabularySize)
    throw new RangeError('the masked-language model needs the whole vocabulary');
  const names = program.parameters.map((parameter) => parameter.name);
  const executable = await engine.compile(program, {
    fixedFeeds: bindings(plan.layout, parameters.floats, names),
    fixedResults: fixedResults(names),
    threads,
  });
  return {
    run: ({ packed, rows, ids }, looked, into) =>
      executable.run(
        {
          ...packingBindings(packed),
          ...maskedBindings(rows, ids, packed.tokens, vocabularySize),
          [ROWS]: { data: looked, shape: [packed.tokens, hiddenSize] },
        },
        into,
      ),
    dispose: () => executable.dispose(),
  };
}
