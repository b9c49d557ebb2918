/**
 * `layerwise study` behind its options: opens the study and answers the lines of stdin (`ask-tell.ts` of
 * `@layerwise/search`).
 *
 * Nothing but answers goes to stdout, each at once. The study ends with stdin, with a reader of stdout that
 * is gone, or with Ctrl-C: all that was told is in the journal by then, so none of these is an error.
 */
import { errorCode, InputError } from '@layerwise/errors';
import {
  answerLine,
  byteLines,
  errorLine,
  memoryJournal,
  openJournalFile,
  openStudy,
  parseSettings,
  planFor,
  samplerNamed,
  schedulerNamed,
  type Cost,
  type Study,
} from '@layerwise/search';
import { readFirstPoints, readSpaceFile } from '@layerwise/rate-search';
import type { StudyCommandOptions } from './options.js';
import { interruptible } from '../../running/interrupt.js';
import { say } from '../../running/say.js';
import { introduction } from './text.js';
import { writeAnswers } from '../../running/write-answers.js';

/** Bytes of a line; a tell is far shorter. */
const LONGEST_LINE = 1 << 20;

/** A trial that goes on pays the rest alone, in the unit of `--full`. */
const cost: Cost = (from, to) => to - from;

export async function runStudy(options: StudyCommandOptions): Promise<void> {
  const study = studyOf(options);
  try {
    const lines = introduction(study, options, cost, process.stdin.isTTY);
    for (const line of lines) say(line);
    await interruptible((signal) => serve(study, options.full !== undefined, signal));
  } finally {
    study.close();
  }
}

/** Begins the study, or goes on with the journal's. @throws InputError */
function studyOf(options: StudyCommandOptions): Study {
  const { sampler, scheduler, full, minimum, eta, seed, journal, given } = options;
  if (full === undefined && (scheduler !== 'none' || minimum !== undefined || options.budget !== undefined)) {
    const why =
      scheduler !== 'none' ? `--scheduler ${scheduler}` : minimum !== undefined ? '--minimum' : '--budget';
    throw new InputError(
      `${why} needs --full, the fidelity of a whole run: give how many epochs, or another unit of yours, it takes.`,
    );
  }
  if (minimum !== undefined && scheduler === 'none')
    throw new InputError('--minimum is of rungs, and --scheduler none has none; leave it out.');
  const space = readSpaceFile(options.space);
  const settings = parseSettings({
    space,
    sampler,
    scheduler,
    seed,
    plan: planFor(scheduler, full ?? 1, eta, { minimum: minimum ?? 1 }),
    trials: options.trials ?? null,
    budget: options.budget ?? null,
    maxFailures: options.maxFailures ?? null,
    repeats: { best: options.repeatsBest, seeds: options.repeatsSeeds },
    given: given === undefined ? [] : readFirstPoints(given, space, null).map(({ values }) => values),
  });
  const deciders = { sampler: samplerNamed(sampler), scheduler: schedulerNamed(scheduler), cost };
  const kept = journal === undefined ? memoryJournal() : openJournalFile(journal);
  return openStudy(kept, settings, deciders);
}

async function serve(study: Study, rungs: boolean, signal: AbortSignal): Promise<void> {
  signal.addEventListener('abort', () => void process.stdin.destroy());
  try {
    await writeAnswers(answersTo(study, rungs));
  } catch (error) {
    // Stdin was closed here.
    if (errorCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function* answersTo(study: Study, rungs: boolean): AsyncGenerator<string> {
  for await (const line of byteLines(process.stdin, LONGEST_LINE)) {
    const answers = line instanceof InputError ? [errorLine(line)] : answerLine(study, line, rungs);
    for (const answer of answers) yield `${answer}\n`;
  }
}
