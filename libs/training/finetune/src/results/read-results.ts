/** Reads the row of a finished run back: what the same command prints when there is nothing left to do. */
import { join } from 'node:path';
import { findManifest, readTable, verifyOutputs } from '@layerwise/artifacts';
import { PHASES } from '../settings.js';
import { resultsTable } from './tables.js';
import type { ResultsRow } from './write-results.js';

/** The fingerprint of the finished run in `folder`, or null where there is none. */
export async function finishedFingerprint(folder: string): Promise<string | null> {
  return (await findManifest(folder))?.fingerprint ?? null;
}

/** The row of a finished run whose files are as its manifest says. @throws InputError when they are not. */
export async function readResults(folder: string): Promise<ResultsRow> {
  await verifyOutputs(folder);
  const table = await readTable(join(folder, 'results.arrow'), resultsTable);
  const rates = table.column('rates');
  const first = <T>(values: ArrayLike<T>): T => values[0] as T;
  return {
    status: first(table.column('status')) === 'diverged' ? 'diverged' : 'complete',
    original: first(table.column('original')),
    shifted: first(table.column('shifted')),
    method: first(table.column('method')),
    accuracyOriginalBefore: first(table.column('accuracyOriginalBefore')),
    accuracyShifted: first(table.column('accuracyShifted')),
    accuracyOriginal: first(table.column('accuracyOriginal')),
    reward: first(table.column('reward')),
    rates: Array.from(rates.values.subarray(rates.offsets[0], rates.offsets[1]), (rate) =>
      Number.isNaN(rate) ? null : rate,
    ),
    trainRowsOriginal: first(table.column('trainRowsOriginal')),
    trainRowsShifted: first(table.column('trainRowsShifted')),
    devRowsOriginal: first(table.column('devRowsOriginal')),
    devRowsShifted: first(table.column('devRowsShifted')),
    stepsOriginal: first(table.column('stepsOriginal')),
    stepsShifted: first(table.column('stepsShifted')),
    secondsOriginal: first(table.column('secondsOriginal')),
    secondsShifted: first(table.column('secondsShifted')),
    secondsEvaluation: first(table.column('secondsEvaluation')),
    peakMemoryMb: first(table.column('peakMemoryMb')),
    divergedIn: PHASES.find((phase) => phase === first(table.column('divergedIn'))) ?? null,
    divergedAtStep: first(table.column('divergedAtStep')),
  };
}
