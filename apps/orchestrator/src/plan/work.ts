/**
 * What every entry of a preset takes and makes by what its stage declares (`work` and `makes` of
 * `defineStage`), before any of it has run. `layerwise plan` and the time left of `layerwise run` both begin
 * here.
 */
import type { MadeTasks, Stage, StageWork, TaskRows } from '@layerwise/artifacts';
import type { Entry } from '../stages/entries.js';
import { withEnvironment } from '../stages/preset.js';
import { loadStage, stageOf } from '../stages/registry.js';
import { readsOf, type EntryReads } from '../stages/stage-inputs.js';

export interface EntryWork {
  readonly entry: Entry;
  readonly stage: Stage;
  readonly reads: EntryReads;
  /** Null of a stage without an encoder. */
  readonly work: StageWork | null;
  /** Empty of a stage that makes no tasks. */
  readonly tasks: MadeTasks;
}

/**
 * @param entries in their order
 * @param names of all entries that the preset has
 * @throws InputError for tasks that cannot be read
 */
export async function entryWorks(
  entries: readonly Entry[],
  names: readonly string[],
): Promise<readonly EntryWork[]> {
  const made = new Map<string, MadeTasks>();
  const works: EntryWork[] = [];
  for (const entry of entries) {
    const stage = await loadStage(stageOf(entry.name) ?? entry.name);
    const values = withEnvironment(entry.values, process.env) as Entry['values'];
    const reads = readsOf(stage, { ...entry, values }, names);
    const parameters = () =>
      stage.parameters.parse(
        Object.fromEntries(Object.entries(values).filter(([key]) => key in stage.parameters.shape)),
      );
    const rows = (input: string) => (reads[input] ?? []).map((word) => rowsAt(word, made));
    const tasks =
      (await stage.makes?.(parameters(), (input) => rows(input)[0]?.[0] ?? { train: 0, dev: 0 })) ?? {};
    made.set(entry.name, tasks);
    works.push({ entry, stage, reads, tasks, work: stage.work?.(parameters(), rows) ?? null });
  }
  return works;
}

/** The tasks at a word of a preset: that of a folder in an entry, or both of an entry that makes a pair. */
function rowsAt(word: string, made: ReadonlyMap<string, MadeTasks>): readonly TaskRows[] {
  const [entry = '', ...rest] = word.split('/');
  const tasks = made.get(entry) ?? {};
  const task = tasks[rest.join('/')];
  return task === undefined ? Object.values(tasks) : [task];
}
