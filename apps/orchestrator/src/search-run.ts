/**
 * `layerwise search` behind its options: opens what is searched, says what it will cost, runs or continues the study in its folder
 * (`runSearch` of `@layerwise/search`) and reports. With a control, the search of one rate for all groups follows with as many steps.
 */
import { join } from 'node:path';
import { removeManifest } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import {
  createProcessExecutor,
  describePlan,
  openStudy,
  parseSettings,
  planCost,
  planFor,
  runSearch,
  samplerNamed,
  schedulerNamed,
  type Cost,
  type Study,
  type StudySettings,
} from '@layerwise/search';
import type { CommandSearchOptions, FinetuneSearchOptions, SearchCommandOptions } from './commands/search.js';
import { isBuiltinEncoder } from './encoder-source.js';
import { interruptible } from './interrupt.js';
import { libraryVersions } from './library-versions.js';
import { duration, processScreen, type Screen } from './progress/meter.js';
import { searchProgress, secondsPerStep } from './progress/search.js';
import type { Outcome } from './run-command.js';
import { compareWithControl, comparisonText } from './search/comparison.js';
import { controlOf, journalOf, refuseOtherFolder, stateIn } from './search/folder.js';
import { studyJson, writeSearch, type SearchResult, type StudyJson } from './search/outputs.js';
import { costOfRecord, recordOf, refuseChangedInputs, stepsName, titleOf } from './search/record.js';
import { reportText, searchReport } from './search/report.js';
import { commandSearch, finetuneSearches, type Searched } from './search/searched.js';
import { smallRungCaution } from './search/small-rungs.js';
import { dataCacheFolder } from './workspace.js';

export async function runFinetuneSearch(options: FinetuneSearchOptions): Promise<Outcome> {
  await refuseOtherFolder(options.out);
  const { search, control } = await finetuneSearches(options, join(dataCacheFolder(), 'tokens'));
  const caution = isBuiltinEncoder(options.encoder)
    ? ['The encoder is a small one with random weights, so these figures show the mechanism and no more.', '']
    : [];
  return runBoth(search, control, options, caution);
}

export async function runCommandSearch(options: CommandSearchOptions): Promise<Outcome> {
  await refuseOtherFolder(options.out);
  return runBoth(await commandSearch(options), null, options, []);
}

async function runBoth(
  searched: Searched,
  control: Searched | null,
  options: SearchCommandOptions,
  caution: readonly string[],
): Promise<Outcome> {
  const call: Call = {
    options,
    started: new Date(),
    screen: processScreen(options.json === true),
    versions: libraryVersions(),
  };
  return interruptible(async (signal) => {
    const { out } = options;
    const settings = settingsOf(searched, options, options.budget ?? null);
    const found = await searchIn(out, searched, settings, call, signal);
    if (control === null)
      return outcomeOf([...caution, textOf(found)], await write(out, found, searched, call), out);

    // To be looked at while the control runs; without it the folder is not complete.
    await write(out, { ...found, done: null }, searched, call);
    const budget = budgetOfControl(searched, settings);
    const controlFolder = controlOf(out);
    const flat = await searchIn(controlFolder, control, settingsOf(control, options, budget), call, signal);
    const { report } = await write(controlFolder, flat, control, call);
    const rows =
      searched.record.kind === 'finetune' && searched.record.protocol === 'paper' ? 'chosen' : 'dev';
    const comparison = compareWithControl(found.state, flat.state, rows);
    const json = await write(out, found, searched, call, { control: report, comparison });
    const words =
      comparison === null ? 'Neither can be compared: one has no result.' : comparisonText(comparison);
    return outcomeOf([...caution, textOf(found), '', textOf(flat), '', words], json, out);
  });
}

/** What all searches of one call share. */
interface Call {
  readonly options: SearchCommandOptions;
  readonly started: Date;
  readonly screen: Screen;
  readonly versions: Readonly<Record<string, string>>;
}

function settingsOf(
  { space, given, record }: Searched,
  { sampler, scheduler, full, eta, seed, trials, maxFailures, repeats }: SearchCommandOptions,
  budget: number | null,
): StudySettings {
  return parseSettings({
    ...{ space, sampler, scheduler, seed, trials, budget, repeats, given: [...given], objective: record },
    plan: planFor(scheduler, full, eta),
    maxFailures: maxFailures ?? null,
  });
}

/** As many steps as the search takes by its plan, or may take. */
function budgetOfControl({ record }: Searched, { plan, trials, budget }: StudySettings): number {
  const { steps } = planCost(plan, trials ?? 1, costOfRecord(record));
  return Math.min(steps, budget ?? Infinity);
}

