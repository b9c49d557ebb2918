/**
 * Embeds with an encoder folder of safetensors: texts packed without padding, embedding rows summed in flat
 * memory, the layers on an engine.
 */
import { digestOfFile, fingerprint } from '@layerwise/artifacts';
import {
  createFlatMemory,
  layOut,
  loadRows,
  startEngine,
  viewOf,
  type Bindings,
  type FlatMemory,
  type Layout,
  type Region,
} from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import {
  checkTokens,
  embeddingProgram,
  ENCODER_NAMES,
  loadTokenizer,
  longestText,
  openEncoder,
  packBatch,
  packingBindings,
  ROWS,
  type EncoderConfig,
  type EncoderFolder,
  type PackedBatch,
} from '@layerwise/model';
import type { Embedder, EmbedderOptions, Recipe } from './embedder.js';

/**
 * @throws InputError when something is missing or wrong in `folder`, weights that are no finite numbers
 * included.
 */
export async function weightsEmbedder(
  folder: string,
  { pooling, normalized }: Recipe,
  { maximumLength: wanted, batchTokens, engine: engineName, provider, threads }: EmbedderOptions,
): Promise<Embedder> {
  const encoder = openEncoder(folder);
  const tokenizer = await loadTokenizer(folder);
  const { config } = encoder;
  const { hiddenSize } = config;
  const maximumLength = Math.min(wanted, longestText(config));
  const engine = await startEngine(engineName, provider, threads);

  const maximumTokens = Math.max(batchTokens, maximumLength);
  const layout = layOut(encoder.tensors.shapes.map((tensor) => ({ ...tensor, group: 0 })));
  const memory = createFlatMemory([
    layout.length,
    maximumTokens * hiddenSize,
    ...tables(config).map(() => maximumTokens),
  ]);
  const weights = memory.allocate(layout.length).floats;
  load(encoder, layout, weights);
  const gather = rowSums(memory, config, layout, weights, maximumTokens);

  const program = embeddingProgram(config, pooling);
  const fixedFeeds: Bindings = Object.fromEntries(
    program.parameters.map(({ name }) => {
      const shape = layout.byName.get(name)?.shape ?? [];
      return [name, { data: viewOf(weights, layout, name), shape }];
    }),
  );
  const executable = await engine.compile(program, { fixedFeeds, fixedResults: {}, threads });
  const files = await Promise.all(encoder.weightFiles.map((file) => digestOfFile(file)));
  const digest = fingerprint({ files, config: config.raw });
  return {
    description: `${config.architecture} ${config.layers} x ${hiddenSize} (${digest.slice(0, 12)})`,
    digest: fingerprint({ digest, pooling, normalized, engine: engine.name, threads }),
    pooling,
    normalized,
    size: hiddenSize,
    maximumLength,
    tokenizer,
    check: (texts) => {
      checkTokens(texts, encoder);
    },
    embed: async (texts, rows) => {
      const packed = packBatch(texts, rows);
      const summed = { data: gather(packed), shape: [packed.tokens, hiddenSize] };
      const results = await executable.run({ ...packingBindings(packed), [ROWS]: summed }, {});
      return results['vectors'] ?? new Float32Array(0);
    },
    dispose: () => executable.dispose(),
  };
}

/**
 * Reads all weights. @throws InputError naming the first tensor that holds something else than finite
 * numbers.
 */
function load({ tensors, file }: EncoderFolder, layout: Layout, weights: Float32Array): void {
  for (const { name } of tensors.shapes) {
    const target = viewOf(weights, layout, name);
    tensors.readInto(name, target);
    const bad = target.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    throw new InputError(
      `${file}: number ${bad} of the tensor ${name} is ${String(target[bad])}; take weights of a training that did not diverge.`,
    );
  }
}

/**
 * The tables whose rows are added up for each token, in PyTorch's order, and which row of each a token takes.
 */
function tables(config: EncoderConfig) {
  const { words, types, positions } = ENCODER_NAMES[config.architecture].tables;
  const offset = config.maximumPositions - longestText(config);
  return [
    { name: words, rowsOf: ({ ids }: PackedBatch) => ids, first: 0 },
    ...(types === null ? [] : [{ name: types, rowsOf: (batch: PackedBatch) => batch.types, first: 0 }]),
    { name: positions, rowsOf: (batch: PackedBatch) => batch.positions, first: offset },
  ];
}

/**
 * Sums the embedding rows of a batch in flat memory: [tokens, hidden]. The view holds until the next call.
 */
function rowSums(
  memory: FlatMemory,
  config: EncoderConfig,
  layout: Layout,
  weights: Float32Array,
  maximumTokens: number,
): (batch: PackedBatch) => Float32Array {
  const { hiddenSize } = config;
  const kernels = loadRows(memory);
  const rows = memory.allocate(maximumTokens * hiddenSize).floats;
  const lookups = tables(config).map(({ name, rowsOf, first }) => {
    const indices = asIndices(memory.allocate(maximumTokens));
    return { table: viewOf(weights, layout, name), rowsOf, first, indices };
  });
  return (batch) => {
    const out = rows.subarray(0, batch.tokens * hiddenSize);
    const taken = lookups.map(({ table, rowsOf, first, indices: all }) => {
      const indices = all.subarray(0, batch.tokens);
      indices.set(rowsOf(batch));
      if (first > 0) indices.forEach((row, i) => (indices[i] = row + first));
      return { table, indices };
    });
    kernels.sumRows(out, hiddenSize, taken);
    return out;
  };
}

function asIndices({ floats }: Region): Int32Array {
  return new Int32Array(floats.buffer, floats.byteOffset, floats.length);
}
