/** Reads the row of a finished run back: what the same command prints when there is nothing left to do. */
import { join } from 'node:path';
import { findManifest, readRows, resultsTable, verifyOutputs } from '@layerwise/artifacts';
import { PHASES } from '../settings.js';
import type { ResultsRow } from './write-results.js';

/** The fingerprint of the finished run in `folder`, or null where there is none. */
export async function finishedFingerprint(folder: string): Promise<string | null> {
  return (await findManifest(folder))?.fingerprint ?? null;
}

/** The row of a finished run whose files are as its manifest says. @throws InputError when they are not. */
export async function readResults(folder: string): Promise<ResultsRow> {
  await verifyOutputs(folder);
  const { rows } = await readRows(join(folder, 'results.arrow'), resultsTable);
  const { status, ...row } = rows[0]!;
  return {
    status: status === 'diverged' ? 'diverged' : 'complete',
    ...row,
    rates: row.rates.map((rate) => (Number.isNaN(rate) ? null : rate)),
    divergedIn: PHASES.find((phase) => phase === row.divergedIn) ?? null,
  };
}
