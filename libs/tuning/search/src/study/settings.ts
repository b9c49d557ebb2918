/**
 * Settings of a study: all that decides what it tries, as plain data that stands first in its journal. A
 * journal is only continued with the settings that it was begun with, but for its limits (trials, budget,
 * failures), which may be moved.
 */
import { z } from 'zod';
import { InputError } from '@layerwise/errors';
import { planSchema } from '../schedulers/hyperband.js';
import { spaceSchema, valueSchema } from '../space/space.js';

/** Where a study ends; null: not by this. */
const limits = {
  /** Trials of the search itself, repeats not counted. */
  trials: z.int().min(1).nullable(),
  /** Steps (or what else a run's cost is counted in) that the search may take, repeats not counted. */
  budget: z.number().positive().nullable(),
  /** Failed trials that are borne; one more ends the study. Diverged ones are results and do not count. */
  maxFailures: z.int().min(0).nullable(),
};

export const limitsSchema = z.strictObject(limits);

export const settingsSchema = z
  .strictObject({
    space: spaceSchema,
    sampler: z.string(),
    scheduler: z.string(),
    plan: planSchema,
    seed: z.int().min(0),
    ...limits,
    /** The first points: values that are tried first, each in the order of the space. */
    given: z.array(z.array(valueSchema).readonly()).readonly().default([]),
    /** At the end the best `best` trials are run again with `seeds` fresh seeds each. */
    repeats: z.strictObject({ best: z.int().min(0), seeds: z.int().min(0) }).default({ best: 3, seeds: 3 }),
    /** Reward that stands for a failed or diverged trial; null: the worst reward measured so far. */
    penalty: z.number().nullable().default(null),
    /** What else must be the same for results to be comparable: the objective's own configuration. */
    objective: z.json().default(null),
  })
  .refine(({ space }) => space.names.length === space.parameters.length, {
    error: 'the space needs one name a parameter',
  })
  .refine(({ space, given }) => given.every((values) => values.length === space.names.length), {
    error: 'given values must be one a parameter',
  });

export type StudySettings = z.output<typeof settingsSchema>;
type Limits = z.output<typeof limitsSchema>;

/** Settings with their defaults. @throws InputError naming the first that is wrong */
export function parseSettings(settings: z.input<typeof settingsSchema>): StudySettings {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new InputError(`The study's settings are wrong: ${firstIssue(parsed.error)}.`);
}

/** What zod found first: where, and what is wrong there. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'nothing is said of why';
  const place = issue.path.map(String).join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}

/** The limits among the settings. */
export function limitsOf({ trials, budget, maxFailures }: Limits): Limits {
  return { trials, budget, maxFailures };
}

/** The first place where settings differ otherwise than in limits, worded; undefined when there is none. */
export function firstDifference(recorded: StudySettings, current: StudySettings): string | undefined {
  const unlimited = { trials: null, budget: null, maxFailures: null };
  return difference('', { ...recorded, ...unlimited }, { ...current, ...unlimited });
}

function difference(place: string, recorded: unknown, current: unknown): string | undefined {
  if (isObject(recorded) && isObject(current)) {
    const keys = new Set([...Object.keys(recorded), ...Object.keys(current)]);
    for (const key of keys) {
      const found = difference(place === '' ? key : `${place}.${key}`, recorded[key], current[key]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const [was, is] = [JSON.stringify(recorded), JSON.stringify(current)];
  return was === is ? undefined : `${place} is ${shown(was)} there and ${shown(is)} here`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(json: string | undefined): string {
  if (json === undefined) return 'missing';
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}
