import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  openJournalFile,
  openStudy,
  parseSettings,
  parseSpace,
  planFor,
  runSearch,
  samplerNamed,
  schedulerNamed,
  type Objective,
} from '../src/index.js';
import { createInlineExecutor } from '@layerwise/workers';

// Stands for a training of nine epochs with a checkpoint after each. It finds in its folder what an earlier
// run left there.
const objective: Objective = async ({ values, from, to }, { folder, signal, progress }) => {
  const checkpoint = join(folder, 'epoch');
  let epoch = existsSync(checkpoint) ? Number(await readFile(checkpoint, 'utf8')) : 0;
  for (; epoch < to; epoch++) {
    if (signal.aborted) return { kind: 'stopped', steps: epoch - from };
    await writeFile(checkpoint, String(epoch + 1));
    progress(epoch + 1 - from, to - from);
  }
  const far = Math.abs(Math.log10(Number(values['rate'])) + 4); // the best rate is 1e-4
  return { kind: 'measured', reward: 1 - far / 4 - 1 / (2 + to), measures: { far }, steps: to - from };
};

const space = parseSpace({ rate: { type: 'float', low: 1e-7, high: 1e-3, log: true } }, 'the space');
const settings = parseSettings({
  space,
  sampler: 'gp',
  scheduler: 'hyperband',
  plan: planFor('hyperband', 9, 3),
  seed: 1,
  trials: 17,
  budget: null,
  maxFailures: null,
  given: [[2e-5]],
  repeats: { best: 2, seeds: 3 },
});

// Killed at any moment, the same calls go on from the journal.
const study = openStudy(openJournalFile('search/journal.jsonl'), settings, {
  sampler: samplerNamed('gp'),
  scheduler: schedulerNamed('hyperband'),
  cost: (from, to) => to - from,
});
export const end = await runSearch(study, createInlineExecutor(objective), {
  folder: 'search',
  checkpointBudget: 20e9,
  signal: new AbortController().signal,
  onChange: ({ state, running }) => console.error(state.trials.length, [...running.keys()]),
});
export const best = study.best(); // its number, values, mean reward over its repeats and the interval of that
export const { trials, spent } = study.state;
study.close();
