/**
 * Runs the cells of an evaluation (`plan.ts`), several at once in worker processes or one after another in
 * this one. Diverged runs are data. A cell that fails is told, and tried again by the next call; the others
 * go on. A worker that dies costs its cell one more try.
 */
import { join } from 'node:path';
import { createInlineExecutor, createProcessExecutor, type CreateExecutor } from '@layerwise/workers';
import type { Cell } from '../plan/plan.js';
import { createWork, type CellConfiguration } from './run-cell.js';

export interface RunEvaluationOptions {
  /** Cells at once; 1: in this process. */
  readonly workers: number;
  readonly signal: AbortSignal;
  /** Where cells run; this machine unless told otherwise. */
  readonly createExecutor?: CreateExecutor<Cell, null>;
  /** Texts trained on so far, of all cells; told while a cell is trained. */
  readonly onProgress: (texts: number, cell: Cell) => void;
  /** After each cell; `reason` where it failed. */
  readonly onCell: (cell: Cell, reason: string | null) => void;
}

type EvaluationEnd =
  /** With the reason of each cell that failed, by its place. */
  | { readonly kind: 'finished'; readonly failures: ReadonlyMap<number, string> }
  | { readonly kind: 'stopped' };

/** The built file, from `src` too: a worker process needs it. */
const MODULE = new URL('../../dist/runs/run-cell.js', import.meta.url).href;
const TRIES = 2;
const GRACE_MS = 60_000;

/**
 * @param outputFolder that each cell's own lies in
 * @throws Error with a sentence where no cell can go on: a full disk, workers that never start
 */
export async function runEvaluation(
  cells: readonly Cell[],
  outputFolder: string,
  configuration: CellConfiguration,
  { workers, signal, createExecutor = onThisMachine, onProgress, onCell }: RunEvaluationOptions,
): Promise<EvaluationEnd> {
  const executor = await createExecutor({
    module: MODULE,
    configuration,
    workers: Math.min(workers, cells.length),
    logFolder: join(outputFolder, 'workers'),
  });
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
    if (!underWay.delete(place)) return;
    const cell = cells[place]!;
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
        if (place === undefined) break;
        const cell = cells[place]!;
        underWay.add(place);
        tries[place] = tries[place]! + 1;
        executor.start({ id: place, folder: join(outputFolder, cell.folder), input: cell });
      }
      const event = await Promise.race([executor.next(), stopped]);
      if (event === 'stopped') return { kind: 'stopped' };
      const { id: place } = event;
      if (event.kind === 'progress') {
        texts[place] = event.done;
        onProgress(sum(texts), cells[place]!);
      } else if (event.kind === 'lost') {
        if (tries[place]! >= TRIES) end(place, event.reason);
        else if (underWay.delete(place)) waiting.unshift(place);
      } else if (event.end.kind === 'stopped') {
        // Nobody asked for it: no cell can go on.
        throw new Error(event.end.reason ?? 'a run was stopped from outside; the same command goes on');
      } else end(place, event.end.kind === 'failed' ? event.end.message : null);
    }
    return { kind: 'finished', failures };
  } finally {
    await executor.stop(GRACE_MS);
  }
}

/** One cell after another needs no process of its own. */
const onThisMachine: CreateExecutor<Cell, null> = async (options) =>
  options.workers <= 1
    ? createInlineExecutor(await createWork(options.configuration))
    : createProcessExecutor(options);

function sum(numbers: Float64Array): number {
  return numbers.reduce((all, number) => all + number, 0);
}
