/**
 * Which rows of which tasks a phase trains on. Plain: all rows of its own task. With replay (Robins 1995;
 * Chaudhry et al. 2019, "On Tiny Episodic Memories in Continual Learning"): a share of the rows of every
 * earlier task too, each through its own head, all of them shuffled together, so that a step's gradient is
 * the mean over its rows of all tasks. Replay of everything in a run whose earlier phases have no epochs is
 * joint training.
 */
import type { TokenRows } from '@layerwise/model';
import type { Replay } from '../methods/method.js';
import { epochOrder, stepRows } from './batch-order.js';
import { epochsOf, type Settings } from '../settings.js';

/** Stands for the epoch where kept rows are drawn: none is so late. */
const MEMORY = 2 ** 40;

/** The rows of `task` that later phases keep, ascending: a function of (seed, task). */
export function keptRows(seed: number, task: number, rows: number, { share }: Replay): Int32Array {
  return epochOrder(seed, task, MEMORY, rows)
    .slice(0, Math.ceil(share * rows))
    .sort();
}

/** Rows that a phase trains on, by task; `sizes` are the training rows of all tasks. */
export function phaseRows(settings: Settings, phase: number, sizes: readonly number[]): Int32Array[] {
  const replay = settings.method?.replay;
  return sizes.map((size, task) => {
    if (task === phase) return Int32Array.from({ length: size }, (_, row) => row);
    return replay && task < phase ? keptRows(settings.seed, task, size, replay) : new Int32Array(0);
  });
}

/**
 * Gives the rows that any step of a phase trains on, by task; `trained` are the training splits of all tasks.
 */
export function stepRowsByTask(
  settings: Settings,
  phase: number,
  trained: readonly Pick<TokenRows, 'offsets'>[],
): (step: number) => Int32Array[] {
  const sizes = trained.map(({ offsets }) => offsets.length - 1);
  const byTask = phaseRows(settings, phase, sizes);
  // The phase's own rows come first, so that without replay they are numbered as they are.
  const order = [phase, ...sizes.keys()].filter((task, place) => place === 0 || task !== phase);
  const all = order.flatMap((task) => Array.from(byTask[task]!, (row) => ({ task, row })));
  const lengthOf = ({ offsets }: Pick<TokenRows, 'offsets'>, row: number): number =>
    offsets[row + 1]! - offsets[row]!;
  const lengths = settings.groupByLength ? all.map(({ task, row }) => lengthOf(trained[task]!, row)) : null;
  const texts = settings.batch * settings.accumulate;
  const rowsOf = stepRows(settings.seed, phase, all.length, texts, lengths);
  return (step) => {
    const taken = Array.from(rowsOf(step), (place) => all[place]!);
    return sizes.map((_, task) =>
      Int32Array.from(taken.filter((one) => one.task === task).map(({ row }) => row)),
    );
  };
}

/**
 * Tasks that the encoder can be asked after a phase: those whose head was trained on it, and not on one
 * before.
 */
export function askedTasks(settings: Settings, phase: number): number[] {
  const { method } = settings;
  if (method?.alone) return [phase];
  const isReplayed = (method?.replay?.share ?? 0) > 0;
  const tasks = Array.from({ length: phase + 1 }, (_, task) => task);
  return tasks.filter((task) => epochsOf(settings, task) > 0 || (isReplayed && task < phase));
}
