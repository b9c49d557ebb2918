/**
 * Kills `layerwise finetune` again and again with SIGKILL, lets it go on until it is done, and compares what
 * it leaves with an unbroken run, byte for byte.
 *
 *     node tools/kill-test/kill-test.mjs [--kills 20] [--every 10] [-- OPTIONS OF finetune]
 *
 * Without options of its own a run is two built-in tasks and the built-in encoder. `--every` is the number of
 * steps between checkpoints; a process lives until it has written some of them and dies at a random moment
 * after, such that the kills spread over the run. One kill in five comes at any time from the start of the
 * process on, and two more while results are written. Exit 1 if a byte differs, if fewer than three quarters
 * of the kills fell between two steps of a phase, or if a phase had none.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const command = resolve(import.meta.dirname, '../../apps/orchestrator/bin/layerwise.js');
const compared = [
  'encoder/model.safetensors',
  'heads.safetensors',
  'predictions-original-before.arrow',
  'predictions-original.arrow',
  'predictions-shifted.arrow',
  'batches.arrow',
];
const builtin =
  '--original builtin:sentiment --shifted builtin:agreement --encoder builtin:tiny --rates 1e-3 --epochs 4';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '20' },
    every: { type: 'string', default: '10' },
  },
});
const kills = Number(values.kills);
const every = Number(values.every);
const options = positionals.length > 0 ? positionals : builtin.split(' ');

/** @param {string} folder */
function start(folder) {
  const words = ['finetune', ...options, '--checkpoint-every', String(every), '--json', '--out', folder];
  const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors, done] = ['', '', false];
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (errors += chunk));
  const ended = new Promise((settle) => {
    child.on('close', (code) => {
      done = true;
      settle({ code, output, errors });
    });
  });
  return { kill: () => child.kill('SIGKILL'), ended, isDone: () => done };
}

/**
 * What the checkpoint in `folder` says of the run, from the header of the file.
 * @param {string} folder
 * @returns {{phase: string, step: number} | undefined}
 */
function placeOf(folder) {
  const file = join(folder, 'checkpoint.safetensors');
  if (!existsSync(file)) return undefined;
  const descriptor = openSync(file, 'r');
  try {
    const length = Buffer.alloc(8);
    readSync(descriptor, length, 0, 8, 0);
    const header = Buffer.alloc(Number(length.readBigUInt64LE()));
    readSync(descriptor, header, 0, header.length, 8);
    return JSON.parse(JSON.parse(header.toString()).__metadata__['layerwise.checkpoint']);
  } finally {
    closeSync(descriptor);
  }
}

/** @param {number} milliseconds */
const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

/**
 * Waits for `condition`, or the end of the process.
 * @param {{isDone: () => boolean}} run
 * @param {() => boolean} condition
 */
async function until(run, condition) {
  while (!run.isDone() && !condition()) await sleep(2);
}

/** @param {string} folder */
const digests = (folder) =>
  compared.map((file) =>
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex'),
  );

/** @param {string} folder */
const modified = (folder) => {
  const file = join(folder, 'checkpoint.safetensors');
  return existsSync(file) ? statSync(file).mtimeMs : 0;
};

/** Milliseconds from the start of a process to its first checkpoint, as measured last. */
let startUp = 2000;

/**
 * Kills the run in `folder` after `checkpoints` of them, or (0) at any time from its start on.
 * @param {string} folder
 * @param {number} checkpoints
 */
async function killOnce(folder, checkpoints) {
  const run = start(folder);
  if (checkpoints === 0) await sleep(1.2 * startUp * Math.random());
  else {
    const times = [performance.now()];
    let last = modified(folder);
    await until(run, () => {
      const now = modified(folder);
      if (now !== last) times.push(performance.now());
      last = now;
      return times.length > checkpoints;
    });
    startUp = (times[1] ?? 0) - times[0];
    // About the time from one checkpoint to the next.
    await sleep(
      (times.length > 2 ? (times.at(-1) ?? 0) - (times.at(-2) ?? 0) : 0.02 * startUp) * Math.random(),
    );
  }
  run.kill();
  const { code, errors } = await run.ended;
  if (code !== null) throw new Error(`the run was done before all kills; give it more steps. ${errors}`);
}

const root = mkdtempSync(join(tmpdir(), 'layerwise-kill-test-'));
try {
  const [whole, broken] = [join(root, 'whole'), join(root, 'broken')];
  const { code, output, errors } = await start(whole).ended;
  if (code !== 0) throw new Error(errors);
  const { stepsOriginal, stepsShifted } = JSON.parse(output);
  const stepsOf = { original: stepsOriginal, shifted: stepsShifted };

  const counts = { original: 0, shifted: 0, elsewhere: 0 };
  for (let kill = 0; kill < kills; kill++) {
    const at = placeOf(broken) ?? { phase: 'original', step: 0 };
    const left = at.phase === 'original' ? stepsOriginal - at.step + stepsShifted : stepsShifted - at.step;
    const average = left / every / (kills - kill + 1);
    await killOnce(broken, kill % 5 === 4 ? 0 : 1 + Math.floor(Math.random() * Math.max(1, 2 * average - 1)));
    const place = placeOf(broken);
    // Another checkpoint was still to come in this phase, so it died between two of its steps (or in writing
    // that one).
    const isInside = place !== undefined && place.step > 0 && place.step + every < stepsOf[place.phase];
    const where = isInside ? place.phase : 'elsewhere';
    counts[where]++;
    console.log(
      `kill ${kill + 1}: last checkpoint ${place ? `at step ${place.step} of ${place.phase}` : 'none'} (${where})`,
    );
  }
  for (const file of ['history.arrow', 'encoder/model.safetensors']) {
    const run = start(broken);
    await until(run, () => existsSync(join(broken, file)));
    await sleep(5 * Math.random());
    run.kill();
    await run.ended;
    console.log(
      `killed when ${file} was written; ${existsSync(join(broken, 'manifest.json')) ? 'a' : 'no'} manifest`,
    );
  }
  const last = await start(broken).ended;
  if (last.code !== 0) throw new Error(last.errors);

  const [expected, found] = [digests(whole), digests(broken)];
  const different = compared.filter((_, i) => expected[i] !== found[i]);
  const inside = counts.original + counts.shifted;
  console.log(
    `${kills} kills: ${counts.original} in the first phase, ${counts.shifted} in the second, ${counts.elsewhere} elsewhere; ` +
      (different.length === 0
        ? `all ${compared.length} files are the same`
        : `DIFFERENT: ${different.join(', ')}`),
  );
  const enough = inside >= 0.75 * kills && counts.original > 0 && counts.shifted > 0;
  if (!enough) console.log('too few kills fell into the phases; choose a lower --every');
  process.exitCode = different.length === 0 && enough ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
