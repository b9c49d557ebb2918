/** Writes a chart's two files, each beside its place first and then moved: none is ever half there. */
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, systemError } from '@layerwise/errors';
import type { Chart } from './chart.js';
import { renderChart } from './render.js';

const ADVICE = 'give a folder that can be written, on a disk with room';

/** Writes `path`.svg and `path`.png. InputError where the folder cannot be written. */
export async function writeChart(chart: Chart, path: string): Promise<void> {
  const { svg, png } = await renderChart(chart);
  const files = [
    { file: `${path}.svg`, content: svg },
    { file: `${path}.png`, content: png },
  ].map((one) => ({ ...one, temporary: `${one.file}.${randomBytes(6).toString('hex')}.tmp` }));
  try {
    makeFolder(dirname(path));
    for (const { temporary, content } of files) await writeFile(temporary, content);
    for (const { temporary, file } of files) await rename(temporary, file);
  } catch (error) {
    await Promise.all(files.map(({ temporary }) => rm(temporary, { force: true }).catch(() => undefined)));
    throw systemError(error, 'write the chart', path, ADVICE);
  }
}
