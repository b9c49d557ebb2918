/**
 * What a search's journal says of what it searches: which rows, weights and settings its figures are of, by
 * digests rather than by paths, so that a moved folder continues and a changed one is refused. Enough stands
 * here to word trials as rates and to count steps without opening task or encoder: `layerwise search-status`
 * and the outputs read nothing else.
 */
import { InputError } from '@layerwise/errors';
import { PHASES, type Phase, type PhaseLengths } from '@layerwise/finetune';
import { groupingFromJson, type Grouping } from '@layerwise/optimizers';
import type { Cost, SearchSpace, StudySettings } from '@layerwise/search';
import { z } from 'zod';
import { costOf } from '../objective/finetune-objective.js';
import { NAMED_SPACES, PROTOCOLS, RUNG_NAMES } from '../options.js';
import { recordedSpace, type RateSpace } from '../spaces/spaces.js';

const names = <Name extends string>(list: readonly Name[]) => z.enum(list as readonly [Name, ...Name[]]);
const ofPhases = <Schema extends z.ZodType>(schema: Schema) =>
  z.strictObject({ original: schema, shifted: schema });
const count = z.int().min(0);

const finetuneRecord = z.strictObject({
  kind: z.literal('finetune'),
  /** As it stands in tables and figures: the tasks' names. */
  pair: z.string(),
  protocol: names(PROTOCOLS),
  rung: names(RUNG_NAMES),
  /** A named space, or `file`. */
  space: names([...NAMED_SPACES, 'file']),
  /**
   * Rows that are trained on, that choose, and of the dev split that is reported beside them (0: it chooses
   * itself).
   */
  rows: ofPhases(z.strictObject({ trained: count, chosen: count, reported: count, chosenOn: z.string() })),
  /** SHA-256 of tasks as they are used, and of the encoder. */
  inputs: z.strictObject({ original: z.string(), shifted: z.string(), encoder: z.string() }),
  /**
   * Settings of both phases but rates and seed. Before what follows from them: the first difference is what a
   * person is told.
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

/**
 * The record in a journal's settings. @throws InputError where the journal is of something else than
 * `layerwise search`
 */
export function recordOf({ objective }: Pick<StudySettings, 'objective'>, file: string): SearchRecord {
  const read = searchRecord.safeParse(objective);
  if (read.success) return read.data;
  throw new InputError(
    `${file} is the journal of a study that \`layerwise search\` did not begin; give another folder.`,
  );
}

/** What is searched, in words. */
export function titleOf(record: SearchRecord): string {
  if (record.kind === 'command') return record.command;
  return `${record.pair}, space ${record.space}`;
}

/** How a trial's values stand for rates; null where they stand for something else. */
export function ratesOf(record: SearchRecord, space: SearchSpace, file: string): RateSpace | null {
  if (record.kind === 'command') return null;
  return recordedSpace(record.space, groupingOf(record, file), record.layers, space);
}

function groupingOf({ groups }: FinetuneRecord, file: string): Grouping {
  return groupingFromJson(groups, file);
}

/** Steps of a run; of a command in the plan's units. */
export function costOfRecord(record: SearchRecord): Cost {
  if (record.kind === 'command') return (from, to) => to - from;
  return costOf(record.lengths satisfies PhaseLengths, record.rung);
}

/** What its steps are called. */
export function stepsName({ kind }: SearchRecord): string {
  return kind === 'finetune' ? 'steps' : 'units';
}

/**
 * For a search that is to go on with the same choice of rows; what else differs is refused where the study is
 * opened.
 * @throws InputError naming the input that is not what the search began with
 */
export function refuseChangedInputs(file: string, began: SearchRecord, now: SearchRecord): void {
  if (began.kind !== 'finetune' || now.kind !== 'finetune') return;
  if (JSON.stringify([began.protocol, began.rows]) !== JSON.stringify([now.protocol, now.rows])) return;
  const named = [...PHASES, 'encoder'] as const satisfies readonly (Phase | 'encoder')[];
  const changed = named.find((name) => began.inputs[name] !== now.inputs[name]);
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
