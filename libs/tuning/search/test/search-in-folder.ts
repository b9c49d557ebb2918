/**
 * A search in this process over a folder that lasts as long as a test: opened, run to its end, and what it
 * comes to.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { createInlineExecutor, type Executor } from '@layerwise/workers';
import { openJournalFile } from '../src/journal/journal-file.js';
import type { Objective, RunEnd, RunRequest } from '../src/running/objective.js';
import { runSearch, type RunSearchOptions, type SearchEnd } from '../src/running/run-search.js';
import type { StudySettings } from '../src/study/settings.js';
import { openStudy, type Study } from '../src/study/study.js';
import { savingObjective } from './saving-objective.js';
import { smallDeciders, smallSettings } from './small-study.js';

/** Where the test's search is; a test may move on to another folder below it. */
export const place = { folder: '' };

/** A folder for each test of the file that calls this, removed after it. */
export function useFolder(): void {
  let whole: string;
  beforeEach(() => (place.folder = whole = mkdtempSync(join(tmpdir(), 'layerwise-run-search-'))));
  afterEach(() => rmSync(whole, { recursive: true, force: true }));
}

export const journal = (): string => join(place.folder, 'journal.jsonl');
export const open = (changes: Partial<StudySettings> = {}): Study =>
  openStudy(openJournalFile(journal()), smallSettings(changes), smallDeciders);

export interface Course extends Partial<RunSearchOptions> {
  readonly study?: Study;
  readonly workers?: number;
  readonly objective?: Objective;
  readonly executor?: Executor<RunRequest, RunEnd>;
}

/** Runs the study, or the one of the journal, and closes it. */
export async function search({
  study = open(),
  workers = 1,
  objective,
  executor,
  ...options
}: Course = {}): Promise<SearchEnd> {
  const runs = executor ?? createInlineExecutor(objective ?? savingObjective().objective, workers);
  try {
    return await runSearch(study, runs, {
      folder: place.folder,
      checkpointBudget: Infinity,
      signal: new AbortController().signal,
      graceMs: 1000,
      onChange: () => undefined,
      ...options,
    });
  } finally {
    study.close();
  }
}

/**
 * A finished search as it must be however it was interrupted: all of the state but attempts and seconds, and
 * the files.
 */
export function outcome() {
  const study = open();
  study.close();
  const { trials, spent, order, memory } = study.state;
  const lasting = trials.map(({ attempts: _, measurements, ...trial }) => ({
    ...trial,
    measurements: measurements.map(({ seconds: __, ...measurement }) => measurement),
  }));
  return { trials: lasting, spent, order, memory, files: files() };
}

/** Of trials, without logs. */
export function files(): string[] {
  return readdirSync(join(place.folder, 'trials'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('/') && !name.endsWith('.log'))
    .sort();
}
