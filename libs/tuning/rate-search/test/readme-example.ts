import { runStage } from '@layerwise/artifacts';
import { searchStage } from '../src/index.js';

/** A short search on the folder of a pair; the same call continues one that was stopped. */
export async function search(pair: string, encoder: string, outputFolder: string): Promise<string[]> {
  const { manifest } = await runStage(searchStage, {
    parameters: {
      trials: 2,
      scheduler: 'none', // every trial is trained to its end
      repeatsBest: 0,
      low: 1e-5,
      high: 1e-2,
      known: [2e-3], // tried first, as one rate for all
      epochsOriginal: 1,
      epochsShifted: 1,
      threads: 1,
      withControl: false,
    },
    inputs: { pair, encoder },
    outputFolder,
  });
  return manifest.notes ?? []; // best: trial …, mean reward …
}
