/**
 * Fine-tuning as the objective of a search (`@layerwise/search`): values → a rate a layer group → both phases
 * of the protocol to a rung (`runRung` of `@layerwise/finetune`). The reward is p = p_o + p_s, so that what
 * phase 2 forgot of D_o counts; both, and p_o before phase 2, are reported each. Tasks and encoder are opened
 * once; a worker process makes one objective and runs many trials.
 */
import { basename } from 'node:path';
import { openTask } from '@layerwise/datasets';
import { trainingChoices, type TrainingChoices } from '@layerwise/finetune/options';
import {
  cutRung,
  phaseLengths,
  prepareTrial,
  refuseStillPhases,
  rememberTexts,
  resumedRung,
  rungSteps,
  runRung,
  settingsFrom,
  shortRung,
  tokenizerOf,
  type Phase,
  type PhaseLengths,
  type RungDesign,
  type Settings,
  type Tokenize,
} from '@layerwise/finetune';
import type { Split, Task } from '@layerwise/artifacts';
import { openEncoder, type EncoderFolder } from '@layerwise/model';
import type { Cost, CreateObjective, RunContext, RunEnd, RunRequest } from '@layerwise/search';
import {
  NAMED_SPACES,
  type Protocol,
  type RateSearchOptions,
  type RungName,
  type SpaceName,
} from '../options.js';
import { readSpaceText } from '../spaces/space-file.js';
import { namedSpace, spaceOfJson, type RateRange, type RateSpace } from '../spaces/spaces.js';
import { searchTask, type SearchTask } from './selection.js';

/** What a rung means; `docs/decisions/0017-what-a-rung-means.md` says why the first one is the default. */
export const RUNG_DESIGNS = {
  resumed: resumedRung,
  short: shortRung,
  cut: cutRung,
} as const satisfies Record<RungName, RungDesign>;

type TaskOptions = Omit<NonNullable<Parameters<typeof openTask>[1]>, 'trainLimit'>;

/** Plain JSON: it stands in the study's journal and goes to workers. */
export interface FinetuneConfiguration {
  /** Folders (or `builtin:KIND`) of the tasks. */
  readonly original: string;
  readonly shifted: string;
  /** A Hugging Face folder. */
  readonly encoder: string;
  readonly taskOptions: Readonly<Record<Phase, TaskOptions>>;
  readonly trainLimit: number | null;
  /** Rows beyond the limit that choose, at most. */
  readonly heldOut: number;
  readonly choices: TrainingChoices;
  /** A named space, or the text of a file with one and its name. */
  readonly space: SpaceName | { readonly text: string; readonly file: string };
  /** Of the rates in a named space; undefined: the paper's. */
  readonly range?: RateRange;
  readonly rung: RungName;
  readonly protocol: Protocol;
  /** Of the rows that are held out. */
  readonly selectionSeed: number;
  readonly checkpointEvery: number;
  /** Where token ids are kept between processes; null: nowhere. */
  readonly tokenFolder: string | null;
}

/** What a configuration stands for, opened. */
export interface OpenedSearch {
  readonly encoder: EncoderFolder;
  readonly tasks: Readonly<Record<Phase, SearchTask>>;
  /** That the tasks were read from; none where they are built in. */
  readonly files: Readonly<Record<Phase, readonly string[]>>;
  /** What has to be said of the tasks, a sentence each. */
  readonly notes: readonly string[];
  readonly rateSpace: RateSpace;
  /** Steps of both phases of a whole run. */
  readonly lengths: PhaseLengths;
  /** Of every trial; rates and seed are its own. */
  readonly training: Omit<Settings, 'rates' | 'seed'>;
  readonly settings: (rates: Settings['rates'], seed: number) => Settings;
}

/**
 * The configuration that the options of a search and `rest` make.
 * @throws InputError where the file of the space cannot be read, with `advice`
 */
export function configurationOf(
  options: RateSearchOptions & { readonly trainLimit?: number | undefined },
  advice: string,
  rest: Pick<
    FinetuneConfiguration,
    'original' | 'shifted' | 'encoder' | 'taskOptions' | 'range' | 'checkpointEvery' | 'tokenFolder'
  >,
): FinetuneConfiguration {
  const { space, trainLimit = null, heldOut, rung, protocol, seed: selectionSeed } = options;
  return {
    ...rest,
    trainLimit,
    heldOut,
    choices: trainingChoices(options),
    space: isNamedSpace(space) ? space : { text: readSpaceText(space, advice), file: basename(space) },
    rung,
    protocol,
    selectionSeed,
  };
}

