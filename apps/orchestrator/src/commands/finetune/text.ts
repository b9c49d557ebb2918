/** What `layerwise finetune` prints of a run: of a pair, and of a sequence of tasks. */
import { textTable } from '@layerwise/artifacts';
import { PLAIN, type AccuracyMatrix, type ResultsRow } from '@layerwise/finetune';

const REUSED = 'This run was finished before; --fresh runs it again.';

/**
 * @param checkpoint the one that a diverged run keeps, or null @param reused whether it was finished before
 */
export function pairText(
  row: ResultsRow,
  folder: string,
  checkpoint: string | null,
  reused: boolean,
): string {
  const lines = reused ? [REUSED] : [];
  if (row.status === 'diverged') {
    const rates = row.rates.map((rate) => String(rate ?? '-')).join(', ');
    lines.push(
      `Training diverged at step ${row.divergedAtStep} of the phase ${row.divergedIn ?? ''} (rates ${rates}): the loss was no finite number.`,
      checkpoint === null
        ? 'There was no checkpoint before it.'
        : `The last good checkpoint is ${checkpoint}.`,
    );
  } else {
    const figures = [
      [`accuracy on ${row.original} before the second phase`, percent(row.accuracyOriginalBefore)],
      [`accuracy on ${row.original} after it (p_o)`, percent(row.accuracyOriginal)],
      [`accuracy on ${row.shifted} (p_s)`, percent(row.accuracyShifted)],
      ['reward p_o + p_s', row.reward?.toFixed(4) ?? '-'],
    ] as const;
    lines.push(
      `${row.original}, then ${row.shifted}${row.method === PLAIN ? '' : `, method ${row.method}`}`,
      ...textTable(figures).map((line) => `  ${line}`),
    );
  }
  lines.push(
    `  ${row.secondsOriginal.toFixed(1)} s and ${row.secondsShifted.toFixed(1)} s of training, ${row.peakMemoryMb.toFixed(0)} MiB at most`,
    `Results are in ${folder}.`,
  );
  return lines.join('\n');
}

/** The accuracy on each task after each phase. */
export function sequenceText(
  names: readonly string[],
  method: string,
  matrix: AccuracyMatrix,
  reused: boolean,
): string {
  const table = [
    ['accuracy on', ...names],
    ...matrix.map((row, phase) => [`after ${names[phase] ?? ''}`, ...row.map(percent)]),
  ];
  return [
    ...(reused ? [REUSED] : []),
    ...(method === PLAIN ? [] : [`method ${method}`]),
    ...textTable(table, ['left', ...names.map(() => 'right' as const)]),
  ].join('\n');
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(100 * share).toFixed(1)} %`;
}
