/**
 * What every entry of a preset takes by what its stage declares (`work` of `defineStage`), before any of it
 * has run: steps, texts, and what else is to be known for an estimate. `layerwise plan` and the time left of
 * `layerwise run` both begin here.
 */
import type { Stage, StageWork } from '@layerwise/artifacts';
import type { Entry } from '../stages/entries.js';
import { withEnvironment } from '../stages/preset.js';
import { loadStage, stageOf } from '../stages/registry.js';
import { readsOf, type EntryReads } from '../stages/stage-inputs.js';
import { rowsAt, rowsMadeBy, type MadeRows, type SampledTexts } from './rows.js';

export interface EntryWork {
  readonly entry: Entry;
  readonly stage: Stage;
  readonly reads: EntryReads;
  /** Null of a stage without an encoder. */
  readonly work: StageWork | null;
}

/**
 * @param entries in their order
 * @param texts gets some of every task, for their lengths
 * @throws InputError for tasks that cannot be read
 */
export async function entryWorks(
  entries: readonly Entry[],
  names: readonly string[],
  texts: SampledTexts[],
): Promise<EntryWork[]> {
  const made = new Map<string, MadeRows>();
  const works: EntryWork[] = [];
  for (const entry of entries) {
    const stage = await loadStage(stageOf(entry.name) ?? entry.name);
    const given = { ...entry, values: withEnvironment(entry.values, process.env) as Entry['values'] };
    const reads = readsOf(stage, given, names);
    const found = await rowsMadeBy(given, reads, made);
    made.set(entry.name, found.rows);
    texts.push(...found.texts);
    works.push({ entry, stage, reads, work: workOf(stage, given, reads, made) });
  }
  return works;
}

function workOf(
  stage: Stage,
  { values }: Entry,
  reads: EntryReads,
  made: ReadonlyMap<string, MadeRows>,
): StageWork | null {
  if (stage.work === undefined) return null;
  const known = Object.keys(stage.parameters.shape);
  const parameters = stage.parameters.parse(
    Object.fromEntries(Object.entries(values).filter(([key]) => known.includes(key))),
  );
  return stage.work(parameters, (input) => (reads[input] ?? []).map((word) => rowsAt(word, made)));
}
