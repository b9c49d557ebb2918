/**
 * Runs one cell of an evaluation in its folder. The run is kept (`keepRun` of `@layerwise/finetune`): what is
 * done is not done again, and what was stopped goes on. As an objective of `@layerwise/search` it is also
 * what worker processes run: that lib's executors keep processes alive, hear when one dies and end those that
 * an earlier call left.
 */
import { join } from 'node:path';
import { keepRun, prepareRun, rememberTexts, tokenizerOf, type Tokenize } from '@layerwise/finetune';
import { openEncoder } from '@layerwise/model';
import type { Objective, RunContext, RunEnd } from '@layerwise/search';
import { readEvaluatedPair, type Cell, type EvaluatedPair } from '../plan/plan.js';

/** Plain data: it goes to worker processes. */
export interface CellConfiguration {
  /** Folder of the encoder. */
  readonly encoder: string;
  /** Folder of each pair by its name. */
  readonly pairs: Readonly<Record<string, string>>;
  /** Rows of each training split, from its first; null: all. */
  readonly trainLimit: number | null;
  /** A request's `trial` is its place in here. */
  readonly cells: readonly Cell[];
  readonly outputFolder: string;
  /** Where token ids are kept between processes; null: nowhere. */
  readonly tokenFolder: string | null;
  readonly checkpointEvery: number;
  /** Of the libraries that shape a run, for its manifest. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The contract of `@layerwise/search` for workers. Progress is counted in texts. */
export async function createObjective(configuration: unknown): Promise<Objective> {
  const given = configuration as CellConfiguration;
  const opened = new Map<string, Promise<EvaluatedPair>>();
  const pairOf = (name: string): Promise<EvaluatedPair> => {
    const found = opened.get(name) ?? readEvaluatedPair(given.pairs[name] ?? '', given.trainLimit);
    opened.set(name, found);
    return found;
  };
  const tokenize = rememberTexts(await tokenizerOf(openEncoder(given.encoder), given.tokenFolder));
  return async ({ trial }, context) => {
    const cell = given.cells[trial];
    if (cell === undefined) throw new RangeError(`there is no cell ${trial}`);
    return runCell(cell, await pairOf(cell.pair), tokenize, given, context);
  };
}

async function runCell(
  { method, pair: name, seed, folder, settings, drift, texts: planned }: Cell,
  { tasks }: EvaluatedPair,
  tokenize: Tokenize,
  { encoder, outputFolder, checkpointEvery, versions }: CellConfiguration,
  { signal, heartbeat }: RunContext,
): Promise<RunEnd> {
  const total = planned.original + planned.shifted;
  let [texts, steps] = [0, 0];
  const run = await prepareRun(tasks, openEncoder(encoder), tokenize, settings);
  const end = await keepRun(run, settings, {
    outputFolder: join(outputFolder, folder),
    checkpointEvery,
    signal,
    drift,
    versions,
    parameters: { method, pair: name, seed, rates: settings.rates, epochs: settings.epochs },
    onPhase: (phase, ofPhase, done) => {
      texts = (phase === 'shifted' ? planned.original : 0) + Math.round((planned[phase] * done) / ofPhase);
      heartbeat(texts, total);
    },
    onStep: ({ texts: more }) => {
      texts += more;
      steps += 1;
      heartbeat(Math.min(texts, total), total);
    },
  });
  if (end.kind === 'stopped') return { kind: 'stopped', steps };
  if (end.row.status === 'diverged') return { kind: 'diverged', message: 'training diverged', steps };
  // What a cell came to is read from its folder (`read-cell.ts`); there is nothing to maximise.
  return { kind: 'measured', reward: 0, measures: {}, steps };
}
