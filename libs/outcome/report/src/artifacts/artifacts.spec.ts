/** What is found below folders, what is passed over, and what is refused. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  NOTHING,
  METHODS,
  PAIR,
  temporaryFolder,
  writeCombination,
  writeEvaluation,
  writeEverything,
} from '../../test/generated.js';
import { readArtifacts } from './artifacts.js';

let folder: string;

beforeAll(async () => {
  folder = await writeEverything(temporaryFolder());
});

afterAll(() => rmSync(folder, { recursive: true }));

it('reads one of each kind, with the runs of the evaluation told by method', async () => {
  const artifacts = await readArtifacts([folder]);
  for (const kind of Object.keys(NOTHING))
    expect(artifacts[kind as keyof typeof NOTHING].length, kind).toBeGreaterThan(0);
  expect(artifacts.runs).toHaveLength(2 * METHODS.length);
  expect(artifacts.runs[0]?.of).toMatchObject({ method: 'distribution', seed: 1 });
  expect(artifacts.runs[0]?.pair).toBe(PAIR);
  expect(artifacts.runs[0]?.label).toBe('evaluation/runs/distribution/1/1');
  expect(artifacts.evaluation[0]?.rates).toEqual([2e-5, 2e-5, 2e-5]);
  expect(artifacts.majorities).toEqual([{ pair: PAIR, share: 0.55 }]);
  expect(artifacts.searches[0]?.trials[2]).toMatchObject({ trial: 2, reward: 1.6723, rates: [1e-5, 2e-5] });
});

it('reads a folder once, however it is given', async () => {
  const { evaluation } = await readArtifacts([folder, join(folder, 'evaluation')]);
  expect(evaluation).toHaveLength(2 * METHODS.length);
});

it('names a single folder by its name', async () => {
  const { searches } = await readArtifacts([join(folder, 'search')]);
  expect(searches[0]?.label).toBe('search');
});

it('passes over runs inside a search, and files that are somebody else’s', async () => {
  const other = temporaryFolder();
  cpSync(join(folder, 'search'), join(other, 'search'), { recursive: true });
  cpSync(join(folder, 'evaluation'), join(other, 'search/trial-1'), { recursive: true });
  cpSync(join(folder, 'evaluation/evaluation.arrow'), join(other, 'drift.arrow'));
  writeFileSync(join(other, 'manifest.json'), '{"name":"a web page"}');
  mkdirSync(join(other, 'search/control'));
  cpSync(join(folder, 'search/trials.arrow'), join(other, 'search/control/trials.arrow'));
  const { searches, evaluation, drift, manifests } = await readArtifacts([other]);
  expect(searches.map(({ label, outcome }) => [label, outcome?.done])).toEqual([
    ['search', 'trials'],
    ['search/control', undefined],
  ]);
  expect([evaluation, drift, manifests]).toEqual([[], [], []]);
  rmSync(other, { recursive: true });
});

it.each([
  ['a folder that is not there', () => 'no-such-folder', /^--from no-such-folder does not exist; give/],
  ['a file', () => join(folder, 'search/study.json'), /study\.json is a file; give the folder/],
])('refuses %s', async (_, path, sentence) => {
  await expect(readArtifacts([path()])).rejects.toThrow(sentence);
});

it('refuses two evaluations with the same run', async () => {
  const other = temporaryFolder();
  await writeEvaluation(other);
  await expect(readArtifacts([folder, other])).rejects.toThrow(
    `Two of the evaluations hold flat on ${PAIR} with seed 1; give one of them with --from.`,
  );
  rmSync(other, { recursive: true });
});

it.each([
  ['study.json', 'search', '{"done":3}', /is not the study.json of `layerwise search` \(done is wrong\)/],
  ['study.json', 'search', '{', /cannot be read as JSON/],
  [
    'combination.json',
    'combination',
    '{"rates":[1]}',
    /is not the combination.json of `layerwise combine` \(perPair is wrong\)/,
  ],
  ['evaluation.arrow', 'evaluation', 'ARROW1', /is not an Arrow IPC file|is cut|damaged/],
])('refuses a damaged %s', async (file, from, text, sentence) => {
  const other = temporaryFolder();
  cpSync(join(folder, from), other, { recursive: true });
  writeFileSync(join(other, file), text);
  await expect(readArtifacts([other])).rejects.toThrow(sentence);
  rmSync(other, { recursive: true });
});

it('refuses a combination whose rates are not as many as its groups', async () => {
  const other = temporaryFolder();
  writeCombination(other);
  const file = join(other, 'combination.json');
  const json = JSON.parse(await (await import('node:fs/promises')).readFile(file, 'utf8')) as {
    rates: number[];
  };
  writeFileSync(file, JSON.stringify({ ...json, rates: json.rates.slice(1) }));
  await expect(readArtifacts([other])).rejects.toThrow(
    `${basename(file)} does not have a rate for each of its`,
  );
  rmSync(other, { recursive: true });
});
