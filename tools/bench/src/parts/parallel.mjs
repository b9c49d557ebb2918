/**
 * Part `parallel`: whole trials at once, one thread each. Ours are the workers of one search, PyTorch's as
 * many processes; a trial is the protocol of the part `finetune`, and an hour has everything in it: starting,
 * reading, training, evaluating.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { compared, medianOf, ratioOf } from '../figures.mjs';
import { eachInTurn, figuresOf } from '../in-turn.mjs';
import { watchDescendants } from '../memory.mjs';
import { layerwise } from '../processes.mjs';
import { columns } from '../table.mjs';
import { peerSettings, taskWords } from './finetune.mjs';

/** @import { Measure, Sample } from '../in-turn.mjs' */
/** @import { Settings } from '../options.mjs' */
/** @import { Table } from '../table.mjs' */

/** @typedef {{trials: number, seconds: number, megabytes: number | null}} Batch how long trials took */

/** @type {Measure} */
export async function measureParallel(context) {
  const { settings, peer, signal, folder } = context;
  const samples = await eachInTurn(context, settings.atOnce, whatOf, (trials) => ({
    layerwise: () => searchOf(settings, trials, join(folder, 'search'), signal),
    PyTorch:
      peer &&
      ((run) =>
        timed(trials, () =>
          Promise.all(
            Array.from({ length: trials }, (_, place) =>
              peer.call('torch_finetune.py', peerSettings(settings, run * trials + place + 1, 'batch', 1)),
            ),
          ),
        )),
  }));
  return { tables: [parallelTable(settings, samples)], samples };
}

/** @param {number} trials */
function whatOf(trials) {
  return `${trials} at once`;
}

/**
 * A search of as many trials as workers, without rungs and repeats, of one rate for all groups: rates do not
 * change what a trial takes.
 * @param {Settings} settings
 * @param {number} trials
 * @param {string} out
 * @param {AbortSignal} signal
 * @returns {Promise<Batch>}
 */
async function searchOf(settings, trials, out, signal) {
  const plan = [
    ...['--space', 'flat', '--sampler', 'random', '--scheduler', 'none'],
    ...['--repeats-best', '0', '--with-control', 'no'],
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

const timeOf = (/** @type {Batch} */ { seconds }) => seconds;
const memoryOf = (/** @type {Batch} */ { megabytes }) => megabytes;

/** @param {Settings} settings @param {readonly Sample[]} samples @returns {Table} */
export function parallelTable({ atOnce, tasks, trainLimit, epochs }, samples) {
  const rows = atOnce.map((trials) => {
    /** @param {string} side @param {(batch: Batch) => number | null} figure */
    const median = (side, figure) =>
      medianOf(
        figuresOf(samples, whatOf(trials), side, (batch) => figure(batch) ?? NaN).filter(Number.isFinite),
      );
    const [ours, peers] = [median('layerwise', timeOf), median('PyTorch', timeOf)];
    return [
      ...[String(trials), ours && (3600 * trials) / ours, peers && (3600 * trials) / peers],
      ratioOf(ours, peers),
      ...compared(median('layerwise', memoryOf), median('PyTorch', memoryOf)),
    ];
  });
  return {
    title: 'Trials at once',
    caption: `One thread each, a trial being ${tasks?.original ?? ''}, then ${tasks?.shifted ?? ''}, at most ${trainLimit} rows each, epochs: ${epochs}; PyTorch pads to the longest text of a random batch. From the start of the command to its end; MiB of all processes together, what they share counted once.`,
    columns: [
      ...columns(0, 'trials at once'),
      ...columns(1, 'layerwise, an hour', 'PyTorch, an hour'),
      ...columns(2, 'ratio'),
      ...columns(0, 'layerwise MiB', 'PyTorch MiB'),
      ...columns(2, 'memory ratio'),
    ],
    rows,
  };
}
