/**
 * Methods × pairs × seeds as a list of cells, before anything is trained: what is wrong with a method, a pair
 * or a search is found here. A cell is one run, and one line of `evaluation.arrow`.
 */
import { join } from 'node:path';
import { limitRows, readTaskFolder, type Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import {
  settingsFrom,
  withMethod,
  type Choices,
  type Phase,
  type Settings,
  type StoredFisher,
} from '@layerwise/finetune';
import { EVALUATED_METHODS } from '../options.js';
import { formerFolderName, pairFolderName } from './folder-names.js';
import { searchedRates, tunedRate, type SearchedPair } from './rate-sources.js';

/** A pair as it is evaluated. */
export interface EvaluatedPair {
  /** `ORIGINAL → SHIFTED`, as a search calls it. */
  readonly name: string;
  /** Holds `original/` and `shifted/`. */
  readonly folder: string;
  readonly tasks: Readonly<Record<Phase, Task>>;
}

/** What is evaluated, beside the results. */
export interface EvaluationPlan {
  readonly methods: readonly string[];
  readonly pairs: readonly EvaluatedPair[];
  readonly seeds: readonly number[];
  /** Pairs whose own search told rates: Table 2; the other pairs are unseen: Table 3. */
  readonly searchedPairs: readonly string[];
}

/** One method on one pair with one seed: a run of the protocol. */
export interface Cell {
  readonly method: string;
  readonly pair: string;
  readonly seed: number;
  /** Of the run, below the evaluation's folder. */
  readonly folder: string;
  /** Where versions kept it that gave some pairs one folder; mostly the same. */
  readonly formerFolder: string;
  readonly settings: Settings;
  /** Whether it is measured how far the run moves the encoder: where D_s comes after D_o. */
  readonly drift: boolean;
  /** Texts that each phase sees, each counted once an epoch. */
  readonly texts: Readonly<Record<Phase, number>>;
}

/** What of training a person chooses; rates are the flat ones, method and seed each cell's own. */
export type EvaluationChoices = Omit<Choices, 'seed' | 'method'>;

export interface PlanOptions {
  readonly methods: readonly string[];
  readonly pairs: readonly EvaluatedPair[];
  readonly seeds: readonly number[];
  readonly choices: EvaluationChoices;
  readonly searches: readonly SearchedPair[];
  /**
   * Whether methods that search no rates, `flat` aside, train at the rate that the control of a search found
   * (`tunedRate`).
   */
  readonly tunedRivals?: boolean;
  /** Of the encoder's pretrained weights for each pair by its name, where a method needs it. */
  readonly fishers?: ReadonlyMap<string, StoredFisher>;
  /** Of the encoder. */
  readonly layers: number;
}

/**
 * Opens the folder of a pair.
 * @param trainLimit only so many of the first rows of each training split; none: all
 * @throws InputError where it is none
 */
export async function readEvaluatedPair(
  folder: string,
  trainLimit: number | null = null,
): Promise<EvaluatedPair> {
  const read = async (phase: Phase): Promise<Task> => {
    const task = await readTaskFolder(join(folder, phase));
    return { ...task, train: limitRows(task.train, trainLimit ?? Infinity) };
  };
  const tasks = { original: await read('original'), shifted: await read('shifted') };
  return { name: `${tasks.original.name} → ${tasks.shifted.name}`, folder, tasks };
}

/**
 * Seed by seed, so that what is there when somebody stops is a whole evaluation with fewer seeds.
 * @throws InputError for a method, a pair or a seed that is named twice or not there, and for rates that no
 * search tells
 */
export function planCells(options: PlanOptions): Cell[] {
  const { methods, pairs, seeds } = options;
  refuseTwice('method', methods);
  refuseTwice(
    'pair',
    pairs.map(({ name }) => name),
  );
  refuseTwice('seed', seeds.map(String));
  refuseTwice(
    'search',
    options.searches.map(({ pair }) => pair),
  );
  const unknown = methods.find((method) => !Object.hasOwn(EVALUATED_METHODS, method));
  if (unknown !== undefined) {
    const known = Object.keys(EVALUATED_METHODS).join(', ');
    throw new InputError(`There is no method ${unknown}; choose from ${known}.`);
  }
  return seeds.flatMap((seed) =>
    pairs.flatMap((pair) => methods.map((method) => cellOf(method, pair, seed, options))),
  );
}

function cellOf(method: string, pair: EvaluatedPair, seed: number, options: PlanOptions): Cell {
  const settings = settingsOf(method, pair.name, seed, options);
  return {
    method,
    pair: pair.name,
    seed,
    settings,
    folder: join('runs', method, pairFolderName(pair.name), String(seed)),
    formerFolder: join('runs', method, formerFolderName(pair.name), String(seed)),
    drift: settings.method?.alone !== true && settings.epochs.original > 0,
    texts: textsOf(settings, pair),
  };
}

function textsOf({ epochs, method }: Settings, { tasks }: EvaluatedPair): Cell['texts'] {
  const [original, shifted] = [tasks.original.train.label.length, tasks.shifted.train.label.length];
  const replayed = Math.ceil((method?.replay?.share ?? 0) * original);
  return { original: epochs.original * original, shifted: epochs.shifted * (shifted + replayed) };
}

function settingsOf(
  method: string,
  pair: string,
  seed: number,
  { choices, searches, fishers, layers, tunedRivals = false }: PlanOptions,
): Settings {
  const flat = settingsFrom({ ...choices, seed }, layers);
  const rates = searchedRates(method, pair, searches, flat.grouping);
  if (rates !== null) return { ...flat, rates, method: { name: method } };
  const plain =
    tunedRivals && method !== 'flat'
      ? settingsFrom({ ...choices, seed, rates: String(tunedRate(pair, searches, flat.grouping)) }, layers)
      : flat;
  return withMethod(plain, method, { ...choices, fisher: fishers?.get(pair) }, layers);
}

/** A cell for people: `flat on SST-2 → MRPC, seed 1`. */
export function describeCell({ method, pair, seed }: Cell): string {
  return `${method} on ${pair}, seed ${seed}`;
}

function refuseTwice(what: string, names: readonly string[]): void {
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new InputError(`The ${what} ${twice} is named twice; name it once.`);
  if (names.length === 0 && what !== 'search')
    throw new InputError(`An evaluation needs at least one ${what}.`);
}
