/**
 * Layer groups as regular expressions on the parameter names of a Hugging Face BERT, without the model's
 * prefix (`bert.`): `embeddings.…`, `encoder.layer.N.…`, and the head, which is everything else (pooler,
 * classifier). What the snippets for Python look parameters up with. The grouping itself is `layer-groups.ts`
 * of @layerwise/optimizers.
 */
import { isEmptyGroup, patternSource, type LayerGroup } from '@layerwise/optimizers';
import type { GroupedRates } from './rates-at-depth.js';

export interface ParameterGroup {
  readonly name: string;
  readonly rate: number;
  /**
   * Source of a regular expression that Python and JavaScript read alike; searched for, so that ^ begins a
   * name.
   */
  readonly pattern: string;
}

/** The groups that hold something, in their order. */
export function parameterGroups({ grouping, rates }: GroupedRates): ParameterGroup[] {
  return grouping.groups.flatMap((group, i) => {
    const rate = rates[i] ?? null;
    return isEmptyGroup(group) || rate === null
      ? []
      : [{ name: group.name, rate, pattern: patternOf(group) }];
  });
}

function patternOf({ parts, patterns }: LayerGroup): string {
  const layers = parts.filter((part) => typeof part === 'number');
  const alternatives = [
    ...(parts.includes('embeddings') ? ['^embeddings\\.'] : []),
    ...(layers.length === 0 ? [] : [`^encoder\\.layer\\.(?:${layers.join('|')})\\.`]),
    // Layers beyond the depth belong to no group: a deeper encoder is an error and no head.
    ...(parts.includes('head') ? ['^(?!embeddings\\.|encoder\\.layer\\.)'] : []),
    ...patterns.map(patternSource),
  ];
  return alternatives.length === 1
    ? (alternatives[0] ?? '')
    : alternatives.map((one) => `(?:${one})`).join('|');
}
