/**
 * Which rows choose between trials. Ranking on the dev split and then reporting its accuracy flatters the
 * winner, so trials are ranked on rows of the *train* split that no trial is trained on, and the dev split is
 * evaluated beside them, for the report alone: rows beyond `--train-limit`, at most `--held-out` (1,000) by
 * lot, where there are enough of them; else a tenth of the training rows by lot. `--protocol paper` does as
 * the paper did: the dev split for both.
 */
import { limitRows, takeRows, type Split, type Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { PHASES, type Phase } from '@layerwise/finetune';
import { drawSubset } from '@layerwise/pairs';
import { randomStream } from '@layerwise/search';
import type { Protocol } from '../options.js';

/** A task as a search uses it. */
export interface SearchTask {
  /** `train` without the rows that choose, which are its `dev`. */
  readonly task: Task;
  /** The dev split, for the report; null where it is what chooses. */
  readonly report: Split | null;
  /** What chooses, in words. */
  readonly chosenOn: string;
}

/** Share of the training rows that chooses otherwise. */
const SHARE = 0.1;

/** How the rows of a task are divided. */
interface Division {
  /** Of the training split, its first rows are trained on; null: all. */
  readonly trainLimit: number | null;
  /** Rows beyond the limit that choose, at most. */
  readonly heldOut: number;
  readonly protocol: Protocol;
  readonly phase: Phase;
  readonly seed: number;
}

/**
 * @param whole the task with its whole training split
 * @throws InputError where too few rows are left to train on or to choose by
 */
export function searchTask(
  whole: Task,
  { trainLimit, heldOut, protocol, phase, seed }: Division,
): SearchTask {
  const rows = whole.train.label.length;
  const { limit, tenth, beyond, isBeyond } = divisionOf(rows, trainLimit);
  if (protocol === 'paper') {
    const task = { ...whole, train: limitRows(whole.train, limit) };
    const chosenOn = `the ${whole.dev.label.length} rows of its dev split, which are reported too`;
    return { task, report: null, chosenOn };
  }
  const random = randomStream(seed, PHASES.indexOf(phase), 'held-out rows');
  const draw = (count: number): number => Math.floor(random.uniform() * count);
  if (isBeyond) {
    const chosen = new Int32Array(Math.min(heldOut, beyond));
    drawSubset(draw, beyond, chosen);
    const places = chosen.map((row) => row + limit);
    const what = `${places.length} rows of its train split beyond the limit`;
    return divided(whole, firstRows(limit), places, what);
  }
  if (tenth === 0)
    throw new InputError(
      `The task ${whole.name} has ${rows} training rows, too few to hold a tenth of them out; give more rows, or --protocol paper.`,
    );
  const chosen = new Int32Array(tenth);
  drawSubset(draw, limit, chosen);
  const out = new Set(chosen);
  const kept = firstRows(limit).filter((row) => !out.has(row));
  return divided(whole, kept, chosen, `${tenth} rows of its train split, taken out of training`);
}

/** How many rows of a training split `searchTask` trains on. */
export function trainedRows(rows: number, trainLimit: number | null, protocol: Protocol): number {
  const { limit, tenth, isBeyond } = divisionOf(rows, trainLimit);
  return protocol === 'paper' || isBeyond ? limit : limit - tenth;
}

/** Rows up to the limit, a tenth of them, rows beyond it, and whether these are enough to choose by. */
function divisionOf(rows: number, trainLimit: number | null) {
  const limit = Math.min(trainLimit ?? rows, rows);
  const tenth = Math.round(SHARE * limit);
  const beyond = rows - limit;
  return { limit, tenth, beyond, isBeyond: beyond >= tenth && beyond > 0 };
}

function divided(whole: Task, train: Int32Array, heldOut: Int32Array, chosenOn: string): SearchTask {
  const task = { ...whole, train: takeRows(whole.train, train), dev: takeRows(whole.train, heldOut) };
  return { task, report: whole.dev, chosenOn };
}

function firstRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, place) => place);
}
