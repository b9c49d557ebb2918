/**
 * Studies for the tests of this lib: a tiny encoder, a task of short and long sentences, a folder that is
 * gone afterwards.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Split, Task } from '@layerwise/artifacts';
import { settingsFrom, tokenizerOf, type Settings, type Tokenize } from '@layerwise/finetune';
import { createTinyEncoderFolder, openEncoder, type EncoderFolder } from '@layerwise/model';
import { cutTask, type Pair } from '@layerwise/pairs';
import { onTestFinished } from 'vitest';
import { runStudy, type Study, type StudyEnd, type StudyOptions, type StudyTask } from '../src/index.js';

const SUBJECTS = ['the river', 'the lake', 'a stream', 'the brook'];
const PLACES = ['near the old mill', 'behind the hill', 'below the bridge', 'at the far end'];
const VERBS = ['rose', 'grew', 'fell', 'sank'];
const WORDS = [...new Set([...SUBJECTS, ...PLACES, ...VERBS, 'while they slept'].join(' ').split(' '))];

/** Rows 0, 2, 4 … are short, rows 1, 3, 5 … long; the label says whether the water rose. */
function split(rows: number, first: number): Split {
  const word = (list: readonly string[], place: number): string => list[place % list.length] ?? '';
  const numbers = Array.from({ length: rows }, (_, row) => first + row);
  const text = numbers.map((number) => {
    const [subject, verb] = [word(SUBJECTS, number >> 3), word(VERBS, number >> 1)];
    const isLong = number % 2 === 1;
    return isLong ? `${subject} ${word(PLACES, number >> 5)} ${verb} while they slept` : `${subject} ${verb}`;
  });
  return {
    index: Int32Array.from(numbers),
    text,
    pair: null,
    label: Int32Array.from(numbers, (number) => ((number >> 1) % 4 < 2 ? 0 : 1)),
  };
}

export const TASK: Task = { name: 'water', labels: ['up', 'down'], train: split(64, 0), dev: split(40, 64) };

const rowsOf = (remainder: number) => {
  const of = ({ label }: Split): Int32Array =>
    Int32Array.from(label.keys()).filter((row) => row % 2 === remainder);
  return { train: of(TASK.train), dev: of(TASK.dev).filter((row) => remainder === 0 || row > 4) };
};

/** 32 + 32 train rows, 20 + 18 dev rows. */
export const PAIR: Pair = cutTask(
  TASK,
  'length',
  { original: rowsOf(0), shifted: rowsOf(1) },
  { original: 'water (shorter)', shifted: 'water (longer)' },
);

export async function tinyEncoder(): Promise<EncoderFolder> {
  const folder = join(temporaryFolder(), 'tiny');
  await createTinyEncoderFolder(folder, WORDS, { layers: 2, seed: 1 });
  return openEncoder(folder);
}

export const tokenizer = (encoder: EncoderFolder): Promise<Tokenize> => tokenizerOf(encoder, null);

export function tinySettings(changed: Partial<Settings> = {}): Settings {
  const settings = settingsFrom(
    {
      rates: '1e-3',
      groups: 'layers',
      optimizer: 'adam',
      schedule: 'cosine',
      warmup: 0.1,
      epochsOriginal: 6,
      epochsShifted: 6,
      batch: 8,
      accumulate: 1,
      maxLength: 24,
      seed: 0,
      engine: 'onnxruntime',
      provider: 'cpu',
      threads: 1,
    },
    2,
  );
  return { ...settings, ...changed };
}

/** Runs a study with nobody watching. */
export async function study(
  tasks: readonly StudyTask[],
  encoder: EncoderFolder,
  folder: string,
  options: Partial<StudyOptions> = {},
): Promise<StudyEnd> {
  return runStudy(tasks, {
    encoder,
    tokenize: await tokenizer(encoder),
    unitsFolder: join(folder, 'units'),
    seeds: [1, 2],
    bootstrap: { resamples: 1000, seed: 1, level: 0.95 },
    checkpointEvery: 0,
    signal: new AbortController().signal,
    versions: {},
    onProgress: () => undefined,
    onUnit: () => undefined,
    ...options,
  });
}

export function finished(end: StudyEnd): Study {
  if (end.kind !== 'finished') throw new Error(`the study is ${end.kind}`);
  return end.study;
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-shift-study-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
