/**
 * The JSON files that stages and commands hand on, each declared once: the value that is written has its
 * type, and all readers go through its schema. What only a person reads in a file is left open
 * (`z.unknown()`).
 *
 * A key that came later is optional here, so that older files are read; a file that lacks what is needed is
 * refused with the command that makes it again. A form that this version could not read has the key `version`
 * from 2 on: files without it are of version 1.
 */
import { fileExists, InputError, refuseNewer, statedVersion } from '@layerwise/errors';
import { z } from 'zod';
import { readJson } from '../files/json.js';

/** A kind of JSON file. */
interface JsonFile<Schema extends z.ZodType> {
  readonly name: string;
  /** That writes it. */
  readonly command: string;
  /** Of its form: raised when an older program could not read it, or would read it wrongly. */
  readonly version: number;
  readonly schema: Schema;
}

/** What nobody changes once it is read. */
type Unchanged<Value> = Value extends object
  ? { readonly [Key in keyof Value]: Unchanged<Value[Key]> }
  : Value;

const count = z.int().nonnegative();
const repeats = z.object({
  rewards: z.array(z.number()),
  mean: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
const sample = z.object({
  trial: z.int().optional(),
  rewards: z.array(z.number()),
  mean: z.number(),
  missing: count.optional(),
});
const report = z.object({
  best: z
    .object({
      trial: z.int(),
      values: z.record(z.string(), z.unknown()).optional(),
      rates: z.array(z.number().nullable()).nullable(),
      fidelity: z.number(),
      reward: z.number(),
      repeats: repeats.nullable(),
      measures: z.record(z.string(), z.unknown()).optional(),
    })
    .nullable(),
  repeated: z.array(z.unknown()).optional(),
  trials: count,
  failure: z.object({ trial: z.int(), message: z.string() }).nullable().optional(),
  states: z.record(z.string(), count),
  steps: z.object({ search: z.number(), repeats: z.number() }),
});

/** What a search came to, and how it compares with its control. */
export const studyFile = {
  name: 'study.json',
  command: 'search',
  version: 1,
  schema: z.object({
    /** Why it is over; null: it is not. */
    done: z.string().nullable(),
    searched: z.unknown().optional(),
    settings: z.unknown().optional(),
    plan: z.unknown().optional(),
    report,
    control: report.optional(),
    comparison: z
      .object({
        rows: z.enum(['dev', 'chosen']),
        search: sample,
        control: sample,
        difference: z.number(),
        low: z.number().nullable(),
        high: z.number().nullable(),
      })
      .nullable()
      .optional(),
    versions: z.record(z.string(), z.string()).optional(),
  }),
} as const satisfies JsonFile<z.ZodType>;

export type StudyFile = Unchanged<z.output<typeof studyFile.schema>>;

const rates = z.array(z.number().positive());

/** One distribution of learning rates out of the searches of several pairs. */
export const combinationFile = {
  name: 'combination.json',
  command: 'combine',
  version: 1,
  schema: z.object({
    /** A rate for each layer group that holds something. */
    rates,
    perPair: z.record(z.string(), rates),
    /** Names of the groups that have a rate. */
    groups: z.array(z.string()),
    /** What `layerwise finetune --rates` takes. */
    option: z.string(),
    grouping: z.unknown(),
    weights: z.object({
      name: z.enum(['rank', 'best', 'top', 'softmax']),
      b: z.number().optional(),
      top: z.number().optional(),
      temperature: z.number().optional(),
    }),
    band: z.object({ level: z.number(), resamples: count, seed: z.int(), low: rates, high: rates }),
    pairs: z.array(
      z.object({
        pair: z.string(),
        trials: count,
        bestReward: z.number(),
        flat: z.array(z.object({ trial: z.int(), rate: z.number(), reward: z.number(), place: z.int() })),
      }),
    ),
    leaveOneOut: z.record(z.string(), rates).optional(),
  }),
} as const satisfies JsonFile<z.ZodType>;

export type CombinationFile = Unchanged<z.output<typeof combinationFile.schema>>;

/** Mean ranks of methods over many pairs (Demšar 2006), or why there are none; one entry a measure. */
export const ranksFile = {
  name: 'ranks.json',
  command: 'evaluate',
  version: 1,
  schema: z.array(
    z.object({
      measure: z.string(),
      pairs: z.int(),
      ranks: z.array(z.object({ method: z.string(), meanRank: z.number() })),
      p: z.number().nullable(),
      criticalDifference: z.number().nullable(),
      reason: z.string().nullable(),
    }),
  ),
} as const satisfies JsonFile<z.ZodType>;

export type RanksFile = Unchanged<z.output<typeof ranksFile.schema>>;

/** The inputs and parameters of every entry of a preset that ran, with all defaults. */
export const presetFile = {
  name: 'preset.json',
  command: 'run',
  version: 1,
  schema: z.record(z.string(), z.record(z.string(), z.unknown())),
} as const satisfies JsonFile<z.ZodType>;

/** @throws InputError where the file cannot be read or lacks what its kind has */
export async function readJsonFile<Schema extends z.ZodType>(
  { name, command, version, schema }: JsonFile<Schema>,
  path: string,
): Promise<Unchanged<z.output<Schema>>> {
  const again = `run \`layerwise ${command}\` again`;
  const json = fileExists(path) ? await readJson(path) : undefined;
  if (json === undefined) throw new InputError(`${path} cannot be read as JSON; ${again}.`);
  refuseNewer(path, name, statedVersion(json), version);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data as Unchanged<z.output<Schema>>;
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new InputError(
    `${path} is not the ${name} of \`layerwise ${command}\` (${place === '' ? 'it' : place} is wrong); ${again}.`,
  );
}
