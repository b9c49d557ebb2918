/** The masked-language model's part of a verification, by the trainer that pretraining uses. */
import { viewOf, type Engine } from '@layerwise/engine';
import {
  createMaskedTrainer,
  createTrainingState,
  loadEncoder,
  meanSquaredGradients,
  planWeights,
  wholeVocabulary,
  type MaskedBatch,
  type MaskedTrainer,
  type TrainingState,
} from '@layerwise/finetune';
import {
  canonicalName,
  maskedLanguageHead,
  packBatch,
  type EncoderConfig,
  type EncoderFolder,
} from '@layerwise/model';
import type { Fixture } from './reference-fixture.js';
import { RelativeError } from './relative-error.js';

/**
 * Relative errors of loss and gradients of the masked-language model, and of the Fisher information where the
 * folder has that of this loss (and not of the classifier's); or null where the folder has none.
 */
export async function maskedLanguageErrors(
  engine: Engine,
  fixture: Fixture,
  encoder: EncoderFolder,
): Promise<{ loss: number; gradients: number; fisher: number | null } | null> {
  const { tensors } = fixture;
  if (!tensors.tensors.has('mlm.loss')) return null;
  const batch = maskedBatch(fixture);
  const state = maskedState(fixture, encoder, batch);
  const trainer = await createMaskedTrainer(engine, state);
  const loss = await trainer.backward(batch);
  const errors = new RelativeError();
  for (const stored of fixture.parameters.mlmGrad) {
    const found = viewOf(
      trainer.gradients(),
      state.plan.layout,
      canonicalName(encoder.config.architecture, stored),
    );
    errors.add(found, tensors.readTensor(`mlm.grad.${stored}`));
  }
  const fisher = isOfClassifier(fixture, encoder.config) ? null : await fisherError(fixture, state, trainer);
  await trainer.dispose();
  const expected = tensors.readTensor('mlm.loss')[0]!;
  return { loss: Math.abs(loss / expected - 1), gradients: errors.overall(), fisher };
}

/** Whether the folder's Fisher information is of the classifier's loss: then its head has some. */
export function isOfClassifier({ parameters }: Fixture, { architecture }: EncoderConfig): boolean {
  const logits = architecture.classifier.filter(({ underPrefix }) => !underPrefix);
  return parameters.fisher.some((stored) => logits.some(({ name }) => name === stored));
}

/** Of the mean over texts of the squared gradient of each one's masked loss; null without such numbers. */
async function fisherError(
  fixture: Fixture,
  { memory, plan, gradients, squares }: TrainingState,
  trainer: MaskedTrainer,
): Promise<number | null> {
  const { fisher: names } = fixture.parameters;
  if (names.length === 0 || squares === null) return null;
  const { signal } = new AbortController();
  const backward = (taken: Int32Array): Promise<number> => trainer.backward(maskedBatch(fixture, taken));
  const rows = Int32Array.from(fixture.expected.labels.keys());
  await meanSquaredGradients(memory, gradients, backward, { rows, sum: squares, batch: 1, signal });
  const errors = new RelativeError();
  for (const stored of names) {
    const found = viewOf(squares.floats, plan.layout, canonicalName(plan.config.architecture, stored));
    errors.add(found, fixture.tensors.readTensor(`fisher.${stored}`));
  }
  return errors.overall();
}

function maskedState(
  { tensors }: Fixture,
  { config, tensors: weights }: EncoderFolder,
  { packed }: MaskedBatch,
): TrainingState {
  const head = maskedLanguageHead(config);
  const plan = planWeights(config, wholeVocabulary(config.vocabularySize), () => 0, [head]);
  const state = createTrainingState({
    plan,
    recipe: { name: 'sgd', momentum: 0 },
    limits: { texts: packed.texts, trainedTexts: packed.texts, length: packed.length },
    sites: [],
    accumulate: false,
    squares: true,
  });
  loadEncoder(plan, weights, state.parameters.floats);
  for (const { name } of head.tensors)
    tensors.readInto(`mlm.weight.${name}`, viewOf(state.parameters.floats, plan.layout, name));
  return state;
}

/** Texts of the fixture's masked batch, all by default: padded ids and labels (−100: nothing is scored). */
function maskedBatch({ tensors }: Fixture, taken?: Int32Array): MaskedBatch {
  const ids = tensors.readIntegers('mlm.input_ids');
  const labels = tensors.readIntegers('mlm.labels');
  const types = tensors.readIntegers('input.token_type_ids');
  const mask = tensors.readIntegers('input.attention_mask');
  const [texts, length] = tensors.tensors.get('mlm.input_ids')!.shape as [number, number];
  const lengths = Array.from({ length: texts }, (_, text) =>
    mask.subarray(text * length, (text + 1) * length).reduce((a, b) => a + b, 0),
  );
  const offsets = new Int32Array(texts + 1);
  lengths.forEach((size, text) => (offsets[text + 1] = offsets[text]! + size));
  const flat = (padded: Int32Array): Int32Array =>
    Int32Array.from(
      lengths.flatMap((size, text) => Array.from(padded.subarray(text * length, text * length + size))),
    );
  const rows = taken ?? lengths.map((_, text) => text);
  const packed = packBatch({ offsets, ids: flat(ids), types: flat(types) }, rows);

  const [scored, right]: [number[], number[]] = [[], []];
  packed.placeOf.forEach((place, row) => {
    const [time, text] = [Math.floor(place / rows.length), rows[place % rows.length]!];
    const label = labels[text * length + time]!;
    if (label < 0) return;
    scored.push(row);
    right.push(label);
  });
  return { packed, rows: scored, ids: right };
}
