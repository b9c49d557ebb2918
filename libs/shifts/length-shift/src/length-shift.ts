/**
 * The shift by length (Kenneweg et al., IDEAL 2022): a task's shorter rows are D_o, its longer ones D_s. How
 * long rows are comes in (`measure.ts`), where a split is cut is `cut.ts`.
 */
import type { Task } from '@layerwise/artifacts';
import { counted, InputError } from '@layerwise/errors';
import {
  cutTask,
  perPart,
  perSplit,
  type LengthUnit,
  type Pair,
  type PairDetails,
  type PairSplit,
  type PartName,
  type PerSplit,
} from '@layerwise/pairs';
import { cutAbove, cutAtMedian, evenThreshold, type Cut } from './cut.js';

/** `split`: each split at its own median. `train`: both where the train split falls into even parts. */
export const THRESHOLDS = ['split', 'train'] as const;
export type Threshold = (typeof THRESHOLDS)[number];

export interface LengthShift {
  readonly pair: Pair;
  /** For `writePairFolder`. */
  readonly details: PairDetails;
}

/**
 * Cuts a task by the lengths of its rows, given in `unit`.
 * @throws InputError where there is no row, or none that is longer than another
 */
export function lengthShift(
  task: Task,
  lengths: PerSplit<Int32Array>,
  unit: LengthUnit,
  threshold: Threshold,
): LengthShift {
  const cuts = threshold === 'split' ? atMedians(task, lengths, unit) : atTrain(task, lengths, unit);
  const rows = perPart((part) => perSplit((split) => cuts[split][part]));
  const names = { original: `${task.name} (shorter)`, shifted: `${task.name} (longer)` };
  const lengthsOf = (part: PartName) =>
    perSplit((split) => rows[part][split].map((row) => lengths[split][row]!));
  return {
    pair: cutTask(task, 'length', rows, names),
    details: {
      lengths: { unit, of: perPart(lengthsOf) },
      cut: perSplit((split) => cuts[split].at),
      metadata: { threshold },
    },
  };
}

function atMedians(task: Task, lengths: PerSplit<Int32Array>, unit: LengthUnit): PerSplit<Cut> {
  return perSplit((split) => {
    if (evenThreshold(lengths[split]) === undefined) throw oneLength(task, split, lengths[split], unit);
    return cutAtMedian(lengths[split]);
  });
}

function atTrain(task: Task, lengths: PerSplit<Int32Array>, unit: LengthUnit): PerSplit<Cut> {
  const threshold = evenThreshold(lengths.train);
  if (threshold === undefined) throw oneLength(task, 'train', lengths.train, unit);
  return perSplit((split) => cutAbove(lengths[split], threshold));
}

function oneLength(task: Task, split: PairSplit, lengths: Int32Array, unit: LengthUnit): InputError {
  const [length] = lengths;
  if (length === undefined)
    return new InputError(
      `${task.name} has no ${split} rows, so there is nothing to cut; give a task that has`,
    );
  const other = unit === 'words' ? 'pieces' : 'words';
  return new InputError(
    `all ${split} rows of ${task.name} have one length, ${counted(length, unit.slice(0, -1))}, so none is shorter or longer; give a task whose rows differ in length, or try --unit ${other}`,
  );
}
