/**
 * Texts of D_o's dev split whose answer changed between right and wrong in phase 2: what was forgotten, and
 * what was gained. They are for whoever looks at their own data: a table of them stays where the data may
 * stay.
 */
import type { flipsTable, RowOf } from '@layerwise/artifacts';
import type { EvaluationPlan } from '../plan/plan.js';
import type { CellResult } from '../runs/read-cell.js';

type Flip = RowOf<typeof flipsTable>;

export function flipsOf({ pairs }: EvaluationPlan, results: readonly CellResult[]): Flip[] {
  return results.flatMap(({ cell, answersBefore, answers: { original: after } }) => {
    const pair = pairs.find(({ name }) => name === cell.pair);
    if (!pair || !answersBefore || !after) return [];
    const { labels, dev } = pair.tasks.original;
    const { method, seed } = cell;
    const name = (label: number | undefined): string => labels[label ?? -1] ?? '';
    return Array.from(after.label, (label, row) => ({ label, row }))
      .filter(
        ({ label, row }) => (answersBefore.predicted[row] === label) !== (after.predicted[row] === label),
      )
      .map(({ label, row }) => ({
        method,
        pair: pair.name,
        seed,
        index: after.index[row]!,
        text: dev.text[row] ?? '',
        text_pair: dev.pair?.[row] ?? null,
        label: name(label),
        before: name(answersBefore.predicted[row]),
        after: name(after.predicted[row]),
      }));
  });
}
