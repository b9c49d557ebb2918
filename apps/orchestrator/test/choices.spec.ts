/** Choices that the command line writes down again are those of the libs. */
import { expect, it } from 'vitest';
import { ENGINE_NAMES, PROVIDERS } from '@layerwise/engine';
import { recipes, schedules } from '@layerwise/optimizers';
import { optimizerNames, scheduleNames } from '../src/commands/finetune.js';
import { engineNames, providers } from '../src/engine-options.js';

it.each([
  ['--engine', engineNames, ENGINE_NAMES],
  ['--provider', providers, PROVIDERS],
  ['--schedule', scheduleNames, Object.keys(schedules)],
  ['--optimizer', optimizerNames, Object.keys(recipes)],
])('%s', (_, here, there) => {
  expect([...here].sort()).toEqual([...there].sort());
});
