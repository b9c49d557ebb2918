/** The parts of a verification that only look at the encoder: hidden states, and the masked-language model. */
import { gradientName, referenceRows, type Bindings, type Engine } from '@layerwise/engine';
import {
  ENCODER_NAMES,
  graphParameters,
  hiddenStatesProgram,
  maskedBindings,
  maskedLanguageProgram,
  packBatch,
  packingBindings,
  ROWS,
  type EncoderFolder,
  type Fixture,
  type PackedBatch,
} from '@layerwise/model';
import { RelativeError } from './relative-error.js';

/** The worst relative error of `hidden.0` … `hidden.L`, over the places that hold tokens. */
export async function hiddenStateError(
  engine: Engine,
  threads: number,
  fixture: Fixture,
  encoder: EncoderFolder,
  packed: PackedBatch,
): Promise<number> {
  const program = hiddenStatesProgram(encoder.config);
  const executable = await engine.compile(program, {
    fixedFeeds: encoderFeeds(encoder),
    fixedResults: {},
    threads,
  });
  const results = await executable.run(batchFeeds(encoder, packed), {});
  await executable.dispose();
  const errors = new RelativeError();
  const { hiddenSize, layers } = encoder.config;
  for (let layer = 0; layer <= layers; layer++) {
    const name = `hidden.${String(layer)}`;
    const padded = fixture.tensors.readTensor(name); // [texts, length, hidden]
    errors.add(results[name] ?? new Float32Array(0), packedRows(padded, packed, hiddenSize));
  }
  return errors.worst();
}

/** Relative errors of loss and gradients of the masked-language model, or null where the folder has none. */
export async function maskedLanguageErrors(
  engine: Engine,
  threads: number,
  fixture: Fixture,
  encoder: EncoderFolder,
): Promise<{ loss: number; gradients: number } | null> {
  const { tensors } = fixture;
  if (!tensors.tensors.has('mlm.loss')) return null;
  const { config } = encoder;
  const program = maskedLanguageProgram(config);
  const { words } = ENCODER_NAMES[config.architecture].tables;
  const headFeeds = program.parameters
    .filter(({ name }) => name.startsWith('cls.'))
    .map(
      ({ name, shape }) =>
        [name, { data: tensors.readTensor(`mlm.weight.${name}`), shape: shape as number[] }] as const,
    );
  const table = {
    data: encoder.tensors.readTensor(words),
    shape: [config.vocabularySize, config.hiddenSize],
  };
  const fixedFeeds = { ...encoderFeeds(encoder), [words]: table, ...Object.fromEntries(headFeeds) };
  const executable = await engine.compile(program, { fixedFeeds, fixedResults: {}, threads });
  const { packed, masked } = maskedBatch(fixture);
  const results = await executable.run({ ...batchFeeds(encoder, packed), ...masked }, {});
  await executable.dispose();

  const errors = new RelativeError();
  const rowGradients = results[gradientName(ROWS)] ?? new Float32Array(0);
  const lookups = tableGradients(encoder, packed, rowGradients);
  for (const stored of fixture.parameters.mlmGrad) {
    const name = stored.replace(/^bert\./, '');
    const looked = lookups.get(name);
    const found = results[gradientName(name)];
    // The word table is tied to the decoder: its gradient is the sum of both parts.
    const sum =
      looked && found ? looked.map((value, place) => value + (found[place] ?? 0)) : (looked ?? found);
    if (sum) errors.add(sum, tensors.readTensor(`mlm.grad.${stored}`));
  }
  const expected = tensors.readTensor('mlm.loss')[0] ?? 0;
  return { loss: Math.abs((results['loss']?.[0] ?? Number.NaN) / expected - 1), gradients: errors.overall() };
}

/** The masked batch of the fixture: padded ids and labels (−100 where nothing is scored). */
function maskedBatch({ tensors }: Fixture): { packed: PackedBatch; masked: Bindings } {
  const ids = tensors.readIntegers('mlm.input_ids');
  const labels = tensors.readIntegers('mlm.labels');
  const types = tensors.readIntegers('input.token_type_ids');
  const mask = tensors.readIntegers('input.attention_mask');
  const [texts = 0, length = 0] = tensors.tensors.get('mlm.input_ids')?.shape ?? [];
  const lengths = Array.from({ length: texts }, (_, text) =>
    mask.subarray(text * length, (text + 1) * length).reduce((a, b) => a + b, 0),
  );
  const offsets = new Int32Array(texts + 1);
  lengths.forEach((size, text) => (offsets[text + 1] = (offsets[text] ?? 0) + size));
  const flat = (padded: Int32Array): Int32Array =>
    Int32Array.from(
      lengths.flatMap((size, text) => Array.from(padded.subarray(text * length, text * length + size))),
    );
  const packed = packBatch(
    { offsets, ids: flat(ids), types: flat(types) },
    lengths.map((_, text) => text),
  );

  const [rows, tokenIds]: [number[], number[]] = [[], []];
  packed.placeOf.forEach((place, row) => {
    const [time, text] = [Math.floor(place / texts), place % texts];
    const label = labels[text * length + time] ?? -100;
    if (label < 0) return;
    rows.push(row);
    tokenIds.push(label);
  });
  return { packed, masked: maskedBindings(rows, tokenIds, packed.tokens) };
}

function encoderFeeds(encoder: EncoderFolder): Bindings {
  return Object.fromEntries(
    graphParameters(encoder.config).map(({ name, shape }) => [
      name,
      { data: encoder.tensors.readTensor(name), shape: shape as number[] },
    ]),
  );
}

function batchFeeds(encoder: EncoderFolder, packed: PackedBatch): Bindings {
  const { hiddenSize } = encoder.config;
  const rows = new Float32Array(packed.tokens * hiddenSize);
  const lookups = tablesOf(encoder, packed).map(({ name, indices }) => ({
    table: encoder.tensors.readTensor(name),
    indices,
  }));
  referenceRows.sumRows(rows, hiddenSize, lookups);
  return { ...packingBindings(packed), [ROWS]: { data: rows, shape: [packed.tokens, hiddenSize] } };
}

function tableGradients(
  encoder: EncoderFolder,
  packed: PackedBatch,
  rowGradients: Float32Array,
): Map<string, Float32Array> {
  return new Map(
    tablesOf(encoder, packed).map(({ name, indices }) => {
      const gradient = new Float32Array(encoder.tensors.readTensor(name).length);
      referenceRows.scatterAddRows(gradient, encoder.config.hiddenSize, indices, rowGradients);
      return [name, gradient];
    }),
  );
}

function tablesOf({ config }: EncoderFolder, packed: PackedBatch): { name: string; indices: Int32Array }[] {
  const { words, positions, types } = ENCODER_NAMES[config.architecture].tables;
  return [
    { name: words, indices: packed.ids },
    ...(types === null ? [] : [{ name: types, indices: packed.types }]),
    { name: positions, indices: packed.positions },
  ];
}

/** [texts, length, hidden] → [tokens, hidden] in the order of the packed rows. */
function packedRows(
  padded: Float32Array,
  { texts, placeOf, tokens }: PackedBatch,
  hidden: number,
): Float32Array {
  const length = padded.length / texts / hidden;
  const rows = new Float32Array(tokens * hidden);
  placeOf.forEach((place, row) => {
    const [time, text] = [Math.floor(place / texts), place % texts];
    const start = (text * length + time) * hidden;
    rows.set(padded.subarray(start, start + hidden), row * hidden);
  });
  return rows;
}
