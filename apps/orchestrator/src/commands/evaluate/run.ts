/**
 * `layerwise evaluate` behind its options: makes the folders of pairs that are named by their tasks, shows
 * progress and says what came out. The evaluation is `@layerwise/evaluation`, which the stage of that name
 * shares.
 */
import { join } from 'node:path';
import {
  digestOfFile,
  filesBelow,
  removeManifest,
  startStopwatch,
  whileWriting,
  type Times,
  writeCommandManifest,
} from '@layerwise/artifacts';
import { openTask } from '@layerwise/datasets';
import { fileExists, InputError } from '@layerwise/errors';
import {
  describeCell,
  EVALUATION_OUTPUTS,
  evaluateMethods,
  evaluationText,
  failedSentence,
  pairFolderName,
  type EvaluateEnd,
} from '@layerwise/evaluation';
import type { EncoderFolder } from '@layerwise/model';
import { checkParts, pairOfTasks, writePairFolder } from '@layerwise/pairs';
import type { EvaluateCommandOptions } from './options.js';
import { cautionOf, openEncoderSource } from '../../running/encoder-source.js';
import { interruptible } from '../../running/interrupt.js';
import { libraryVersions } from '../../running/library-versions.js';
import { fisherProgress, type FisherProgress } from '../../progress/fisher.js';
import { createMeter, processScreen, type Meter } from '../../progress/meter.js';
import type { Outcome } from '../../running/run-command.js';
import { pairOfTaskWords, taskSource } from '../../options/task-words.js';
import { warn } from '../../running/warnings.js';
import { dataCacheFolder } from '../../running/workspace.js';

/** As the stage's, so that either goes on in a folder of the other. */
const NAME = 'evaluation';
/** Of the drawn rows. */
const RESAMPLE_SEED = 1;

export async function runEvaluate(options: EvaluateCommandOptions): Promise<Outcome> {
  const times = startStopwatch();
  const encoder = await openEncoderSource(options.encoder);
  return whileWriting(NAME, options.out, () => evaluate(options, encoder, times));
}

async function evaluate(
  options: EvaluateCommandOptions,
  encoder: EncoderFolder,
  times: () => Times,
): Promise<Outcome> {
  const { out } = options;
  const pairs: string[] = [];
  for (const word of options.pairs) pairs.push(await pairFolder(word, options, pairs));
  await removeManifest(out);
  const end = await interruptible((signal) => withProgress(options, pairs, encoder.folder, signal));
  if (end.kind === 'stopped') throw new Error(`Stopped; the same command goes on from what is in ${out}.`);
  const { evaluation, failed } = end;
  if (failed.length === 0) {
    const read = [
      ...encoder.weightFiles.map((path) => ({ name: 'encoder', path })),
      ...(await filesOf(pairs)),
    ];
    await writeCommandManifest(
      out,
      NAME,
      EVALUATION_OUTPUTS.map(({ file }) => file),
      RESAMPLE_SEED,
      {
        parameters: { ...options },
        inputs: await Promise.all(
          read.map(async (one) => ({ ...one, digest: await digestOfFile(one.path) })),
        ),
        times,
        versions: libraryVersions(),
      },
    );
  }
  const { methods, seeds, summaries, comparisons, rankings, runs } = evaluation;
  const caution = cautionOf(options.encoder).flatMap((sentence) => [sentence, '']);
  return {
    text: [
      ...caution,
      evaluationText(evaluation),
      '',
      ...(failed.length > 0 ? [failedSentence(failed)] : []),
      `Tables and runs are in ${out}.`,
    ].join('\n'),
    json: {
      out,
      methods,
      pairs: evaluation.pairs.map(({ name }) => name),
      seeds,
      runs: runs.map(({ cell, status, measures, steps, seconds }) => ({
        method: cell.method,
        pair: cell.pair,
        seed: cell.seed,
        status,
        rates: cell.settings.rates,
        measures,
        steps,
        seconds,
        folder: cell.folder,
      })),
      summaries,
      comparisons,
      rankings,
      failed: failed.map(({ cell, reason }) => ({ run: describeCell(cell), reason })),
    },
    exitCode: failed.length > 0 ? 1 : 0,
  };
}

