/** Choices that the command line writes down again are those of the libs. */
import { expect, it } from 'vitest';
import { WEIGHTINGS } from '@layerwise/combination';
import { ENGINE_NAMES, PROVIDERS } from '@layerwise/engine';
import { METHOD_NAMES } from '@layerwise/finetune';
import { POOLINGS } from '@layerwise/model';
import { recipes, schedules } from '@layerwise/optimizers';
import { PAIR_KINDS } from '@layerwise/pairs';
import { MASKINGS } from '@layerwise/pretraining';
import { SAMPLER_NAMES, SCHEDULER_NAMES } from '@layerwise/search';
import { RUNG_DESIGNS, PROTOCOLS, NAMED_SPACES } from '@layerwise/rate-search';
import { protocolNames, rungNames, spaceNames } from '../src/commands/search/options.js';
import { weightingNames } from '../src/commands/combine/options.js';
import { samplerNames, schedulerNames } from '../src/options/search-options.js';
import { methodNames } from '../src/options/method-options.js';
import { optimizerNames, scheduleNames } from '../src/options/training-options.js';
import { presetDrawn } from '../src/commands/plots/options.js';
import { maskings } from '../src/commands/pretrain/options.js';
import { pairKinds, poolings } from '../src/commands/shift-study/options.js';
import { engineNames, providers } from '../src/options/engine-options.js';
import { defaultPreset } from '../src/stages/preset.js';

it.each([
  ['--engine', engineNames, ENGINE_NAMES],
  ['--provider', providers, PROVIDERS],
  ['--sampler', samplerNames, SAMPLER_NAMES],
  ['--scheduler', schedulerNames, SCHEDULER_NAMES],
  ['--schedule', scheduleNames, Object.keys(schedules)],
  ['--optimizer', optimizerNames, Object.keys(recipes)],
  ['--method', methodNames, METHOD_NAMES],
  ['--kind', pairKinds, PAIR_KINDS],
  ['--weights', weightingNames, Object.keys(WEIGHTINGS)],
  ['--space', spaceNames, NAMED_SPACES],
  ['--protocol', protocolNames, PROTOCOLS],
  ['--rung', rungNames, Object.keys(RUNG_DESIGNS)],
  ['--pooling', poolings, POOLINGS],
  ['--masking', maskings, MASKINGS],
  ['--preset', [presetDrawn], [defaultPreset]],
])('%s', (_, here, there) => {
  expect([...here].sort()).toEqual([...there].sort());
});
