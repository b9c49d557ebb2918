/**
 * What a search's journal says of what it searches: which rows, weights and settings its figures are of, by
 * digests rather than by paths, so that a moved folder continues and a changed one is refused. Enough stands
 * here to word trials as rates and to count steps without opening task or encoder: `layerwise search-status`
 * and the outputs read nothing else.
 */
import { InputError } from '@layerwise/errors';
import { PHASES } from '@layerwise/finetune';
import { groupingFromJson } from '@layerwise/optimizers';
import type { Cost, SearchSpace, StudySettings } from '@layerwise/search';
import { z } from 'zod';
import { costOf } from '../objective/finetune-objective.js';
import { NAMED_SPACES, PROTOCOLS, RUNG_NAMES } from '../options.js';
import { recordedSpace, type RateSpace } from '../spaces/spaces.js';

const ofPhases = <Schema extends z.ZodType>(schema: Schema) =>
  z.strictObject({ original: schema, shifted: schema });
const count = z.int().min(0);

const finetuneRecord = z.strictObject({
  kind: z.literal('finetune'),
  /** As it stands in tables and figures: the tasks' names. */
  pair: z.string(),
  protocol: z.enum(PROTOCOLS),
  rung: z.enum(RUNG_NAMES),
  /** A named space, or `file`. */
  space: z.enum([...NAMED_SPACES, 'file']),
  /** Rows that are trained on, that choose, and of the dev split reported beside them (0: it chooses). */
  rows: ofPhases(z.strictObject({ trained: count, chosen: count, reported: count, chosenOn: z.string() })),
  /** SHA-256 of tasks as they are used, and of the encoder. */
  inputs: z.strictObject({ original: z.string(), shifted: z.string(), encoder: z.string() }),
  /**
   * Settings but rates, seed and `recompute`. Before what follows from them: a person is told the first
   * difference.
   */
  training: z.record(z.string(), z.json()),
  /** Steps of both phases of a whole run. */
  lengths: ofPhases(count),
  /** Of the encoder. */
  layers: count,
  /** As `groupingToJson` writes it. */
  groups: z.string(),
});

const commandRecord = z.strictObject({
  kind: z.literal('command'),
  /** For the shell. */
  command: z.string(),
  /** Where it is started. */
  directory: z.string(),
});

const searchRecord = z.discriminatedUnion('kind', [finetuneRecord, commandRecord]);
export type FinetuneRecord = z.output<typeof finetuneRecord>;
export type SearchRecord = z.output<typeof searchRecord>;

/** The record in a journal's settings. @throws InputError where `layerwise search` did not write it */
export function recordOf({ objective }: Pick<StudySettings, 'objective'>, file: string): SearchRecord {
  const read = searchRecord.safeParse(objective);
  if (read.success) return read.data;
  throw new InputError(
    `${file} is the journal of a study that \`layerwise search\` did not begin; give another folder.`,
  );
}

/**
 * `now` as it is compared with the settings that a search began with: journals of earlier versions say
 * whether trials compute activations again, which decides nothing about what they come to.
 */
export function asBegun(now: StudySettings, began: StudySettings): StudySettings {
  const [record, recorded] = [now, began].map(({ objective }) => searchRecord.safeParse(objective).data);
  if (record?.kind !== 'finetune' || recorded?.kind !== 'finetune') return now;
  const { recompute } = recorded.training;
  if (recompute === undefined) return now;
  return { ...now, objective: { ...record, training: { ...record.training, recompute } } };
}

/** What is searched, in words. */
export function titleOf(record: SearchRecord): string {
  if (record.kind === 'command') return record.command;
  return `${record.pair}, space ${record.space}`;
}

/** How a trial's values stand for rates; null where they stand for something else. */
export function ratesOf(record: SearchRecord, space: SearchSpace, file: string): RateSpace | null {
  if (record.kind === 'command') return null;
  return recordedSpace(record.space, groupingFromJson(record.groups, file), record.layers, space);
}

/** Steps of a run; of a command in the plan's units. */
export function costOfRecord(record: SearchRecord): Cost {
  if (record.kind === 'command') return (from, to) => to - from;
  return costOf(record.lengths, record.rung);
}

/** What its steps are called. */
export function stepsName({ kind }: SearchRecord): string {
  return kind === 'finetune' ? 'steps' : 'units';
}

/** For a search with the same rows. @throws InputError naming the input that it did not begin with */
export function refuseChangedInputs(file: string, began: SearchRecord, now: SearchRecord): void {
  if (began.kind !== 'finetune' || now.kind !== 'finetune') return;
  if (JSON.stringify([began.protocol, began.rows]) !== JSON.stringify([now.protocol, now.rows])) return;
  const changed = ([...PHASES, 'encoder'] as const).find((name) => began.inputs[name] !== now.inputs[name]);
  if (changed === undefined) return;
  const what =
    changed === 'encoder' ? 'The encoder' : `The ${changed === 'original' ? 'first' : 'second'} task`;
  throw new InputError(
    `${what} is not what the search of ${file} began with (its digest was ${short(began.inputs[changed])} and is ${short(now.inputs[changed])}): ` +
      `give the same --${changed} and rows, or another --out.`,
  );
}

function short(digest: string): string {
  return `${digest.slice(0, 12)}…`;
}
