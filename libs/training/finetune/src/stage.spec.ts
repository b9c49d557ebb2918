import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, runStage, writeManifest, writeTaskFolder, type Manifest } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { writeSearch } from '../test/found-rates.js';
import { BERT, TASKS, temporaryFolder } from '../test/tiny-run.js';
import { CHECKPOINT_FILE } from './phases/checkpoint.js';
import { readResults } from './results/read-results.js';
import { finetuneStage } from './stage.js';

/** What a shift leaves. */
async function pairFolder(): Promise<string> {
  const folder = temporaryFolder();
  const outputs: Manifest['outputs'] = [];
  for (const phase of ['original', 'shifted'] as const) {
    for (const { file, bytes, digest } of await writeTaskFolder(TASKS[phase], join(folder, phase))) {
      outputs.push({ file: `${phase}/${file}`, bytes, digest });
    }
  }
  const rest = { parameters: {}, seed: null, inputs: [], versions: {}, durationSeconds: 0 };
  await writeManifest(folder, {
    ...rest,
    stage: 'dataset-shift',
    stageVersion: 1,
    outputs,
    started: new Date().toISOString(),
  });
  return folder;
}

const PARAMETERS: z.input<typeof finetuneStage.parameters> = {
  rates: 1e-3,
  epochsOriginal: 2,
  epochsShifted: 2,
  batch: 4,
  threads: 1,
};

async function options(parameters: Partial<typeof PARAMETERS> = {}) {
  return {
    parameters: { ...PARAMETERS, ...parameters },
    inputs: { pair: await pairFolder(), encoder: BERT },
    outputFolder: temporaryFolder(),
  };
}

async function optionsWithout(name: 'rates', parameters: Partial<typeof PARAMETERS>) {
  const { [name]: _left, ...others } = PARAMETERS;
  return { ...(await options()), parameters: { ...others, ...parameters } };
}

it('runs the protocol, runs again only for a reason, and cleans up after itself', async () => {
  const given = await options();
  const lines: string[] = [];
  const { manifest, skipped } = await runStage(finetuneStage, {
    ...given,
    progress: (line) => lines.push(line),
  });
  expect(skipped).toBe(false);
  const row = await readResults(given.outputFolder);
  expect(row).toMatchObject({
    status: 'complete',
    original: 'loudness',
    shifted: 'sameness',
    stepsOriginal: 6,
  });
  const { accuracyOriginalBefore, accuracyOriginal, accuracyShifted, reward } = row;
  expect(manifest.counts).toEqual({ accuracyOriginalBefore, accuracyOriginal, accuracyShifted, reward });
  expect(manifest.outputs.map(({ file }) => file)).toEqual(
    expect.arrayContaining([
      'results.arrow',
      'history.arrow',
      'encoder/model.safetensors',
      'heads.safetensors',
    ]),
  );
  expect(lines).toContain('loudness (original): 6 steps');
  expect(lines.at(-1)).toMatch(/^step 4\/4, loss \d/);
  expect(existsSync(join(given.outputFolder, CHECKPOINT_FILE))).toBe(false);

  expect((await runStage(finetuneStage, given)).skipped).toBe(true);
  const other = { ...given, parameters: { ...given.parameters, seed: 2 } };
  expect((await runStage(finetuneStage, other)).skipped).toBe(false);
});

