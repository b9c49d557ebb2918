/** The part of a verification that only looks at the encoder: its hidden states. */
import { referenceRows, type Bindings, type Engine } from '@layerwise/engine';
import {
  graphParameters,
  hiddenStatesProgram,
  packingBindings,
  ROWS,
  type EncoderFolder,
  type PackedBatch,
} from '@layerwise/model';
import type { Fixture } from './reference-fixture.js';
import { RelativeError } from './relative-error.js';

/** The worst relative error of `hidden.0` … `hidden.L`, over the places that hold tokens. */
export async function hiddenStateError(
  engine: Engine,
  fixture: Fixture,
  encoder: EncoderFolder,
  packed: PackedBatch,
): Promise<number> {
  const program = hiddenStatesProgram(encoder.config);
  const executable = await engine.compile(program, {
    fixedFeeds: encoderFeeds(encoder),
    fixedResults: {},
  });
  const results = await executable.run(batchFeeds(encoder, packed), {});
  await executable.dispose();
  const errors = new RelativeError();
  const { hiddenSize, layers } = encoder.config;
  for (let layer = 0; layer <= layers; layer++) {
    const name = `hidden.${layer}`;
    const padded = fixture.tensors.readTensor(name); // [texts, length, hidden]
    errors.add(results[name] ?? new Float32Array(0), packedRows(padded, packed, hiddenSize));
  }
  return errors.worst();
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
  return {
    ...packingBindings(encoder.config, packed),
    [ROWS]: { data: rows, shape: [packed.tokens, hiddenSize] },
  };
}

function tablesOf({ config }: EncoderFolder, packed: PackedBatch): { name: string; indices: Int32Array }[] {
  const { words, positions, types } = config.architecture.tables;
  return [
    { name: words, indices: packed.ids },
    ...(types === null ? [] : [{ name: types, indices: packed.types }]),
    ...(positions === null
      ? []
      : [
          {
            name: positions,
            indices: packed.positions.map((place) => place + config.architecture.positionOffset),
          },
        ]),
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
