/**
 * `layerwise run` behind its options: all entries of a preset in their order, each run or skipped as
 * `layerwise stage` does it (`stages/entry-run.ts`), and at the end the report beside them. What was resolved
 * is in `preset.json`.
 */
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { presetFile, writeJson } from '@layerwise/artifacts';
import { InputError, makeFolder } from '@layerwise/errors';
import type { PresetOptions } from './options.js';
import { passesOf } from '../../plan/estimate.js';
import { entryWorks } from '../../plan/work.js';
import { duration, processScreen } from '../../progress/meter.js';
import type { EntrySize } from '../../progress/time-left.js';
import { wholeProgress } from '../../progress/whole.js';
import type { Outcome } from '../../running/run-command.js';
import { checkPreset } from '../../stages/check-preset.js';
import { orderedEntries, type Entry } from '../../stages/entries.js';
import { entryRun, type EntryResult } from '../../stages/entry-run.js';
import { presetTitle, readPreset, withEnvironment, type Preset } from '../../stages/preset.js';
import { loadStage, stageOf } from '../../stages/registry.js';

const REPORT = 'report.html';

export async function runPreset({ preset: word, dataCache, only, json }: PresetOptions): Promise<Outcome> {
  const began = performance.now();
  const all = await readPreset(word, only);
  await checkPreset(all, word);
  const preset = { word, title: presetTitle(word), all };
  const folder = join(dataCache, preset.title);
  makeFolder(folder);
  await writeJson(join(folder, presetFile.name), await resolved(all));

  const entries = orderedEntries(all);
  const screen = processScreen(json === true);
  const sizes = screen.mode === 'silent' ? null : await entrySizes(entries, all);
  const progress = wholeProgress(screen, entries.length, sizes);
  const results: (EntryResult & { readonly entry: string })[] = [];
  for (const entry of entries) {
    const stage = await loadStage(stageOf(entry.name) ?? entry.name);
    const run = await entryRun(stage, entry, preset, { dataCache });
    // What lies there may be part of it, from which it goes on.
    const isWhole = !existsSync(run.folder);
    progress.begin(entry.name);
    const result = await run.run(progress.line);
    progress.end(result.skipped, isWhole);
    results.push({ ...result, entry: entry.name });
  }
  const report = await reportOf(folder, results);
  return outcomeOf(preset.title, folder, results, report, (performance.now() - began) / 1000);
}

/** For the time left: null where that cannot be told, which is no reason not to run. */
async function entrySizes(entries: readonly Entry[], all: Preset): Promise<EntrySize[] | null> {
  try {
    return (await entryWorks(entries, Object.keys(all))).map(({ reads, work }) => {
      if (work === null) return { passes: null, shape: '' };
      const { batch, maxLength, threads } = work;
      return {
        passes: passesOf(work, availableParallelism()),
        shape: [reads['encoder']?.join() ?? '', batch, maxLength, threads].join(' '),
      };
    });
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Every entry with all its parameters, those that are defaults too. */
async function resolved(all: Preset): Promise<Record<string, Record<string, unknown>>> {
  const entries = orderedEntries(all).map(async ({ name, values }: Entry) => {
    const stage = await loadStage(stageOf(name) ?? name);
    const own = withEnvironment(values, process.env) as Record<string, unknown>;
    const inputs = Object.entries(stage.inputs ?? {}).flatMap(([input, { from }]) => {
      const value = own[input] ?? from;
      return value === undefined ? [] : [[input, value] as const];
    });
    const known = Object.keys(stage.parameters.shape);
    const parameters = stage.parameters.parse(
      Object.fromEntries(Object.entries(own).filter(([key]) => known.includes(key))),
    );
    return [name, { ...Object.fromEntries(inputs), ...parameters }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Copies the page to the preset's folder, where people look for it. */
async function reportOf(
  folder: string,
  results: readonly (EntryResult & { readonly entry: string })[],
): Promise<{ readonly path: string; readonly summary: readonly string[] } | null> {
  const made = results.findLast(({ entry }) => stageOf(entry) === 'report');
  if (made === undefined || !existsSync(join(made.folder, REPORT))) return null;
  const path = join(folder, REPORT);
  await copyFile(join(made.folder, REPORT), path);
  return { path, summary: made.manifest.notes ?? [] };
}

function outcomeOf(
  title: string,
  folder: string,
  results: readonly (EntryResult & { readonly entry: string })[],
  report: { readonly path: string; readonly summary: readonly string[] } | null,
  seconds: number,
): Outcome {
  const ran = results.filter(({ skipped }) => !skipped);
  const counted = `${results.length} ${results.length === 1 ? 'entry' : 'entries'}, ${results.length - ran.length} of them up to date before`;
  return {
    text: [
      `The preset ${title}: ${counted}, in ${duration(seconds)}.`,
      ...(report === null ? [] : ['', ...report.summary, '', `The report is ${report.path}.`]),
      ...(report === null ? [`Results are in ${folder}.`] : []),
    ].join('\n'),
    json: {
      preset: title,
      folder,
      seconds,
      report: report?.path ?? null,
      summary: report?.summary ?? [],
      entries: results.map(({ entry, folder: place, skipped, manifest }) => ({
        entry,
        folder: place,
        skipped,
        seconds: skipped ? 0 : manifest.durationSeconds,
        notes: manifest.notes ?? [],
      })),
    },
  };
}
