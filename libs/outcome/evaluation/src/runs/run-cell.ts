/**
 * Runs one cell of an evaluation in its folder: work for `@layerwise/workers`, whose executors keep processes
 * alive, hear when one dies and end those that an earlier call left. The run is kept (`keepRun` of
 * `@layerwise/finetune`): what is done is not done again, and what was stopped goes on. What it came to is
 * read from its folder (`read-cell.ts`).
 */
import { join, relative } from 'node:path';
import { keepRun, prepareRun, rememberTexts, tokenizerOf, type Tokenize } from '@layerwise/finetune';
import { openEncoder } from '@layerwise/model';
import type { CreateWork, JobContext } from '@layerwise/workers';
import { readEvaluatedPair, type Cell, type EvaluatedPair } from '../plan/plan.js';

/** Plain data: it goes to worker processes. */
export interface CellConfiguration {
  /** Folder of the encoder. */
  readonly encoder: string;
  /** Folder of each pair by its name. */
  readonly pairs: Readonly<Record<string, string>>;
  /** Rows of each training split, from its first; null: all. */
  readonly trainLimit: number | null;
  /** Where token ids are kept between processes; null: nowhere. */
  readonly tokenFolder: string | null;
  readonly checkpointEvery: number;
  /** Of the libraries that shape a run, for its manifest. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What worker processes import. Progress is counted in texts. */
export const createWork: CreateWork<Cell, null> = async (data) => {
  const configuration = data as CellConfiguration;
  const opened = new Map<string, Promise<EvaluatedPair>>();
  const pairOf = (name: string): Promise<EvaluatedPair> => {
    const { pairs, trainLimit } = configuration;
    const pair = opened.get(name) ?? readEvaluatedPair(pairs[name] ?? '', trainLimit);
    opened.set(name, pair);
    return pair;
  };
  const { encoder, tokenFolder } = configuration;
  const tokenize = rememberTexts(await tokenizerOf(openEncoder(encoder), tokenFolder));
  return async (cell, context) => {
    await runCell(cell, await pairOf(cell.pair), tokenize, configuration, context);
    return null;
  };
};

async function runCell(
  { method, pair: name, seed, settings, drift, texts: planned, folder: own, formerFolder: former }: Cell,
  { tasks }: EvaluatedPair,
  tokenize: Tokenize,
  { encoder, checkpointEvery, versions }: CellConfiguration,
  { folder, signal, progress }: JobContext,
): Promise<void> {
  const total = planned.original + planned.shifted;
  let texts = 0;
  const run = await prepareRun(tasks, openEncoder(encoder), tokenize, settings);
  const end = await keepRun(run, settings, {
    outputFolder: folder,
    formerFolder: join(folder, relative(own, former)),
    checkpointEvery,
    signal,
    drift,
    versions,
    parameters: { method, pair: name, seed, rates: settings.rates, epochs: settings.epochs },
    onPhase: (phase, ofPhase, done) => {
      texts = (phase === 'shifted' ? planned.original : 0) + Math.round((planned[phase] * done) / ofPhase);
      progress(texts, total);
    },
    onStep: ({ texts: more }) => {
      texts += more;
      progress(Math.min(texts, total), total);
    },
  });
  if (end.kind === 'stopped') signal.throwIfAborted();
}
