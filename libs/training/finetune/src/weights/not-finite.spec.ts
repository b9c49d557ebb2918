/** An encoder with numbers that are not finite is refused before it is trained, whatever the method. */
import { mkdtempSync, rmSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEncoder, writeSafetensors } from '@layerwise/model';
import { expect, it, onTestFinished } from 'vitest';
import { BERT, prepare, SETTINGS, TASKS } from '../../test/tiny-run.js';

async function withNumber(name: string, place: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-not-finite-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  cpSync(BERT, folder, { recursive: true });
  const { tensors } = openEncoder(BERT);
  const changed = tensors.shapes.map(({ name, shape }) => ({ name, shape, data: tensors.readTensor(name) }));
  changed.find((tensor) => tensor.name === name)!.data[place] = NaN;
  await writeSafetensors(join(folder, 'model.safetensors'), changed);
  return folder;
}

const WORDS = 'embeddings.word_embeddings.weight';

it('names the tensor, or the row of a word that a text has', async () => {
  const layer = 'encoder.layer.3.output.dense.weight';
  await expect(prepare(SETTINGS, TASKS, await withNumber(layer, 5))).rejects.toThrow(
    `number 5 of the tensor ${layer} is NaN`,
  );
  await expect(prepare(SETTINGS, TASKS, await withNumber(WORDS, 2 * 16))).rejects.toThrow(
    `number 32 of the tensor ${WORDS} is NaN`,
  );
});

it('goes on where only a word that no text has is so, and says it', async () => {
  const unused = (await prepare(SETTINGS)).state.plan.vocabulary.rowOf.findLastIndex((row) => row < 0);
  const run = await prepare(SETTINGS, TASKS, await withNumber(WORDS, unused * 16));
  expect(run.notes).toEqual([expect.stringContaining(`that no text has: ${unused}.`) as string]);
  expect(run.state.parameters.floats.every((value) => Number.isFinite(value))).toBe(true);
  expect((await prepare(SETTINGS)).notes).toEqual([]);
});
