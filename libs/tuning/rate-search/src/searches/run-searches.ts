/**
 * Runs or continues a search in its folder and, where there is one, its control below it, with as many steps;
 * writes what they come to. What a search is, is `prepare-search.ts`; how its progress is shown is the
 * caller's: `layerwise search` and the stage `search` (`stage.ts`) both call this.
 */
import { join } from 'node:path';
import { removeManifest } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import {
  fullFidelity,
  openJournalFile,
  openStudy,
  parseSettings,
  planCost,
  planFor,
  runSearch,
  samplerNamed,
  schedulerNamed,
  type Cost,
  type Journal,
  type RunEnd,
  type RunRequest,
  type SearchView,
  type StudySettings,
} from '@layerwise/search';
import { createProcessExecutor, type CreateExecutor } from '@layerwise/workers';
import { compareWithControl } from '../results/comparison.js';
import { controlOf, journalOf, stateIn } from './folder.js';
import {
  studyJson,
  writeSearch,
  type SearchProvenance,
  type SearchResult,
  type StudyJson,
} from '../results/outputs.js';
import { asBegun, costOfRecord, recordOf, refuseChangedInputs, stepsName } from './record.js';
import type { StudyOptions } from '../options.js';
import type { PreparedSearch } from './prepare-search.js';

/** How a search goes about it. */
export type SearchPlan = Omit<StudyOptions, 'space' | 'workers' | 'checkpointBudget'>;

/** What one call decides beside results. */
interface SearchCall {
  /** Where trials run; worker processes on this machine unless told otherwise. */
  readonly createExecutor?: CreateExecutor<RunRequest, RunEnd>;
  /** What keeps the events of the search in a file's place; that file unless told otherwise. */
  readonly openJournal?: (file: string) => Journal;
  /** Worker processes. */
  readonly workers: number;
  /** Bytes of checkpoints of paused trials. */
  readonly checkpointBudget: number;
  readonly signal: AbortSignal;
  readonly versions: Readonly<Record<string, string>>;
  /** For the manifests; null: another writes that of the search, and its control has none. */
  readonly provenance: Pick<SearchProvenance, 'parameters' | 'times'> | null;
  /**
   * Called when a search begins or goes on, before its first run. @returns what is called at every change,
   * and at the end
   * @param planned steps of the plan and its repeats
   */
  readonly onStart: (
    search: StartingSearch,
    planned: number,
  ) => { readonly show: (view: SearchView) => void; readonly end: () => void };
}

/** A search about to begin or to go on. */
export interface StartingSearch {
  readonly state: SearchResult['state'];
  readonly record: SearchResult['record'];
  /** What is searched: the rates themselves, or one for all beside them. */
  readonly part: 'search' | 'control';
}

interface SearchesEnd {
  readonly search: SearchResult;
  /** Null without one. */
  readonly control: SearchResult | null;
  /** As it stands in study.json. */
  readonly json: StudyJson;
}

/** Both searches, one after the other. @throws InputError, and Error when stopped: the same call continues */
export async function runSearches(
  out: string,
  search: PreparedSearch,
  control: PreparedSearch | null,
  plan: SearchPlan,
  call: SearchCall,
): Promise<SearchesEnd> {
  const settings = settingsOf(search, plan, plan.budget ?? null);
  const result = await runIn({ folder: out, out, part: 'search', search, settings }, call);
  if (control === null)
    return { search: result, control: null, json: await write(out, result, search, call) };
  // To be looked at while the control runs; without it the folder is not complete.
  await write(out, { ...result, done: null }, search, call);
  const folder = controlOf(out);
  const limited = settingsOf(control, plan, budgetOfControl(search, settings));
  const flat = await runIn({ folder, out, part: 'control', search: control, settings: limited }, call);
  const { report } = await write(folder, flat, control, call);
  const { record } = search;
  const rows = record.kind === 'finetune' && record.protocol === 'paper' ? 'chosen' : 'dev';
  const comparison = compareWithControl(result.state, flat.state, rows);
  const json = await write(out, result, search, call, { control: report, comparison });
  return { search: result, control: flat, json };
}

/** As the journal keeps them. */
export function settingsOf(
  { space, firstPoints, record }: PreparedSearch,
  { sampler, scheduler, full, eta, seed, trials, maxFailures, repeatsBest, repeatsSeeds }: SearchPlan,
  budget: number | null,
): StudySettings {
  return parseSettings({
    space,
    sampler,
    scheduler,
    seed,
    trials,
    budget,
    repeats: { best: repeatsBest, seeds: repeatsSeeds },
    given: [...firstPoints],
    objective: record,
    plan: planFor(scheduler, full, eta),
    maxFailures: maxFailures ?? null,
  });
}

