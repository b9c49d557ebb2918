/**
 * The stage `combination`: the trials of one or more searches become one distribution of learning rates, with
 * what it is without each pair, its figure, and code for PyTorch (`write-combination.ts`).
 */
import { join } from 'node:path';
import { defineStage } from '@layerwise/artifacts';
import { z } from 'zod';
import { distributionOf } from './distribution/distribution.js';
import { ratesOption } from './files/combination-json.js';
import { readTrialsFile } from './trials/trials-file.js';
import { WEIGHTING_NAMES } from './options.js';
import { writeCombinationFiles } from './files/write-combination.js';

const count = (least: number) => z.number().int().min(least);

/** Share of the resampled rates inside the band. */
const LEVEL = 0.9;

export const combinationStage = defineStage({
  name: 'combination',
  version: 1,
  description: 'Turns the trials of searches into one distribution of learning rates.',
  after: ['search'],
  inputs: {
    searches: { reads: 'path', from: 'search', many: true, description: 'folders of searches, one a pair' },
  },
  parameters: z.object({
    weights: z.enum(WEIGHTING_NAMES).default('rank').describe("how much a pair's trial counts"),
    b: z.number().positive().optional().describe("base of the rank weights (the paper's 1.8 if not given)"),
    top: count(1).optional().describe('how many of the best count, where the weights are top'),
    temperature: z
      .number()
      .positive()
      .optional()
      .describe('where the weights are softmax, in units of reward'),
    resamples: count(1).default(2000).describe('of the bootstrap over trials'),
    seed: count(0).default(1).describe('of the bootstrap'),
    layers: count(1)
      .optional()
      .describe("depth of the encoder that the code is for (if not given, the trials' own)"),
  }),
  outputs: [
    { file: 'combination.json', description: 'the rates, those of each pair, and those without it' },
    { file: 'parameter_groups.py', description: 'the groups for PyTorch' },
    { file: 'huggingface_trainer.py', description: 'their use in a Trainer' },
    { file: 'timm_layer_decay.py', description: 'the nearest layer-wise decay', optional: true },
    { file: 'distribution.svg', description: 'the figure' },
    { file: 'distribution.png', description: 'the figure' },
  ],
  async run({ parameters: { weights, b, top, temperature, resamples, seed, layers }, inputs, outputFolder }) {
    const folders = inputs('searches');
    const pairs = await Promise.all(folders.map((folder) => readTrialsFile(join(folder, 'trials.arrow'))));
    const distribution = distributionOf(pairs, {
      weights,
      numbers: { b, top, temperature },
      bootstrap: { resamples, seed, level: LEVEL },
      leaveOneOut: pairs.length > 1,
    });
    await writeCombinationFiles(outputFolder, distribution, layers);
    return { counts: { pairs: pairs.length }, notes: [`rates ${ratesOption(distribution)}`] };
  },
});