/** The folder of a pair: as it is, or made of two tasks; `made` are those of the pairs before it. */
async function pairFolder(
  word: string,
  { glue, trainLimit, out }: EvaluateCommandOptions,
  made: readonly string[],
): Promise<string> {
  if (fileExists(join(word, 'original')) && fileExists(join(word, 'shifted'))) {
    if (trainLimit === undefined) return word;
    throw new InputError(
      `--train-limit is of pairs that are named as A:B; make the pair ${word} of fewer rows.`,
    );
  }
  const words = pairOfTaskWords(word);
  if (words === null)
    throw new InputError(`--pairs takes folders that a shift wrote, or two tasks as A:B, not "${word}".`);
  const limit = trainLimit === undefined ? {} : { trainLimit };
  const [original, shifted] = await Promise.all(
    words.map(async (name) => {
      const { task, notes } = await openTask(taskSource(name, glue), limit);
      warn(notes);
      return task;
    }),
  );
  if (original === undefined || shifted === undefined) throw new RangeError('two tasks were opened');
  const pair = pairOfTasks(original, shifted);
  checkParts(pair, { minimumRows: 1 });
  const name = `${original.name} → ${shifted.name}`;
  const folder = join(out, 'pairs', pairFolderName(name));
  if (made.includes(folder)) throw new InputError(`The pair ${name} is named twice; name it once.`);
  await writePairFolder(pair, folder);
  return folder;
}

async function withProgress(
  options: EvaluateCommandOptions,
  pairs: readonly string[],
  encoder: string,
  signal: AbortSignal,
): Promise<EvaluateEnd> {
  const { methods, seeds, searches = [], rate, workers, resamples, checkpointEvery, json } = options;
  const { tunedRivals } = options;
  const screen = processScreen(json === true);
  let meter: Meter | undefined;
  let fisher: FisherProgress | undefined;
  let [done, runs, total] = [0, 0, 0];
  try {
    return await evaluateMethods({
      methods,
      seeds,
      pairs,
      searches,
      tunedRivals,
      encoder,
      workers,
      checkpointEvery,
      signal,
      // Pairs are made with the limit.
      trainLimit: null,
      choices: { ...options, rates: String(rate) },
      resample: { resamples, seed: RESAMPLE_SEED },
      outputFolder: options.out,
      tokenFolder: join(dataCacheFolder(), 'tokens'),
      fisherFolder: join(dataCacheFolder(), 'fisher'),
      ewcCorpus: options.ewcCorpus,
      onFisher: (texts, all) => (fisher ??= fisherProgress(screen, all)).texts(texts),
      versions: libraryVersions(),
      onPlan: (cells) => {
        fisher?.end();
        runs = cells.length;
        total = cells.reduce((sum, { texts }) => sum + texts.original + texts.shifted, 0);
      },
      onProgress: (texts, cell) => {
        // Made when there is something to train: what was there before does not count for the time left.
        meter ??= createMeter(screen, 'evaluate', total, texts);
        meter.update(texts, `${done}/${runs} runs | ${describeCell(cell)}`);
      },
      onCell: () => (done += 1),
    });
  } finally {
    fisher?.end();
    meter?.end();
  }
}

async function filesOf(folders: readonly string[]): Promise<{ name: string; path: string }[]> {
  const found: { name: string; path: string }[] = [];
  for (const folder of folders)
    for (const part of ['original', 'shifted'])
      for (const file of await filesBelow(join(folder, part)))
        if (file.endsWith('.arrow')) found.push({ name: part, path: join(folder, part, file) });
  return found;
}
