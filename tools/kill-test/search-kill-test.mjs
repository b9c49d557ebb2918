/**
 * Kills a search again and again with SIGKILL, its workers and its own process, lets it go on until it is done, and compares what it
 * comes to with a search that was never killed. Then fills the disk under it.
 *
 *     node tools/kill-test/search-kill-test.mjs [--kills 50] [--workers 1] [--disk-full]
 *
 * The objective (`search-objective.mjs`) is a chain of steps with a checkpoint after each. Of the kills half hit the search's own
 * process, a third a worker, and the others all processes at once; one in five comes at any time from the start of a process on, the
 * others while runs are under way. With one worker the trials have to be those of the unbroken search, number for number, but for
 * seconds; with more of them each trial and rung has to be there once, with the reward and steps that its values and seed give.
 *
 * `--disk-full` runs on a small file system of its own, for which it has to be root, and fills it: before a run begins, while a
 * checkpoint is written, and while the journal is. Each time the search has to stop with a sentence and go on when there is room again.
 * Exit 1 if anything is not so.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readJournalState } from './search-state.mjs';
import { expectedReward } from './search-objective.mjs';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    workers: { type: 'string', default: '1' },
    'disk-full': { type: 'boolean', default: false },
  },
});
const kills = Number(options.kills);
const workers = Number(options.workers);

const root = mkdtempSync(join(tmpdir(), 'layerwise-search-kill-test-'));
const violations = join(root, 'violations');
const faults = [];
/** @param {boolean} holds @param {string} what */
const check = (holds, what) => {
  if (!holds) faults.push(what);
};
/** @param {number} milliseconds */
const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

/** @param {object} changes of the objective */
const configured = (changes = {}) => ({
  workers,
  trials: 14,
  // Room for about five of ten checkpoints: some promotions start over.
  checkpointBudget: 5 * 12_288 + 5 * 4096,
  // So long that the kills come in between.
  objective: {
    stepMs: Math.max(4, kills / 3),
    stepsPerUnit: 8,
    bytes: 12_000,
    quiet: false,
    violations,
    ...changes,
  },
});

/** @param {string} folder @param {object} configuration */
function start(folder, configuration) {
  const script = join(import.meta.dirname, 'killable-search.mjs');
  const child = spawn(process.execPath, [script, folder, JSON.stringify(configuration)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors, done] = ['', '', false];
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (errors += chunk));
  const ended = new Promise((settle) => {
    child.on('close', (code) => {
      done = true;
      const last = output.trim().split('\n').at(-1) ?? '';
      settle({ code, errors, end: last.startsWith('{') ? JSON.parse(last) : null });
    });
  });
  const alive = async () => {
    while (!done && !output.includes('alive')) await sleep(2);
  };
  return { pid: child.pid, ended, alive, isDone: () => done, signal: (name) => child.kill(name) };
}

/** Process numbers of the workers that a search in `folder` has now. */
function workersOf(folder) {
  const logs = join(folder, 'workers');
  const marks = existsSync(logs) ? readdirSync(logs).filter((name) => name.endsWith('.process')) : [];
  return marks.flatMap((name) => {
    const { pid, start } = JSON.parse(readFileSync(join(logs, name), 'utf8') || '{}');
    return pid !== undefined && startOf(pid) === start ? [pid] : [];
  });
}

/** @param {number} pid */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : fields[19];
  } catch {
    return null;
  }
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}

const pick = (list) => list[Math.floor(Math.random() * list.length)];

/** Runs a search with so many kills, and then to its end. */
async function killed(folder, configuration, meanMs) {
  const counts = { search: 0, worker: 0, both: 0 };
  let run = start(folder, configuration);
  for (let i = 0; i < kills; i++) {
    if (i % 5 === 4) await sleep(600 * Math.random());
    else {
      await run.alive();
      await sleep(2 * meanMs * Math.random());
    }
    const luck = Math.random();
    const those = workersOf(folder);
    const what = luck < 0.5 || those.length === 0 ? 'search' : luck < 0.83 ? 'worker' : 'both';
    if (run.isDone()) {
      console.log(`done after ${i} kills: ${(await run.ended).errors}`);
      break;
    }
    if (what !== 'worker') kill(run.pid);
    if (what === 'worker') kill(pick(those));
    if (what === 'both') for (const pid of workersOf(folder)) kill(pid);
    counts[what]++;
    if (what === 'worker') continue;
    await run.ended;
    run = start(folder, configuration);
  }
  const { end, errors } = await run.ended;
  check(end?.kind === 'done', `it did not come to its end: ${JSON.stringify(end)} ${errors}`);
  return counts;
}

