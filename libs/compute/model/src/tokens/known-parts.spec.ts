// Parts of a tokenizer.json over which the native library ends the process, or goes on without end.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { copyOfBert, editJson } from '../../test/folders.js';
import type { Parts } from './known-parts.js';
import { nativeTokenizer } from './native-tokenizer.js';
import { tokenize } from './token-rows.js';
import { loadTokenizer } from './tokenizer.js';

/** A folder whose tokenizer.json counts as it is, but for these parts. */
function folderWith(parts: Readonly<Record<string, unknown>>): string {
  const folder = copyOfBert();
  editJson(join(folder, 'tokenizer_config.json'), { tokenizer_class: 'PreTrainedTokenizerFast' });
  editJson(join(folder, 'tokenizer.json'), parts);
  return folder;
}

const replace = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
const split = (pattern: object) => ({ type: 'Split', pattern, behavior: 'Isolated', invert: false });
const nested = (depth: number): object =>
  depth === 0 ? { type: 'NFC' } : { type: 'Sequence', normalizers: [nested(depth - 1)] };

describe('parts that are not let in', () => {
  const normalizers: readonly object[] = [
    replace({ Regex: '(x+x+)+y' }, 'z'),
    replace({ String: '' }, 'z'),
    { type: 'Sequence', normalizers: Array.from({ length: 9 }, () => replace({ String: 'x' }, 'xxxx')) },
    { type: 'Precompiled', precompiled_charsmap: 'AAAAAA==' },
    { type: 'Prepend', prepend: 'x'.repeat(17) },
    { type: 'Novel' },
    nested(9),
  ];
  it.each(normalizers.map((part) => [JSON.stringify(part), part]))('normalizer %s', async (_, part) => {
    const loaded = loadTokenizer(folderWith({ normalizer: part }));
    await expect(loaded).rejects.toThrow(/tokenizer\.json has a normalizer that is not let in, because/);
    await expect(loaded).rejects.toThrow(InputError);
  });

  const splitters: readonly object[] = [
    split({ Regex: '(x+x+)+y' }),
    split({ Regex: '' }),
    split({ String: '' }),
    { type: 'FixedLength', length: 0 },
    { type: 'Sequence', pretokenizers: [{ type: 'Whitespace' }, split({ Regex: '(x|x)*y' })] },
    { type: 'Novel' },
  ];
  it.each(splitters.map((part) => [JSON.stringify(part), part]))('pre_tokenizer %s', async (_, part) => {
    await expect(loadTokenizer(folderWith({ pre_tokenizer: part }))).rejects.toThrow(
      /tokenizer\.json has a pre_tokenizer that is not let in, because/,
    );
  });

  it('models: merges with a prefix, and words that take too long', async () => {
    const vocab = { '[UNK]': 0, a: 1, b: 2, ab: 3 };
    const model = { type: 'BPE', vocab, merges: [['a', 'b']], continuing_subword_prefix: '####' };
    const refusal = /tokenizer\.json has a model that is not let in, because/;
    await expect(loadTokenizer(folderWith({ model }))).rejects.toThrow(refusal);
    const long = { type: 'WordPiece', vocab, unk_token: '[UNK]', continuing_subword_prefix: '##' };
    await expect(
      loadTokenizer(folderWith({ model: { ...long, max_input_chars_per_word: 1e6 } })),
    ).rejects.toThrow(refusal);
  });

  it('nor where the class makes its own of them', async () => {
    const folder = copyOfBert();
    editJson(join(folder, 'tokenizer.json'), { normalizer: normalizers[3] });
    await expect(loadTokenizer(folder)).rejects.toThrow(/has a normalizer that is not let in/);
  });
});

describe('templates', () => {
  const sequence = (id: string) => ({ Sequence: { id, type_id: 0 } });
  const folderOf = (single: string, pair: string): string =>
    folderWith({
      post_processor: {
        type: 'TemplateProcessing',
        single: Array.from(single, sequence),
        pair: Array.from(pair, sequence),
        special_tokens: {},
      },
    });

  it.each([
    ['B', 'AB', 'single'],
    ['AA', 'AB', 'single'],
    ['', 'AB', 'single'],
    ['A', 'AA', 'pair'],
    ['A', 'ABB', 'pair'],
  ])('%s and %s are refused', async (single, pair, name) => {
    await expect(loadTokenizer(folderOf(single, pair))).rejects.toThrow(
      new RegExp(`tokenizer\\.json has a template "${name}" with Sequence A \\d and B \\d times`),
    );
  });

  it('may have the pair first', async () => {
    const tokenizer = await loadTokenizer(folderOf('A', 'BA'));
    const { ids } = await tokenize(tokenizer, ['river'], ['the'], Infinity);
    expect([...ids]).toEqual([tokenizer.idOf('the'), tokenizer.idOf('river')]);
  });

  it('do not reach the library, which would end the process', async () => {
    const bert = JSON.parse(readFileSync(join(copyOfBert(), 'tokenizer.json'), 'utf8')) as Parts;
    const template = JSON.parse(readFileSync(join(folderOf('B', 'AB'), 'tokenizer.json'), 'utf8')) as Parts;
    const native = await nativeTokenizer('FILE', { ...bert, post_processor: template['post_processor'] });
    const [encoding] = await native.encodeBatch(['river'], { addSpecialTokens: false });
    expect(encoding!.getIds()).toHaveLength(1);
  });

  it('neither truncate nor pad', async () => {
    const folder = folderWith({
      truncation: { direction: 'Right', max_length: 0, strategy: 'LongestFirst', stride: 5 },
    });
    const tokenizer = await loadTokenizer(folder);
    expect((await tokenize(tokenizer, ['river'], null, Infinity)).ids).toHaveLength(3);
  });
});

describe('token ids of 2^31 or more', () => {
  it.each([2 ** 31, 2 ** 32 - 1, 2 ** 32, 1e300])('%d is refused where it is read', async (id) => {
    const vocab = { '[UNK]': 0, '[CLS]': 1, '[SEP]': 2, film: id };
    const model = { type: 'WordPiece', vocab, unk_token: '[UNK]', continuing_subword_prefix: '##' };
    await expect(loadTokenizer(folderWith({ model }))).rejects.toThrow(
      /token ids, whole numbers below 2\^31/,
    );
    const cls = { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', id] };
    await expect(loadTokenizer(folderWith({ post_processor: cls }))).rejects.toThrow(/post_processor/);
    const folder = copyOfBert();
    writeFileSync(join(folder, 'added_tokens.json'), `{"film":${id}}`);
    await expect(loadTokenizer(folder)).rejects.toThrow(/token ids, whole numbers below 2\^31/);
  });
});

describe('one text', () => {
  it('of more than 1,000,000 characters is not given to the library at once', async () => {
    const tokenizer = await loadTokenizer(folderWith({ pre_tokenizer: split({ Regex: '\\s+' }) }));
    await expect(tokenizer.encode([' '.repeat(1_000_001)])).rejects.toThrow(/1000001 characters at once/);
    // The spaces stand apart as one unknown word.
    expect((await tokenizer.encode([' '.repeat(1_000_000)])).ids).toHaveLength(1);
  });
});
