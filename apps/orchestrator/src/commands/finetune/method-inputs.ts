/** What a method of a run takes beside its options: rates that were found, and Fisher information. */
import { join } from 'node:path';
import type { Task } from '@layerwise/artifacts';
import { ratesFrom, takeFisher, type Choices } from '@layerwise/finetune';
import { needsFisher } from '@layerwise/finetune/options';
import type { EncoderFolder } from '@layerwise/model';
import type { TrainingCommandOptions } from './options.js';
import { interruptible } from '../../running/interrupt.js';
import { fisherProgress, type FisherProgress } from '../../progress/fisher.js';
import { processScreen } from '../../progress/meter.js';
import { dataCacheFolder } from '../../running/workspace.js';

/**
 * Fisher information is kept in the data cache, for runs of every seed.
 * @param original the task whose texts stand in for a corpus
 * @param warnings gets what has to be said of that
 */
export async function methodInputs(
  encoder: EncoderFolder,
  original: Task,
  options: TrainingCommandOptions,
  warnings: string[],
): Promise<Pick<Choices, 'rates' | 'fisher'>> {
  const { method, groups, ewcCorpus } = options;
  const rates =
    options.ratesFrom === undefined
      ? options.rates
      : await ratesFrom(options.ratesFrom, method, groups, encoder.config.layers);
  if (!needsFisher(method)) return { rates };
  const screen = processScreen(options.json === true);
  let progress: FisherProgress | undefined;
  try {
    const fisher = await interruptible((signal) =>
      takeFisher(encoder, original, options, {
        ewcCorpus,
        folder: join(dataCacheFolder(), 'fisher'),
        signal,
        onNote: (note) => warnings.push(note),
        onTexts: (done, all) => (progress ??= fisherProgress(screen, all)).texts(done),
      }),
    );
    return { rates, fisher };
  } finally {
    progress?.end();
  }
}
