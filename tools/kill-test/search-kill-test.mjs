/**
 * Kills a search again and again with SIGKILL, its workers and its own process, lets it go on until it is
 * done, and compares what it comes to with a search that was never killed.
 *
 *     node tools/kill-test/search-kill-test.mjs [--kills 50] [--workers 1] [--steps 8] [--finetune]
 *
 * The objective (`search-objective.mjs`) is a chain of so many steps a unit of fidelity with a checkpoint
 * after each; with `--finetune` it is `layerwise search` with fine-tuning on built-in tasks. Of the kills
 * half hit the search's own process, a third a worker, and the others all processes at once; one in five
 * comes at any time from the start of a process on, the others while runs are under way. With one worker the
 * trials have to be those of the unbroken search, number for number, but for seconds (and trials.arrow,
 * column for column); with more of them each trial and rung has to be there once, with the reward and steps
 * that its values and seed give. Exit 1 if anything is not so.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readTable, trialsTable } from '../../libs/core/artifacts/dist/index.js';
import { expectedReward } from './search-objective.mjs';
import {
  checkpointBudget,
  finetuneSearch,
  outcome,
  ownSearch,
  readState,
  sleep,
  start,
  workersOf,
} from './search-runs.mjs';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    workers: { type: 'string', default: '1' },
    steps: { type: 'string', default: '8' },
    finetune: { type: 'boolean', default: false },
  },
});
const kills = Number(options.kills);
const workers = Number(options.workers);
const { finetune } = options;

const root = mkdtempSync(join(tmpdir(), 'layerwise-search-kill-test-'));
const violations = join(root, 'violations');
const stepsPerUnit = Number(options.steps);
// So slow that the kills come in between.
const objective = { stepMs: Math.max(4, kills / 3), stepsPerUnit, bytes: 12_000, quiet: false, violations };
/** @param {string} folder */
const search = (folder) =>
  start(folder, finetune ? finetuneSearch(folder, workers) : ownSearch(folder, { workers, objective }));

const faults = [];
/** @param {boolean} holds @param {string} what */
const check = (holds, what) => {
  if (!holds) faults.push(what);
};

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}

/**
 * Runs a search with so many kills, and then to its end.
 * @param {string} folder
 * @param {number} milliseconds that it runs between two kills, on average
 * @param {number} startUp milliseconds from its start to its first run, about
 */
async function runKilled(folder, milliseconds, startUp) {
  const counts = { search: 0, worker: 0, both: 0 };
  let run = search(folder);
  for (let i = 0; i < kills; i++) {
    if (i % 5 === 4) await sleep(1.2 * startUp * Math.random());
    else {
      await run.alive();
      await sleep(2 * milliseconds * Math.random());
    }
    if (run.isDone()) break;
    const luck = Math.random();
    const those = workersOf(folder);
    const what = luck < 0.5 || those.length === 0 ? 'search' : luck < 0.83 ? 'worker' : 'both';
    counts[what]++;
    if (what !== 'worker') kill(run.pid);
    if (what === 'both') those.forEach(kill);
    if (what === 'worker') kill(those[Math.floor(Math.random() * those.length)]);
    if (what === 'worker') continue;
    await run.ended;
    run = search(folder);
  }
  const { code, errors, end } = await run.ended;
  check(
    code === 0 && (finetune || end?.kind === 'done'),
    `it did not come to its end: ${JSON.stringify(end)} ${errors}`,
  );
  return counts;
}

