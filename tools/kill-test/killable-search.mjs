/**
 * A search that `search-kill-test.mjs` and `search-disk-full.mjs` start and end: `node killable-search.mjs
 * FOLDER CONFIGURATION`. At its end it says how it ended, as JSON; SIGTERM interrupts it.
 */
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
} from '../../libs/tuning/search/dist/index.js';
import { createProcessExecutor } from '../../libs/core/workers/dist/index.js';

const [folder, text] = process.argv.slice(2);
const { journal, workers, trials, checkpointBudget, objective } = JSON.parse(text);
const space = parseSpace(
  { x: { type: 'float', low: 0, high: 1 }, kind: { type: 'categorical', choices: ['a', 'b'] } },
  'the space',
);
const settings = parseSettings({
  space,
  sampler: 'tpe',
  scheduler: 'asha',
  plan: planFor('asha', 9, 3),
  seed: 5,
  trials,
  budget: null,
  maxFailures: null,
  given: [
    [0.05, 'a'],
    [0.1, 'b'],
  ],
  repeats: { best: 2, seeds: 2 },
});
const deciders = {
  sampler: samplerNamed('tpe'),
  scheduler: schedulerNamed('asha'),
  cost: (from, to) => (to - from) * objective.stepsPerUnit,
};

try {
  const study = openStudy(openJournalFile(journal), settings, deciders);
  const executor = await createProcessExecutor({
    module: new URL('search-objective.mjs', import.meta.url).href,
    configuration: objective,
    workers,
    logFolder: join(folder, 'workers'),
  });
  const controller = new globalThis.AbortController();
  process.once('SIGTERM', () => controller.abort());
  const end = await runSearch(study, executor, {
    folder,
    checkpointBudget,
    signal: controller.signal,
    onChange: () => undefined,
  });
  study.close();
  console.log(JSON.stringify(end));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
