/**
 * A whole run in a folder: the protocol from its checkpoint on, then its results. The command `finetune` and
 * the stage (`stage.ts`) both go through here; what they add is where tasks come from and who writes the
 * manifest.
 */
import { join } from 'node:path';
import { removeLeftovers } from '@layerwise/artifacts';
import { startEngine } from '@layerwise/engine';
import { loadTokenizer, tokenize, tokenizeCached, type EncoderFolder } from '@layerwise/model';
import { runProtocol, type RunOptions, type RunOutcome } from './finetune.js';
import { keepBetween, writeDrift } from '../results/drift.js';
import type { PreparedRun, PreparedSequence, Tokenize } from './prepare.js';
import { runSequence, type SequenceOptions, type SequenceOutcome } from './sequence.js';
import type { Settings } from '../settings.js';
import { writeSequence } from '../results/write-sequence.js';
import { writePredictions, writeResults, type ResultsRow } from '../results/write-results.js';

/**
 * Tokenises as `encoder` wants it; with a `cacheFolder` every text once. @throws InputError without tokeniser
 * files.
 */
export async function tokenizerOf(encoder: EncoderFolder, cacheFolder: string | null): Promise<Tokenize> {
  const tokenizer = await loadTokenizer(encoder.folder);
  return async (texts, pairs, maximumLength) =>
    cacheFolder === null
      ? tokenize(tokenizer, texts, pairs, maximumLength)
      : tokenizeCached(cacheFolder, tokenizer, texts, pairs, maximumLength);
}

/**
 * Keeps what was tokenised, for runs one after another on the same lists of texts and with one maximum
 * length.
 */
export function rememberTexts(tokenize: Tokenize): Tokenize {
  const known = new Map<readonly string[], ReturnType<Tokenize>>();
  return (texts, pairs, maximumLength) => {
    const found = known.get(texts) ?? tokenize(texts, pairs, maximumLength);
    known.set(texts, found);
    return found;
  };
}

export interface CompleteRunOptions extends Omit<RunOptions, 'saveBefore'> {
  /** Also writes each task's head with the encoder, for `AutoModelForSequenceClassification`. */
  readonly classifiers: boolean;
  /** False leaves out encoder and heads, where a run's figures are all that is wanted of it. */
  readonly weights?: boolean;
  /** Also measures how far weights and representations moved. */
  readonly drift?: boolean;
}

/** How a call ended: with results on disk, or stopped with a checkpoint from which the same call goes on. */
export type RunEnd =
  { readonly kind: 'finished'; readonly row: ResultsRow } | Extract<RunOutcome, { readonly kind: 'stopped' }>;

/**
 * Runs or continues `run` and writes its results (`OUTPUTS`). The checkpoint stays until `removeCheckpoint`:
 * it is needed until the manifest is written, and a diverged run's is its last good one.
 * @throws InputError when the folder cannot be written or its checkpoint is damaged or another run's.
 */
export async function completeRun(
  run: PreparedRun,
  settings: Settings,
  options: CompleteRunOptions,
): Promise<RunEnd> {
  const { outputFolder, classifiers, weights = true, drift = false } = options;
  await removeLeftovers(outputFolder);
  const outcome = await runProtocol(run, settings, {
    ...options,
    saveBefore: async (evaluation) => {
      if (drift) await keepBetween(outputFolder, run);
      await writePredictions(
        join(outputFolder, 'predictions-original-before.arrow'),
        run.tasks.original.task,
        evaluation,
      );
    },
  });
  if (outcome.kind === 'stopped') return outcome;
  if (drift && outcome.kind === 'complete') {
    const { signal } = options;
    try {
      const engine = await startEngine(settings.engine, settings);
      await writeDrift(outputFolder, engine, run, settings, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      return { kind: 'stopped', phase: 'shifted', step: outcome.history.step.length };
    }
  }
  return {
    kind: 'finished',
    row: await writeResults(outputFolder, run, settings, outcome, { weights, classifiers, drift }),
  };
}

/**
 * Runs or continues a sequence and writes its results (`SEQUENCE_OUTPUTS`). The checkpoint stays, as
 * `completeRun`'s does.
 * @throws InputError as `completeRun`, and for a method that is made for two tasks
 */
export async function completeSequence(
  run: PreparedSequence,
  settings: Settings,
  options: SequenceOptions & { readonly classifiers: boolean },
): Promise<SequenceOutcome> {
  const { outputFolder, classifiers } = options;
  await removeLeftovers(outputFolder);
  const outcome = await runSequence(run, settings, options);
  if (outcome.kind !== 'stopped') await writeSequence(outputFolder, run, settings, outcome, classifiers);
  return outcome;
}
