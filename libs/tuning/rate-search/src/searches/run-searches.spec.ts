/** A search whose trials run where, and whose journal lies where, its caller says. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_OBJECTIVE_MODULE, memoryJournal, type Objective } from '@layerwise/search';
import { createInlineExecutor, type ExecutorOptions } from '@layerwise/workers';
import { afterAll, expect, it } from 'vitest';
import { runSearches } from './run-searches.js';
import { commandSearch } from './prepare-search.js';

const root = mkdtempSync(join(tmpdir(), 'layerwise-run-searches-'));
afterAll(() => rmSync(root, { recursive: true }));

it('asks for an executor and a journal, and starts and writes none of its own', async () => {
  const space = join(root, 'space.json');
  writeFileSync(space, '{"x": {"type": "float", "low": 0, "high": 1}}');
  const search = await commandSearch('never started', space);
  const objective: Objective = ({ values }) =>
    Promise.resolve({ kind: 'measured', reward: Number(values['x']), measures: {}, steps: 1 });
  const asked: ExecutorOptions[] = [];
  const journal = memoryJournal();
  const plan = { trials: 3, sampler: 'random', scheduler: 'none', full: 1, eta: 3, seed: 1 } as const;
  const out = join(root, 'out');
  const end = await runSearches(
    out,
    search,
    null,
    { ...plan, repeatsBest: 0, repeatsSeeds: 0 },
    {
      createExecutor: (options) => {
        asked.push(options);
        return Promise.resolve(createInlineExecutor(objective));
      },
      openJournal: () => journal,
      workers: 2,
      checkpointBudget: 0,
      signal: new AbortController().signal,
      versions: {},
      provenance: null,
      onStart: () => ({ show: () => undefined, end: () => undefined }),
    },
  );
  expect(end.search.state.trials.map(({ state }) => state)).toEqual(Array(3).fill('complete'));
  expect(asked).toMatchObject([{ module: COMMAND_OBJECTIVE_MODULE, workers: 2 }]);
  // Created; proposed, started and measured of each trial.
  expect(journal.read()).toHaveLength(1 + 3 * 3);
  expect(readdirSync(out).sort()).toEqual(['study.json', 'trials', 'trials.arrow']);
});
