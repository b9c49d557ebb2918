/**
 * What `layerwise search` searches, ready to run: its space, its objective for worker processes and what the
 * journal says of it. Two kinds: our own fine-tuning of a pair (with its control, one rate for all groups),
 * and a person's command.
 */
import { digestOf, digestOfFile, fingerprint, type Manifest, type Split } from '@layerwise/artifacts';
import { PHASES, type Phase } from '@layerwise/finetune';
import { InputError } from '@layerwise/errors';
import { groupingToJson } from '@layerwise/optimizers';
import {
  COMMAND_OBJECTIVE_MODULE,
  type CommandConfiguration,
  type SearchSpace,
  type Value,
} from '@layerwise/search';
import {
  openSearch,
  type FinetuneConfiguration,
  type OpenedSearch,
} from '../objective/finetune-objective.js';
import { KNOWN_FLAT_RATES, readFirstPoints } from '../spaces/first-points.js';
import { checkEncoder } from './check-encoder.js';
import type { FinetuneRecord, SearchRecord } from './record.js';
import type { SearchTask } from '../objective/selection.js';
import { readSpaceFile } from '../spaces/space-file.js';
import { namedSpace, PAPER_RANGE, rangeOf, type RateSpace } from '../spaces/spaces.js';

export interface PreparedSearch {
  readonly space: SearchSpace;
  /** Null where the space is not of rates. */
  readonly rateSpace: RateSpace | null;
  /** Points that are tried first, in the space's order. */
  readonly firstPoints: readonly (readonly Value[])[];
  readonly record: SearchRecord;
  /** For `createProcessExecutor`. */
  readonly module: string;
  readonly configuration: FinetuneConfiguration | CommandConfiguration;
  /** What was read, for the manifest. */
  readonly inputs: Manifest['inputs'];
  /** What has to be said before it begins, a sentence each. */
  readonly notes: readonly string[];
}

/** The built file, from `src` too: a worker process needs it. */
const FINETUNE_OBJECTIVE_MODULE = new URL('../../dist/objective/finetune-objective.js', import.meta.url).href;

/** What a search of a pair has beside what its trials are. */
interface FinetuneSearch {
  readonly configuration: FinetuneConfiguration;
  /** The file of a space that has no name, for the manifest. */
  readonly spaceFile?: string | undefined;
  /** A file with points that are tried first. */
  readonly firstPointsFile?: string | undefined;
  /** Flat rates that are tried before these. */
  readonly known?: readonly number[];
  readonly withControl: boolean;
}

/**
 * The search of a pair, and its control where one is wanted: the same in everything but the space.
 * @throws InputError for whatever is wrong with tasks, encoder, space or given points
 */
export async function finetuneSearches(
  options: FinetuneSearch,
): Promise<{ search: PreparedSearch; control: PreparedSearch | null }> {
  const { configuration, firstPointsFile, known = KNOWN_FLAT_RATES } = options;
  const opened = await openSearch(configuration);
  const { rateSpace } = opened;
  const { held, left } = knownPoints(known, rateSpace);
  const given =
    firstPointsFile === undefined ? [] : readFirstPoints(firstPointsFile, rateSpace.space, rateSpace);
  const common = { ...commonRecord(configuration, opened), inputs: await inputDigests(opened) };
  // After the first points, whose file may be missing.
  const inputs = await inputsOf(opened, options);
  const notes = [...opened.notes, ...(await checkEncoder(opened)), ...left];
  const prepare = (
    own: FinetuneConfiguration,
    ofOwn: RateSpace,
    points: readonly (readonly Value[])[],
  ): PreparedSearch => ({
    space: ofOwn.space,
    rateSpace: ofOwn,
    firstPoints: distinct(points),
    record: { ...common, space: typeof own.space === 'string' ? own.space : 'file' },
    module: FINETUNE_OBJECTIVE_MODULE,
    configuration: own,
    inputs,
    notes,
  });
  const search = prepare(configuration, rateSpace, [...held, ...given.map(({ values }) => values)]);
  if (!options.withControl) return { search, control: null };
  // The same rates as the search, so that the two can be compared: also where a file says which they are.
  const range =
    typeof configuration.space === 'string'
      ? (configuration.range ?? PAPER_RANGE)
      : rangeOf(rateSpace.space, configuration.space.file);
  const flat = namedSpace('flat', opened.training.grouping, opened.encoder.config.layers, range);
  const flatRates = [...known, ...given.map((point) => point.flat)].filter((rate) => rate !== null);
  const flatPoints = flatRates.map((rate) => flat.flat(rate)).filter((values) => values !== null);
  return { search, control: prepare({ ...configuration, space: 'flat', range }, flat, flatPoints) };
}

