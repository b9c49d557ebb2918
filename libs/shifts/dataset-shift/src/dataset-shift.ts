/**
 * The plainest shift (Kenneweg et al., IDEAL 2022): D_o is one task, D_s another. Any two do: their labels
 * may differ, and one may have single sentences where the other has pairs.
 */
import type { Split, Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { pairOfTasks, PAIR_SPLITS, type Pair } from '@layerwise/pairs';

/**
 * The pair of all rows of both.
 * @throws InputError where both are the same task: in both splits the same texts with the same row numbers
 * and labels
 */
export function datasetShift(original: Task, shifted: Task): Pair {
  const pair = pairOfTasks(original, shifted);
  const { sources } = pair;
  const same = PAIR_SPLITS.every(
    (split) =>
      sources.original[split] === sources.shifted[split] &&
      sameLabels(original, shifted, original[split], shifted[split]),
  );
  if (same)
    throw new InputError(
      `both tasks are the same: ${original.name} as the original and ${shifted.name} as the shifted one have equal rows; give another task as one of them`,
    );
  return pair;
}

/** Whether every row has a label of the same name in both. */
function sameLabels(original: Task, shifted: Task, first: Split, second: Split): boolean {
  return first.label.every(
    (label, row) => original.labels[label] === shifted.labels[second.label[row] ?? -1],
  );
}
