/**
 * Embeds with an encoder folder of safetensors: texts packed without padding, embedding rows summed in flat
 * memory, the layers on an engine.
 */
import { digestOfFile, fingerprint } from '@layerwise/artifacts';
import { createFlatMemory, layOut, startEngine, viewOf, type Bindings } from '@layerwise/engine';
import {
  checkTokens,
  checkWordRows,
  embeddingProgram,
  embeddingRows,
  embeddingRowsFloats,
  loadTokenizer,
  longestText,
  openEncoder,
  packBatch,
  packingBindings,
  ROWS,
} from '@layerwise/model';
import type { Embedder, EmbedderOptions, Recipe } from './embedder.js';
import { preparedText } from './prepare-text.js';

/** @throws InputError when something in `folder` is missing or wrong, or a weight is no finite number */
export async function weightsEmbedder(
  folder: string,
  recipe: Recipe,
  { maximumLength: wanted, batchTokens, engine: engineName, provider, threads }: EmbedderOptions,
): Promise<Embedder> {
  const { pooling, normalized } = recipe;
  const encoder = openEncoder(folder);
  const tokenizer = await loadTokenizer(folder);
  const { config } = encoder;
  const { hiddenSize } = config;
  const maximumLength = Math.min(wanted, recipe.maximumLength ?? Infinity, longestText(config));
  const engine = await startEngine(engineName, { provider, threads });

  const maximumTokens = Math.max(batchTokens, maximumLength);
  const layout = layOut(encoder.tensors.shapes.map((tensor) => ({ ...tensor, group: 0 })));
  const memory = createFlatMemory([layout.length, ...embeddingRowsFloats(config, maximumTokens)]);
  const weights = memory.allocate(layout.length).floats;
  for (const { name } of encoder.tensors.shapes)
    encoder.tensors.readInto(name, viewOf(weights, layout, name));
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
    digest: fingerprint({ digest, recipe, engine: engine.name, threads }),
    pooling,
    normalized,
    size: hiddenSize,
    maximumLength,
    tokenizer,
    prepare: preparedText(recipe, tokenizer),
    check: (texts) => {
      for (const split of texts) checkTokens(split, encoder);
      const { words } = config.architecture.tables;
      const read = new Uint8Array(config.vocabularySize);
      for (const { ids } of texts) for (const id of ids) read[id] = 1;
      const notes = checkWordRows(
        encoder.file,
        config,
        viewOf(weights, layout, words),
        (id) => read[id] === 1,
      );
      return [...encoder.notes, ...notes];
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
