/** BERT (Devlin et al. 2019): its tensors, and where the other files of this folder come in. */
import type { Architecture } from '../architecture.js';
import { denseTemplates, normalTemplate, normTemplates } from '../tensors.js';
import { readConfig } from './config.js';
import { block, embed } from './forward.js';
import { classifierHead, classifierOfDense, maskedLanguage } from './heads.js';
import { BERT_NAMES } from './names.js';

const { tables, embeddingsNorm, layer, pooler, classifier } = BERT_NAMES;

export const bert: Architecture = {
  name: 'bert',
  basePrefix: 'bert.',
  encoderClass: 'BertModel',
  classifierClass: 'BertForSequenceClassification',
  oldClasses: /^Bert[A-Z]/,
  readConfig,
  maskToken: '[MASK]',
  tables,
  positionOffset: 0,
  embeddings: [
    { name: tables.words, shape: ['vocabulary', 'embedding'], initialization: 'normalPadded' },
    normalTemplate(tables.positions, 'positions', 'embedding'),
    normalTemplate(tables.types, 'tokenTypes', 'embedding'),
    ...normTemplates(embeddingsNorm, 'embedding'),
  ],
  layer: [
    ...denseTemplates(layer.query, 'hidden', 'hidden'),
    ...denseTemplates(layer.key, 'hidden', 'hidden'),
    ...denseTemplates(layer.value, 'hidden', 'hidden'),
    ...denseTemplates(layer.attentionOutput, 'hidden', 'hidden'),
    ...normTemplates(layer.attentionNorm, 'hidden'),
    ...denseTemplates(layer.intermediate, 'intermediate', 'hidden'),
    ...denseTemplates(layer.output, 'hidden', 'intermediate'),
    ...normTemplates(layer.outputNorm, 'hidden'),
  ],
  afterLayers: [],
  classifier: [
    ...denseTemplates(pooler, 'hidden', 'hidden').map((template) => ({ ...template, underPrefix: true })),
    ...denseTemplates(classifier, 'labels', 'hidden').map((template) => ({
      ...template,
      underPrefix: false,
    })),
  ],
  // TensorFlow's names of a layer norm's parameters, in checkpoints converted before 2020.
  renames: [
    [/\bLayerNorm\.gamma$/, 'LayerNorm.weight'],
    [/\bLayerNorm\.beta$/, 'LayerNorm.bias'],
  ],
  unused: [/^embeddings\.(position_ids|token_type_ids)$/, /^pooler\./, /^cls\./],
  embed,
  block,
  classifierHead,
  classifierOfDense,
  maskedLanguage,
};
