/**
 * A complete Hugging Face BERT folder with random weights, made on the spot: the encoder `builtin:tiny`, with
 * which the built-in tasks run when nothing was downloaded.
 *
 * Its vocabulary is the words of the tasks, beside letters, digits and punctuation as pieces, so that a word
 * it does not know is spelled instead of lost.
 */
import { join } from 'node:path';
import { writeJson } from '@layerwise/artifacts';
import { bertConfig } from '../architectures/bert/config.js';
import { writeWordPieceFiles } from '../tokens/wordpiece-files.js';
import { bert } from '../architectures/bert/bert.js';
import { parseEncoderConfig } from '../config/config.js';
import { initializeEncoder } from './initialize.js';
import { writeSafetensors } from './safetensors-write.js';
import { SPECIAL_TOKENS } from '../tokens/wordpiece-training.js';

export interface TinyEncoderOptions {
  readonly layers?: number;
  readonly hidden?: number;
  readonly heads?: number;
  readonly intermediate?: number;
  readonly maximumPositions?: number;
  readonly seed?: number;
}

const SPELLING = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');
const PUNCTUATION = Array.from('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** Wider noise than BERT's 0.02: a narrow encoder with it starts where no text differs from another. */
const INITIALIZER_RANGE = 0.08;

/**
 * Writes config.json, model.safetensors, tokenizer.json, tokenizer_config.json and vocab.txt into `folder`.
 * @param words words of the tasks; lower-cased, parts that the tokeniser would split apart, repeats dropped
 * @throws InputError when the folder cannot be written.
 */
export async function createTinyEncoderFolder(
  folder: string,
  words: readonly string[],
  options: TinyEncoderOptions = {},
): Promise<void> {
  const {
    layers = 2,
    hidden = 64,
    heads = 2,
    intermediate = 4 * hidden,
    maximumPositions = 256,
    seed = 1,
  } = options;
  const vocabulary = tinyVocabulary(words);
  const raw = bertConfig(bert.encoderClass, {
    vocabulary: vocabulary.length,
    layers,
    hidden,
    heads,
    intermediate,
    positions: maximumPositions,
    initializerRange: INITIALIZER_RANGE,
    dropout: 0.1,
  });
  const file = join(folder, 'config.json');
  const config = parseEncoderConfig(file, raw);
  const tensors = initializeEncoder(config, seed).map(({ name, shape, fill }) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    fill(data);
    return { name, shape, data };
  });

  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  await writeWordPieceFiles(folder, vocabulary, maximumPositions);
  // Last, so that a folder left unfinished is refused.
  await writeJson(file, raw);
}

function tinyVocabulary(words: readonly string[]): string[] {
  const parts = words
    .flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part !== '');
  const pieces = SPELLING.map((letter) => `##${letter}`);
  return [...new Set([...SPECIAL_TOKENS, ...SPELLING, ...pieces, ...PUNCTUATION, ...parts])];
}