/** Runs or continues one search in its folder. @throws Error when it was stopped before its end, after what there is was written */
async function searchIn(
  folder: string,
  searched: Searched,
  settings: StudySettings,
  call: Call,
  signal: AbortSignal,
): Promise<SearchResult> {
  const { workers, checkpointBudget } = call.options;
  const { record, rateSpace, module, configuration } = searched;
  const journal = journalOf(folder);
  const began = stateIn(folder);
  // Another seed chooses other rows, and is what is to be told then.
  if (began?.settings.seed === settings.seed)
    refuseChangedInputs(journal, recordOf(began.settings, journal), record);
  const cost = costOfRecord(record);
  if (began === null) refuseSmallBudget(settings, cost, stepsName(record));
  const deciders = {
    sampler: samplerNamed(settings.sampler),
    scheduler: schedulerNamed(settings.scheduler),
    cost,
  };
  const study = openStudy(journal, settings, deciders);
  try {
    await removeManifest(folder);
    announce(study, searched, call);
    const progress = searchProgress(call.screen, study.state, {
      planned: plannedSteps(settings, cost),
      unit: stepsName(record),
      workers,
    });
    const logFolder = join(folder, 'workers');
    const executor = await createProcessExecutor({ module, configuration, workers, logFolder });
    const end = await runSearch(study, executor, {
      ...{ folder, checkpointBudget, signal },
      onChange: progress.show,
    }).finally(progress.end);
    const done = end.kind === 'done' ? end.reason : null;
    const result = { state: study.state, record, rateSpace, done };
    if (end.kind === 'done') return result;
    if (end.kind === 'halted') throw new Error(end.reason);
    await write(folder, result, searched, call);
    throw new Error(stoppedSentence(study, stepsName(record), call.options.out));
  } finally {
    study.close();
  }
}

/** @throws InputError before anything is written, where the budget would end before a trial is trained to its end */
function refuseSmallBudget({ plan, budget, trials }: StudySettings, cost: Cost, unit: string): void {
  const first = Math.min(trials ?? Infinity, plan.brackets[0]?.trials ?? 1);
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

function stoppedSentence({ state }: Study, unit: string, out: string): string {
  const { length } = state.trials;
  const { search, repeats } = state.spent;
  const steps = (search + repeats).toLocaleString('en');
  return `Stopped after ${length} trials begun and ${steps} ${unit} of finished runs; the same command continues from the journal and checkpoints in ${out}.`;
}

/** The plan and what it costs, before it is paid; nothing where nobody reads it. */
function announce({ state }: Study, { record }: Searched, { screen, options }: Call): void {
  if (screen.mode === 'silent') return;
  const { settings } = state;
  const cost = costOfRecord(record);
  const unit = stepsName(record);
  const { plan, trials, repeats } = settings;
  const lines = [titleOf(record), describePlan(plan, trials ?? 1, cost, unit)];
  const planned = plannedSteps(settings, cost);
  const again = repeats.best * repeats.seeds;
  if (again > 0)
    lines.push(
      `and ${again} ${again === 1 ? 'repeat' : 'repeats'} of the best ${repeats.best}: with them at most ${planned.toLocaleString('en')} ${unit}`,
    );
  const caution = smallRungCaution(record, plan);
  if (caution !== null) lines.push(caution);
  const pace = secondsPerStep(state);
  const { search, repeats: repeated } = state.spent;
  const left = Math.max(0, planned - search - repeated);
  if (pace !== null)
    lines.push(
      `${state.trials.length} trials are begun; at the ${pace.toPrecision(2)} s for one of the ${unit} so far the rest takes about ${duration((pace * left) / options.workers)}`,
    );
  screen.stream.write(`${lines.join('\n')}\n`);
}

/** Steps of the plan, or as many as the budget lets, and of the repeats. */
function plannedSteps({ plan, trials, budget, repeats }: StudySettings, cost: Cost): number {
  const full = plan.fidelities.at(-1) ?? 1;
  const { steps, complete } = planCost(plan, trials ?? 1, cost);
  const again = Math.min(repeats.best, complete) * repeats.seeds;
  return Math.min(steps, budget ?? Infinity) + again * cost(0, full, full);
}

/** Writes a search's outputs. @returns what is in its study.json */
async function write(
  folder: string,
  result: SearchResult,
  { inputs }: Searched,
  { options, started, versions }: Call,
  control: Pick<StudyJson, 'control' | 'comparison'> = {},
): Promise<StudyJson> {
  const json = { ...studyJson(result, versions), ...control };
  await writeSearch(folder, result, json, { parameters: { ...options }, inputs, started, versions });
  return json;
}

function textOf({ state, record, rateSpace }: SearchResult): string {
  return reportText(titleOf(record), searchReport(state, rateSpace?.rates ?? null), stepsName(record));
}

function outcomeOf(parts: readonly string[], json: StudyJson, out: string): Outcome {
  return {
    text: [
      ...parts,
      '',
      `Ended as ${json.done ?? 'asked'}; trials.arrow, study.json and the journal are in ${out}.`,
    ].join('\n'),
    json: { out, ...json },
    ...(json.report.best === null && { exitCode: 1 as const }),
  };
}
