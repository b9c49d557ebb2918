/**
 * Where pretraining starts: random weights of a new BERT, or an encoder folder with or without a
 * masked-language head. Either way the output folder has its tokeniser first, since everything else is
 * counted in its ids.
 */
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { viewOf, type Layout } from '@layerwise/engine';
import { loadEncoder, type WeightPlan } from '@layerwise/finetune';
import {
  bertConfig,
  checkFinite,
  copyTokenizerFiles,
  countBertWords,
  initializeEncoder,
  initializeTensors,
  maskedLanguageHead,
  parseEncoderConfig,
  trainWordPiece,
  writeWordPieceFiles,
  type BertSizes,
  type EncoderConfig,
  type EncoderFolder,
  type TensorShape,
} from '@layerwise/model';
import type { CorpusFile } from '@layerwise/finetune';
import { lookAtNeighbours } from './neighbour-attention.js';

export interface NewEncoder extends BertSizes {
  readonly seed: number;
  /** Whether heads look at neighbours from the start (`neighbour-attention.ts`). */
  readonly neighbours: boolean;
}

/** What a run starts from. */
export type Start =
  | { readonly kind: 'new'; readonly sizes: NewEncoder }
  | { readonly kind: 'folder'; readonly encoder: EncoderFolder; readonly seed: number };

/**
 * Writes the tokeniser into `folder` (a new one is trained on the corpus) and gives the config.
 * @throws InputError for sizes that do not fit together, or files that cannot be written.
 */
export async function startFolder(
  start: Start,
  corpus: readonly CorpusFile[],
  folder: string,
): Promise<EncoderConfig> {
  if (start.kind === 'folder') {
    const { encoder } = start;
    await copyTokenizerFiles(encoder.folder, folder);
    return {
      ...encoder.config,
      raw: { ...encoder.config.raw, architectures: [maskedLanguageHead(encoder.config).className] },
    };
  }
  const { sizes } = start;
  const vocabulary = trainWordPiece(countBertWords(corpus.flatMap(({ paragraphs }) => paragraphs)), {
    size: sizes.vocabulary,
    letters: LETTERS,
  });
  await writeWordPieceFiles(folder, vocabulary, sizes.positions);
  const raw = bertConfig('BertForMaskedLM', { ...sizes, vocabulary: vocabulary.length });
  return parseEncoderConfig(join(folder, 'config.json'), raw);
}

/** A small vocabulary has better uses than the letters of the few foreign words of a corpus. */
const LETTERS = 100;

/**
 * Fills `parameters` with the weights to start from. @throws InputError where the folder's head is misshapen.
 */
export function fillStart(start: Start, plan: WeightPlan, parameters: Float32Array): void {
  const { config, layout } = plan;
  const head = maskedLanguageHead(config).tensors;
  if (start.kind === 'folder') {
    loadEncoder(plan, start.encoder.tensors, parameters);
    fillHead(start, config, layout, parameters);
    return;
  }
  const { sizes } = start;
  const fresh = [...initializeEncoder(config, sizes.seed), ...initializeTensors(head, config, sizes.seed)];
  for (const { name, fill } of fresh) fill(viewOf(parameters, layout, name));
  if (sizes.neighbours) lookAtNeighbours(parameters, layout, config);
}

/** Where the random numbers of new weights start. */
export function seedOf(start: Start): number {
  return start.kind === 'new' ? start.sizes.seed : start.seed;
}

/** Fills tensors that nobody has trained. */
export function fillNew(
  tensors: readonly TensorShape[],
  seed: number,
  { config, layout }: Pick<WeightPlan, 'config' | 'layout'>,
  parameters: Float32Array,
): void {
  for (const { name, fill } of initializeTensors(tensors, config, seed))
    fill(viewOf(parameters, layout, name));
}

/** The head that the folder has, or a new one where it has none. */
function fillHead(
  { encoder, seed }: Extract<Start, { kind: 'folder' }>,
  config: EncoderConfig,
  layout: Layout,
  parameters: Float32Array,
): void {
  const head = maskedLanguageHead(config).tensors;
  const stored = head.filter(({ name }) => encoder.ignored.includes(name));
  if (stored.length > 0 && stored.length < head.length) {
    const missing = head.filter((tensor) => !stored.includes(tensor)).map(({ name }) => name);
    throw new InputError(
      `${encoder.file} has but a part of a masked-language head; missing: ${missing.join(', ')}.`,
    );
  }
  if (stored.length === 0) {
    fillNew(head, seed, { config, layout }, parameters);
    return;
  }
  for (const { name, shape } of head) {
    const { data, shape: found } = encoder.readIgnored(name);
    if (found.join() !== shape.join())
      throw new InputError(
        `${encoder.file} has ${name} as [${found.join(', ')}], expected [${shape.join(', ')}].`,
      );
    checkFinite(encoder.file, name, data);
    viewOf(parameters, layout, name).set(data);
  }
}
