/**
 * `layerwise search` behind its options: opens what is searched, says what it will cost, runs or continues it
 * in its folder (`runSearches` of `@layerwise/rate-search`) and reports.
 */
import { join } from 'node:path';
import { startStopwatch, whileWriting } from '@layerwise/artifacts';
import {
  commandSearch,
  comparisonText,
  configurationOf,
  finetuneSearches,
  isNamedSpace,
  refuseOtherFolder,
  reportText,
  runSearches,
  searchReport,
  stepsName,
  titleOf,
  type PreparedSearch,
  type SearchResult,
  type StudyJson,
} from '@layerwise/rate-search';
import { NAMED_SPACES } from '@layerwise/rate-search/options';
import type { CommandSearchOptions, FinetuneSearchOptions, SearchCommandOptions } from './options.js';
import { cautionOf, openEncoderSource } from '../../running/encoder-source.js';
import { interruptible } from '../../running/interrupt.js';
import { libraryVersions } from '../../running/library-versions.js';
import { processScreen } from '../../progress/meter.js';
import { searchProgress } from '../../progress/search.js';
import type { Outcome } from '../../running/run-command.js';
import { say } from '../../running/say.js';
import { taskOptionsOf } from '../../options/task-options.js';
import { dataCacheFolder } from '../../running/workspace.js';
import { warn } from '../../running/warnings.js';
import { announcement } from './text.js';

export async function runFinetuneSearch(options: FinetuneSearchOptions): Promise<Outcome> {
  await refuseOtherFolder(options.out);
  const { trainLimit: _, ...files } = options;
  const { search, control } = await finetuneSearches({
    configuration: configurationOf(options, NEITHER, {
      original: options.original,
      shifted: options.shifted,
      encoder: (await openEncoderSource(options.encoder)).folder,
      taskOptions: taskOptionsOf(files),
      checkpointEvery: options.checkpointEvery,
      tokenFolder: join(dataCacheFolder(), 'tokens'),
    }),
    spaceFile: isNamedSpace(options.space) ? undefined : options.space,
    firstPointsFile: options.given,
    withControl: options.withControl,
  });
  const caution = cautionOf(options.encoder).flatMap((sentence) => [sentence, '']);
  return runBoth(search, control, options, caution);
}

export async function runCommandSearch(options: CommandSearchOptions): Promise<Outcome> {
  await refuseOtherFolder(options.out);
  return runBoth(await commandSearch(options.command, options.space, options.given), null, options, []);
}

const NEITHER = `is neither ${NAMED_SPACES.join(', ')} nor a file that can be read; give one of these.`;

async function runBoth(
  search: PreparedSearch,
  control: PreparedSearch | null,
  options: SearchCommandOptions,
  caution: readonly string[],
): Promise<Outcome> {
  const { out, workers, checkpointBudget } = options;
  const { notes } = search;
  warn(notes);
  const screen = processScreen(options.json === true);
  const provenance = { parameters: { ...options }, times: startStopwatch() };
  return whileWriting('search', out, () =>
    interruptible(async (signal) => {
      const end = await runSearches(out, search, control, options, {
        workers,
        checkpointBudget,
        signal,
        provenance,
        versions: libraryVersions(),
        onStart: (search, planned) => {
          if (screen.mode !== 'silent') say(announcement(search, planned, workers), screen.stream);
          return searchProgress(screen, search.state, { planned, unit: stepsName(search.record), workers });
        },
      });
      const { comparison } = end.json;
      const words =
        comparison === null || comparison === undefined
          ? 'Neither can be compared: one has no result.'
          : comparisonText(comparison);
      const compared = end.control === null ? [] : ['', textOf(end.control), '', words];
      return outcomeOf([...caution, textOf(end.search), ...compared], end.json, out, notes);
    }),
  );
}

function textOf({ state, record, rateSpace }: SearchResult): string {
  return reportText(titleOf(record), searchReport(state, rateSpace), stepsName(record));
}

function outcomeOf(
  parts: readonly string[],
  json: StudyJson,
  out: string,
  notes: readonly string[],
): Outcome {
  return {
    text: [
      ...parts,
      '',
      `Ended as ${json.done ?? 'asked'}; trials.arrow, study.json and the journal are in ${out}.`,
    ].join('\n'),
    json: { out, ...json, ...(notes.length > 0 && { warnings: notes }) },
    ...(json.report.best === null && { exitCode: 1 as const }),
  };
}