/** What must not depend on kills: all but attempts and seconds. */
function outcome({ trials, spent, order, memory }) {
  const ignored = (key, value) => (key === 'attempts' || key === 'seconds' ? undefined : value);
  return JSON.stringify({ trials, spent, order, memory }, ignored);
}

/** That every trial is there once, with what its values and seed give, and on the disk what the journal says. */
function audit(folder, { objective, trials: most, checkpointBudget }) {
  const { state, events } = readJournalState(join(folder, 'journal.jsonl'));
  const { trials, spent } = state;
  check(trials.filter(({ repeatOf }) => repeatOf === null).length === most, 'trials are missing');
  const results = events
    .filter(({ type }) => type === 'measured')
    .map((event) => `${event.trial} at ${event.fidelity}`);
  check(new Set(results).size === results.length, 'a rung was measured twice');
  let steps = 0;
  for (const trial of trials) {
    const values = { x: trial.values[0], kind: trial.values[1] };
    check(
      ['paused', 'complete', 'failed', 'diverged'].includes(trial.state),
      `trial ${trial.number} is ${trial.state}`,
    );
    if (trial.state === 'failed') check(values.x < 0.12, `trial ${trial.number} failed: ${trial.message}`);
    for (const { fidelity, reward } of trial.measurements)
      check(
        reward === expectedReward(values, trial.seed, fidelity, objective.stepsPerUnit),
        `trial ${trial.number} has another reward at ${fidelity}`,
      );
    steps += trial.measurements.reduce((sum, one) => sum + one.steps, 0);
    if (trial.measurements.length === 0)
      steps += trial.target * objective.stepsPerUnit * (trial.state === 'diverged' ? 1 : 0);
  }
  const failedSteps = events
    .filter(({ type }) => type === 'failed')
    .reduce((sum, event) => sum + event.steps, 0);
  check(
    spent.search + spent.repeats === steps + failedSteps,
    `${spent.search + spent.repeats} steps are counted, not ${steps + failedSteps}`,
  );
  const kept = trials.filter(({ checkpoint }) => checkpoint !== null);
  const bytes = kept.reduce((sum, { checkpoint }) => sum + checkpoint.bytes, 0);
  check(
    kept.every(({ state }) => state === 'paused') && bytes <= checkpointBudget,
    `checkpoints take ${bytes} bytes`,
  );
  const folders = readdirSync(join(folder, 'trials'))
    .map(Number)
    .sort((a, b) => a - b);
  check(
    JSON.stringify(folders) === JSON.stringify(kept.map(({ number }) => number)),
    `folders are left: ${folders.join()}`,
  );
  check(workersOf(folder).length === 0, 'workers are left');
  if (existsSync(violations)) faults.push(readFileSync(violations, 'utf8'));
  return state;
}

