/**
 * What a run leaves in its output folder: declared once, for the stage, for manifests and for clearing up.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  filesBelow,
  historyTable,
  predictionsTable,
  resultsTable,
  runDriftTable,
  type OutputDeclaration,
  type TableSchema,
} from '@layerwise/artifacts';
import { batchesTable } from './batches-table.js';

/** Of a run whose training did not diverge. */
const optional = <const File extends string>(file: File, description: string, table?: TableSchema) =>
  ({ file, description, ...(table && { table }), optional: true }) as const;

/** Files of every finished run. */
export const OUTPUTS = [
  {
    file: 'results.arrow',
    description: 'one row: accuracies, reward, rates, sizes, seconds',
    table: resultsTable,
  },
  { file: 'history.arrow', description: 'one row a step: loss, rates, tokens, seconds', table: historyTable },
  { file: 'batches.arrow', description: 'one row a step: the training rows it saw', table: batchesTable },
  optional(
    'predictions-original-before.arrow',
    "the first task's dev split, before the second phase",
    predictionsTable,
  ),
  optional('predictions-original.arrow', "the first task's dev split, at the end", predictionsTable),
  optional('predictions-shifted.arrow', "the second task's dev split", predictionsTable),
  optional('drift.arrow', 'how far weights and representations moved', runDriftTable),
  optional('encoder/', 'the encoder after both phases, as Hugging Face has it'),
  optional('heads.safetensors', 'both heads after both phases'),
  optional('heads-initial.safetensors', 'both heads before the first phase'),
  optional('classifier-original/', 'the encoder with the head of the first task'),
  optional('classifier-shifted/', 'the encoder with the head of the second task'),
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
