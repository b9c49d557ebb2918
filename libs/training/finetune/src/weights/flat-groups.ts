/**
 * Layer groups in flat memory, where the grouping stands once for the encoder and once more for each head.
 */
import { layerOf, type EncoderFolder, type Head } from '@layerwise/model';
import { assignGroups, type Grouping, type Rates } from '@layerwise/optimizers';

/**
 * The group of every tensor in flat memory. There the grouping stands several times, one after another: for
 * the encoder, for the first head, for the second; so a head keeps its rates and can stand still while
 * another task trains. `flatRates` gives the rates of these groups. @throws InputError when the grouping
 * leaves a tensor out.
 */
export function flatGroupIndex(
  { config, tensors }: EncoderFolder,
  heads: readonly Head[],
  grouping: Grouping,
): (name: string) => number {
  const copies = [tensors.shapes, ...heads.map((head) => head.tensors)].map((list) =>
    list.map(({ name }) => name),
  );
  const groups = assignGroups(grouping, copies.flat(), (name) => layerOf(config, name));
  const firsts = copies.flatMap((names, copy) => names.map(() => copy * grouping.groups.length));
  const byName = new Map(copies.flat().map((name, place) => [name, firsts[place]! + groups[place]!]));
  return (name) => byName.get(name)!;
}

/**
 * Rates of the groups in flat memory: `trained` says of each head whether it moves; one that does not has
 * none.
 */
export function flatRates(rates: Rates, trained: readonly boolean[]): Rates {
  return [...rates, ...trained.flatMap((isTrained) => rates.map((rate) => (isTrained ? rate : null)))];
}
