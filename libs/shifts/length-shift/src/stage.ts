/** The stage `length-shift`: a task folder becomes the folder of a pair, its shorter and its longer rows. */
import { defineStage, readTaskFolder, type Split } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { loadTokenizer } from '@layerwise/model';
import {
  checkParts,
  drawPairPlots,
  halvesOf,
  LENGTH_UNITS,
  PAIR_OUTPUTS,
  wordLengths,
  writePairFolder,
} from '@layerwise/pairs';
import { z } from 'zod';
import { lengthShift, THRESHOLDS } from './length-shift.js';
import { pieceLengths } from './measure.js';

export const lengthShiftStage = defineStage({
  name: 'length-shift',
  version: 1,
  description: 'Cuts a task by length: the shorter rows are D_o, the longer ones D_s.',
  after: ['datasets'],
  inputs: {
    task: { reads: 'task', from: 'datasets/original', description: 'the task to cut' },
    encoder: {
      reads: 'encoder',
      optional: true,
      description: 'the encoder whose word pieces are counted; not read where words are',
    },
  },
  parameters: z.object({
    unit: z
      .enum(LENGTH_UNITS)
      .default('words')
      .describe("what a length counts, of text and pair together: words, or the encoder's word pieces"),
    threshold: z
      .enum(THRESHOLDS)
      .default('split')
      .describe("where to cut: each split at its own median, or both where the train split's lengths part"),
    minimumRows: z.number().int().min(1).default(10).describe('least rows of each split of each part'),
  }),
  outputs: PAIR_OUTPUTS,
  makes: (_, rowsOf) => halvesOf(rowsOf('task')),
  async run({ parameters: { unit, threshold, minimumRows }, input, inputs, outputFolder, signal }) {
    const [encoder] = inputs('encoder');
    if (unit === 'pieces' && encoder === undefined)
      throw new InputError(
        'lengths in word pieces need the encoder whose pieces they are; name it with --encoder, or count words',
      );
    const task = await readTaskFolder(input('task'));
    const tokenizer = unit === 'pieces' && encoder !== undefined ? await loadTokenizer(encoder) : null;
    signal.throwIfAborted();
    const measure = (split: Split) =>
      tokenizer === null ? wordLengths(split) : pieceLengths(split, tokenizer);
    const lengths = { train: await measure(task.train), dev: await measure(task.dev) };
    const { pair, details } = lengthShift(task, lengths, unit, threshold);
    checkParts(pair, { minimumRows });
    signal.throwIfAborted();
    return writePairFolder(pair, outputFolder, details);
  },
  plots: drawPairPlots,
});
