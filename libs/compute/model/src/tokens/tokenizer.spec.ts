import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BERT,
  type ExpectedTokens,
  SHARED_FIXTURES,
  copyOfBert,
  editJson,
  expectedTokens,
  hasSharedFixtures,
  temporaryFolder,
} from '../../test/folders.js';
import { type Tokenizer, loadTokenizer } from './tokenizer.js';
import { tokenize } from './token-rows.js';

async function idsOf(
  tokenizer: Tokenizer,
  text: string,
  pair: string | null = null,
  maximumLength = Infinity,
): Promise<number[]> {
  return [...(await tokenize(tokenizer, [text], pair === null ? null : [pair], maximumLength)).ids];
}

/** Tokenises rows with and without pairs as the reference does, one by one. */
async function checkAgainstPython(tokenizer: Tokenizer, rows: readonly ExpectedTokens[]): Promise<void> {
  for (const row of rows) {
    const pairs = row.pair === null ? null : [row.pair];
    const whole = await tokenize(tokenizer, [row.text], pairs, Infinity);
    const cut = await tokenize(tokenizer, [row.text], pairs, 32);
    expect([...whole.ids], row.text).toEqual(row.ids);
    expect([...cut.ids], row.text).toEqual(row.truncated32);
    if (row.types) expect([...whole.types], row.text).toEqual(row.types);
    if (row.truncated32_types) expect([...cut.types], row.text).toEqual(row.truncated32_types);
    expect(cut.truncatedRows).toBe(row.ids.length > 32 ? 1 : 0);
  }
}

describe('tokens of the Python library', () => {
  it('come out for awkward texts and pairs, whole and cut', async () => {
    const tokens = expectedTokens(BERT);
    expect(tokens).toHaveLength(16);
    await checkAgainstPython(await loadTokenizer(BERT), tokens);
  });

  it.skipIf(!hasSharedFixtures).each(['bert', 'roberta', 'distilbert', 'electra', 'gpt2'])(
    'come out for %s of ../shared/fixtures',
    async (name) => {
      const folder = join(SHARED_FIXTURES, name);
      await checkAgainstPython(await loadTokenizer(folder), expectedTokens(folder));
    },
  );

  it('come out where rows are many: offsets, types, longest row', async () => {
    const tokenizer = await loadTokenizer(BERT);
    const rows = expectedTokens(BERT).filter((row) => row.pair !== null);
    const pairs = rows.map((row) => row.pair ?? '');
    const all = await tokenize(
      tokenizer,
      rows.map((row) => row.text),
      pairs,
      32,
    );
    expect([...all.ids]).toEqual(rows.flatMap((row) => row.truncated32));
    expect([...all.types]).toEqual(rows.flatMap((row) => row.truncated32_types));
    rows.forEach((row, i) => {
      expect(all.offsets[i + 1]! - all.offsets[i]!).toBe(row.truncated32.length);
    });
    expect(all).toMatchObject({ rows: rows.length, maximumLength: 32, vocabularySize: 143 });
  });
});

describe('what other ports of the Python library get wrong', () => {
  it('a sigma at the end of a word keeps its id, and ideographs beyond U+FFFF stand apart', async () => {
    const tokenizer = await loadTokenizer(BERT);
    const sigma = tokenizer.idOf('##σ');
    expect(sigma).toBeDefined();
    expect(await idsOf(tokenizer, 'ΟΣ')).toEqual([2, tokenizer.idOf('ο'), sigma, 3]);
    expect(await idsOf(tokenizer, '𠀀𠀁')).toEqual([2, tokenizer.idOf('𠀀'), tokenizer.idOf('𠀁'), 3]);
  });

  it('an empty pair is a pair', async () => {
    const tokenizer = await loadTokenizer(BERT);
    expect(await idsOf(tokenizer, 'river', '')).toEqual([...(await idsOf(tokenizer, 'river')), 3]);
  });
});

describe('remembering words', () => {
  it('changes no id', async () => {
    const tokenizer = await loadTokenizer(BERT);
    const folder = copyOfBert();
    // An added token that swallows the space before it forbids the short cut; nothing else changes.
    const file = join(folder, 'tokenizer.json');
    editJson(file, {
      added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: id === 0,
        rstrip: false,
        normalized: false,
        special: true,
      })),
    });
    const whole = await loadTokenizer(folder);
    const piece = fc.constantFrom(
      'river',
      'Lamp',
      ' ',
      '\t',
      '\n',
      '\u00a0',
      '\u2028',
      "'",
      ',',
      '[MASK]',
      'Σ',
      '𠀀',
      '̈',
      'é',
      '\u0000',
      '川',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const text = pieces.join('');
        expect(await idsOf(tokenizer, text)).toEqual(await idsOf(whole, text));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('keeps no state between texts and calls', async () => {
    const tokenizer = await loadTokenizer(BERT);
    const [once, twice] = await Promise.all([
      tokenizer.encode(['river lamp river']),
      tokenizer.encode(['river lamp river', '', 'river lamp river']),
    ]);
    expect([...twice.ids]).toEqual([...once.ids, ...once.ids]);
    expect([...twice.offsets]).toEqual([0, once.ids.length, once.ids.length, 2 * once.ids.length]);
  });
});

