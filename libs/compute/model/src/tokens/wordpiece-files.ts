/** The files of a new WordPiece tokeniser, as Hugging Face's libraries write them. */
import { join } from 'node:path';
import { writeFileAtomically, writeJson } from '@layerwise/artifacts';
import { SPECIAL_TOKENS } from './wordpiece-training.js';
import { idOf, wordPieceTokenizer } from './wordpiece-tokenizer.js';

/**
 * Writes vocab.txt, tokenizer.json and tokenizer_config.json of a lower-casing tokeniser.
 * @param vocabulary pieces by id, BERT's five special tokens among them
 * @throws InputError when a special token is missing or the folder cannot be written.
 */
export async function writeWordPieceFiles(
  folder: string,
  vocabulary: readonly string[],
  positions: number,
): Promise<void> {
  const file = join(folder, 'vocab.txt');
  const ids = Object.fromEntries(vocabulary.map((word, id) => [word, id]));
  const added = SPECIAL_TOKENS.map((content) => ({
    id: idOf(file, ids, content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const tokenizer = wordPieceTokenizer(file, ids, {
    lowercase: true,
    stripAccents: null,
    ideographsApart: true,
    unknown: '[UNK]',
    first: '[CLS]',
    separator: '[SEP]',
    added: added.sort((a, b) => a.id - b.id),
  });
  await writeFileAtomically(file, `${vocabulary.join('\n')}\n`);
  await writeJson(join(folder, 'tokenizer.json'), tokenizer);
  await writeJson(join(folder, 'tokenizer_config.json'), {
    tokenizer_class: 'BertTokenizer',
    do_lower_case: true,
    strip_accents: null,
    tokenize_chinese_chars: true,
    model_max_length: positions,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
    mask_token: '[MASK]',
  });
}
