/** Writes importance into a folder: importance.json, the figure as SVG and PNG, and the manifest last. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  currentVersions,
  digestOfFile,
  makeFolder,
  refuseForeign,
  removeManifest,
  writeFileAtomically,
  writeManifest,
  type Manifest,
} from '@layerwise/artifacts';
import { writeChart } from '@layerwise/charts';
import type { Importance } from './importance.js';
import { importanceChart } from './importance-figure.js';

const JSON_FILE = 'importance.json';
const FIGURE = 'importance';

/** What only the caller knows. */
export interface ImportanceProvenance {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly inputs: Manifest['inputs'];
  readonly started: Date;
  /** Of the libraries that shaped the outputs. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * @returns names of the files, without the manifest
 * @throws InputError where the folder is another stage's or cannot be written
 */
export async function writeImportance(
  folder: string,
  importance: Importance,
  { parameters, inputs, started, versions }: ImportanceProvenance,
): Promise<string[]> {
  const chart = importanceChart(importance);
  await refuseForeign('importance', folder);
  await makeFolder(folder);
  await removeManifest(folder);
  await writeFileAtomically(join(folder, JSON_FILE), `${JSON.stringify(importance, null, 2)}\n`);
  await writeChart(chart, join(folder, FIGURE));
  const files = [JSON_FILE, `${FIGURE}.svg`, `${FIGURE}.png`];
  await writeManifest(folder, {
    stage: 'importance',
    stageVersion: 1,
    parameters: JSON.parse(JSON.stringify(parameters)) as Manifest['parameters'],
    seed: importance.settings.seed,
    inputs,
    outputs: await Promise.all(
      files.map(async (file) => ({
        file,
        digest: await digestOfFile(join(folder, file)),
        bytes: (await stat(join(folder, file))).size,
      })),
    ),
    versions: currentVersions(versions),
    started: started.toISOString(),
    durationSeconds: (Date.now() - started.getTime()) / 1000,
  });
  return files;
}
