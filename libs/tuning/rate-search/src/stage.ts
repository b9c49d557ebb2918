/**
 * The stage `search`: the rates of the layer groups with which a pair is learned and its first task kept, and
 * the same search of one rate for all groups as its control. A stage that was stopped or killed goes on from
 * its journal; more trials continue it too.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defineStage, trialsTable, type RowsOfInput, type StageWork } from '@layerwise/artifacts';
import { makeFolder } from '@layerwise/errors';
import { lengthsOfRows } from '@layerwise/finetune';
import { firstDifference, planFor, type SearchView } from '@layerwise/search';
import { z } from 'zod';
import { smallRungCaution } from './objective/small-rungs.js';
import { comparisonText } from './results/comparison.js';
import { configurationOf, costOf, isNamedSpace } from './objective/finetune-objective.js';
import { stateIn } from './searches/folder.js';
import { KNOWN_FLAT_RATES } from './spaces/first-points.js';
import { plannedSteps, runSearches, settingsOf, type StartingSearch } from './searches/run-searches.js';
import { finetuneSearches } from './searches/prepare-search.js';
import { asBegun } from './searches/record.js';
import { trainedRows } from './objective/selection.js';
import { rateSearchOptions } from './options.js';
import { PAPER_RANGE } from './spaces/spaces.js';

const rate = z.number().positive();

const { space, ...furtherOptions } = rateSearchOptions;

const parameters = z.object({
  space,
  low: rate.default(PAPER_RANGE.low).describe('least rate of a named space'),
  high: rate.default(PAPER_RANGE.high).describe('largest rate of a named space'),
  known: z.array(rate).default(KNOWN_FLAT_RATES).describe('flat rates that are tried first'),
  trainLimit: z.number().int().min(1).optional().describe('rows of each training split that are trained on'),
  ...furtherOptions,
});
type Parameters = z.output<typeof parameters>;

/** Steps between checkpoints; they decide nothing about the result, so they are no parameter. */
const CHECKPOINT_EVERY = 200;

export const searchStage = defineStage({
  name: 'search',
  version: 1,
  description: "Searches the learning rates of a pair's layer groups, and one rate for all beside them.",
  after: ['dataset-shift', 'length-shift', 'cluster-shift'],
  inputs: {
    pair: { reads: 'path', from: 'dataset-shift', description: 'a folder with original/ and shifted/' },
    encoder: { reads: 'encoder', description: 'a Hugging Face encoder folder, or a built-in one' },
  },
  parameters,
  outputs: [
    { file: 'trials.arrow', description: 'every trial at every rung', table: trialsTable },
    { file: 'study.json', description: 'the best trials, and how they compare with the control' },
    { file: 'control/trials.arrow', description: "the control's", table: trialsTable, optional: true },
    { file: 'control/study.json', description: "the control's", optional: true },
  ],
  sources: ({ space }): Record<string, string> => (isNamedSpace(space) ? {} : { space }),
  work: workOfSearch,
  async run({ parameters: options, input, outputFolder, fresh, versions, progress, signal }) {
    const { workers, checkpointBudget, withControl } = options;
    const { search, control } = await finetuneSearches({
      configuration: configurationOf(options, 'cannot be read', {
        original: join(input('pair'), 'original'),
        shifted: join(input('pair'), 'shifted'),
        encoder: input('encoder'),
        taskOptions: { original: {}, shifted: {} },
        range: { low: options.low, high: options.high },
        checkpointEvery: CHECKPOINT_EVERY,
        tokenFolder: null,
      }),
      spaceFile: isNamedSpace(options.space) ? undefined : options.space,
      known: options.known,
      withControl,
    });
    // A stage's folder is the stage's own: what another search left there is of no use.
    const began = stateIn(outputFolder);
    const settings = settingsOf(search, options, options.budget ?? null);
    // Under other limits alone a search goes on.
    const isOther =
      began !== null && firstDifference(began.settings, asBegun(settings, began.settings)) !== undefined;
    if (fresh || isOther) {
      await rm(outputFolder, { recursive: true });
      makeFolder(outputFolder);
    }
    const end = await runSearches(outputFolder, search, control, options, {
      workers,
      checkpointBudget,
      signal,
      versions,
      provenance: null,
      onStart: (search, planned) => ({ show: showProgress(search, planned, progress), end: () => undefined }),
    });
    const { report, comparison } = end.json;
    return {
      counts: { trials: report.trials, steps: report.steps.search, repeatSteps: report.steps.repeats },
      notes: [
        ...search.notes,
        ...(report.best === null
          ? ['no trial was measured']
          : [`best: trial ${report.best.trial}, mean reward ${report.best.reward.toFixed(4)}`]),
        ...(comparison === null || comparison === undefined ? [] : comparisonText(comparison).split('\n')),
      ],
    };
  },
});

/** As the study will plan it, with a control of as many steps. */
function workOfSearch(options: Parameters, rows: RowsOfInput): StageWork {
  const { trainLimit, protocol, rung, trials, budget, repeatsBest, repeatsSeeds, withControl } = options;
  const [original, shifted] = rows('pair')[0] ?? [];
  const trained = (train: number): number => trainedRows(train, trainLimit ?? null, protocol);
  const lengths = lengthsOfRows(options, {
    original: trained(original?.train ?? 0),
    shifted: trained(shifted?.train ?? 0),
  });
  const plan = planFor(options.scheduler, options.full, options.eta);
  const repeats = { best: repeatsBest, seeds: repeatsSeeds };
  const cost = costOf(lengths, rung);
  const steps = plannedSteps({ plan, trials, budget: budget ?? null, repeats }, cost);
  const runs = steps / (lengths.original + lengths.shifted);
  const parts = withControl ? 2 : 1;
  return {
    steps: parts * steps,
    textsRead: Math.round(parts * runs * (2 * (original?.dev ?? 0) + (shifted?.dev ?? 0))),
    batch: options.batch,
    maxLength: options.maxLength,
    threads: options.threads,
    workers: options.workers,
    // Checkpoints of paused trials, with Adam's two moments.
    copies: 3 * Math.min(trials, plan.brackets[0]!.trials),
  };
}

/** One line whenever a run has ended. */
function showProgress(
  { state, record, part }: StartingSearch,
  planned: number,
  progress: (line: string) => void,
): (view: SearchView) => void {
  const what = record.kind === 'finetune' ? record.pair : part;
  const name = part === 'search' ? what : `${what}, one rate for all`;
  let ended = state.order.length;
  const caution = part === 'search' ? smallRungCaution(record, state.settings.plan) : null;
  if (caution !== null) progress(caution);
  return ({ state: now }) => {
    if (now.order.length === ended) return;
    ended = now.order.length;
    const rewards = now.trials.flatMap(({ measurements }) => measurements.map(({ reward }) => reward));
    const best = rewards.length === 0 ? '' : `, largest reward ${Math.max(...rewards).toFixed(4)}`;
    const { search, repeats } = now.spent;
    const share = planned > 0 ? Math.min(100, Math.floor((100 * (search + repeats)) / planned)) : 100;
    progress(`${name}: ${share} % of the steps, ${now.trials.length} trials${best}`);
  };
}
