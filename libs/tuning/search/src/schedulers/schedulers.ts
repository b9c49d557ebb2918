/** The schedulers by name, and the plan that each runs on. */
import { InputError } from '@layerwise/errors';
import { SCHEDULER_NAMES, type SchedulerName } from '../options.js';
import { fullFidelityPlan, hyperbandPlan, type RungPlan } from './hyperband.js';
import { ashaScheduler } from './scheduler-asha.js';
import { hyperbandScheduler } from './scheduler-hyperband.js';
import { fullFidelityScheduler } from './scheduler-none.js';
import type { Scheduler } from './scheduler.js';

const SCHEDULERS = {
  hyperband: hyperbandScheduler,
  asha: ashaScheduler,
  none: fullFidelityScheduler,
} as const satisfies Record<SchedulerName, Scheduler>;

/** @throws InputError for a name that there is not */
export function schedulerNamed(name: string): Scheduler {
  if (Object.hasOwn(SCHEDULERS, name)) return SCHEDULERS[name as SchedulerName];
  throw new InputError(`There is no scheduler ${name}: take ${SCHEDULER_NAMES.join(', ')}.`);
}

/** The plan of a scheduler: one rung without early stopping, else Hyperband's. @throws InputError */
export function planFor(name: string, full: number, eta: number, options?: { minimum?: number }): RungPlan {
  schedulerNamed(name);
  return name === 'none' ? fullFidelityPlan(full) : hyperbandPlan(full, eta, options);
}
