/**
 * Embeds with an encoder folder of safetensors: texts packed without padding, embedding rows summed in flat
 * memory, the layers on an engine.
 */
import { digestOfFile, fingerprint } from '@layerwise/artifacts';
import { createFlatMemory, layOut, startEngine, viewOf, type Bindings, type Layout } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import {
  checkTokens,
  embeddingProgram,
  embeddingRows,
  embeddingRowsFloats,
  loadTokenizer,
  longestText,
  openEncoder,
  packBatch,
  packingBindings,
  ROWS,
  type EncoderFolder,
} from '@layerwise/model';
import type { Embedder, EmbedderOptions, Recipe } from './embedder.js';

/** @throws InputError when something in `folder` is missing or wrong, or a weight is no finite number */
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
  const engine = await startEngine(engineName, { provider, threads });

  const maximumTokens = Math.max(batchTokens, maximumLength);
  const layout = layOut(encoder.tensors.shapes.map((tensor) => ({ ...tensor, group: 0 })));
  const memory = createFlatMemory([layout.length, ...embeddingRowsFloats(config, maximumTokens)]);
  const weights = memory.allocate(layout.length).floats;
  load(encoder, layout, weights);
  const lookup = embeddingRows(memory, config, maximumTokens);

  const program = embeddingProgram(config, pooling);
  const fixedFeeds: Bindings = Object.fromEntries(
    program.parameters.map(({ name }) => {
      const shape = layout.byName.get(name)?.shape ?? [];
      return [name, { data: viewOf(weights, layout, name), shape }];
    }),
  );
  const executable = await engine.compile(program, { fixedFeeds, fixedResults: {} });
  const files = await Promise.all(encoder.weightFiles.map((file) => digestOfFile(file)));
  const digest = fingerprint({ files, config: config.raw });
  return {
    description: `${config.architecture.name} ${config.layers} x ${hiddenSize} (${digest.slice(0, 12)})`,
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
      const data = lookup.sum(packed, (name) => viewOf(weights, layout, name));
      const results = await executable.run(
        { ...packingBindings(config, packed), [ROWS]: { data, shape: [packed.tokens, hiddenSize] } },
        {},
      );
      return results['vectors'] ?? new Float32Array(0);
    },
    dispose: () => executable.dispose(),
  };
}

/** Reads all weights. @throws InputError naming the first tensor with something else than finite numbers */
function load({ tensors, file }: EncoderFolder, layout: Layout, weights: Float32Array): void {
  for (const { name } of tensors.shapes) {
    const target = viewOf(weights, layout, name);
    tensors.readInto(name, target);
    const bad = target.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    throw new InputError(
      `${file}: number ${bad} of the tensor ${name} is ${target[bad]!}; take weights of a training that did not diverge.`,
    );
  }
}
