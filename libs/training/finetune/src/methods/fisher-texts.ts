/**
 * The texts that `ewc` takes Fisher information over: of a corpus, one text a line, or without one the
 * training texts of D_o, which is something else than the paper's and is said so.
 */
import type { Task } from '@layerwise/artifacts';
import { readCorpus } from '../batches/corpus.js';
import type { FisherTexts } from './fisher-pretrained.js';

/**
 * Those of the corpus at `path`, or of `original`, with what has to be said of them then. @throws InputError
 * where there are none
 */
export function fisherTexts(
  path: string | undefined,
  original: Task,
): { readonly texts: FisherTexts; readonly note: string | null } {
  if (path !== undefined) {
    const text = readCorpus(path).flatMap(({ paragraphs }) => paragraphs);
    return { texts: { text, pair: null }, note: null };
  }
  return {
    texts: original.train,
    note: `no corpus was given, so the Fisher information of the pretrained weights is over the training texts of ${original.name}`,
  };
}
