/**
 * Part `finetune`: the whole protocol on two real tasks, against PyTorch with each way of padding; and
 * whether both learn the same.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { meanOf } from '@layerwise/statistics';
import { meanDifference, medianOf, ratioOf } from '../figures.mjs';
import { figuresOf, inTurn } from '../in-turn.mjs';
import { layerwise } from '../processes.mjs';
import { columns } from '../table.mjs';

/** @import { Measure, Sample } from '../in-turn.mjs' */
/** @import { Padding, Settings } from '../options.mjs' */
/** @import { Table } from '../table.mjs' */

/** Layer groups of the paper, and the head: each has a rate in the peer's settings. */
const GROUPS = 10;
const LEVEL = 0.9;

/** @type {Measure} */
export async function measureProtocol(context) {
  const { settings, peer, signal, folder } = context;
  const { paddings, threads } = settings;
  const samples = await inTurn(context, 'finetune', {
    layerwise: async (run) => {
      const out = join(folder, 'finetune');
      const how = ['--rates', settings.rate, '--seed', run + 1, '--threads', threads, '--out', out];
      const result = await layerwise(['finetune', ...taskWords(settings), ...how], { signal });
      rmSync(out, { recursive: true, force: true });
      return result;
    },
    ...Object.fromEntries(
      paddings.map((padding) => [
        padding,
        peer &&
          ((/** @type {number} */ run) =>
            peer.call('torch_finetune.py', peerSettings(settings, run + 1, padding, threads))),
      ]),
    ),
  });
  return { tables: protocolTables(settings, samples), samples };
}

/**
 * The tasks and how long they are trained, as words of a command.
 * @param {Settings} settings
 * @returns {(string | number)[]}
 */
export function taskWords({ tasks, trainLimit, epochs }) {
  if (tasks === null) throw new RangeError('tasks that nobody named');
  const { encoder, data, original, shifted } = tasks;
  return [
    ...['--original', join(data, original), '--shifted', join(data, shifted), '--encoder', encoder],
    ...['--train-limit', trainLimit, '--epochs', epochs],
  ];
}

/**
 * @param {Settings} settings
 * @param {number} seed
 * @param {Padding} padding
 * @param {number} threads
 */
export function peerSettings({ tasks, trainLimit, epochs, rate }, seed, padding, threads) {
  const rates = Array.from({ length: GROUPS }, () => rate);
  return { ...tasks, rates, epochs, train: trainLimit, seed, threads, padding };
}

/** @typedef {readonly [name: string, ours: (run: any) => number, peers: (run: any) => number]} Figure */

/** @type {readonly Figure[]} */
const FIGURES = [
  ['first phase, s', (run) => run.secondsOriginal, (run) => run.first.seconds],
  ['second phase, s', (run) => run.secondsShifted, (run) => run.second.seconds],
  [
    'both phases, s',
    (run) => run.secondsOriginal + run.secondsShifted,
    (run) => run.first.seconds + run.second.seconds,
  ],
  ['whole command, s', (run) => run.wholeSeconds, (run) => run.wholeSeconds],
  ['memory at most, MiB', (run) => run.peakMemoryMb, (run) => run.rss_mb],
];

/** @type {readonly Figure[]} */
const ACCURACIES = [
  ['p_o, %', (run) => 100 * run.accuracyOriginal, (run) => 100 * run.accuracyOriginal],
  ['p_s, %', (run) => 100 * run.accuracyShifted, (run) => 100 * run.accuracyShifted],
];

/** @param {Settings} settings @param {readonly Sample[]} samples @returns {Table[]} */
export function protocolTables(settings, samples) {
  const { paddings, tasks, trainLimit, epochs, rate, runs } = settings;
  const of = (/** @type {string} */ side, /** @type {(result: any) => number} */ figure) =>
    figuresOf(samples, 'finetune', side, figure);
  const protocol = `${tasks?.original ?? ''}, then ${tasks?.shifted ?? ''}, at most ${trainLimit} rows each, epochs: ${epochs}, rate ${rate}, batches of 16`;
  const times = FIGURES.map(([name, ours, peers]) => {
    const mine = medianOf(of('layerwise', ours));
    return [
      name,
      mine,
      ...paddings.flatMap((padding) => {
        const other = medianOf(of(padding, peers));
        return [other, ratioOf(mine, other)];
      }),
    ];
  });
  const seeds = `${runs} ${runs === 1 ? 'seed' : 'seeds'}`;
  const accuracies = ACCURACIES.flatMap(([name, ours, peers]) =>
    paddings
      .filter((padding) => of(padding, peers).length > 0)
      .map((padding) => {
        const [mine, other] = [of('layerwise', ours), of(padding, peers)];
        const { difference, low, high } = meanDifference(mine, other, LEVEL);
        return [name, padding, meanOf(mine), meanOf(other), difference, low, high];
      }),
  );
  return [
    {
      title: 'The whole protocol',
      caption: `${protocol}; PyTorch pads to the longest text of a random batch (batch), of batches grouped by length (length), or to 256 (max). A phase has building its session, batching and dropout in it, the whole command reading, tokenising and three evaluations too.`,
      columns: [
        ...columns(0, 'figure'),
        ...columns(1, 'layerwise'),
        ...paddings.flatMap((padding) => [
          ...columns(1, `PyTorch, ${padding}`),
          ...columns(2, `ratio, ${padding}`),
        ]),
      ],
      rows: times,
    },
    ...(accuracies.length === 0
      ? []
      : [
          {
            title: 'Accuracy of both sides',
            caption: `The same runs: means over ${seeds}, and the difference layerwise less PyTorch in points with its 90 % interval (Welch).`,
            columns: [
              ...columns(0, 'accuracy', 'padding'),
              ...columns(1, 'layerwise', 'PyTorch'),
              ...columns(2, 'difference', 'from', 'to'),
            ],
            rows: accuracies,
          },
        ]),
  ];
}
