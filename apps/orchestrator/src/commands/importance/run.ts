/**
 * `layerwise importance` behind its options: reads the trials, asks `@layerwise/importance`, prints and
 * writes.
 */
import { digestOfFile, startStopwatch } from '@layerwise/artifacts';
import { importanceOf, importanceText, readObserved, writeImportance } from '@layerwise/importance';
import type { ImportanceCommandOptions } from './options.js';
import { libraryVersions } from '../../running/library-versions.js';
import { createMeter, processScreen } from '../../progress/meter.js';
import type { Outcome } from '../../running/run-command.js';

/** Of the cube, for each drawn function. */
const POINTS = 512;

export async function runImportance(file: string, options: ImportanceCommandOptions): Promise<Outcome> {
  const times = startStopwatch();
  const { control, draws, seed, out } = options;
  const trials = await readObserved(file);
  const flat = control === undefined ? null : await readObserved(control);
  const meter = createMeter(processScreen(options.json === true), 'functions', draws);
  const settings = { draws, points: POINTS, seed };
  const importance = importanceOf(trials, flat, settings, (done) => meter.update(done, trials.pair));
  meter.end();
  const text = importanceText(importance);
  if (out === undefined) return { text, json: importance };
  const paths = [
    { name: 'trials', path: file },
    ...(control === undefined ? [] : [{ name: 'control', path: control }]),
  ];
  const inputs = paths.map(async (one) => ({ ...one, digest: await digestOfFile(one.path) }));
  const files = await writeImportance(out, importance, {
    parameters: { ...options },
    inputs: await Promise.all(inputs),
    times,
    versions: libraryVersions(),
  });
  return { text: `${text}\n\n${files.join(', ')} are in ${out}.`, json: { ...importance, out } };
}
