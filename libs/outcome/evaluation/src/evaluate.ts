/**
 * A whole evaluation in a folder, from pairs and searches on disk to tables: plan (`plan.ts`), train
 * (`run-evaluation.ts`), read back (`read-cell.ts`), count (`evaluation.ts`), write (`write-evaluation.ts`).
 * The command `evaluate` and the stage (`stage.ts`) both call it.
 */
import { basename, join } from 'node:path';
import { makeFolder } from '@layerwise/errors';
import { takeFisher, type StoredFisher } from '@layerwise/finetune';
import { checkWeights, openEncoder, type EncoderFolder } from '@layerwise/model';
import { EVALUATED_METHODS } from './options.js';
import type { ResampleOptions } from './measures/compare.js';
import { evaluationOf, type Evaluation } from './measures/evaluation.js';
import {
  describeCell,
  planCells,
  readEvaluatedPair,
  type Cell,
  type EvaluatedPair,
  type EvaluationChoices,
} from './plan/plan.js';
import { readSearch, type SearchedPair } from './plan/rate-sources.js';
import { failedCell, readCell, type CellResult } from './runs/read-cell.js';
import { runEvaluation, type RunEvaluationOptions } from './runs/run-evaluation.js';
import { writeEvaluation } from './tables/write-evaluation.js';

export interface EvaluateOptions extends RunEvaluationOptions {
  /** Folders of pairs, with `original/` and `shifted/`. */
  readonly pairs: readonly string[];
  /** Rows of each training split, from its first; null: all. */
  readonly trainLimit: number | null;
  /** Folders of searches, one a pair at most. */
  readonly searches: readonly string[];
  /** Folder of the encoder. */
  readonly encoder: string;
  readonly methods: readonly string[];
  readonly seeds: readonly number[];
  readonly choices: EvaluationChoices;
  /** As `PlanOptions` of `plan.ts` says. */
  readonly tunedRivals?: boolean;
  /**
   * Texts that `ewc` takes the Fisher information of the pretrained weights over; undefined: those of each
   * pair's D_o.
   */
  readonly ewcCorpus?: string | undefined;
  /** Where that information is kept, for other runs too; undefined: in the evaluation's folder. */
  readonly fisherFolder?: string | undefined;
  readonly onFisher?: (done: number, texts: number) => void;
  readonly resample: ResampleOptions;
  readonly outputFolder: string;
  /** Where token ids are kept between processes; null: nowhere. */
  readonly tokenFolder: string | null;
  readonly checkpointEvery: number;
  readonly versions: Readonly<Record<string, string>>;
  /** Told once, before the first run. */
  readonly onPlan: (cells: readonly Cell[]) => void;
}

/** A cell that gave no result, and why. */
interface FailedCell {
  readonly cell: Cell;
  readonly reason: string;
}

export type EvaluateEnd =
  | { readonly kind: 'finished'; readonly evaluation: Evaluation; readonly failed: readonly FailedCell[] }
  | { readonly kind: 'stopped' };

/**
 * Runs what is not there yet, and counts. Stopped or killed, the same call goes on.
 * @throws InputError for what is wrong with pairs, searches, encoder, methods or the folder, before anything
 * is trained
 */
export async function evaluateMethods(options: EvaluateOptions): Promise<EvaluateEnd> {
  const { methods, seeds, choices, outputFolder, tokenFolder, checkpointEvery, versions, resample } = options;
  const { trainLimit, tunedRivals = false } = options;
  const encoder = openEncoder(options.encoder);
  checkWeights(encoder.tensors);
  const pairs: EvaluatedPair[] = [];
  for (const folder of options.pairs) pairs.push(await readEvaluatedPair(folder, trainLimit));
  const searches: SearchedPair[] = [];
  for (const folder of options.searches) searches.push(await readSearch(folder));
  const { layers } = encoder.config;
  const plan = { pairs, seeds, choices, searches, tunedRivals, layers };
  // Before anything is computed: what is wrong with other methods is found out at once.
  const withoutFisher = methods.filter((method) => EVALUATED_METHODS[method]?.needsFisher !== true);
  if (withoutFisher.length > 0) planCells({ ...plan, methods: withoutFisher });
  makeFolder(outputFolder);
  const fishers =
    withoutFisher.length < methods.length ? await takeFishers(encoder, pairs, options) : undefined;
  const cells = planCells({ ...plan, methods, ...(fishers && { fishers }) });
  options.onPlan(cells);
  const folders = Object.fromEntries(pairs.map(({ name, folder }) => [name, folder]));
  const configuration = {
    encoder: encoder.folder,
    pairs: folders,
    trainLimit,
    tokenFolder,
    checkpointEvery,
    versions,
  };
  const end = await runEvaluation(cells, outputFolder, configuration, options);
  if (end.kind === 'stopped') return { kind: 'stopped' };
  const results: CellResult[] = [];
  const failed: FailedCell[] = [];
  for (const [place, cell] of cells.entries()) {
    const failure = end.failures.get(place);
    if (failure !== undefined) failed.push({ cell, reason: failure });
    results.push(failure === undefined ? await readCell(cell, outputFolder) : failedCell(cell, failure));
  }
  const searchedPairs = searches.map(({ pair }) => pair);
  const evaluation = evaluationOf({ methods, pairs, seeds, searchedPairs }, results, resample);
  await writeEvaluation(outputFolder, evaluation, basename(encoder.folder));
  return { kind: 'finished', evaluation, failed };
}

/**
 * The Fisher information of the pretrained weights, once a pair, or once for all over a corpus: it is found
 * again where it was taken.
 */
async function takeFishers(
  encoder: EncoderFolder,
  pairs: readonly EvaluatedPair[],
  { choices, ewcCorpus, fisherFolder, outputFolder, signal, onFisher }: EvaluateOptions,
): Promise<Map<string, StoredFisher>> {
  const fishers = new Map<string, StoredFisher>();
  for (const { name, tasks } of pairs) {
    const fisher = await takeFisher(encoder, tasks.original, choices, {
      ewcCorpus,
      folder: fisherFolder ?? join(outputFolder, 'fisher'),
      signal,
      onTexts: onFisher,
    });
    fishers.set(name, fisher);
  }
  return fishers;
}

/** What to say of cells that failed, at least one. */
export function failedSentence(failed: readonly FailedCell[]): string {
  const [first] = failed;
  const more = failed.length > 1 ? ` and ${failed.length - 1} more` : '';
  return `${first === undefined ? '' : describeCell(first.cell)}${more} failed (${first?.reason ?? ''}); the same command tries again.`;
}
