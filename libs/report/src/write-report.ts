/** Folders → a report in a file: what the command and the stage do. */
import { basename, resolve } from 'node:path';
import { writeFileAtomically } from '@layerwise/artifacts';
import { readArtifacts, type Artifacts } from './artifacts.js';
import { renderReport } from './render-report.js';
import { summarySentences } from './sections/summary.js';

export interface WrittenReport {
  readonly bytes: number;
  /** Three sentences. */
  readonly summary: readonly string[];
  /** How much of each kind the report is made of; kinds without any are left out. */
  readonly made: Readonly<Record<string, number>>;
}

/**
 * @param from folders with artifacts, at any depth
 * @throws InputError where a folder is missing, a file is damaged, or the page cannot be written
 */
export async function writeReport(from: readonly string[], file: string): Promise<WrittenReport> {
  const artifacts = await readArtifacts(from);
  const page = await renderReport(artifacts, titleOf(from));
  await writeFileAtomically(file, page);
  return { bytes: Buffer.byteLength(page), summary: summarySentences(artifacts), made: countsOf(artifacts) };
}

function titleOf(from: readonly string[]): string {
  return `layerwise report: ${from.map((folder) => basename(resolve(folder))).join(', ')}`;
}

function countsOf(artifacts: Artifacts): Record<string, number> {
  const counts = Object.entries(artifacts).map(
    ([kind, all]) => [kind, (all as readonly unknown[]).length] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
