/** Folders → a report in a file: what the command and the stage do. */
import { basename, dirname, resolve } from 'node:path';
import { writeFileAtomically } from '@layerwise/artifacts';
import { readArtifacts, type Artifacts } from './artifacts/artifacts.js';
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

/** The folder's name, or of several folders side by side that of the folder which holds them. */
function titleOf(from: readonly string[]): string {
  const folders = from.map((folder) => resolve(folder));
  const parents = new Set(folders.map((folder) => dirname(folder)));
  const named = folders.length > 1 && parents.size === 1 ? [...parents] : folders;
  return `layerwise report: ${named.map((folder) => basename(folder)).join(', ')}`;
}

function countsOf(artifacts: Artifacts): Record<string, number> {
  const counts = Object.entries(artifacts).map(
    ([kind, all]) => [kind, (all as readonly unknown[]).length] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
