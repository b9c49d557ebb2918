/**
 * Evaluations for the tests of this lib: a tiny encoder, two tasks of our own, a folder that is gone
 * afterwards.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTaskFolder, type Split, type Task } from '@layerwise/artifacts';
import { createTinyEncoderFolder } from '@layerwise/model';
import { onTestFinished } from 'vitest';
import { evaluateMethods, type EvaluateEnd } from '../src/index.js';
import { type EvaluateOptions } from '../src/evaluate.js';

const SUBJECTS = ['the river', 'the lake', 'a stream', 'the brook'];
const PLACES = ['near the mill', 'behind the hill', 'below the bridge', 'far away'];
const VERBS = ['rose', 'grew', 'fell', 'sank'];
const WORDS = [...new Set([...SUBJECTS, ...PLACES, ...VERBS].join(' ').split(' '))];

/** `labelOf` says what a task is about: the verb (0 … 3) and the place (0 … 3) of a row. */
function task(
  name: string,
  labels: readonly string[],
  labelOf: (verb: number, place: number) => number,
): Task {
  const split = (rows: number, first: number): Split => {
    const numbers = Array.from({ length: rows }, (_, row) => first + row);
    const word = (list: readonly string[], place: number): string => list[place % list.length] ?? '';
    return {
      index: Int32Array.from(numbers),
      text: numbers.map((n) => `${word(SUBJECTS, n >> 4)} ${word(PLACES, n >> 2)} ${word(VERBS, n)}`),
      pair: null,
      label: Int32Array.from(numbers, (n) => labelOf(n % 4, (n >> 2) % 4)),
    };
  };
  return { name, labels, train: split(32, 0), dev: split(24, 5) };
}

/** What the water did; where; both turned round. */
export const TASKS = {
  motion: task('motion', ['up', 'down'], (verb) => (verb < 2 ? 0 : 1)),
  place: task('place', ['near', 'far'], (_, place) => (place < 2 ? 0 : 1)),
};

/** @param after when it goes: after the test, or with `afterAll` after all of them */
export function temporaryFolder(after: (clear: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-evaluation-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes the pair of two tasks, as a shift does. @returns its folder */
export async function writePair(folder: string, original: Task, shifted: Task): Promise<string> {
  const own = join(folder, `${original.name}-${shifted.name}`);
  await writeTaskFolder(original, join(own, 'original'));
  await writeTaskFolder(shifted, join(own, 'shifted'));
  return own;
}

export async function tinyEncoder(folder: string): Promise<string> {
  const own = join(folder, 'tiny');
  await createTinyEncoderFolder(own, WORDS, { layers: 1, seed: 1 });
  return own;
}

/** An evaluation of both pairs with nobody watching. */
export async function evaluation(
  folder: string,
  changed: Partial<EvaluateOptions> = {},
): Promise<{ options: EvaluateOptions; run: () => Promise<EvaluateEnd> }> {
  const options: EvaluateOptions = {
    pairs: [
      await writePair(folder, TASKS.motion, TASKS.place),
      await writePair(folder, TASKS.place, TASKS.motion),
    ],
    searches: [],
    encoder: await tinyEncoder(folder),
    methods: ['flat'],
    seeds: [1, 2],
    choices: {
      rates: '5e-3',
      groups: 'layers',
      optimizer: 'adam',
      schedule: 'cosine',
      warmup: 0.1,
      epochsOriginal: 6,
      epochsShifted: 6,
      batch: 4,
      accumulate: 1,
      maxLength: 16,
      engine: 'onnxruntime',
      provider: 'cpu',
      threads: 1,
    },
    resample: { resamples: 200, seed: 1 },
    outputFolder: join(folder, 'out'),
    trainLimit: null,
    tokenFolder: null,
    checkpointEvery: 0,
    versions: {},
    workers: 1,
    signal: new AbortController().signal,
    onPlan: () => undefined,
    onProgress: () => undefined,
    onCell: () => undefined,
    ...changed,
  };
  return { options, run: () => evaluateMethods(options) };
}
