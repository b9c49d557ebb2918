/**
 * What a method of a run needs that lies in files, or is made once for many runs: rates that were found, and
 * Fisher information.
 */
import { join } from 'node:path';
import type { Task } from '@layerwise/artifacts';
import {
  fisherOfPretrained,
  fisherOptions,
  fisherTexts,
  ratesFrom,
  type Choices,
  type StoredFisher,
} from '@layerwise/finetune';
import type { EncoderFolder } from '@layerwise/model';
import type { FinetuneCommandOptions } from './options.js';
import { interruptible } from '../../running/interrupt.js';
import { fisherProgress, type FisherProgress } from '../../progress/fisher.js';
import { processScreen } from '../../progress/meter.js';
import { dataCacheFolder } from '../../running/workspace.js';

type Options = Omit<FinetuneCommandOptions, 'original' | 'shifted'>;

/**
 * @param original the task whose texts stand in for a corpus @param warnings gets what has to be said of that
 */
export async function methodInputs(
  encoder: EncoderFolder,
  original: Task,
  options: Options,
  warnings: string[],
): Promise<Pick<Choices, 'rates' | 'fisher'>> {
  const { method, groups, rates } = options;
  return {
    rates:
      options.ratesFrom === undefined
        ? rates
        : await ratesFrom(options.ratesFrom, method, groups, encoder.config.layers),
    fisher: method === 'ewc' ? await takeFisher(encoder, original, options, warnings) : undefined,
  };
}

/** Fisher information of the pretrained weights, kept in the data cache for runs of every seed. */
async function takeFisher(
  encoder: EncoderFolder,
  original: Task,
  options: Options,
  warnings: string[],
): Promise<StoredFisher> {
  const { texts, note } = fisherTexts(options.ewcCorpus, original);
  if (note !== null) warnings.push(note);
  const screen = processScreen(options.json === true);
  let progress: FisherProgress | undefined;
  try {
    return await interruptible((signal) =>
      fisherOfPretrained(encoder, texts, {
        ...options,
        ...fisherOptions(options),
        maximumLength: options.maxLength,
        folder: join(dataCacheFolder(), 'fisher'),
        signal,
        onTexts: (done, all) => (progress ??= fisherProgress(screen, all)).texts(done),
      }),
    );
  } finally {
    progress?.end();
  }
}
