/**
 * Runs the cells of an evaluation (`plan.ts`), several at once in worker processes or one after another in
 * this one. Diverged runs are data. A cell that fails is told, and tried again by the next call; the others
 * go on. A worker that dies costs its cell one more try.
 */
import { join } from 'node:path';
import { createInlineExecutor, createProcessExecutor, type Executor } from '@layerwise/search';
import type { Cell } from '../plan/plan.js';
import { createObjective, type CellConfiguration } from './run-cell.js';

export interface RunEvaluationOptions {
  /** Cells at once; 1: in this process. */
  readonly workers: number;
  readonly signal: AbortSignal;
  /** Texts trained on so far, of all cells; told while a cell is trained. */
  readonly onProgress: (texts: number, cell: Cell) => void;
  /** After each cell; `reason` where it failed. */
  readonly onCell: (cell: Cell, reason: string | null) => void;
}

export type EvaluationEnd =
  /** With the reason of each cell that failed, by its place. */
  | { readonly kind: 'finished'; readonly failures: ReadonlyMap<number, string> }
  | { readonly kind: 'stopped' };

/** The built file, from `src` too: a worker process needs it. */
const MODULE = new URL('../../dist/runs/run-cell.js', import.meta.url).href;
const TRIES = 2;
const GRACE_MS = 60_000;

/** @throws Error with a sentence where no cell can go on: a full disk, workers that never start */
export async function runEvaluation(
  configuration: CellConfiguration,
  { workers, signal, onProgress, onCell }: RunEvaluationOptions,
): Promise<EvaluationEnd> {
  const { cells } = configuration;
  const executor = await executorOf(configuration, Math.min(workers, cells.length));
  const waiting = cells.map((_, place) => place);
  const underWay = new Set<number>();
  const texts = new Float64Array(cells.length);
  const tries = new Int32Array(cells.length);
  const failures = new Map<number, string>();
  const stopped = new Promise<'stopped'>((resolve) => {
    if (signal.aborted) resolve('stopped');
    signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  const end = (place: number, reason: string | null): void => {
    const cell = cells[place];
    if (cell === undefined || !underWay.delete(place)) return;
    const wasTrained = texts[place]! > 0;
    texts[place] = cell.texts.original + cell.texts.shifted;
    if (reason !== null) failures.set(place, reason);
    onCell(cell, reason);
    // What was there before is no progress: it would spoil the estimate of the time left.
    if (wasTrained) onProgress(sum(texts), cell);
  };
  try {
    while (waiting.length > 0 || underWay.size > 0) {
      while (underWay.size < executor.capacity) {
        const place = waiting.shift();
        const cell = place === undefined ? undefined : cells[place];
        if (place === undefined || cell === undefined) break;
        underWay.add(place);
        tries[place] = tries[place]! + 1;
        const folder = join(configuration.outputFolder, cell.folder);
        executor.take({ trial: place, values: {}, seed: cell.seed, from: 0, to: 1, full: 1, folder });
      }
      const event = await Promise.race([executor.next(), stopped]);
      if (event === 'stopped') return { kind: 'stopped' };
      const cell = cells[event.trial];
      if (event.kind === 'progress') {
        texts[event.trial] = event.done;
        if (cell !== undefined) onProgress(sum(texts), cell);
      } else if (event.kind === 'lost') {
        if (tries[event.trial]! >= TRIES) end(event.trial, event.reason);
        else if (underWay.delete(event.trial)) waiting.unshift(event.trial);
      } else if (event.end.kind === 'stopped') {
        // Nobody asked for it: no cell can go on.
        throw new Error(event.end.reason ?? 'a run was stopped from outside; the same command goes on');
      } else end(event.trial, event.end.kind === 'failed' ? event.end.message : null);
    }
    return { kind: 'finished', failures };
  } finally {
    await executor.close(GRACE_MS);
  }
}

async function executorOf(configuration: CellConfiguration, workers: number): Promise<Executor> {
  if (workers <= 1) return createInlineExecutor(await createObjective(configuration));
  const logFolder = join(configuration.outputFolder, 'workers');
  return createProcessExecutor({ module: MODULE, configuration, workers, logFolder });
}

function sum(numbers: Float64Array): number {
  return numbers.reduce((all, number) => all + number, 0);
}
