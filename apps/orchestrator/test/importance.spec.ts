/**
 * `layerwise importance`, from words to files: a search with its control, what is printed, left and refused.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trialsTable, verifyOutputs, writeRows } from '@layerwise/artifacts';
import type { Importance } from '@layerwise/importance';
import { groupingToJson, layerGrouping } from '@layerwise/optimizers';
import { layerwise, temporaryFolder } from './command.js';

const rate = { type: 'float', low: 1e-7, high: 1e-3, log: true };

/**
 * A search over the rates of embeddings and head, or over one for both, as the command leaves it: all runs
 * full.
 */
async function search(
  name: string,
  space: object,
  rows: readonly { values: readonly number[]; reward: number; repeatOf?: number }[],
): Promise<string> {
  const file = join(temporaryFolder(), `${name}.arrow`);
  const trials = rows.map(({ values, reward, repeatOf = null }, trial) => ({
    trial,
    reward,
    repeat_of: repeatOf,
    state: 'complete',
    fidelity: 1,
    origin: 'sobol',
    bracket: 0,
    values: JSON.stringify(values),
    rates: [values[0] ?? NaN, values[1] ?? values[0] ?? NaN],
    accuracy_original_before: null,
    accuracy_original: null,
    accuracy_shifted: null,
    steps: 0,
    seconds: 0,
    seed: 0n,
  }));
  await writeRows(file, trialsTable, trials, {
    space: JSON.stringify({ names: Object.keys(space), parameters: Object.values(space) }),
    groups: groupingToJson(layerGrouping(0)),
    pair: name,
  });
  return file;
}

/** Of 16 places the reward rises with the head's rate alone, from 1 at 1e-7 to 1.8 at 1e-3. */
const made = () =>
  search(
    'river',
    { lr0: rate, lr1: rate },
    Array.from({ length: 16 }, (_, i) => {
      const values = [10 ** (-7 + ((i * 5) % 16) / 4), 10 ** (-7 + i / 4)];
      return { values, reward: 1 + 0.2 * (7 + Math.log10(values[1] ?? NaN)) };
    }),
  );

const control = () =>
  search('river', { lr: rate }, [
    { values: [1e-5], reward: 1.4 },
    { values: [1e-4], reward: 1.6 },
    { values: [1e-4], reward: 1.5, repeatOf: 1 },
    { values: [1e-4], reward: 1.7, repeatOf: 1 },
  ]);

it('says which group matters, with the measured control beside, and writes it down', async () => {
  const out = join(temporaryFolder(), 'importance');
  const words = ['importance', await made(), '--control', await control(), '--draws', '20'];
  const { code, stdout } = await layerwise(...words, '--out', out);
  expect(code).toBe(0);
  expect(stdout).toContain('river: 16 full runs, 0 shorter ones');
  expect(stdout).toMatch(
    /measured, the control +1\.6000 at 1\.0e-4 \(trial 1, of 2, mean of 3 runs, fresh seeds 1\.6000 \(/,
  );
  const manifest = await verifyOutputs(out);
  expect(manifest).toMatchObject({ stage: 'importance', seed: 1, parameters: { draws: 20 } });
  expect(manifest.inputs.map(({ name }) => name)).toEqual(['trials', 'control']);
  expect(manifest.outputs.map(({ file }) => file).sort()).toEqual([
    'importance.json',
    'importance.png',
    'importance.svg',
  ]);
  expect(readFileSync(join(out, 'importance.svg'), 'utf8')).toContain('with interactions');

  const { groups, measured, predicted } = JSON.parse(
    readFileSync(join(out, 'importance.json'), 'utf8'),
  ) as Importance;
  expect(groups.map(({ name }) => name)).toEqual(['embeddings', 'head']);
  expect(groups[0]!.total.mean).toBeLessThan(0.05);
  expect(groups[1]!.first.mean).toBeGreaterThan(0.95);
  expect(measured.best).toMatchObject({ trial: 15, runs: 1, of: 16 });
  expect(predicted!.flat.rate).toBeGreaterThan(5e-4);

  const json = await layerwise(...words, '--json');
  expect(json.code).toBe(0);
  expect((JSON.parse(json.stdout) as Importance).groups).toEqual(groups);
});

it.each<[string, () => Promise<string[]>, string]>([
  ['a search for one rate', async () => [await control()], 'is of a search for lr alone'],
  ['a file that is not there', () => Promise.resolve(['/no/such/trials.arrow']), '/no/such/trials.arrow'],
  [
    'too few draws',
    async () => [await made(), '--draws', '3'],
    '--draws must be a whole number of at least 20',
  ],
])('refuses %s, in one sentence and with exit code 2', async (_, words, sentence) => {
  const { code, stderr } = await layerwise('importance', ...(await words()));
  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
