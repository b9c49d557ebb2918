/**
 * Layer groups as regular expressions on the parameter names of a Hugging Face BERT, without the model's
 * prefix (`bert.`): those of the embeddings, of layer N, and of the head, which is everything else. What the
 * snippets for Python look parameters up with. The grouping itself is `layer-groups.ts` of
 * @layerwise/optimizers.
 */
import { BERT_NAMES } from '@layerwise/model/bert-names';
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

const literal = (text: string): string => text.replaceAll('.', '\\.');
const EMBEDDINGS = literal(BERT_NAMES.embeddings);
const [BEFORE_LAYER = '', AFTER_LAYER = ''] = literal(BERT_NAMES.block).split('{layer}');

function patternOf({ parts, patterns }: LayerGroup): string {
  const layers = parts.filter((part) => typeof part === 'number');
  const alternatives = [
    ...(parts.includes('embeddings') ? [`^${EMBEDDINGS}`] : []),
    ...(layers.length === 0 ? [] : [`^${BEFORE_LAYER}(?:${layers.join('|')})${AFTER_LAYER}`]),
    // Layers beyond the depth belong to no group: a deeper encoder is an error and no head.
    ...(parts.includes('head') ? [`^(?!${EMBEDDINGS}|${BEFORE_LAYER})`] : []),
    ...patterns.map(patternSource),
  ];
  return alternatives.length === 1
    ? (alternatives[0] ?? '')
    : alternatives.map((one) => `(?:${one})`).join('|');
}
