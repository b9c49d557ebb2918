/**
 * Writes one file of each kind that layerwise writes, by the commands themselves, into the folder `v1`:
 *
 *     node apps/orchestrator/test/versions/make.mjs
 *     npx vitest run --root apps/orchestrator versions -u
 *
 * What is there stays as it is: `../versions.spec.ts` reads it with every later version. A kind of file that
 * is new is added, and so is a new version of a table; the file of the older one stays beside it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { readAnyTable } from '@layerwise/artifacts';

const here = import.meta.dirname;
const program = resolve(here, '../../bin/layerwise.js');
const kept = join(here, 'v1');
const work = fs.mkdtempSync(join(tmpdir(), 'layerwise-versions-'));
const env = { ...process.env, LAYERWISE_VERSIONS: work };

function layerwise(...words) {
  const { status, stderr } = spawnSync(process.execPath, [program, ...words], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`layerwise ${words.join(' ')} ended with ${status}: ${stderr}`);
}

/** The checkpoint that a run in `folder` leaves when it is stopped. */
async function stopped(folder, ...words) {
  const child = spawn(process.execPath, [program, ...words, '--out', folder], { env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const checkpoint = join(folder, 'checkpoint.safetensors');
  while (!fs.existsSync(checkpoint) && child.exitCode === null) await sleep(5);
  child.kill('SIGINT');
  await ended;
  return checkpoint;
}

/** Copies `from`, unless the kind is there. */
function keep(from, name) {
  const file = join(kept, name);
  if (fs.existsSync(file)) return;
  fs.copyFileSync(from, file);
  console.log(`${name}: ${fs.statSync(file).size} bytes`);
}

/** A journal with each event that there is: the real one, and what only stops, failures and limits write. */
function withAllEvents(journal) {
  const events = fs
    .readFileSync(journal, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event);
  const { settings } = events[0];
  const trial = events.filter(({ type }) => type === 'proposed').length;
  const proposed = { ...events.find(({ type }) => type === 'proposed'), origin: 'random' };
  const at = (number) => ({ ...proposed, trial: number, seed: number });
  const rungs = settings.plan.fidelities;
  const measured = { reward: 0.5, measures: { original: 0.25, shifted: 0.25 }, steps: 1, seconds: 1 };
  const [first, second] = [trial, trial + 1];
  const more = [
    { type: 'limited', limits: { trials: trial + 9, budget: null, maxFailures: null } },
    at(first),
    { type: 'started', trial: first, from: 0 },
    { type: 'stale', trial: first, reason: 'no word for 60 s' },
    { type: 'started', trial: first, from: 0 },
    { type: 'stopped', trial: first },
    { type: 'resumed' },
    { type: 'started', trial: first, from: 0 },
    { type: 'measured', trial: first, fidelity: proposed.target, ...measured, checkpoint: 100 },
    ...(proposed.target < rungs.at(-1)
      ? [{ type: 'promoted', trial: first, target: rungs[rungs.indexOf(proposed.target) + 1] }]
      : []),
    { type: 'checkpoint-kept', trial: first, fidelity: proposed.target, bytes: 120 },
    { type: 'checkpoint-dropped', trial: first },
    at(second),
    { type: 'started', trial: second, from: 0 },
    { type: 'diverged', trial: second, message: 'told the reward NaN', steps: 1, seconds: 1 },
    at(second + 1),
    { type: 'started', trial: second + 1, from: 0 },
    { type: 'failed', trial: second + 1, message: 'the command ended with code 3', steps: 1, seconds: 1 },
  ];
  return [...events, ...more]
    .map((event) => {
      const text = JSON.stringify(event);
      return `{"event":${text},"crc":"${crc32(text).toString(16).padStart(8, '0')}"}\n`;
    })
    .join('');
}

fs.mkdirSync(kept, { recursive: true });
const sentence = (i) => `the ${['cat', 'dog', 'bird'][i % 3]} ${['sees', 'finds'][i % 2]} a ${i % 7} .\n`;
fs.writeFileSync(join(work, 'corpus.txt'), Array.from({ length: 400 }, (_, i) => sentence(i)).join(''));
const [encoder, cache] = [join(work, 'encoder'), join(work, 'cache')];
const sizes = '--layers 1 --hidden 8 --heads 2 --intermediate 8 --vocabulary 64 --positions 64 --length 16';
const pretraining = [
  ...['pretrain', '--corpus', join(work, 'corpus.txt')],
  ...`${sizes} --batch 4 --evaluate-every 2 --checkpoint-every 1 --threads 1`.split(' '),
];
layerwise(...pretraining, '--steps', '4', '--out', encoder);
layerwise('run', '--preset', join(here, 'preset.yaml'), '--data-cache', cache);
const entries = join(cache, 'preset');
const tasks = ['original', 'shifted'].map((side) => join(entries, 'datasets@a-b', side));
layerwise(
  'shift-study',
  ...['--tasks', tasks[0], '--kind', 'length', '--encoder', encoder, '--out', join(work, 'study')],
  ...'--epochs 1 --rates 2e-3 --threads 1 --seeds 1 --minimum-rows 1'.split(' '),
);
const training = [
  ...['finetune', '--encoder', encoder],
  ...'--rates 2e-3 --threads 1 --dropout 0 --checkpoint-every 10'.split(' '),
];
const sequence = ['--sequence', tasks.join(',')];
layerwise(...training, ...sequence, '--epochs', '1', '--out', join(work, 'sequence-done'));

const files = fs
  .readdirSync(work, { recursive: true, encoding: 'utf8' })
  .map((file) => join(work, file))
  .filter((file) => fs.statSync(file).isFile())
  .sort((a, b) => fs.statSync(a).size - fs.statSync(b).size);
// Of each table the smallest that has rows. Tokens are kept beside all presets.
const tokens = resolve(here, '../../../../data-cache/tokens');
const cached = fs.readdirSync(tokens).map((file) => join(tokens, file));
const empty = [];
for (const file of [...files, ...cached].filter((name) => name.endsWith('.arrow'))) {
  const { schema, rows } = await readAnyTable(file, 0);
  const name = `${schema.name}-${schema.version}.arrow`;
  if (rows > 0) keep(file, name);
  else empty.push({ file, name });
}
for (const { file, name } of empty) keep(file, name);
for (const name of ['study.json', 'combination.json', 'ranks.json', 'preset.json', 'manifest.json'])
  keep(
    files.find((file) => basename(file) === name),
    name,
  );
const long = ['--epochs', '2000'];
const pair = ['--original', tasks[0], '--shifted', tasks[1]];
keep(await stopped(join(work, 'pair'), ...training, ...pair, ...long), 'pair.safetensors');
keep(await stopped(join(work, 'sequence'), ...training, ...sequence, ...long), 'sequence.safetensors');
keep(
  await stopped(join(work, 'pretraining'), ...pretraining, '--steps', '100000'),
  'pretraining.safetensors',
);
keep(join(here, 'preset.yaml'), 'preset.yaml');
const journal = files.find((file) => file.includes('search@a-b') && basename(file) === 'journal.jsonl');
fs.writeFileSync(join(work, 'journal.jsonl'), withAllEvents(journal));
keep(join(work, 'journal.jsonl'), 'journal.jsonl');
fs.rmSync(work, { recursive: true });