/** That every trial and rung is there once, and on the disk what the journal says. */
function audited(folder) {
  const { state, events } = readState(join(folder, 'journal.jsonl'));
  const { trials, spent } = state;
  const { trials: most, repeats } = state.settings;
  check(trials.filter(({ repeatOf }) => repeatOf === null).length === most, 'trials are missing');
  check(trials.length === most + repeats.best * repeats.seeds, 'repeats are missing');
  const results = events.filter(({ type }) => ['measured', 'failed', 'diverged'].includes(type));
  check(
    new Set(results.map((one) => `${one.trial} ${one.fidelity}`)).size === results.length,
    'a rung is there twice',
  );
  const steps = results.reduce((sum, one) => sum + one.steps, 0);
  check(
    spent.search + spent.repeats === steps,
    `${spent.search + spent.repeats} steps are counted, not ${steps}`,
  );
  for (const { number, state: is } of trials)
    check(['paused', 'complete', 'failed', 'diverged'].includes(is), `trial ${number} is ${is} at the end`);
  const kept = trials.filter(({ checkpoint }) => checkpoint !== null);
  check(
    kept.every((trial) => trial.state === 'paused'),
    'a trial that has ended has a checkpoint',
  );
  const bytes = kept.reduce((sum, { checkpoint }) => sum + checkpoint.bytes, 0);
  check(bytes <= (finetune ? 20e6 : checkpointBudget), `checkpoints take ${bytes} bytes`);
  const folders = readdirSync(join(folder, 'trials')).map(Number);
  const owners = kept.map(({ number }) => number);
  check(
    folders.sort((a, b) => a - b).join() === owners.join(),
    `folders ${folders.join()} are left, of ${owners.join()}`,
  );
  check(workersOf(folder).length === 0, 'workers are left');
  if (!finetune) auditOwn(state);
  return { state, results: results.length };
}

/** By the objective's own rules, without an interruption. */
function auditOwn({ trials }) {
  if (existsSync(violations)) faults.push(readFileSync(violations, 'utf8'));
  for (const { number, values, seed, state, message, measurements } of trials) {
    const [x, kind] = values;
    const expected = x < 0.06 ? 'diverged' : x < 0.12 ? 'failed' : state;
    check(
      state === expected && (state === 'failed') === (x >= 0.06 && x < 0.12),
      `trial ${number} is ${state}: ${message}`,
    );
    for (const { fidelity, reward, steps } of measurements) {
      const right = expectedReward({ x, kind }, seed, fidelity, stepsPerUnit);
      check(reward === right, `trial ${number} has the reward ${reward} at ${fidelity}, not ${right}`);
      check(steps <= fidelity * stepsPerUnit, `trial ${number} took ${steps} steps to ${fidelity}`);
    }
  }
}

/** Every column of trials.arrow but the seconds, as text. */
async function tableOf(folder) {
  const table = await readTable(join(folder, 'trials.arrow'), trialsTable);
  const columns = trialsTable.columns.filter(({ name }) => name !== 'seconds');
  const texts = columns.map(({ name }) => [
    name,
    JSON.stringify(table.column(name), (_, value) => (typeof value === 'bigint' ? String(value) : value)),
  ]);
  return { rows: table.rows, texts };
}

const [whole, broken] = [join(root, 'whole'), join(root, 'broken')];
const began = performance.now();
const first = search(whole);
await first.alive();
const startUp = performance.now() - began;
const { code, errors } = await first.ended;
if (code !== 0) throw new Error(errors);
const length = performance.now() - began - startUp;
const unbroken = audited(whole);
const counts = await runKilled(broken, (0.7 * length) / kills, startUp);
const found = audited(broken);
const total = counts.search + counts.worker + counts.both;
check(total === kills, `only ${total} of ${kills} kills came before the end`);
let compared = 'each trial looked over';
if (workers === 1) {
  compared = 'the same as those of the unbroken search';
  check(
    outcome(found.state) === outcome(unbroken.state),
    'the trials are others than those of the unbroken search',
  );
}
if (workers === 1 && finetune) {
  const [a, b] = [await tableOf(whole), await tableOf(broken)];
  const different = a.texts.filter(([, text], i) => text !== b.texts[i][1]).map(([name]) => name);
  check(a.rows === b.rows && different.length === 0, `trials.arrow differs in ${different.join()}`);
  compared += `, and so is trials.arrow (${a.rows} rows, ${a.texts.length} columns)`;
}
const attempts = found.state.trials.reduce((sum, trial) => sum + trial.attempts, 0);
console.log(
  `${total} kills (${counts.search} of the search, ${counts.worker} of a worker, ${counts.both} of all at once), ` +
    `workers: ${workers}; ${found.state.trials.length} trials, ${found.results} results of ${attempts} runs begun; ${compared}`,
);
for (const fault of faults) console.log(`WRONG: ${fault}`);
console.log(
  faults.length === 0 ? 'all is as it has to be' : `${faults.length} things are wrong; see ${root}`,
);
if (faults.length === 0) rmSync(root, { recursive: true, force: true });
process.exitCode = faults.length === 0 ? 0 : 1;
