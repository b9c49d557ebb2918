/** The samplers by name. */
import { InputError } from '@layerwise/errors';
import { SAMPLER_NAMES, type SamplerName } from '../options.js';
import { gpSampler } from './gp-sampler.js';
import { randomSampler } from './random-sampler.js';
import type { Sampler } from './sampler.js';
import { tpeSampler } from './tpe.js';

const SAMPLERS = {
  gp: gpSampler,
  tpe: tpeSampler,
  random: randomSampler,
} as const satisfies Record<SamplerName, Sampler>;

/** @throws InputError for a name that there is not */
export function samplerNamed(name: string): Sampler {
  if (Object.hasOwn(SAMPLERS, name)) return SAMPLERS[name as SamplerName];
  throw new InputError(`There is no sampler ${name}: take ${SAMPLER_NAMES.join(', ')}.`);
}
