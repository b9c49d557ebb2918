/**
 * How many rows the tasks of a preset have, before any stage has run: `datasets` reads its sources and writes
 * nothing; the shifts divide or pass on. Also some texts of each, for their length in tokens.
 */
import { openSources, type OpenedTask } from '@layerwise/datasets';
import type { TaskRows } from '@layerwise/artifacts';
import type { Entry } from '../stages/entries.js';
import { stageOf } from '../stages/registry.js';
import type { EntryReads } from '../stages/stage-inputs.js';

/**
 * Of one entry: rows of the tasks that it makes, by their folder in it; empty of an entry that makes none.
 */
export type MadeRows = Readonly<Record<string, TaskRows>>;

export interface SampledTexts {
  readonly text: readonly string[];
  readonly pair: readonly string[] | null;
}

/** Texts of a training split that stand for all. */
const SAMPLE = 64;

/** @param made by the entries before */
export async function rowsMadeBy(
  { name, values }: Entry,
  reads: EntryReads,
  made: ReadonlyMap<string, MadeRows>,
): Promise<{ readonly rows: MadeRows; readonly texts: readonly SampledTexts[] }> {
  const task = (input: string): TaskRows => rowsAt(reads[input]?.[0] ?? '', made)[0] ?? { train: 0, dev: 0 };
  switch (stageOf(name)) {
    case 'datasets': {
      const opened = await openSources(values as Parameters<typeof openSources>[0]);
      const tasks = [opened.original, opened.shifted];
      return {
        rows: { original: rowsOf(opened.original), shifted: rowsOf(opened.shifted) },
        texts: tasks.map(({ task: { train } }) => ({
          text: train.text.slice(0, SAMPLE),
          pair: train.pair?.slice(0, SAMPLE) ?? null,
        })),
      };
    }
    case 'dataset-shift':
      return { rows: { original: task('original'), shifted: task('shifted') }, texts: [] };
    case 'length-shift':
    case 'cluster-shift': {
      // Halves; clusters are of other sizes, but as many rows together.
      const { train, dev } = task('task');
      const half = { train: Math.ceil(train / 2), dev: Math.ceil(dev / 2) };
      return { rows: { original: half, shifted: half }, texts: [] };
    }
    default:
      return { rows: {}, texts: [] };
  }
}

/** The tasks at a word of a preset: that of a folder in an entry, or both of an entry that makes a pair. */
export function rowsAt(word: string, made: ReadonlyMap<string, MadeRows>): readonly TaskRows[] {
  const [entry = '', ...rest] = word.split('/');
  const rows = made.get(entry);
  if (rows === undefined) return [];
  const own = rows[rest.join('/')];
  return own === undefined ? Object.values(rows) : [own];
}

function rowsOf({ task: { train, dev } }: OpenedTask): TaskRows {
  return { train: train.label.length, dev: dev.label.length };
}
