/** The stage `dataset-shift` (`dataset-shift.ts`): two task folders become the folder of a pair. */
import { defineStage, readTaskFolder } from '@layerwise/artifacts';
import { checkParts, drawPairPlots, PAIR_OUTPUTS, writePairFolder } from '@layerwise/pairs';
import { z } from 'zod';
import { datasetShift } from './dataset-shift.js';

export const datasetShiftStage = defineStage({
  name: 'dataset-shift',
  version: 1,
  description: 'Makes a pair of two tasks: D_o is one, D_s the other.',
  after: ['datasets'],
  inputs: {
    original: { reads: 'task', from: 'datasets/original', description: 'the task that becomes D_o' },
    shifted: { reads: 'task', from: 'datasets/shifted', description: 'the task that becomes D_s' },
  },
  parameters: z.object({}),
  outputs: PAIR_OUTPUTS,
  makes: (_, rowsOf) => ({ original: rowsOf('original'), shifted: rowsOf('shifted') }),
  async run({ input, outputFolder, signal }) {
    const original = await readTaskFolder(input('original'));
    const shifted = await readTaskFolder(input('shifted'));
    const pair = datasetShift(original, shifted);
    checkParts(pair, { minimumRows: 1 });
    signal.throwIfAborted();
    return writePairFolder(pair, outputFolder);
  },
  plots: drawPairPlots,
});