describe('truncation', () => {
  it('takes tokens from the longer text, one after the other', async () => {
    const tokenizer = await loadTokenizer(BERT);
    /**
     * The rule as transformers documents it: token by token, from the longer one; of equals from the first.
     */
    const oneByOne = (text: number, pair: number, room: number): [number, number] => {
      let [n1, n2] = [text, pair];
      while (n1 + n2 > room) {
        if (n1 > n2 || (n1 === n2 && text <= pair)) n1--;
        else n2--;
      }
      return [n1, n2];
    };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(30),
        fc.nat(30),
        fc.integer({ min: 4, max: 40 }),
        async (text, pair, maximumLength) => {
          const { types } = await tokenize(
            tokenizer,
            ['x '.repeat(text)],
            ['x '.repeat(pair)],
            maximumLength,
          );
          const [n1, n2] = oneByOne(text, pair, maximumLength - 3);
          expect([
            types.filter((type) => type === 0).length - 2,
            types.filter((type) => type === 1).length - 1,
          ]).toEqual([n1, n2]);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  it('refuses a length that leaves no room', async () => {
    const tokenizer = await loadTokenizer(BERT);
    expect(await idsOf(tokenizer, 'x', null, 3)).toHaveLength(3);
    await expect(tokenize(tokenizer, ['x'], null, 2)).rejects.toThrow(InputError);
    await expect(tokenize(tokenizer, ['x'], ['y'], 3)).rejects.toThrow(
      /3 tokens leaves no room for a pair of texts beside its 3 special/,
    );
    await expect(tokenize(tokenizer, ['x'], null, NaN)).rejects.toThrow(InputError);
  });
});

describe('tokenizer files', () => {
  it('may be a vocab.txt alone', async () => {
    const folder = copyOfBert();
    rmSync(join(folder, 'tokenizer.json'));
    await checkAgainstPython(await loadTokenizer(folder), expectedTokens(BERT));
    rmSync(join(folder, 'tokenizer_config.json'));
    await checkAgainstPython(await loadTokenizer(folder), expectedTokens(BERT));
  });

  it('follow do_lower_case of tokenizer_config.json, as Python does', async () => {
    const folder = copyOfBert();
    editJson(join(folder, 'tokenizer_config.json'), { do_lower_case: false });
    const tokenizer = await loadTokenizer(folder);
    expect(await idsOf(tokenizer, 'River')).toEqual([2, 1, 3]);
    expect(await idsOf(tokenizer, 'river')).toEqual(await idsOf(await loadTokenizer(BERT), 'River'));
    expect(tokenizer.digest).not.toBe((await loadTokenizer(BERT)).digest);
  });

  it('of classes that merge bytes are refused where tokenizer.json is not what they make', async () => {
    const folder = copyOfBert();
    const config = join(folder, 'config.json');
    editJson(join(folder, 'tokenizer_config.json'), { tokenizer_class: 'RobertaTokenizer' });
    await expect(loadTokenizer(folder)).rejects.toThrow(/names the tokenizer_class RobertaTokenizer, whose/);
    editJson(config, { model_type: 'roberta' });
    await expect(loadTokenizer(folder)).rejects.toThrow(/has another normalizer or pre_tokenizer than its/);
    const bytes = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };
    editJson(join(folder, 'tokenizer.json'), { normalizer: null, pre_tokenizer: bytes });
    await expect(loadTokenizer(folder)).rejects.toThrow(/has another normalizer or pre_tokenizer than its/);
    editJson(join(folder, 'tokenizer_config.json'), { add_prefix_space: true });
    await loadTokenizer(folder);
  });

  it('are refused where two added tokens are one when normalised, because chance decides between them', async () => {
    const folder = copyOfBert();
    const added = (tokens: Record<string, unknown>) =>
      editJson(join(folder, 'tokenizer_config.json'), { added_tokens_decoder: tokens });
    added({ 200: { content: 'Movie' }, 201: { content: 'movie' } });
    await expect(loadTokenizer(folder)).rejects.toThrow(/adds the tokens Movie and movie, which are one/);
    added({ 200: { content: 'Movie' }, 201: { content: 'movie', normalized: false } });
    await loadTokenizer(folder);
    added({ 200: { content: 'Movie' }, 201: { content: 'film' } });
    await loadTokenizer(folder);
    rmSync(join(folder, 'tokenizer_config.json'));
    writeFileSync(join(folder, 'added_tokens.json'), '{"7":200,"[E1]":200}');
    await expect(loadTokenizer(folder)).rejects.toThrow(
      /added_tokens.json is not .*two tokens have the same id/,
    );
  });

  it('are refused with a sentence when missing or not understood', async () => {
    const folder = temporaryFolder();
    await expect(loadTokenizer(folder)).rejects.toThrow(/has no tokenizer.json and no vocab.txt/);
    writeFileSync(join(folder, 'vocab.txt'), '[PAD]\n[UNK]\nword\n');
    await expect(loadTokenizer(folder)).rejects.toThrow(/vocab.txt lacks the special token \[CLS\]/);
    writeFileSync(join(folder, 'tokenizer.json'), '{}');
    await expect(loadTokenizer(folder)).rejects.toThrow(
      /tokenizer.json is not a file of a tokeniser \(model: /,
    );
    const other = copyOfBert();
    editJson(join(other, 'tokenizer.json'), { post_processor: { type: 'Novel' } });
    await expect(loadTokenizer(other)).rejects.toThrow(/has a post_processor that is not known/);
    editJson(join(other, 'tokenizer.json'), { post_processor: null, model: { type: 'Novel', vocab: {} } });
    await expect(loadTokenizer(other)).rejects.toThrow(InputError);
  });
});
