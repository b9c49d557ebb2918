/**
 * What a folder of sentence-transformers says of its texts (length, lower case, prompt) is obeyed: vectors
 * are those of sentence-transformers itself (tools/reference/sentence_folders.py). What is not computed here
 * is refused by its name.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '@layerwise/errors';
import { openEncoder, writeSafetensors } from '@layerwise/model';
import { expect, it } from 'vitest';
import { addModules, BERT, copyOf, OPTIONS, SINGLE, splitOf, taskOf, worst } from '../test/tiny.js';
import { embedTask, type EmbeddedTask } from './embed-task.js';
import { preparedText } from './prepare-text.js';

interface Reference {
  readonly texts: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, object>>;
    readonly vectors: readonly (readonly number[])[];
  }[];
}

const { texts, cases } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/sentence-folders.json'), 'utf8'),
) as Reference;
const TASK = taskOf(splitOf(texts));

/** The committed BERT as a folder of sentence-transformers, with these fields in files of it. */
function folderWith(files: Readonly<Record<string, object>>): string {
  const folder = addModules(copyOf(BERT), ['Transformer', 'Pooling'], { pooling_mode_mean_tokens: true });
  for (const [name, fields] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : {};
    writeFileSync(file, JSON.stringify({ ...before, ...fields }));
  }
  return folder;
}

const embed = (folder: string, task = TASK, maximumLength = 256): Promise<EmbeddedTask> =>
  embedTask(task, folder, { ...OPTIONS, pooling: null, maximumLength });

it.each(cases)('$name: vectors are those of sentence-transformers', async ({ files, vectors }) => {
  const { embeddings } = await embed(folderWith(files));
  expect(worst(embeddings.train.values, vectors)).toBeLessThan(1e-5);
});

it('the cases differ from one another, but where a prompt is no default', () => {
  const different = new Set(cases.map(({ vectors }) => JSON.stringify(vectors)));
  // The tokeniser of the committed BERT lowers texts by itself, and its texts fit 40 tokens.
  expect(different.size).toBeGreaterThanOrEqual(cases.length - 2);
});

it('a folder whose encoder lies in 0_Transformer is followed', async () => {
  const folder = folderWith({ 'sentence_bert_config.json': { max_seq_length: 7 } });
  const inner = join(folder, '0_Transformer');
  mkdirSync(inner);
  for (const name of readdirSync(folder))
    if (!['0_Transformer', '1_Pooling', 'modules.json'].includes(name))
      renameSync(join(folder, name), join(inner, name));
  const modules = JSON.parse(readFileSync(join(folder, 'modules.json'), 'utf8')) as { path: string }[];
  modules[0]!.path = '0_Transformer';
  writeFileSync(join(folder, 'modules.json'), JSON.stringify(modules));
  const { vectors } = cases.find(({ name }) => name === 'max_seq_length')!;
  expect(worst((await embed(folder)).embeddings.train.values, vectors)).toBeLessThan(1e-5);
});

it('the shorter of two lengths cuts, and is the one that is told', async () => {
  const folder = folderWith({ 'sentence_bert_config.json': { max_seq_length: 12 } });
  expect(await embed(folder)).toMatchObject({ maximumLength: 12, cut: 1 });
  expect(await embed(folder, TASK, 6)).toMatchObject({ maximumLength: 6 });
  // The encoder has 40 positions.
  expect(await embed(BERT)).toMatchObject({ maximumLength: 40 });
});

it('lowers letter by letter, and leaves special tokens', () => {
  const tokenizer = { specialIds: [1, 2], tokenOf: (id: number) => ['', '[SEP]', '<x.Y>'][id] };
  const lowered = preparedText({ prompt: 'Q: ', lowerCase: true }, tokenizer);
  expect(lowered('A[SEP]B [sep] <x.Y> <xaY> ΣΟΦΟΣ')).toBe('q: a[SEP]b [sep] <x.Y> <xay> σοφοσ');
  expect(preparedText({ prompt: 'Q: ', lowerCase: false }, tokenizer)('A')).toBe('Q: A');
});

it.each([
  [{ 'config_sentence_transformers.json': { truncate_dim: 8 } }, /has truncate_dim 8, which is not obeyed/],
  [
    {
      'config_sentence_transformers.json': { prompts: { q: 'a ' }, default_prompt_name: 'q' },
      '1_Pooling/config.json': { include_prompt: false },
    },
    /1_Pooling\/config\.json has include_prompt false/,
  ],
  [
    { 'config_sentence_transformers.json': { prompts: {}, default_prompt_name: 'q' } },
    /has the default_prompt_name q, and no prompt of that name/,
  ],
  [{ 'sentence_bert_config.json': { max_seq_length: 'long' } }, /max_seq_length/],
  [{ 'sentence_bert_config.json': { tokenizer_args: { use_fast: false } } }, /has tokenizer_args/],
])('%j is refused by its name, and with a pooling of the caller is not looked at', async (files, message) => {
  const folder = folderWith(files);
  await expect(embed(folder)).rejects.toThrow(InputError);
  await expect(embed(folder)).rejects.toThrow(message);
  await embedTask(SINGLE, folder, { ...OPTIONS, pooling: 'mean' });
});

it('the row of a word that no text has may hold anything, and is named', async () => {
  const { tensors } = openEncoder(BERT);
  const words = 'embeddings.word_embeddings.weight';
  const withRow = async (row: number): Promise<string> => {
    const folder = copyOf(BERT);
    const changed = tensors.shapes.map(({ name, shape }) => ({
      name,
      shape,
      data: tensors.readTensor(name),
    }));
    changed.find(({ name }) => name === words)!.data[row * 16] = NaN;
    await writeSafetensors(join(folder, 'model.safetensors'), changed);
    return folder;
  };
  const { notes, embeddings } = await embed(await withRow(142), SINGLE);
  expect(notes).toEqual([expect.stringMatching(/word_embeddings.* that no text has: 142\.$/) as string]);
  expect(embeddings.train.values).toEqual((await embed(BERT, SINGLE)).embeddings.train.values);
  // [CLS]
  await expect(embed(await withRow(2), SINGLE)).rejects.toThrow(/number 32 of the tensor .* is NaN/);
});
