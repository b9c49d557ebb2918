/**
 * An encoder's weights, looked at before the first trial is paid for: every trial would find the same numbers
 * that are not finite.
 */
import { PHASES, tokenizerOf } from '@layerwise/finetune';
import { checkWeights, checkWordRows, longestText } from '@layerwise/model';
import type { OpenedSearch } from '../objective/finetune-objective.js';

/**
 * What has to be said of the encoder. @throws InputError for a tensor that is not finite, and for the row of
 * a word that a text has
 */
export async function checkEncoder({ encoder, tasks, training }: OpenedSearch): Promise<readonly string[]> {
  const { config, tensors, file, notes } = encoder;
  checkWeights(tensors);
  const table = tensors.readTensor(config.architecture.tables.words);
  if (table.every((value) => Number.isFinite(value))) return notes;
  const tokenize = await tokenizerOf(encoder, null);
  const length = Math.min(training.maximumLength, longestText(config));
  const read = new Set<number>();
  for (const phase of PHASES) {
    const { task, report } = tasks[phase];
    for (const split of [task.train, task.dev, ...(report === null ? [] : [report])])
      for (const id of (await tokenize(split.text, split.pair, length)).ids) read.add(id);
  }
  return [...notes, ...checkWordRows(file, config, table, (token) => read.has(token))];
}
