/**
 * Compares what fine-tuning computes with PyTorch's numbers in a folder of reference numbers (`readFixture`).
 * It trains through the same packed graph, lookups and WebAssembly update as `finetune`, with the pooled head
 * of a classification folder.
 *
 * Relative error = ‖difference‖ / ‖expected‖, over all parameters together, and for the worst single tensor
 * whose expected norm is above 1e-6. A key's bias has no gradient in exact arithmetic (softmax does not see
 * it): what stands there is rounding, which Adam turns into movement, so updates are compared where the
 * expected gradient is above 1e-6.
 */
import { startEngine, viewOf, type EngineName, type Provider } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import {
  createPredictor,
  createTrainer,
  createTrainingState,
  encoderWeights,
  fisherOfClassifier,
  loadEncoder,
  occurringVocabulary,
  planWeights,
  trainStep,
  type Trainer,
  type TrainingState,
} from '@layerwise/finetune';
import {
  checkFinite,
  canonicalName,
  layerOf,
  loadTokenizer,
  meanTargets,
  openEncoder,
  packBatch,
  type EncoderFolder,
  type Head,
  type TokenizedTexts,
} from '@layerwise/model';
import { assignGroups, paperGrouping } from '@layerwise/optimizers';
import { hiddenStateError } from './verify-forward.js';
import { isOfClassifier, maskedLanguageErrors } from './verify-masked.js';
import { tokenizeBatch, wrongBatchTokens, wrongTokens } from './verify-tokens.js';
import { NEGLIGIBLE_NORM, norm, RelativeError, relativeError } from './relative-error.js';
import { readFixture, type Fixture } from './reference-fixture.js';

/** What one folder's comparison came to. All but the counts are relative errors. */
export interface Verification {
  /** Texts of expected-tokens.json, whole or cut, with other ids or types. */
  readonly tokensWrong: number;
  /** Parameters in another layer group. */
  readonly groupsWrong: number;
  readonly hidden: number;
  readonly logits: number;
  readonly loss: number;
  readonly gradients: number;
  readonly worstGradient: number;
  /** Movements after five Adam steps. */
  readonly updates: number;
  readonly worstUpdate: number;
  /** Masked-language model, where the folder has its numbers. */
  readonly mlmLoss: number | null;
  readonly mlmGradients: number | null;
  /** Fisher information, of the loss that the folder has it of. */
  readonly fisher: number | null;
}

/** The largest value of each figure that counts as agreement. */
export const TOLERANCES: Readonly<Record<keyof Verification, number>> = {
  tokensWrong: 0,
  groupsWrong: 0,
  hidden: 1e-5,
  logits: 1e-5,
  loss: 1e-5,
  gradients: 1e-5,
  worstGradient: 1e-4,
  updates: 2e-3,
  // PyTorch's own float32 movements differ from float64 by up to 2e-2 in the worst tensor.
  worstUpdate: 2e-2,
  mlmLoss: 1e-4,
  mlmGradients: 1e-4,
  fisher: 1e-4,
};

/** The figures of `verification` that are past their tolerance (or are not numbers). */
export function beyondTolerance(verification: Verification): (keyof Verification)[] {
  return (Object.keys(TOLERANCES) as (keyof Verification)[]).filter((figure) => {
    const value = verification[figure];
    return value !== null && !(value <= TOLERANCES[figure]);
  });
}

export interface VerifyOptions {
  readonly engine: EngineName;
  readonly provider: Provider;
  readonly threads: number;
}

/** @throws InputError when the folder is not complete. */
export async function verifyFixture(
  folder: string,
  { engine: name, provider, threads }: VerifyOptions,
): Promise<Verification> {
  const fixture = readFixture(folder);
  const encoder = openEncoder(folder);
  const tokenizer = await loadTokenizer(folder);
  const { texts, labels, max_length: maximumLength, learning_rates: rates, schedule } = fixture.expected;
  const batch = await tokenizeBatch(tokenizer, texts, maximumLength);
  const engine = await startEngine(name, { provider, threads });

  const { config } = encoder;
  if (!encoder.head)
    throw new InputError(`${encoder.folder} has no classification head, so nothing can be compared.`);
  const classes = encoder.head.labels.length;
  const head = config.architecture.classifierHead(config, classes);
  const program = { config, head, labels: classes };
  const state = fixtureState(encoder, batch, head);
  const packed = packBatch(
    batch,
    labels.map((_, text) => text),
  );

  const predictor = await createPredictor(engine, state, program);
  const logits = relativeError(await predictor.logits(packed), fixture.tensors.readTensor('logits'));
  await predictor.dispose();

  const trainer = await createTrainer({ engine, state, heads: [program] });
  const batches = [{ packed, targets: meanTargets(labels, classes), labels: classes }];
  const randomness = { seed: 0, phase: 0, step: 0 };
  const fisher = await fisherError(fixture, encoder, state, trainer, batch);
  const loss = await trainer.backward(batches, randomness);
  const gradientErrors = compareParameters(
    fixture,
    encoder,
    'grad',
    gradientsByName(encoder, state, trainer.gradients()),
  );
  const before = parametersByName(encoder, state);
  trainer.update({ step: 1, rates: rates.map((rate) => rate * schedule.factors[0]!), clipNorm: null });
  for (const [step, factor] of schedule.factors.entries()) {
    if (step === 0) continue;
    const settings = { step: step + 1, rates: rates.map((rate) => rate * factor), clipNorm: null };
    await trainStep(trainer, batches, randomness, settings);
  }
  await trainer.dispose();
  const updateErrors = compareParameters(fixture, encoder, 'after', parametersByName(encoder, state), before);

  const masked = await maskedLanguageErrors(engine, fixture, encoder);
  return {
    tokensWrong: (await wrongTokens(fixture, tokenizer)) + wrongBatchTokens(fixture, batch),
    groupsWrong: wrongGroups(fixture, encoder),
    hidden: await hiddenStateError(engine, fixture, encoder, packed),
    logits,
    loss: Math.abs(loss / fixture.tensors.readTensor('loss')[0]! - 1),
    gradients: gradientErrors.overall(),
    worstGradient: gradientErrors.worst(),
    updates: updateErrors.overall(),
    worstUpdate: updateErrors.worst(),
    mlmLoss: masked?.loss ?? null,
    mlmGradients: masked?.gradients ?? null,
    fisher: masked?.fisher ?? fisher,
  };
}

