/**
 * `layerwise plan` behind its options: every entry of a preset with its state and an estimate
 * (`plan/estimate.ts`), from the work that stages declare and a few training steps that are measured here.
 * Nothing is written.
 */
import { statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { readManifest, stageFolder, type Stage, type StageWork } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import type { PresetOptions } from '../run/options.js';
import { openEncoderSource } from '../../running/encoder-source.js';
import { estimateOf, totalOf, type Pace } from '../../plan/estimate.js';
import { measurePace, measureTexts, type Sample, type Texts } from '../../plan/measure.js';
import { entryWorks } from '../../plan/work.js';
import type { Outcome } from '../../running/run-command.js';
import { checkPreset } from '../../stages/check-preset.js';
import { orderedEntries, type Entry } from '../../stages/entries.js';
import { entryRun, type NamedPreset } from '../../stages/entry-run.js';
import { presetTitle, readPreset } from '../../stages/preset.js';
import type { EntryReads } from '../../stages/stage-inputs.js';
import { planText, type Planned } from './text.js';

export async function runPlan({ preset: word, dataCache, only }: PresetOptions): Promise<Outcome> {
  const all = await readPreset(word, only);
  await checkPreset(all, word);
  const preset = { word, title: presetTitle(word), all };
  const planned: Planned[] = [];
  const works = await entryWorks(orderedEntries(all), Object.keys(all));
  const measured = createMeasuring(
    works.flatMap(({ tasks }) => Object.values(tasks).flatMap(({ sample }) => sample ?? [])),
  );
  for (const { entry, stage, reads, work } of works) {
    const state = await stateOf(stage, entry, preset, dataCache, reads, planned);
    const pace = work === null || state.upToDate ? null : await measured(reads['encoder']?.[0], work);
    const before = await secondsBefore(stageFolder(dataCache, preset.title, entry.name));
    const estimate = state.upToDate
      ? { seconds: 0, quietSeconds: 0, memoryMb: 0, diskMb: 0 }
      : estimateOf(work, pace, before, availableParallelism());
    planned.push({ entry: entry.name, ...state, work, estimate });
  }
  const total = totalOf(planned.map(({ estimate }) => estimate));
  const machine = { memoryMb: totalmem() / 1e6, freeDiskMb: freeDiskMb(join(dataCache, preset.title)) };
  return {
    text: planText(preset.title, planned, total, machine),
    json: { preset: preset.title, entries: planned, total, machine },
  };
}

/** Whether an entry is to be run, and why: also where one that it reads is. */
async function stateOf(
  stage: Stage,
  entry: Entry,
  preset: NamedPreset,
  dataCache: string,
  reads: EntryReads,
  planned: readonly Planned[],
): Promise<Pick<Planned, 'upToDate' | 'why'>> {
  const stale = planned.filter(({ upToDate }) => !upToDate).map(({ entry: name }) => name);
  const first = Object.values(reads)
    .flat()
    .map((word) => word.split('/')[0] ?? '')
    .find((name) => stale.includes(name));
  if (first !== undefined) return { upToDate: false, why: `follows ${first}` };
  try {
    const status = await (await entryRun(stage, entry, preset, { dataCache })).status();
    return { upToDate: status.upToDate, why: status.upToDate ? null : status.why };
  } catch (error) {
    if (error instanceof InputError) return { upToDate: false, why: error.message };
    throw error;
  }
}

/** Measures each shape of training once. */
function createMeasuring(
  texts: readonly Sample[],
): (encoder: string | undefined, work: StageWork) => Promise<Pace | null> {
  const paces = new Map<string, Pace>();
  const lengths = new Map<string, Texts>();
  return async (source, work) => {
    if (source === undefined) return null;
    const encoder = await openEncoderSource(source);
    const textsKey = `${source} ${work.maxLength}`;
    const length = lengths.get(textsKey) ?? (await measureTexts(encoder, texts, work.maxLength));
    lengths.set(textsKey, length);
    const key = `${textsKey} ${work.batch} ${work.threads}`;
    const pace = paces.get(key) ?? (await measurePace(encoder, work, length));
    paces.set(key, pace);
    return pace;
  };
}

/** Of the last run of whatever lies in a folder. */
async function secondsBefore(folder: string): Promise<number | null> {
  try {
    return (await readManifest(folder)).durationSeconds;
  } catch {
    return null;
  }
}

/** Where the cache is to lie; null where that cannot be told. */
function freeDiskMb(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return (bavail * bsize) / 1e6;
  } catch {
    const above = dirname(folder);
    return above === folder ? null : freeDiskMb(above);
  }
}
