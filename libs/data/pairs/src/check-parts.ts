/** Whether both parts of a pair are something to train on and to measure on: asked before writing. */
import { counted, InputError } from '@layerwise/errors';
import { PAIR_SPLITS, PARTS, type Pair } from './pair.js';

/**
 * @throws InputError naming part and split where there are fewer than `minimumRows` rows (none is always too
 * few), or where a part of a cut task has rows of one label alone
 */
export function checkParts(pair: Pair, { minimumRows }: { readonly minimumRows: number }): void {
  const least = Math.max(1, minimumRows);
  for (const part of PARTS) {
    const { name, labels } = pair[part];
    for (const split of PAIR_SPLITS) {
      const { label } = pair[part][split];
      const where = `the ${part} part ${name} has`;
      if (label.length < least)
        throw new InputError(
          `${where} ${label.length === 0 ? `no ${split} rows` : `only ${counted(label.length, `${split} row`)}`}, but ${least} ${least === 1 ? 'is' : 'are'} the least; ${remedy(pair, { fewWouldDo: label.length > 0 })}`,
        );
      if (pair.kind === 'dataset') continue;
      const first = label[0]!;
      if (label.every((one) => one === first))
        throw new InputError(
          `${where} ${split} rows of the label ${labels[first] ?? first} alone, so there is nothing to tell apart; ${remedy(pair, { fewWouldDo: false })}`,
        );
    }
  }
}

/** What to do. `fewWouldDo`: whether a smaller least number would do; none lets an empty part through. */
function remedy({ kind }: Pair, { fewWouldDo }: { readonly fewWouldDo: boolean }): string {
  const other = {
    dataset: 'give a task with more rows',
    length: 'give a task with more rows, or cut it another way (--threshold, --unit)',
    cluster: 'give a task with more rows, or choose other clusters, another k or another seed',
  }[kind];
  return fewWouldDo ? `${other}, or lower --minimum-rows` : other;
}