/** Of the mean over texts of the squared gradient of each one's loss; null for numbers of another. */
async function fisherError(
  fixture: Fixture,
  encoder: EncoderFolder,
  state: TrainingState,
  trainer: Trainer,
  tokens: TokenizedTexts,
): Promise<number | null> {
  if (!isOfClassifier(fixture, encoder.config) || state.squares === null) return null;
  const labels = Int32Array.from(fixture.expected.labels);
  const texts = { tokens, labels, classes: encoder.head!.labels.length };
  const { signal } = new AbortController();
  await fisherOfClassifier(state, trainer, texts, {
    rows: Int32Array.from(labels.keys()),
    sum: state.squares,
    batch: 1,
    signal,
  });
  return compareParameters(
    fixture,
    encoder,
    'fisher',
    gradientsByName(encoder, state, state.squares.floats),
  ).overall();
}

function fixtureState(encoder: EncoderFolder, batch: TokenizedTexts, head: Head): TrainingState {
  const { config } = encoder;
  const headNames = head.tensors.map((tensor) => tensor.name);
  const grouping = paperGrouping(config.layers);
  const names = [...encoder.tensors.shapes.map((tensor) => tensor.name), ...headNames];
  const groups = assignGroups(grouping, names, (name) => layerOf(config, name));
  const groupOf = (name: string): number => groups[names.indexOf(name)]!;
  const plan = planWeights(config, occurringVocabulary(config.vocabularySize, [batch]), groupOf, [head]);
  const state = createTrainingState({
    plan,
    recipe: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    limits: { texts: batch.rows, trainedTexts: batch.rows, length: batch.maximumLength },
    sites: [],
    accumulate: false,
    squares: true,
  });
  loadEncoder(plan, encoder.tensors, state.parameters.floats);
  for (const name of headNames) {
    const view = viewOf(state.parameters.floats, plan.layout, name);
    encoder.head!.readInto(name, view);
    checkFinite(encoder.file, name, view);
  }
  return state;
}

/** Every parameter as the folder has it: the word table whole. */
function parametersByName({ tensors }: EncoderFolder, { plan, parameters }: TrainingState) {
  return byName(tensors, plan, parameters.floats);
}

/** Gradients likewise: rows of words that do not occur have none. */
function gradientsByName({ tensors }: EncoderFolder, { plan }: TrainingState, gradients: Float32Array) {
  return byName({ ...tensors, readTensor: (name) => tensors.readTensor(name).fill(0) }, plan, gradients);
}

function byName(
  tensors: EncoderFolder['tensors'],
  plan: TrainingState['plan'],
  floats: Float32Array,
): Map<string, Float32Array> {
  const whole = encoderWeights(plan, tensors, floats).map(({ name, data }) => [name, data] as const);
  const placed = plan.layout.places.map(({ name }) => [name, viewOf(floats, plan.layout, name)] as const);
  return new Map([...placed, ...whole].map(([name, data]) => [name, data.slice()]));
}

/** Compares `found` (less `before`) with `KIND.NAME` of the fixture (less the folder's own weights). */
function compareParameters(
  fixture: Fixture,
  { config }: EncoderFolder,
  kind: 'grad' | 'after' | 'fisher',
  found: ReadonlyMap<string, Float32Array>,
  before?: ReadonlyMap<string, Float32Array>,
): RelativeError {
  const errors = new RelativeError();
  for (const stored of fixture.parameters[kind]) {
    const name = canonicalName(config.architecture, stored);
    const values = found.get(name);
    const expected = fixture.tensors.readTensor(`${kind}.${stored}`);
    if (kind === 'after' && norm(fixture.tensors.readTensor(`grad.${stored}`)) <= NEGLIGIBLE_NORM) continue;
    if (!values) throw new InputError(`${fixture.folder} has numbers for ${stored}, which the model lacks.`);
    const start = before?.get(name);
    const moved = (to: Float32Array): Float32Array => (start ? to.map((value, i) => value - start[i]!) : to);
    errors.add(moved(values), moved(expected));
  }
  return errors;
}

function wrongGroups({ expected }: Fixture, { config }: EncoderFolder): number {
  const stored = Object.entries(expected.group_of_parameter);
  const names = stored.map(([name]) => canonicalName(config.architecture, name));
  const groups = assignGroups(paperGrouping(config.layers), names, (name) => layerOf(config, name));
  return stored.filter(([, group], place) => groups[place] !== group).length;
}
