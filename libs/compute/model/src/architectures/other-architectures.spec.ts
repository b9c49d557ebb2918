/**
 * Shows that the type of `architecture.ts` holds architectures that are not computed yet: their descriptions,
 * held against the names and shapes of real files.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHARED_FIXTURES, hasSharedFixtures } from '../../test/folders.js';
import {
  type Architecture,
  type EncoderConfig,
  canonicalName,
  classifierTensors,
  encoderTensors,
  layerOf,
} from './architecture.js';
import { bert } from './bert/bert.js';
import {
  type Dimension,
  type TensorTemplate,
  denseTemplates,
  normalTemplate,
  normTemplates,
} from './tensors.js';
import { openSafetensorsFolder } from '../folders/safetensors-read.js';

const conv1d = (name: string, input: Dimension, output: Dimension): TensorTemplate[] => [
  normalTemplate(`${name}.weight`, input, output),
  { name: `${name}.bias`, shape: [output], initialization: 'zeros' },
];
const outside = (templates: TensorTemplate[]) =>
  templates.map((template) => ({ ...template, underPrefix: false }));

const twoDense = outside([
  ...denseTemplates('classifier.dense', 'hidden', 'hidden'),
  ...denseTemplates('classifier.out_proj', 'labels', 'hidden'),
]);
const roberta: Architecture = {
  ...bert,
  name: 'roberta',
  basePrefix: 'roberta.',
  positionOffset: 2,
  classifier: twoDense,
};
const electra: Architecture = {
  ...bert,
  name: 'electra',
  basePrefix: 'electra.',
  embeddings: [...bert.embeddings, ...denseTemplates('embeddings_project', 'hidden', 'embedding')],
  classifier: twoDense,
};
const distilbert: Architecture = {
  ...bert,
  name: 'distilbert',
  basePrefix: 'distilbert.',
  embeddings: bert.embeddings.filter(({ name }) => !name.includes('token_type')),
  layer: [
    ...['q_lin', 'k_lin', 'v_lin', 'out_lin'].flatMap((name) =>
      denseTemplates(`transformer.layer.{layer}.attention.${name}`, 'hidden', 'hidden'),
    ),
    ...normTemplates('transformer.layer.{layer}.sa_layer_norm', 'hidden'),
    ...denseTemplates('transformer.layer.{layer}.ffn.lin1', 'intermediate', 'hidden'),
    ...denseTemplates('transformer.layer.{layer}.ffn.lin2', 'hidden', 'intermediate'),
    ...normTemplates('transformer.layer.{layer}.output_layer_norm', 'hidden'),
  ],
  classifier: outside([
    ...denseTemplates('pre_classifier', 'hidden', 'hidden'),
    ...denseTemplates('classifier', 'labels', 'hidden'),
  ]),
};
const gpt2: Architecture = {
  ...bert,
  name: 'gpt2',
  basePrefix: 'transformer.',
  embeddings: [
    normalTemplate('wte.weight', 'vocabulary', 'embedding'),
    normalTemplate('wpe.weight', 'positions', 'embedding'),
  ],
  layer: [
    ...normTemplates('h.{layer}.ln_1', 'hidden'),
    ...conv1d('h.{layer}.attn.c_attn', 'hidden', 'threeHidden'),
    ...conv1d('h.{layer}.attn.c_proj', 'hidden', 'hidden'),
    ...normTemplates('h.{layer}.ln_2', 'hidden'),
    ...conv1d('h.{layer}.mlp.c_fc', 'hidden', 'intermediate'),
    ...conv1d('h.{layer}.mlp.c_proj', 'intermediate', 'hidden'),
  ],
  afterLayers: normTemplates('ln_f', 'hidden'),
  classifier: outside([normalTemplate('score.weight', 'labels', 'hidden')]),
};

/** The fields that shapes depend on, by each architecture's own keys. */
function configOf(folder: string, architecture: Architecture): EncoderConfig {
  const raw = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<
    string,
    number | undefined
  >;
  const hiddenSize = raw['hidden_size'] ?? raw['dim'] ?? raw['n_embd'] ?? 0;
  return {
    architecture,
    vocabularySize: raw['vocab_size'] ?? 0,
    embeddingSize: raw['embedding_size'] ?? hiddenSize,
    hiddenSize,
    intermediateSize: raw['intermediate_size'] ?? raw['hidden_dim'] ?? 4 * hiddenSize,
    layers: raw['num_hidden_layers'] ?? raw['n_layers'] ?? raw['n_layer'] ?? 0,
    attentionHeads: 4,
    activation: 'gelu',
    maximumPositions: raw['max_position_embeddings'] ?? raw['n_positions'] ?? 0,
    tokenTypes: raw['type_vocab_size'] ?? 0,
    layerNormEpsilon: 1e-12,
    hiddenDropout: 0,
    attentionDropout: 0,
    classifierDropout: 0,
    initializerRange: 0.02,
    paddingId: 0,
    raw,
  };
}

describe.skipIf(!hasSharedFixtures)('descriptions of architectures in ../shared/fixtures', () => {
  it.each([bert, roberta, distilbert, electra, gpt2])(
    '$name: names and shapes are those of the file',
    (architecture) => {
      const folder = join(SHARED_FIXTURES, architecture.name);
      const config = configOf(folder, architecture);
      const describeTensor = ({ name, shape }: { name: string; shape: readonly number[] }) =>
        `${name} [${shape.join()}]`;
      const described = [...encoderTensors(config), ...classifierTensors(config, 3)];
      const stored = [...openSafetensorsFolder(folder).tensors.values()];
      const canonical = stored.map(({ name, shape }) => ({ name: canonicalName(architecture, name), shape }));
      expect(described.map(describeTensor).sort()).toEqual(canonical.map(describeTensor).sort());
    },
  );

  it.each([bert, roberta, distilbert, electra, gpt2])(
    '$name: layers are those of the reference groups',
    (architecture) => {
      const folder = join(SHARED_FIXTURES, architecture.name);
      const config = configOf(folder, architecture);
      const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
        group_of_parameter: Record<string, number>;
      };
      for (const [name, group] of Object.entries(expected.group_of_parameter)) {
        const layer = layerOf(config, canonicalName(architecture, name));
        // Group i = 1…8 starts at layer floor(1.5 (i − 1) L / 12); 0 is the embeddings, 9 the head.
        if (group === 0) expect(layer).toBe('embeddings');
        else if (group === 9) expect(layer).toBe('head');
        else {
          expect(layer).toBeGreaterThanOrEqual(Math.floor((1.5 * (group - 1) * config.layers) / 12));
          expect(layer).toBeLessThan(Math.floor((1.5 * group * config.layers) / 12));
        }
      }
    },
  );
});
