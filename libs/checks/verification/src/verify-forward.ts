/** The part of a verification that only looks at the encoder: its hidden states. */
import { createFlatMemory, type Bindings, type Engine } from '@layerwise/engine';
import {
  embeddingRows,
  embeddingRowsFloats,
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
    errors.add(results[name]!, packedRows(padded, packed, hiddenSize));
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

function batchFeeds({ config, tensors }: EncoderFolder, packed: PackedBatch): Bindings {
  const names = Object.values(config.architecture.tables).filter((name) => name !== null);
  const tables = new Map(names.map((name) => [name, tensors.readTensor(name)]));
  const lengths = [...tables.values()].map(({ length }) => length);
  const memory = createFlatMemory([...embeddingRowsFloats(config, packed.tokens), ...lengths]);
  const rows = embeddingRows(memory, config, packed.tokens).sum(packed, (name) => {
    const { floats } = memory.allocate(tables.get(name)!.length);
    floats.set(tables.get(name)!);
    return floats;
  });
  const shape = [packed.tokens, config.hiddenSize];
  return { ...packingBindings(config, packed), [ROWS]: { data: rows, shape } };
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