/**
 * The flat rates that a space holds as its points, and a sentence for each that is left out of it.
 * @throws InputError for one that a person named
 */
function knownPoints(
  known: readonly number[],
  { space, flat }: RateSpace,
): { held: (readonly Value[])[]; left: string[] } {
  const held: (readonly Value[])[] = [];
  const left: string[] = [];
  for (const rate of known) {
    const values = flat(rate);
    if (values !== null) held.push(values);
    else if (KNOWN_FLAT_RATES.includes(rate))
      left.push(`The flat rate ${rate} lies outside of the space and is not tried first.`);
    else
      throw new InputError(
        `The space, ${space.names.join(', ')}, does not hold the known flat rate ${rate}; leave it out, or search a wider range.`,
      );
  }
  return { held, left };
}

/** @throws InputError where the file of the space, or that of the first points, cannot be read */
export async function commandSearch(
  command: string,
  spaceFile: string,
  pointsFile?: string,
): Promise<PreparedSearch> {
  const directory = process.cwd();
  const space = readSpaceFile(spaceFile);
  return {
    space,
    rateSpace: null,
    firstPoints:
      pointsFile === undefined ? [] : readFirstPoints(pointsFile, space, null).map(({ values }) => values),
    record: { kind: 'command', command, directory },
    module: COMMAND_OBJECTIVE_MODULE,
    configuration: { command, directory },
    inputs: await digested([
      { name: 'space', path: spaceFile },
      { name: 'given', path: pointsFile },
    ]),
    notes: [],
  };
}

type Common = Omit<FinetuneRecord, 'space' | 'inputs'>;

function commonRecord(
  { protocol, rung }: FinetuneConfiguration,
  { tasks, lengths, encoder, training }: OpenedSearch,
): Common {
  // Gives the same bits either way: what ran out of memory without it goes on with it.
  const { grouping, recompute: _, ...settings } = training;
  return {
    kind: 'finetune',
    pair: `${tasks.original.task.name} → ${tasks.shifted.task.name}`,
    protocol,
    rung,
    rows: { original: rowsOf(tasks.original), shifted: rowsOf(tasks.shifted) },
    // Plain data by its own promise: it goes into fingerprints of runs.
    training: JSON.parse(JSON.stringify(settings)) as FinetuneRecord['training'],
    lengths,
    layers: encoder.config.layers,
    groups: groupingToJson(grouping),
  };
}

function rowsOf({ task, report, chosenOn }: SearchTask): Common['rows'][Phase] {
  const reported = report?.label.length ?? 0;
  return { trained: task.train.label.length, chosen: task.dev.label.length, reported, chosenOn };
}

async function inputDigests({ tasks, encoder }: OpenedSearch): Promise<FinetuneRecord['inputs']> {
  const weights = await Promise.all(encoder.weightFiles.map((file) => digestOfFile(file)));
  return {
    original: digestOfTask(tasks.original),
    shifted: digestOfTask(tasks.shifted),
    encoder: fingerprint({ config: encoder.config.raw, weights }),
  };
}

/** Of all rows that a search trains on, chooses by or reports. */
function digestOfTask({ task, report }: SearchTask): string {
  const splits = [task.train, task.dev, ...(report === null ? [] : [report])];
  return fingerprint({ name: task.name, labels: [...task.labels], splits: splits.map(digestOfSplit) });
}

function digestOfSplit({ text, pair, label }: Split): string[] {
  return [digestOf(JSON.stringify(text)), digestOf(JSON.stringify(pair)), digestOf(label)];
}

function inputsOf(
  { files, encoder }: OpenedSearch,
  { spaceFile, firstPointsFile }: FinetuneSearch,
): Promise<Manifest['inputs']> {
  return digested([
    ...PHASES.flatMap((phase) => files[phase].map((path) => ({ name: phase, path }))),
    ...encoder.weightFiles.map((path) => ({ name: 'encoder', path })),
    { name: 'space', path: spaceFile },
    { name: 'given', path: firstPointsFile },
  ]);
}

/** Files that there are, by their digests. */
async function digested(
  files: readonly { name: string; path: string | undefined }[],
): Promise<Manifest['inputs']> {
  const inputs = files.map(async ({ name, path }) =>
    path === undefined ? [] : [{ name, path, digest: await digestOfFile(path) }],
  );
  return (await Promise.all(inputs)).flat();
}

/** Each point once, at its first place. */
function distinct(points: readonly (readonly Value[])[]): (readonly Value[])[] {
  return [...new Map(points.map((values) => [JSON.stringify(values), values])).values()];
}