/** Opens tasks and encoder. @throws InputError with a sentence for whatever is wrong with them */
export async function openSearch(configuration: FinetuneConfiguration): Promise<OpenedSearch> {
  const { trainLimit, heldOut, protocol, selectionSeed, taskOptions, space, range } = configuration;
  const encoder = openEncoder(configuration.encoder);
  const open = async (phase: Phase) => {
    const { task, files, notes } = await openTask(configuration[phase], taskOptions[phase]);
    const cut = searchTask(task, { trainLimit, heldOut, protocol, phase, seed: selectionSeed });
    return { task: cut, files, notes };
  };
  const [original, shifted] = [await open('original'), await open('shifted')];
  const tasks = { original: original.task, shifted: shifted.task };
  const { layers } = encoder.config;
  // Trials have rates of their own.
  const base = settingsFrom({ ...configuration.choices, rates: '1', seed: 0 }, layers);
  refuseStillPhases(Object.values(tasksOf(tasks)), base);
  const { rates: _rates, seed: _seed, ...training } = base;
  const { grouping } = training;
  return {
    encoder,
    tasks,
    files: { original: original.files, shifted: shifted.files },
    notes: [...original.notes, ...shifted.notes],
    rateSpace:
      typeof space === 'string'
        ? namedSpace(space, grouping, layers, range)
        : spaceOfJson(space.text, space.file, grouping),
    lengths: phaseLengths(base, tasksOf(tasks)),
    training,
    settings: (rates, seed) => ({ ...training, rates, seed }),
  };
}

/** Steps that a run takes, by the lengths of both phases: phase 1 goes on, where the design lets it. */
export function costOf(lengths: PhaseLengths, name: RungName): Cost {
  const design = RUNG_DESIGNS[name];
  return (from, to, full) =>
    rungSteps(design(lengths, to, full), from > 0 ? design(lengths, from, full) : null);
}

/** What worker processes import. */
export const createWork: CreateObjective = async (data) => {
  // Workers get what the command wrote, which checks it.
  const configuration = data as FinetuneConfiguration;
  const opened = await openSearch(configuration);
  const tokenize = rememberTexts(await tokenizerOf(opened.encoder, configuration.tokenFolder));
  return (request, context) => runTrial(configuration, opened, tokenize, request, context);
};

async function runTrial(
  { rung: name, checkpointEvery }: FinetuneConfiguration,
  { encoder, tasks, rateSpace, lengths, settings: settingsOf }: OpenedSearch,
  tokenize: Tokenize,
  { values, seed, from, to, full }: RunRequest,
  { folder, signal, progress }: RunContext,
): Promise<RunEnd> {
  const inOrder = rateSpace.space.names.map((parameter) => values[parameter]!);
  const settings = settingsOf(rateSpace.rates(inOrder), seed);
  const design = RUNG_DESIGNS[name];
  const rung = design(lengths, to, full);
  const before = from > 0 ? design(lengths, from, full) : null;
  const total = rungSteps(rung, before);
  // Steps of phase 1 that an earlier rung took.
  const earlier = rung.original.until + rung.shifted.until - total;
  const doneAt = (phase: Phase, step: number): number =>
    Math.max(0, (phase === 'original' ? step : rung.original.until + step) - earlier);

  progress(0, total);
  const run = await prepareTrial(tasksOf(tasks), encoder, tokenize, settings, reportsOf(tasks));
  const outcome = await runRung(run, settings, rung, {
    folder,
    checkpointEvery,
    signal,
    report: to === full,
    onStep: ({ phase, step }) => progress(doneAt(phase, step + 1), total),
  });
  if (outcome.kind === 'measured') {
    const { accuracyOriginalBefore: originalBefore, original, shifted, report } = outcome;
    return {
      kind: 'measured',
      reward: original.accuracy + shifted.accuracy,
      measures: {
        originalBefore,
        original: original.accuracy,
        shifted: shifted.accuracy,
        ...(report && { devOriginal: report.original.accuracy, devShifted: report.shifted.accuracy }),
      },
      steps: total,
    };
  }
  const steps = doneAt(outcome.phase, outcome.step);
  if (outcome.kind === 'stopped') return { kind: 'stopped', steps };
  const where = `step ${outcome.step} of the phase on ${tasks[outcome.phase].task.name}`;
  return { kind: 'diverged', message: `training diverged at ${where}: the loss was no finite number`, steps };
}

function tasksOf(tasks: Readonly<Record<Phase, SearchTask>>): Record<Phase, Task> {
  return { original: tasks.original.task, shifted: tasks.shifted.task };
}

/** The dev splits, where they do not choose. */
function reportsOf({ original, shifted }: Readonly<Record<Phase, SearchTask>>): Record<Phase, Split> | null {
  return original.report && shifted.report ? { original: original.report, shifted: shifted.report } : null;
}

/** Whether `--space` names a space rather than a file. */
export function isNamedSpace(word: string): word is SpaceName {
  return NAMED_SPACES.some((name) => name === word);
}
