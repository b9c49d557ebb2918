/**
 * Ids of Python's transformers for generated texts of many scripts, by folders of every kind: each
 * normaliser, splitter and model of a tokenizer.json, each property of added tokens, each class and switch
 * of the configurations, and vocab.txt with the files beside it (tools/reference/tokens.py).
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/folders.js';
import { loadTokenizer } from './tokenizer.js';
import { tokenize } from './token-rows.js';

interface Reference {
  readonly texts: readonly string[];
  /** Stands in files for long parts of them. */
  readonly parts: Readonly<Record<string, unknown>>;
  readonly folders: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, unknown>>;
    /** Four digits a text; null where Python refuses. */
    readonly ids: string | null;
  }[];
}

const { texts, parts, folders } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/tokens.json'), 'utf8'),
) as Reference;

function write(files: Reference['folders'][number]['files']): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const text =
      typeof content === 'string'
        ? (parts[content] ?? content)
        : JSON.stringify(content, (_, value: unknown) =>
            typeof value === 'string' ? (parts[value] ?? value) : value,
          );
    writeFileSync(join(folder, name), text as string);
  }
  return folder;
}

/** Four digits of the ids of every text. */
async function digests(folder: string): Promise<string[]> {
  const { offsets, ids } = await tokenize(await loadTokenizer(folder), texts, null, Infinity);
  return texts.map((_, row) => {
    const json = JSON.stringify([...ids.subarray(offsets[row], offsets[row + 1])]);
    return createHash('sha256').update(json).digest('hex').slice(0, 4);
  });
}

/** Folders that Python reads and that are refused here, with the words for it. */
const REFUSED: readonly (readonly [RegExp, RegExp])[] = [
  [/^BPE with dropout/, /leaves out merges at random \(dropout 0.5\)/],
  [/^BertTokenizer of BPE/, /has a model BPE, and its tokenizer_class makes WordPiece of it/],
  [
    /^class (BertJapanese|KoBert|Bertweet|Herbert|MPNet|XLMRoberta|Roberta)Tokenizer/,
    /config.json names the tokenizer_class \w+, whose ids are not shown to equal Python's/,
  ],
  [/^class (,|$| in)/, /names the tokenizer_class , whose ids/],
  [/^auto_map .*kobert/, /code of its own \(auto_map: \["kobert.KoBertTokenizer",null\]\)/],
  [/^(tokenizer.json and )?nothing for \[CLS\] beside (?!other|bounds)/, /has no cls_token/],
  [/^(.* )?split beside/, /sets split_special_tokens/],
  [
    /^(?!decoder|split|marked without).* beside bounds that are not in the vocabulary/,
    /lacks the special token <s>/,
  ],
  [/^a vocabulary without \[CLS\]/, /lacks the special token \[CLS\]/],
];

describe.each(folders)('$name', ({ name, files, ids }) => {
  const refusal = REFUSED.find(([pattern]) => pattern.test(name))?.[1];

  it(refusal || ids === null ? 'is refused' : "gives Python's ids", async () => {
    const folder = write(files);
    if (refusal || ids === null) {
      const refused = digests(folder);
      await expect(refused).rejects.toThrow(InputError);
      if (refusal && ids !== null) await expect(refused).rejects.toThrow(refusal);
      return;
    }
    const found = await digests(folder);
    const wrong = texts.filter((_, text) => found[text] !== ids.slice(4 * text, 4 * text + 4));
    expect(wrong).toEqual([]);
  });
});
