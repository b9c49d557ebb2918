import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BERT, copyOfBert, editJson, temporaryFolder } from '../../test/folders.js';
import { tokenizeCached } from './token-cache.js';
import { type Tokenizer, loadTokenizer } from './tokenizer.js';
import { tokenize } from './token-rows.js';

const texts = ['the river rose', 'a lamp', ''];
const pairs = ['quiet', 'the old harbour', 'x'];

/** A tokeniser that counts how often it was asked. */
async function counting(): Promise<{ tokenizer: Tokenizer; calls: () => number }> {
  const tokenizer = await loadTokenizer(BERT);
  let calls = 0;
  const encode: Tokenizer['encode'] = (asked) => {
    calls++;
    return tokenizer.encode(asked);
  };
  return { tokenizer: { ...tokenizer, encode }, calls: () => calls };
}

describe('cached tokens', () => {
  it('are what tokenize gives, and are made once', async () => {
    const folder = temporaryFolder();
    const { tokenizer, calls } = await counting();
    const fresh = await tokenize(tokenizer, texts, pairs, 9);
    const before = calls();
    expect(await tokenizeCached(folder, tokenizer, texts, pairs, 9)).toEqual(fresh);
    expect(calls()).toBe(2 * before);
    expect(await tokenizeCached(folder, tokenizer, texts, pairs, 9)).toEqual(fresh);
    expect(calls()).toBe(2 * before);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('are other tokens for other texts, pairs, lengths and tokenisers', async () => {
    const folder = temporaryFolder();
    const tokenizer = await loadTokenizer(BERT);
    const cased = copyOfBert();
    editJson(join(cased, 'tokenizer_config.json'), { do_lower_case: false });
    await tokenizeCached(folder, tokenizer, texts, pairs, 9);
    await tokenizeCached(folder, tokenizer, texts, pairs, 8);
    await tokenizeCached(folder, tokenizer, texts, null, 9);
    await tokenizeCached(folder, tokenizer, [...texts].reverse(), pairs, 9);
    await tokenizeCached(folder, await loadTokenizer(cased), texts, pairs, 9);
    expect(readdirSync(folder)).toHaveLength(5);
  });

  it('are made anew where the file was damaged', async () => {
    const folder = temporaryFolder();
    const tokenizer = await loadTokenizer(BERT);
    const fresh = await tokenizeCached(folder, tokenizer, texts, null, 9);
    const file = join(folder, readdirSync(folder)[0] ?? '');
    const { size } = statSync(file);
    truncateSync(file, size - 100);
    expect(await tokenizeCached(folder, tokenizer, texts, null, 9)).toEqual(fresh);
    expect(statSync(file).size).toBe(size);
  });
});
