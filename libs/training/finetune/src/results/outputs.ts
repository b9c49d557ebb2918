/**
 * What a run leaves in its output folder: declared once, for the stage, for manifests and for clearing up.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  filesBelow,
  historyTable,
  isTemporaryName,
  predictionsTable,
  resultsTable,
  runDriftTable,
  type OutputDeclaration,
} from '@layerwise/artifacts';
import { batchesTable } from './batches-table.js';

/** Files of every finished run; the optional ones only where training did not diverge. */
export const OUTPUTS = [
  {
    file: 'results.arrow',
    description: 'one row: accuracies, reward, rates, sizes, seconds',
    table: resultsTable,
  },
  { file: 'history.arrow', description: 'one row a step: loss, rates, tokens, seconds', table: historyTable },
  { file: 'batches.arrow', description: 'one row a step: the training rows it saw', table: batchesTable },
  {
    file: 'predictions-original-before.arrow',
    description: "the first task's dev split, before the second phase",
    table: predictionsTable,
    optional: true,
  },
  {
    file: 'predictions-original.arrow',
    description: "the first task's dev split, at the end",
    table: predictionsTable,
    optional: true,
  },
  {
    file: 'predictions-shifted.arrow',
    description: "the second task's dev split",
    table: predictionsTable,
    optional: true,
  },
  {
    file: 'drift.arrow',
    description: 'how far weights and representations moved',
    table: runDriftTable,
    optional: true,
  },
  { file: 'encoder/', description: 'the encoder after both phases, as Hugging Face has it', optional: true },
  { file: 'heads.safetensors', description: 'both heads after both phases', optional: true },
  { file: 'heads-initial.safetensors', description: 'both heads before the first phase', optional: true },
  {
    file: 'classifier-original/',
    description: 'the encoder with the head of the first task',
    optional: true,
  },
  {
    file: 'classifier-shifted/',
    description: 'the encoder with the head of the second task',
    optional: true,
  },
] as const satisfies readonly OutputDeclaration[];

export type OutputFile = (typeof OUTPUTS)[number]['file'];

/**
 * The files of `OUTPUTS` that `folder` holds, by their paths in it; what else lies there is not the run's.
 */
export async function writtenOutputs(folder: string): Promise<string[]> {
  const files = await filesBelow(folder);
  return files.filter((path) =>
    OUTPUTS.some(({ file }) => (file.endsWith('/') ? path.startsWith(file) : path === file)),
  );
}

/** Removes outputs that an earlier run left and this one does not write. */
export async function removeOutputs(folder: string, files: readonly OutputFile[]): Promise<void> {
  for (const file of files) await rm(join(folder, file), { recursive: true, force: true });
}

/**
 * Removes half-written files of a process that was killed: each may be as large as a checkpoint, and nothing
 * reads them.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const files = await readdir(folder, { recursive: true });
  for (const file of files) {
    if (isTemporaryName(basename(file))) await rm(join(folder, file), { force: true });
  }
}