it('that is stopped goes on to the same bits, and discards the checkpoint of other parameters', async () => {
  const expected = await options();
  await runStage(finetuneStage, expected);
  const weights = (folder: string): string =>
    digestOf(readFileSync(join(folder, 'encoder/model.safetensors')));

  const stopped = { ...expected, outputFolder: temporaryFolder() };
  const stopAfter = async (pattern: RegExp): Promise<void> => {
    const controller = new AbortController();
    const progress = (line: string): void => {
      if (pattern.test(line)) controller.abort(new Error('stopped'));
    };
    const running = runStage(finetuneStage, { ...stopped, signal: controller.signal, progress });
    await expect(running).rejects.toThrow('stopped');
    expect(existsSync(join(stopped.outputFolder, CHECKPOINT_FILE))).toBe(true);
  };
  await stopAfter(/^step 4\/6/);
  const lines: string[] = [];
  await runStage(finetuneStage, { ...stopped, progress: (line) => lines.push(line) });
  expect(lines[0]).toBe('loudness (original): 6 steps, 4 of them done');
  expect(weights(stopped.outputFolder)).toEqual(weights(expected.outputFolder));

  stopped.parameters = { ...stopped.parameters, seed: 3 };
  await stopAfter(/^step 1\/4/);
  stopped.parameters = { ...stopped.parameters, seed: 1 };
  await runStage(finetuneStage, { ...stopped, force: true });
  expect(weights(stopped.outputFolder)).toEqual(weights(expected.outputFolder));
});

it('takes rates as a number, a text or a list, and says that training diverged', async () => {
  const list = await options({
    rates: [1e-3, null, 1e-3, null, 1e-3, null, 1e-3, null, 1e-3, 1e-3],
    epochsOriginal: 1,
  });
  await runStage(finetuneStage, list);
  const text = await options({ rates: '1e-3', epochsOriginal: 1 });
  await runStage(finetuneStage, text);
  const rates = async ({ outputFolder }: typeof list) => (await readResults(outputFolder)).rates;
  expect(await rates(list)).toEqual(await rates(text));

  const wild = await options({ rates: 1e30, optimizer: 'sgd' });
  const { manifest } = await runStage(finetuneStage, wild);
  expect(manifest.notes?.[0]).toMatch(/^training diverged at step \d+ of the phase original$/);
  expect((await readResults(wild.outputFolder)).status).toBe('diverged');
});

it("takes the rates of a search in the rates' place, for flat-tuned its control's, and runs again when those change", async () => {
  const options = { epochsOriginal: 1, epochsShifted: 1, batch: 4, method: 'distribution' } as const;
  const given = await optionsWithout('rates', options);
  const search = join(temporaryFolder(), 'search');
  const found = [1e-3, null, 2e-3, null, 3e-3, null, 4e-3, null, 5e-3, 6e-3];
  await writeSearch(search, found);
  await writeSearch(
    join(search, 'control'),
    found.map((rate) => rate && 7e-4),
  );
  const run = (parameters: object = {}) =>
    runStage(finetuneStage, {
      ...given,
      parameters: { ...given.parameters, ...parameters },
      inputs: { ...given.inputs, ratesFrom: search },
    });
  const { manifest } = await run();
  expect((await readResults(given.outputFolder)).rates).toEqual(found);
  expect(manifest.inputs.find(({ name }) => name === 'ratesFrom')).toMatchObject({ path: search });
  expect(manifest.parameters).not.toHaveProperty('rates');
  expect((await run()).skipped).toBe(true);
  await run({ method: 'flat-tuned' });
  expect(new Set((await readResults(given.outputFolder)).rates)).toEqual(new Set([7e-4, null]));

  await writeSearch(
    search,
    found.map((rate) => rate && 2 * rate),
  );
  expect((await run()).skipped).toBe(false);
  expect((await readResults(given.outputFolder)).rates[9]).toBe(12e-3);
  await expect(run({ rates: 1e-3 })).rejects.toThrow(/both rates and ratesFrom/);
  await expect(runStage(finetuneStage, given)).rejects.toThrow(/give ratesFrom/);
});

it('refuses wrong parameters with a sentence', async () => {
  await expect(runStage(finetuneStage, await options({ rates: '1,2' }))).rejects.toThrow(InputError);
  await expect(runStage(finetuneStage, await options({ batch: 0 }))).rejects.toThrow(
    /parameter batch is wrong/,
  );
  const homeless = { ...(await options()), inputs: { pair: await pairFolder(), encoder: 'nowhere' } };
  await expect(runStage(finetuneStage, homeless)).rejects.toThrow(InputError);
});
