/** Writes importance into a folder: importance.json, the figure as SVG and PNG, and the manifest last. */
import { join } from 'node:path';
import {
  removeManifest,
  whileWriting,
  writeCommandManifest,
  writeJson,
  type Provenance,
} from '@layerwise/artifacts';
import { writeChart } from '@layerwise/charts';
import type { Importance } from './importance.js';
import { importanceChart } from './importance-figure.js';

const JSON_FILE = 'importance.json';
const FIGURE = 'importance';

/**
 * @returns names of the files, without the manifest
 * @throws InputError where the folder is another stage's or cannot be written
 */
export async function writeImportance(
  folder: string,
  importance: Importance,
  provenance: Provenance,
): Promise<string[]> {
  const chart = importanceChart(importance);
  return whileWriting('importance', folder, async () => {
    await removeManifest(folder);
    await writeJson(join(folder, JSON_FILE), importance);
    await writeChart(chart, join(folder, FIGURE));
    const files = [JSON_FILE, `${FIGURE}.svg`, `${FIGURE}.png`];
    await writeCommandManifest(folder, 'importance', files, importance.settings.seed, provenance);
    return files;
  });
}
