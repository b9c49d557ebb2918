/**
 * The study of a shift (Table 4 of Kenneweg et al. 2022, with what it leaves out): for each pair and seed the
 * three regimes of `regimes.ts`, each a unit that is kept (`unit.ts`); then the figures (`figures.ts`) of all
 * of them.
 */
import { digestOf, digestOfFile, fingerprint } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import type { ResultsRow, Settings } from '@layerwise/finetune';
import type { EncoderFolder } from '@layerwise/model';
import { PAIR_SPLITS, PARTS, type Pair } from '@layerwise/pairs';
import type { BootstrapOptions } from '@layerwise/statistics';
import { figuresOf, type Figure, type PartPredictions } from './figures.js';
import { regimeRuns, type Regime } from './regimes.js';
import { readUnitPredictions, runUnit, type UnitContext, type UnitName, type UnitProgress } from './unit.js';

/** One line of the study. */
export interface StudyTask {
  /** For people; no two of a study are the same. */
  readonly name: string;
  readonly pair: Pair;
  /** Of every run; the seed is replaced by each of the study's. */
  readonly settings: Settings;
}

/** What came out for one task. */
export interface TaskResult {
  readonly name: string;
  readonly pair: Pair;
  readonly settings: Settings;
  readonly figures: readonly Figure[];
  readonly predictions: readonly PartPredictions[];
  /** Steps of each regime's run; `mixed` may be missing. */
  readonly steps: ReadonlyMap<Regime, number>;
}

export interface Study {
  readonly tasks: readonly TaskResult[];
  readonly seeds: readonly number[];
  readonly bootstrap: BootstrapOptions;
}

/** A unit as it is planned. */
export interface PlannedUnit extends UnitName {
  /** Texts that its training sees, each counted once an epoch. */
  readonly texts: number;
}

export interface StudyOptions extends UnitContext {
  readonly seeds: readonly number[];
  readonly bootstrap: BootstrapOptions;
  /** While a unit trains. */
  readonly onProgress: (unit: PlannedUnit, progress: UnitProgress) => void;
  /** After each unit; `reused`: it was there already. */
  readonly onUnit: (unit: PlannedUnit, row: ResultsRow, reused: boolean) => void;
}

export type StudyEnd =
  | { readonly kind: 'finished'; readonly study: Study }
  | { readonly kind: 'stopped'; readonly unit: UnitName };

/** The units of a study in the order in which they run. */
export function plannedUnits(tasks: readonly StudyTask[], seeds: readonly number[]): PlannedUnit[] {
  return tasks.flatMap(({ name, pair, settings }) =>
    seeds.flatMap((seed) =>
      regimeRuns(pair, settings).map(({ regime, texts }) => ({ task: name, regime, seed, texts })),
    ),
  );
}

/**
 * Runs what is not there yet, and counts. Stopped by the signal, the same call goes on.
 * @throws InputError for tasks of one name, seeds that occur twice, a run that diverged
 */
export async function runStudy(tasks: readonly StudyTask[], options: StudyOptions): Promise<StudyEnd> {
  const { seeds, bootstrap, onProgress, onUnit } = options;
  refuseTwice(
    '--tasks',
    tasks.map(({ name }) => name),
  );
  refuseTwice('--seeds', seeds.map(String));
  const results: TaskResult[] = [];
  for (const { name, pair, settings } of tasks) {
    const predictions: PartPredictions[] = [];
    const steps = new Map<Regime, number>();
    for (const seed of seeds) {
      for (const run of regimeRuns(pair, { ...settings, seed })) {
        const unit = { task: name, regime: run.regime, seed, texts: run.texts };
        if (options.signal.aborted) return { kind: 'stopped', unit };
        const end = await runUnit(unit, run, options, (progress) => onProgress(unit, progress));
        if (end.kind === 'stopped') return { kind: 'stopped', unit };
        onUnit(unit, end.row, end.reused);
        predictions.push(...(await readUnitPredictions(end.folder, unit, pair)));
        steps.set(run.regime, end.row.stepsOriginal + end.row.stepsShifted);
      }
    }
    results.push({ name, pair, settings, figures: figuresOf(predictions, bootstrap), predictions, steps });
  }
  return { kind: 'finished', study: { tasks: results, seeds, bootstrap } };
}

function refuseTwice(option: string, names: readonly string[]): void {
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new InputError(`${option} names ${twice} twice; name it once.`);
  if (names.length === 0) throw new InputError(`${option} is empty; name at least one.`);
}

/**
 * Equal for studies of the same pairs, encoder and settings, whatever their seeds: they can share a folder of
 * units.
 */
export async function studyFingerprint(
  tasks: readonly StudyTask[],
  { config, weightFiles }: EncoderFolder,
): Promise<string> {
  return fingerprint({
    config: config.raw,
    encoder: await Promise.all(weightFiles.map((file) => digestOfFile(file))),
    tasks: tasks.map(({ name, pair, settings: { grouping, ...settings } }) => ({
      name,
      settings: { ...settings, seed: null, grouping: grouping.fingerprint },
      kind: pair.kind,
      sources: pair.sources,
      rows: PARTS.flatMap((part) =>
        PAIR_SPLITS.map((split) => [digestOf(pair.rows[part][split]), digestOf(pair[part][split].label)]),
      ),
    })),
  });
}
