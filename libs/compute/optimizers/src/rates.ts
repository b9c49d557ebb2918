/**
 * Learning rates of a grouping, one a group: a number (0 trains nothing but keeps the moments moving, as in
 * PyTorch), or null for a group that is not trained at all because it holds no tensor.
 */
import { InputError } from '@layerwise/errors';
import { isEmptyGroup, type Grouping } from './layer-groups.js';

/**
 * Rates from a command line: one for all groups (`2e-5`), or one for each in their order, comma-separated. An
 * empty group gets null whatever stands in its place (`null` may).
 * @throws InputError that names the value which is no rate, or the count that does not fit.
 */
export function parseRates(text: string, grouping: Grouping): (number | null)[] {
  const { groups } = grouping;
  const values = text.split(',').map((value) => value.trim());
  if (values.length === 1) {
    const rate = rateOf(values[0]!, '');
    return groups.map((group) => (isEmptyGroup(group) ? null : rate));
  }
  if (values.length !== groups.length) {
    throw new InputError(
      `--rates has ${values.length} values and the grouping ${grouping.name} has ${groups.length} groups; ` +
        'give one rate for all or one for each group.',
    );
  }
  return groups.map((group, i) => {
    const isEmpty = isEmptyGroup(group);
    if (isEmpty && values[i] === 'null') return null;
    const rate = rateOf(values[i]!, ` for group ${i} (${group.name})`);
    return isEmpty ? null : rate;
  });
}

function rateOf(text: string, where: string): number {
  const rate = text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw new InputError(
    `--rates: "${text}"${where} is not a learning rate; give a number such as 2e-5, or 0 to freeze.`,
  );
}
