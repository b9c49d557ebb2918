/**
 * A model's weights in flat memory: the encoder (its word table reduced to the active vocabulary) and the
 * heads, laid out group after group so that one update call covers a group.
 */
import {
  gradientName,
  layOut,
  viewOf,
  type Bindings,
  type Engine,
  type Executable,
  type Layout,
  type NamedShape,
  type Program,
} from '@layerwise/engine';
import { checkWordRows, encoderTensors, type EncoderConfig, type Head } from '@layerwise/model';
import type { ActiveVocabulary } from './active-vocabulary.js';

/** The tensors to be laid out, each with the index of its group. */
export interface WeightPlan {
  readonly config: EncoderConfig;
  readonly vocabulary: ActiveVocabulary;
  readonly layout: Layout;
}

/** @param groupOf the group of every tensor, heads included, by its canonical name */
export function planWeights(
  config: EncoderConfig,
  vocabulary: ActiveVocabulary,
  groupOf: (name: string) => number,
  heads: readonly Pick<Head, 'tensors'>[],
): WeightPlan {
  const { words } = config.architecture.tables;
  const encoder = encoderTensors(config).map(({ name, shape }): NamedShape => {
    const stored = name === words ? [vocabulary.size, ...shape.slice(1)] : shape;
    return { name, shape: stored, group: groupOf(name) };
  });
  const headTensors = heads.flatMap(({ tensors }) =>
    tensors.map((tensor) => ({ ...tensor, group: groupOf(tensor.name) })),
  );
  // Sorting is stable: within a group tensors stay in the order of the computation.
  const layout = layOut([...encoder, ...headTensors].sort((a, b) => a.group - b.group));
  return { config, vocabulary, layout };
}

/** Where encoder weights come from: an encoder folder's tensors, by canonical name. */
export interface WeightSource {
  /** For messages. */
  readonly file: string;
  readTensor(name: string): Float32Array;
  readInto(name: string, target: Float32Array): void;
}

/**
 * Fills the encoder's part of `parameters` from `source`, picking the active rows of the word table.
 * @returns what has to be said of the other rows: that they are not finite
 * @throws InputError where an active row is not
 */
export function loadEncoder(
  { config, vocabulary, layout }: WeightPlan,
  source: WeightSource,
  parameters: Float32Array,
): readonly string[] {
  const { words } = config.architecture.tables;
  const notes: string[] = [];
  for (const { name } of encoderTensors(config)) {
    const target = viewOf(parameters, layout, name);
    if (name !== words) {
      source.readInto(name, target);
      continue;
    }
    const table = source.readTensor(name);
    notes.push(...checkWordRows(source.file, config, table, (token) => vocabulary.rowOf[token]! >= 0));
    pickRows(table, vocabulary, config.hiddenSize, target);
  }
  return notes;
}

function pickRows(
  table: Float32Array,
  { tokens }: ActiveVocabulary,
  width: number,
  target: Float32Array,
): void {
  tokens.forEach((token, row) => {
    target.set(table.subarray(token * width, (token + 1) * width), row * width);
  });
}

/**
 * The encoder's tensors as they are written back: trained rows of the word table put into `source`'s whole
 * one.
 * @param untouched what the rows that took no part are multiplied by (`untouched-rows.ts`)
 */
export function encoderWeights(
  { config, vocabulary, layout }: WeightPlan,
  source: WeightSource,
  parameters: Float32Array,
  untouched = 1,
): { name: string; shape: readonly number[]; data: Float32Array }[] {
  const { words } = config.architecture.tables;
  return encoderTensors(config).map(({ name, shape }) => {
    const trained = viewOf(parameters, layout, name);
    if (name !== words) return { name, shape, data: trained };
    const whole = source.readTensor(name);
    if (untouched !== 1) whole.forEach((value, i) => (whole[i] = untouched * value));
    vocabulary.tokens.forEach((token, row) => {
      whole.set(
        trained.subarray(row * config.hiddenSize, (row + 1) * config.hiddenSize),
        token * config.hiddenSize,
      );
    });
    return { name, shape, data: whole };
  });
}

/**
 * Compiles `program` on the weights as they lie in memory; its gradients go to the same places of
 * `gradients`.
 */
export function compileOn(
  engine: Engine,
  program: Program,
  layout: Layout,
  weights: Float32Array,
  gradients?: Float32Array,
): Promise<Executable> {
  const names = program.parameters.map(({ name }) => name);
  const trained = names.filter((name) => program.gradientsOf.includes(name));
  return engine.compile(program, {
    fixedFeeds: bindings(layout, weights, names),
    fixedResults: gradients ? bindings(layout, gradients, trained, gradientName) : {},
  });
}

/** Views of a region as an engine binds them, one for each of `names`; `as` renames. */
function bindings(
  layout: Layout,
  region: Float32Array,
  names: readonly string[],
  as: (name: string) => string = (name) => name,
): Bindings {
  return Object.fromEntries(
    names.map((name) => {
      const { shape } = layout.byName.get(name)!;
      return [as(name), { data: viewOf(region, layout, name), shape }];
    }),
  );
}
