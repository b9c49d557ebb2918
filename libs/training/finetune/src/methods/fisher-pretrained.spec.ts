// Fisher information of pretrained weights on masked words: PyTorch's numbers (tools/reference/fisher.py
// wrote fixtures/fisher.json), the file that keeps them, and what a stop leaves.
import { cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '@layerwise/errors';
import { loadTokenizer, openEncoder, openSafetensors, tokenize, writeSafetensors } from '@layerwise/model';
import { describe, expect, it } from 'vitest';
import { BERT, prepare, protocol, SETTINGS, TASKS, temporaryFolder, weightsOf } from '../../test/tiny-run.js';
import { fisherOfPretrained, type PretrainedFisherOptions } from './fisher-pretrained.js';
import { maskTexts, maskableTexts } from '../batches/mask-texts.js';
import { norm } from '../../test/relative-error.js';

interface Expected {
  readonly texts: number;
  readonly maxLength: number;
  readonly rows: readonly { readonly ids: readonly number[]; readonly masked: readonly number[] }[];
  readonly norms: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const expected = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/fisher.json'), 'utf8'),
) as Expected;

/** The committed encoder with the masked-language head that stands in its reference numbers. */
async function maskedLanguageFolder(): Promise<string> {
  const folder = temporaryFolder();
  cpSync(BERT, folder, { recursive: true });
  const encoder = openEncoder(BERT);
  const numbers = openSafetensors(join(BERT, 'expected.safetensors'));
  const head = [...numbers.tensors].flatMap(([name, { shape }]) =>
    name.startsWith('mlm.weight.')
      ? [{ name: name.slice('mlm.weight.'.length), shape, data: numbers.readTensor(name) }]
      : [],
  );
  const tensors = encoder.tensors.shapes.map(({ name, shape }) => {
    return { name: `bert.${name}`, shape, data: encoder.tensors.readTensor(name) };
  });
  await writeSafetensors(join(folder, 'model.safetensors'), [...tensors, ...head], { metadata: {} });
  return folder;
}

const corpus = { text: TASKS.original.train.text, pair: null };
const options = (changes: Partial<PretrainedFisherOptions> = {}): PretrainedFisherOptions => ({
  folder: temporaryFolder(),
  texts: expected.texts,
  batch: 1,
  maximumLength: expected.maxLength,
  engine: 'onnxruntime',
  provider: 'cpu',
  threads: 1,
  signal: new AbortController().signal,
  ...changes,
});

describe('Fisher information of pretrained weights', () => {
  it.each(Object.entries(expected.norms))('over batches of %s is that of autograd', async (batch, norms) => {
    const encoder = openEncoder(await maskedLanguageFolder());
    const { file } = await fisherOfPretrained(encoder, corpus, options({ batch: Number(batch) }));
    const stored = openSafetensors(file);
    expect([...stored.tensors.keys()].sort()).toEqual(Object.keys(norms).sort());
    for (const [name, wanted] of Object.entries(norms)) {
      const found = norm(stored.readTensor(name));
      // A key's bias has no gradient but rounding.
      if (name.endsWith('key.bias')) expect(found, name).toBeLessThan(1e-12);
      else expect(Math.abs(found / wanted - 1), name).toBeLessThan(1e-4);
    }
  });

  it('is found again where it was kept, by its encoder, texts and way', async () => {
    const encoder = openEncoder(await maskedLanguageFolder());
    const folder = temporaryFolder();
    const first = await fisherOfPretrained(encoder, corpus, options({ folder }));
    const onTexts = (): never => {
      throw new Error('it was taken again');
    };
    expect(await fisherOfPretrained(encoder, corpus, options({ folder, onTexts }))).toEqual(first);
    const fewer = await fisherOfPretrained(encoder, corpus, options({ folder, texts: 3 }));
    expect(fewer.file).not.toBe(first.file);
    expect(fewer.digest).not.toBe(first.digest);
  });

  it('stopped goes on to the same bits', async () => {
    const encoder = openEncoder(await maskedLanguageFolder());
    const { digest } = await fisherOfPretrained(encoder, corpus, options());
    const folder = temporaryFolder();
    const stop = new AbortController();
    const seen: number[] = [];
    const stopped = fisherOfPretrained(
      encoder,
      corpus,
      options({
        folder,
        signal: stop.signal,
        onTexts: (done) => {
          if (done === 3) stop.abort();
        },
      }),
    );
    await expect(stopped).rejects.toThrow(/aborted/);
    const again = await fisherOfPretrained(
      encoder,
      corpus,
      options({ folder, onTexts: (done) => void seen.push(done) }),
    );
    expect(again.digest).toBe(digest);
    expect(seen).toEqual([4, 5, 6, 7]);
  });

  it('holds the weights of a run to the pretrained ones', async () => {
    const folder = await maskedLanguageFolder();
    const fisher = await fisherOfPretrained(openEncoder(folder), corpus, options());
    const weights = async (lambda: number): Promise<string> => {
      const penalties = [{ anchor: 'pretrained' as const, lambda, fisher }];
      const settings = { ...SETTINGS, method: { name: 'ewc', penalties } };
      const run = await prepare(settings, TASKS, folder);
      expect((await protocol(run, settings, temporaryFolder())).kind).toBe('complete');
      return weightsOf(run);
    };
    const plain = await prepare(SETTINGS, TASKS, folder);
    await protocol(plain, SETTINGS, temporaryFolder());
    expect(await weights(0)).toBe(weightsOf(plain));
    expect(await weights(675)).not.toBe(weightsOf(plain));
  });

  it('needs a masked-language head, and says so', async () => {
    const taken = fisherOfPretrained(openEncoder(BERT), corpus, options());
    await expect(taken).rejects.toThrow(InputError);
    await expect(taken).rejects.toThrow(/masked-language head is missing/);
  });

  it('needs a word', async () => {
    const encoder = openEncoder(await maskedLanguageFolder());
    await expect(fisherOfPretrained(encoder, { text: ['', ' '], pair: null }, options())).rejects.toThrow(
      /No text of the corpus holds a word/,
    );
  });
});

describe('masking', () => {
  it('takes the places that the reference takes, and nothing special', async () => {
    const tokenizer = await loadTokenizer(BERT);
    const ids = Int32Array.from(expected.rows.flatMap((row) => row.ids));
    const offsets = new Int32Array(expected.rows.length + 1);
    expected.rows.forEach((row, text) => (offsets[text + 1] = offsets[text]! + row.ids.length));
    const rows = { offsets, ids, types: new Uint8Array(ids.length) };
    const masking = {
      share: 0.15,
      maskId: tokenizer.idOf('[MASK]')!,
      specialIds: new Set(tokenizer.specialIds),
      seed: 999,
    };
    expected.rows.forEach((row, text) => {
      const batch = maskTexts(rows, Int32Array.of(text), masking);
      expect(Array.from(batch.rows, (packed) => batch.packed.positions[packed])).toEqual(row.masked);
      expect(Array.from(batch.ids)).toEqual(row.masked.map((place) => row.ids[place]));
      expect([...batch.packed.ids]).toEqual(
        row.ids.map((id, place) => (row.masked.includes(place) ? masking.maskId : id)),
      );
    });
    const both = maskTexts(rows, Int32Array.of(1, 4), masking);
    expect(Array.from(both.rows)).toHaveLength(
      expected.rows[1]!.masked.length + expected.rows[4]!.masked.length,
    );
    const empty = await tokenize(tokenizer, ['word', '', 'two words'], null, 24);
    expect([...maskableTexts(empty, masking)]).toEqual([0, 2]);
  });
});
