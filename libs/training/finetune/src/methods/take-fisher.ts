/**
 * The Fisher information of the pretrained weights for the methods that take it: over a corpus, one text a
 * line, or without one over the training texts of D_o, which is something else than the paper's and is said
 * so.
 */
import type { Task } from '@layerwise/artifacts';
import type { EncoderFolder } from '@layerwise/model';
import { readCorpus } from '../batches/corpus.js';
import type { MethodOptions, TrainingOptions } from '../options.js';
import { fisherOfPretrained, type FisherTexts, type PretrainedFisherOptions } from './fisher-pretrained.js';
import type { StoredFisher } from './method.js';
import { fisherOptions } from './methods.js';

export interface TakeFisherOptions extends Pick<PretrainedFisherOptions, 'folder' | 'signal' | 'onTexts'> {
  /** A .txt file or a folder of them; undefined: the texts of D_o. */
  readonly ewcCorpus: string | undefined;
  /** Gets what has to be said where there is no corpus. */
  readonly onNote?: (note: string) => void;
}

/** @throws InputError where there are no texts, and as `fisherOfPretrained` does */
export async function takeFisher(
  encoder: EncoderFolder,
  original: Task,
  choices: MethodOptions & Pick<TrainingOptions, 'maxLength' | 'engine' | 'provider' | 'threads'>,
  { ewcCorpus, onNote, ...options }: TakeFisherOptions,
): Promise<StoredFisher> {
  if (ewcCorpus === undefined)
    onNote?.(
      `no corpus was given, so the Fisher information of the pretrained weights is over the training texts of ${original.name}`,
    );
  const texts: FisherTexts =
    ewcCorpus === undefined
      ? original.train
      : { text: readCorpus(ewcCorpus).flatMap(({ paragraphs }) => paragraphs), pair: null };
  return fisherOfPretrained(encoder, texts, {
    ...choices,
    ...fisherOptions(choices),
    maximumLength: choices.maxLength,
    ...options,
  });
}