/** As many steps as the search takes by its plan, or may take. */
function budgetOfControl({ record }: PreparedSearch, { plan, trials, budget }: StudySettings): number {
  const { steps } = planCost(plan, trials ?? 1, costOfRecord(record));
  return Math.min(steps, budget ?? Infinity);
}

/** Steps of the plan, or as many as the budget lets, and of the repeats. */
export function plannedSteps(
  { plan, trials, budget, repeats }: Pick<StudySettings, 'plan' | 'trials' | 'budget' | 'repeats'>,
  cost: Cost,
): number {
  const full = fullFidelity(plan);
  const { steps, complete } = planCost(plan, trials ?? 1, cost);
  const again = Math.min(repeats.best, complete) * repeats.seeds;
  return Math.min(steps, budget ?? Infinity) + again * cost(0, full, full);
}

/** One of the two, in its folder. */
interface OneSearch {
  readonly folder: string;
  /** The folder that a person named. */
  readonly out: string;
  readonly part: StartingSearch['part'];
  readonly search: PreparedSearch;
  readonly settings: StudySettings;
}

/** Runs or continues it. */
async function runIn(
  { folder, out, part, search, settings }: OneSearch,
  call: SearchCall,
): Promise<SearchResult> {
  const { createExecutor = createProcessExecutor<RunRequest, RunEnd>, openJournal = openJournalFile } = call;
  const { workers, checkpointBudget, signal } = call;
  const { record, rateSpace, module, configuration } = search;
  const journal = journalOf(folder);
  const began = stateIn(folder);
  const compared = began === null ? settings : asBegun(settings, began.settings);
  // Another seed chooses other rows, and is what is to be told then.
  if (began?.settings.seed === settings.seed)
    refuseChangedInputs(journal, recordOf(began.settings, journal), record);
  const cost = costOfRecord(record);
  if (began === null) refuseSmallBudget(settings, cost, stepsName(record));
  const sampler = samplerNamed(settings.sampler);
  const scheduler = schedulerNamed(settings.scheduler);
  const study = openStudy(openJournal(journal), compared, { sampler, scheduler, cost });
  try {
    await removeManifest(folder);
    const progress = call.onStart({ state: study.state, record, part }, plannedSteps(settings, cost));
    const logFolder = join(folder, 'workers');
    const executor = await createExecutor({ module, configuration, workers, logFolder });
    const options = { folder, checkpointBudget, signal, onChange: progress.show };
    const end = await runSearch(study, executor, options).finally(progress.end);
    const done = end.kind === 'done' ? end.reason : null;
    const result = { state: study.state, record, rateSpace, done };
    if (end.kind === 'done') return result;
    if (end.kind === 'halted') throw new Error(end.reason);
    await write(folder, result, search, call);
    throw new Error(stoppedSentence(result, out));
  } finally {
    study.close();
  }
}

/** @throws InputError before anything is written, where the budget pays for no trial to its end */
function refuseSmallBudget({ plan, budget, trials }: StudySettings, cost: Cost, unit: string): void {
  const first = Math.min(trials ?? Infinity, plan.brackets[0]!.trials);
  const { steps } = planCost(plan, first, cost);
  if (budget === null || budget >= steps) return;
  const what =
    plan.fidelities.length === 1
      ? 'one whole run'
      : 'the first bracket, whose best trial is trained to its end';
  throw new InputError(
    `--budget ${budget} does not pay for ${what}: that takes ${steps} ${unit}; give at least as much, or shorter runs.`,
  );
}

function stoppedSentence({ state, record }: SearchResult, out: string): string {
  const { length } = state.trials;
  const { search, repeats } = state.spent;
  const steps = (search + repeats).toLocaleString('en');
  return `Stopped after ${length} trials begun and ${steps} ${stepsName(record)} of finished runs; the same command continues from the journal and checkpoints in ${out}.`;
}

/** Writes a search's outputs. @returns what is in its study.json */
async function write(
  folder: string,
  result: SearchResult,
  { inputs }: PreparedSearch,
  { provenance, versions }: SearchCall,
  control: Pick<StudyJson, 'control' | 'comparison'> = {},
): Promise<StudyJson> {
  const json = { ...studyJson(result, versions), ...control };
  await writeSearch(folder, result, json, provenance === null ? null : { ...provenance, versions, inputs });
  return json;
}
