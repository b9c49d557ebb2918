/**
 * Times one training step of a BERT with random weights, as `finetune` takes it: fresh ids every step, all
 * positions real, the whole vocabulary active, dropout, Adam over the paper's ten groups. The time includes
 * making the batch.
 */
import { startEngine, viewOf, type EngineName, type Provider } from '@layerwise/engine';
import {
  createTrainer,
  createTrainingState,
  planWeights,
  wholeVocabulary,
  type TrainingState,
} from '@layerwise/finetune';
import {
  denseHead,
  dropoutSites,
  initializeEncoder,
  initializeHead,
  layerOf,
  meanTargets,
  packBatch,
  parseEncoderConfig,
  type EncoderConfig,
} from '@layerwise/model';
import { assignGroups, paperGrouping, recipes } from '@layerwise/optimizers';
import { medianOf } from '@layerwise/statistics';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

export interface StepBenchmarkOptions {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly batch: number;
  readonly length: number;
  readonly steps: number;
  /** Words that take part; undefined: BERT's whole vocabulary. */
  readonly vocabulary?: number;
  readonly threads: number;
  readonly dropout: number;
  readonly recompute?: boolean | undefined;
  readonly seed: number;
  readonly engine: EngineName;
  readonly provider: Provider;
  /** A folder for onnxruntime's times of every operator; undefined: nothing is timed within a step. */
  readonly profile?: string;
}

export interface StepBenchmark {
  readonly medianMs: number;
  readonly minMs: number;
  /** Of that the update, median. */
  readonly updateMs: number;
  /** Of all threads, median: what a step takes of a machine that others use too. */
  readonly cpuMs: number;
  readonly peakMemoryMb: number;
  /** Multiplications and additions of the matrix products of a step, divided by its median time. */
  readonly gemmGflops: number;
  readonly parameters: number;
}

const LABELS = 2;
/** Steps before the timed ones: the first pay for page faults and the session's buffers. */
const WARM_UP = 2;

export async function benchmarkStep(options: StepBenchmarkOptions): Promise<StepBenchmark> {
  const { batch, length, steps, threads, recompute = false } = options;
  const config = bertConfig(options);
  const state = randomState(config, options);
  const head = denseHead('head.original', config.hiddenSize, LABELS);
  const sites = dropoutSites(config, config.classifierDropout, true);
  const engine = await startEngine(options.engine, {
    provider: options.provider,
    threads,
    profile: options.profile ?? null,
  });
  const trainer = await createTrainer({
    engine,
    state,
    heads: [{ config, head, labels: LABELS, recompute }],
    sites,
  });
  const generator = mersenne(options.seed);
  const order = Int32Array.from({ length: batch }, (_, text) => text);
  const offsets = Int32Array.from({ length: batch + 1 }, (_, text) => text * length);
  const rates = paperGrouping(config.layers).groups.map(() => 1e-5);
  const milliseconds: number[] = [];
  const updates: number[] = [];
  const cpu: number[] = [];
  for (let step = 0; step < WARM_UP + steps; step++) {
    const started = performance.now();
    const used = process.cpuUsage();
    const ids = Int32Array.from({ length: batch * length }, () =>
      uniformInt(generator, 0, config.vocabularySize - 1),
    );
    const labels = Array.from({ length: batch }, () => uniformInt(generator, 0, LABELS - 1));
    const packed = packBatch({ offsets, ids, types: new Uint8Array(ids.length) }, order);
    const batches = [{ packed, targets: meanTargets(labels, LABELS), labels: LABELS }];
    await trainer.backward(batches, { seed: options.seed, phase: 0, step });
    const known = performance.now();
    trainer.update({ step: step + 1, rates, clipNorm: null });
    if (step < WARM_UP) continue;
    const done = performance.now();
    milliseconds.push(done - started);
    updates.push(done - known);
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1000);
  }
  await trainer.dispose();
  const medianMs = medianOf(milliseconds);
  return {
    medianMs,
    minMs: Math.min(...milliseconds),
    updateMs: medianOf(updates),
    cpuMs: medianOf(cpu),
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
    gemmGflops: productOperations(config, batch, length) / medianMs / 1e6,
    parameters: state.plan.layout.places.reduce((sum, place) => sum + place.length, 0),
  };
}

function bertConfig({
  layers,
  hidden,
  heads,
  dropout,
  vocabulary = 30_522,
}: StepBenchmarkOptions): EncoderConfig {
  return parseEncoderConfig('the benchmark', {
    model_type: 'bert',
    vocab_size: vocabulary,
    hidden_size: hidden,
    intermediate_size: 4 * hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    hidden_dropout_prob: dropout,
    attention_probs_dropout_prob: dropout,
  });
}

function randomState(config: EncoderConfig, { batch, length, seed }: StepBenchmarkOptions): TrainingState {
  const head = denseHead('head.original', config.hiddenSize, LABELS);
  const grouping = paperGrouping(config.layers);
  const weights = initializeEncoder(config, seed);
  const names = [...weights.map(({ name }) => name), ...head.tensors.map(({ name }) => name)];
  const groups = assignGroups(grouping, names, (name) => layerOf(config, name));
  const groupOf = (name: string): number => groups[names.indexOf(name)]!;
  const plan = planWeights(config, wholeVocabulary(config.vocabularySize), groupOf, [head]);
  const state = createTrainingState({
    plan,
    recipe: recipes.adam,
    limits: { texts: batch, trainedTexts: batch, length },
    sites: dropoutSites(config, config.classifierDropout, true),
    accumulate: false,
  });
  for (const { name, fill } of [...weights, ...initializeHead(config, LABELS, seed)]) {
    fill(viewOf(state.parameters.floats, plan.layout, name.replace('classifier', 'head.original')));
  }
  return state;
}

/** Forward and backward: three products of 2·m·n·k each for every dense layer, and for attention likewise. */
function productOperations(config: EncoderConfig, texts: number, length: number): number {
  const { hiddenSize: h, intermediateSize: f, layers } = config;
  const tokens = texts * length;
  const dense = (rows: number, ...sizes: [number, number][]): number =>
    sizes.reduce((sum, [inputs, outputs]) => sum + 6 * rows * inputs * outputs, 0);
  const attention = (queries: number): number => 12 * texts * queries * length * h;
  const whole = dense(tokens, [h, h], [h, h], [h, h], [h, h], [h, f], [f, h]) + attention(length);
  // The last layer computes keys and values of all rows and everything else for [CLS] alone.
  const last = dense(tokens, [h, h], [h, h]) + dense(texts, [h, h], [h, h], [h, f], [f, h]) + attention(1);
  return (layers - 1) * whole + last;
}
