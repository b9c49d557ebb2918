/**
 * What a search leaves beside its journal: trials.arrow, study.json and, once it is done, the manifest last,
 * so that a folder with a manifest is complete. All of it follows from the journal; a search that goes on
 * writes it anew.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  currentVersions,
  digestOfFile,
  studyFile,
  trialsTable,
  writeJson,
  writeManifest,
  writeTable,
  type Manifest,
  type StudyFile,
  type Times,
} from '@layerwise/artifacts';
import { planCost, type PlanCost, type StudyState } from '@layerwise/search';
import type { Comparison } from './comparison.js';
import { costOfRecord, type SearchRecord } from '../searches/record.js';
import { searchReport, type SearchReport } from './report.js';
import type { RateSpace } from '../spaces/spaces.js';
import { trialColumns } from './trial-rows.js';

/** A search as it stands. */
export interface SearchResult {
  readonly state: StudyState;
  readonly record: SearchRecord;
  readonly rateSpace: RateSpace | null;
  /** Why it is done; null: it is not, the same command continues it. */
  readonly done: string | null;
}

/** `study.json`: also what `--json` prints. */
export interface StudyJson {
  readonly done: string | null;
  /** What is searched, on which rows, with which settings. */
  readonly searched: SearchRecord;
  readonly settings: Omit<StudyState['settings'], 'objective'>;
  readonly plan: PlanCost | null;
  readonly report: SearchReport;
  /** Of the search of one rate for all groups, where there is one. */
  readonly control?: SearchReport;
  /** Null where either has no result yet. */
  readonly comparison?: Comparison | null;
  readonly versions: Readonly<Record<string, string>>;
}

export function studyJson(
  { state, record, rateSpace, done }: SearchResult,
  versions: Readonly<Record<string, string>>,
): StudyJson {
  const { objective: _record, ...settings } = state.settings;
  const { plan, trials } = settings;
  return {
    done,
    searched: record,
    settings,
    plan: trials === null ? null : planCost(plan, trials, costOfRecord(record)),
    report: searchReport(state, rateSpace),
    versions: currentVersions(versions),
  };
}

/** What only the caller knows. */
export interface SearchProvenance {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly inputs: Manifest['inputs'];
  /** From when the command began. */
  readonly times: () => Times;
  /** Of the libraries that shaped the outputs. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Writes a search's outputs into its folder.
 * @param provenance null: another writes the manifest
 * @throws InputError where the folder cannot be written
 */
export async function writeSearch(
  folder: string,
  result: SearchResult,
  json: StudyJson,
  provenance: SearchProvenance | null,
): Promise<void> {
  const { state, record, rateSpace, done } = result;
  const isFinetune = record.kind === 'finetune';
  const { file, digest, bytes } = await writeTable(
    join(folder, 'trials.arrow'),
    trialsTable,
    trialColumns(state, rateSpace),
    {
      space: JSON.stringify(state.settings.space),
      groups: isFinetune ? record.groups : '',
      pair: isFinetune ? record.pair : '',
    },
  );
  const study = join(folder, studyFile.name);
  await writeJson(study, json satisfies StudyFile);
  if (done === null || provenance === null) return;
  const { parameters, inputs, times, versions } = provenance;
  await writeManifest(folder, {
    stage: SEARCH_STAGE,
    stageVersion: 1,
    parameters: JSON.parse(JSON.stringify(parameters)) as Manifest['parameters'],
    seed: state.settings.seed,
    inputs,
    outputs: [
      { file, digest, bytes },
      { file: studyFile.name, digest: await digestOfFile(study), bytes: (await stat(study)).size },
    ],
    versions: currentVersions(versions),
    ...times(),
    counts: { trials: json.report.trials, steps: state.spent.search, repeatSteps: state.spent.repeats },
  });
}

/** In manifests. */
export const SEARCH_STAGE = 'search';