async function killPart() {
  const configuration = configured();
  const [whole, broken] = [join(root, 'whole'), join(root, 'broken')];
  const began = performance.now();
  const { end, errors } = await start(whole, configuration).ended;
  if (end?.kind !== 'done')
    throw new Error(`the unbroken search ended otherwise: ${JSON.stringify(end)} ${errors}`);
  const seconds = (performance.now() - began) / 1000;
  const unbroken = audit(whole, configuration);
  const counts = await killed(broken, configuration, (0.7 * 1000 * seconds) / kills);
  const state = audit(broken, configuration);
  const attempts = state.trials.reduce((sum, trial) => sum + trial.attempts, 0);
  const runs = state.trials.reduce(
    (sum, trial) => sum + trial.measurements.length + (/failed|diverged/.test(trial.state) ? 1 : 0),
    0,
  );
  const total = counts.search + counts.worker + counts.both;
  check(total === kills, `only ${total} of ${kills} kills came before the end`);
  if (workers === 1)
    check(outcome(state) === outcome(unbroken), 'the trials are others than those of the unbroken search');
  console.log(
    `${total} kills (${counts.search} of the search, ${counts.worker} of a worker, ${counts.both} of all at once) with ${workers} ` +
      `worker${workers === 1 ? '' : 's'}: ${state.trials.length} trials, ${runs} results of ${attempts} runs; ` +
      (workers === 1 ? 'compared with the unbroken search' : 'each looked over'),
  );
}

/** Fills a file system to `left` free bytes. */
function fill(mount, left) {
  const { bavail, bsize } = statfsSync(mount);
  const bytes = Math.max(0, bavail * bsize - left);
  try {
    writeFileSync(join(mount, 'ballast'), Buffer.alloc(bytes));
  } catch {
    // To the last byte.
  }
}

async function diskFullPart() {
  const mount = join(root, 'disk');
  mkdirSync(mount);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', mount]).status !== 0) {
    console.log('skipped: filling a disk takes root, to mount a small one');
    return;
  }
  try {
    const cases = [
      {
        name: 'before a run begins',
        left: 4e6,
        quiet: false,
        running: false,
        says: /MB must be free in .* for a run to begin/,
      },
      {
        name: 'in a checkpoint',
        left: 0,
        quiet: false,
        running: true,
        says: /trial \d+ cannot go on: ENOSPC/,
      },
      {
        name: 'in the journal',
        left: 0,
        quiet: true,
        running: true,
        says: /cannot write .*journal.jsonl: the disk is full/,
      },
    ];
    for (const { name, left, quiet, running, says } of cases) {
      // The last lines of a journal find room in its last block; so that nothing else is in its way, it alone is on that disk.
      const folder = join(quiet ? root : mount, name.replaceAll(' ', '-'));
      const journal = join(mount, `${name.replaceAll(' ', '-')}.jsonl`);
      const configuration = { ...configured({ quiet, bytes: 200_000, stepMs: 10 }), journal };
      const whole = join(root, `whole-${quiet}`);
      const wholeJournal = join(whole, 'journal.jsonl');
      if (!existsSync(whole)) await start(whole, { ...configuration, journal: wholeJournal }).ended;
      const run = start(folder, configuration);
      await run.alive();
      await sleep(1000);
      if (!running) {
        run.signal('SIGTERM');
        const { end } = await run.ended;
        check(end?.kind === 'interrupted', `${name}: ${JSON.stringify(end)}`);
      }
      fill(mount, left);
      const { end, errors } = await (running ? run : start(folder, configuration)).ended;
      check(end?.kind === 'halted' && says.test(end.reason), `${name}: ${JSON.stringify(end)} ${errors}`);
      check(readFileSync(journal, 'utf8').endsWith('\n'), `${name}: half a line is left in the journal`);
      rmSync(join(mount, 'ballast'));
      const last = await start(folder, configuration).ended;
      check(
        last.end?.kind === 'done',
        `${name}, with room again: ${JSON.stringify(last.end)} ${last.errors}`,
      );
      check(
        workers > 1 ||
          outcome(readJournalState(journal).state) === outcome(readJournalState(wholeJournal).state),
        `${name}: other trials than without a full disk`,
      );
      console.log(`disk full ${name}: ${end?.reason}`);
      rmSync(folder, { recursive: true });
    }
  } finally {
    spawnSync('umount', [mount]);
  }
}

try {
  if (options['disk-full']) await diskFullPart();
  else await killPart();
  for (const fault of faults) console.log(`WRONG: ${fault}`);
  console.log(faults.length === 0 ? 'all is as it has to be' : `${faults.length} things are wrong`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  if (faults.length === 0) rmSync(root, { recursive: true, force: true });
  else console.log(`see ${root}`);
}
