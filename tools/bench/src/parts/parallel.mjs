/**
 * Part `parallel`: whole trials at once, one thread each. Ours are the workers of one search, PyTorch's as
 * many processes; a trial is the protocol of the part `finetune`, and an hour has everything in it: starting,
 * reading, training, evaluating.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { medianOf, ratioOf } from '../figures.mjs';
import { figuresOf, inTurn } from '../in-turn.mjs';
import { watchDescendants } from '../memory.mjs';
import { layerwise } from '../processes.mjs';
import { peerSettings, taskWords } from './finetune.mjs';

/**
 * How many trials took how long.
 * @typedef {{trials: number, seconds: number, megabytes: number | null}} Batch
 */

/**
 * @param {import('../in-turn.mjs').Context} context
 * @returns {Promise<import('../in-turn.mjs').Found>}
 */
export async function measureParallel(context) {
  const { settings, peer, signal, folder } = context;
  const samples = [];
  for (const trials of settings.atOnce) {
    const sides = {
      layerwise: () => searchOf(settings, trials, join(folder, 'search'), signal),
      PyTorch:
        peer &&
        ((/** @type {number} */ run) =>
          timed(trials, () =>
            Promise.all(
              Array.from({ length: trials }, (_, place) =>
                peer.call('torch_finetune.py', peerSettings(settings, run * trials + place + 1, 'batch', 1)),
              ),
            ),
          )),
    };
    samples.push(...(await inTurn(context, whatOf(trials), sides)));
  }
  return { tables: [parallelTable(settings, samples)], samples };
}

/** @param {number} trials */
function whatOf(trials) {
  return `${trials} at once`;
}

/**
 * A search of as many trials as workers, without rungs and repeats, of one rate for all groups: rates do not
 * change what a trial takes.
 * @param {import('../options.mjs').Settings} settings
 * @param {number} trials
 * @param {string} out
 * @param {AbortSignal} signal
 * @returns {Promise<Batch>}
 */
async function searchOf(settings, trials, out, signal) {
  const plan = [
    '--space',
    'flat',
    '--sampler',
    'random',
    '--scheduler',
    'none',
    '--repeats-best',
    '0',
    '--with-control',
    'no',
  ];
  const at = ['--trials', trials, '--workers', trials, '--threads', 1, '--protocol', 'paper', '--out', out];
  let complete = 0;
  const batch = await timed(trials, async () => {
    const { report } = await layerwise(['search', ...taskWords(settings), ...plan, ...at], { signal });
    complete = report.states.complete ?? 0;
  });
  rmSync(out, { recursive: true, force: true });
  if (complete !== trials)
    throw new Error(`Of ${trials} trials at once ${complete} came to their end, so their time says nothing.`);
  return batch;
}

/**
 * @param {number} trials
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Batch>}
 */
async function timed(trials, work) {
  const started = performance.now();
  const stop = watchDescendants();
  try {
    await work();
    return { trials, seconds: (performance.now() - started) / 1000, megabytes: stop() };
  } finally {
    stop();
  }
}

/**
 * @param {import('../options.mjs').Settings} settings
 * @param {readonly import('../in-turn.mjs').Sample[]} samples
 * @returns {import('../table.mjs').Table}
 */
export function parallelTable({ atOnce, tasks, trainLimit, epochs }, samples) {
  const rows = atOnce.map((trials) => {
    const [seconds, sizes] = [
      ['layerwise', 'PyTorch'].map((side) =>
        medianOf(figuresOf(samples, whatOf(trials), side, (batch) => batch.seconds)),
      ),
      ['layerwise', 'PyTorch'].map((side) =>
        medianOf(
          figuresOf(samples, whatOf(trials), side, (batch) => batch.megabytes ?? NaN).filter(Number.isFinite),
        ),
      ),
    ];
    const perHour = (/** @type {number | null} */ time) => (time === null ? null : (3600 * trials) / time);
    const [ours = null, peers = null] = seconds;
    const [mine = null, theirs = null] = sizes;
    return [
      ...[String(trials), perHour(ours), perHour(peers), ratioOf(ours, peers)],
      ...[mine, theirs, ratioOf(mine, theirs)],
    ];
  });
  return {
    title: 'Trials at once',
    caption: `One thread each, a trial being ${tasks?.original ?? ''}, then ${tasks?.shifted ?? ''}, at most ${trainLimit} rows each, epochs: ${epochs}; PyTorch pads to the longest text of a random batch. From the start of the command to its end; MiB of all processes together, what they share counted once.`,
    columns: [
      { name: 'trials at once' },
      { name: 'layerwise, an hour', digits: 1 },
      { name: 'PyTorch, an hour', digits: 1 },
      { name: 'ratio', digits: 2 },
      { name: 'layerwise MiB' },
      { name: 'PyTorch MiB' },
      { name: 'memory ratio', digits: 2 },
    ],
    rows,
  };
}
