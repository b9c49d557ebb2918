/**
 * Fills the disk under a search, on a small file system of its own, for which it has to be root: before a run
 * begins, while a checkpoint is written, and while the journal is. Each time the search has to stop with a
 * sentence, and with room again it has to come to the trials of a search that was never stopped.
 *
 *     node tools/kill-test/search-disk-full.mjs
 *
 * Exit 1 if it does not.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcome, ownSearch, readState, sleep, start } from './search-runs.mjs';

const cases = [
  {
    name: 'before a run begins',
    left: 4e6,
    quiet: false,
    running: false,
    says: /MB must be free in .* for a run to begin/,
  },
  { name: 'in a checkpoint', left: 0, quiet: false, running: true, says: /trial \d+ cannot go on: ENOSPC/ },
  {
    name: 'in the journal',
    left: 0,
    quiet: true,
    running: true,
    says: /cannot write .*jsonl: the disk is full/,
  },
];

const root = mkdtempSync(join(tmpdir(), 'layerwise-disk-full-'));
const mount = join(root, 'disk');
let faults = 0;
/** @param {boolean} holds @param {string} what */
function check(holds, what) {
  if (holds) return;
  console.log(`WRONG: ${what}`);
  faults++;
}

/** Fills the file system to `left` free bytes. @param {number} left */
function fill(left) {
  const { bavail, bsize } = statfsSync(mount);
  writeFileSync(join(mount, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - left)));
}

/** @param {(typeof cases)[number]} one */
async function runCase({ name, left, quiet, running, says }) {
  // The last lines of a journal find room in its last block; so that nothing else is in its way, it alone is
  // on that disk.
  const folder = join(quiet ? root : mount, name.replaceAll(' ', '-'));
  const journal = join(mount, `${name.replaceAll(' ', '-')}.jsonl`);
  const objective = {
    stepMs: 10,
    stepsPerUnit: 8,
    bytes: 200_000,
    quiet,
    violations: join(root, 'violations'),
  };
  const configuration = { workers: 1, objective, checkpointBudget: 1e9 };
  const whole = join(root, `whole-${quiet}`);
  if (!existsSync(whole)) await start(whole, ownSearch(whole, configuration)).ended;

  const words = ownSearch(folder, { ...configuration, journal });
  const run = start(folder, words);
  await run.alive();
  await sleep(1000);
  if (!running) {
    run.signal('SIGTERM');
    check((await run.ended).end?.kind === 'interrupted', `${name}: it was not interrupted`);
  }
  fill(left);
  const { end, errors } = await (running ? run : start(folder, words)).ended;
  check(end?.kind === 'halted' && says.test(end.reason), `${name}: ${JSON.stringify(end)} ${errors}`);
  check(readFileSync(journal, 'utf8').endsWith('\n'), `${name}: half a line is left in the journal`);
  rmSync(join(mount, 'ballast'));
  const last = await start(folder, words).ended;
  check(last.end?.kind === 'done', `${name}, with room again: ${JSON.stringify(last.end)} ${last.errors}`);
  const same = outcome(readState(journal).state) === outcome(readState(join(whole, 'journal.jsonl')).state);
  check(same, `${name}: other trials than without a full disk`);
  console.log(`disk full ${name}: ${end?.reason}`);
  rmSync(folder, { recursive: true });
}

mkdirSync(mount);
try {
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', mount]).status === 0)
    try {
      for (const one of cases) await runCase(one);
      check(!existsSync(join(root, 'violations')), 'a run found what it should not');
      console.log(faults === 0 ? 'all is as it has to be' : `${faults} things are wrong`);
    } finally {
      spawnSync('umount', [mount]);
    }
  else console.log('skipped: filling a disk takes root, to mount a small one');
  process.exitCode = faults === 0 ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
