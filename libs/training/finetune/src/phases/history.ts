/**
 * What happened at each step so far, in columns; kept in checkpoints and written as `history.arrow` at the
 * end.
 */
import { type ColumnsOf } from '@layerwise/artifacts';
import { PHASES } from '../settings.js';
import type { batchesTable, historyTable } from '../results/tables.js';

export interface History {
  readonly phase: number[];
  readonly step: number[];
  readonly loss: number[];
  readonly tokens: number[];
  readonly seconds: number[];
}

export const HISTORY_COLUMNS = ['phase', 'step', 'loss', 'tokens', 'seconds'] as const;

export function emptyHistory(): History {
  return { phase: [], step: [], loss: [], tokens: [], seconds: [] };
}

/**
 * `ratesAt` gives every group's rate at a step of a phase, counted from 0; null becomes NaN. `names` are the
 * phases'.
 */
export function historyColumns(
  history: History,
  ratesAt: (phase: number, step: number) => readonly (number | null)[],
  names: readonly string[],
): ColumnsOf<typeof historyTable.columns> {
  const rates = history.step.map((step, row) => ratesAt(history.phase[row]!, step));
  return {
    phase: history.phase.map((phase) => names[phase]!),
    step: Int32Array.from(history.step),
    loss: Float32Array.from(history.loss),
    rates: float64Lists(rates),
    tokens: Int32Array.from(history.tokens),
    seconds: Float64Array.from(history.seconds),
  };
}

/** `rowsAt` gives the training rows of a step, by task. */
export function batchColumns(
  history: History,
  rowsAt: (phase: number, step: number) => readonly Int32Array[],
): ColumnsOf<typeof batchesTable.columns> {
  const byTask = history.step.map((step, row) => rowsAt(history.phase[row]!, step));
  const own = byTask.map((rows, row) => Array.from(rows[history.phase[row]!]!));
  const replayed = byTask.map((rows, row) => rows.slice(0, history.phase[row]).flatMap((list) => [...list]));
  return {
    phase: history.phase.map((phase) => PHASES[phase]!),
    step: Int32Array.from(history.step),
    rows: { offsets: offsetsOf(own), values: Int32Array.from(own.flat()) },
    replayed: { offsets: offsetsOf(replayed), values: Int32Array.from(replayed.flat()) },
  };
}

/** Lists of rates as a column; null becomes NaN. */
export function float64Lists(lists: readonly (readonly (number | null)[])[]): {
  offsets: Int32Array;
  values: Float64Array;
} {
  return { offsets: offsetsOf(lists), values: Float64Array.from(lists.flat(), (rate) => rate ?? Number.NaN) };
}

function offsetsOf(lists: readonly (readonly unknown[])[]): Int32Array {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, row) => (offsets[row + 1] = offsets[row]! + list.length));
  return offsets;
}
