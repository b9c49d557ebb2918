/**
 * Rates that follow from where a group lies: one rate and one factor a layer (ULMFiT, Howard and Ruder 2018;
 * timm's and BEiT's layer-wise decay), and groups that stand still from the embeddings up. Pure functions of
 * a grouping whose groups are made of parts; one made of patterns has no depth.
 */
import { InputError } from '@layerwise/errors';
import { isEmptyGroup, type Grouping, type LayerGroup, type Part } from './layer-groups.js';
import type { Rates } from './fused.js';

/**
 * Layers between a group and the head, in the mean over its layers: the head 0, the last layer 1, the
 * embeddings L + 1. @throws InputError for a group of patterns
 */
export function groupDepths(grouping: Grouping, layers: number): number[] {
  return partsOf(grouping).map(
    (parts) =>
      parts.reduce((sum: number, part) => sum + depthOf(part, layers), 0) / Math.max(1, parts.length),
  );
}

/** rate · factor^depth; null for a group that holds nothing. @throws InputError for a group of patterns */
export function decayedRates(rate: number, factor: number, grouping: Grouping, layers: number): Rates {
  const depths = groupDepths(grouping, layers);
  return grouping.groups.map((group, place) =>
    isEmptyGroup(group) ? null : rate * factor ** depths[place]!,
  );
}

/**
 * `rates` with 0 for the embeddings and the `lowest` layers; with null for every group but the head's.
 * @throws InputError for a group of patterns, more layers than there are, or a group that holds layers of
 * both sorts
 */
export function frozenRates(rates: Rates, lowest: number | null, grouping: Grouping, layers: number): Rates {
  const frozen = lowest ?? layers;
  if (frozen > layers)
    throw new InputError(
      `${frozen} layers cannot stand still: the encoder has ${layers}; freeze ${layers} at most.`,
    );
  const isFrozen = (part: Part): boolean => depthOf(part, layers) > layers - frozen;
  return partsOf(grouping).map((parts, place) => {
    const rate = rates[place] ?? null;
    if (rate === null || !parts.some(isFrozen)) return rate;
    if (parts.every(isFrozen)) return 0;
    throw new InputError(
      `The group ${grouping.groups[place]!.name} holds layers that should stand still and others that should not; freeze another number, or take --groups layers.`,
    );
  });
}

function partsOf({ groups }: Grouping): LayerGroup['parts'][] {
  return groups.map(({ name, parts, patterns }) => {
    if (patterns.length === 0) return parts;
    throw new InputError(
      `The group ${name} is made by patterns and has no depth; take --groups paper, paper-ceil or layers.`,
    );
  });
}

function depthOf(part: Part, layers: number): number {
  return part === 'head' ? 0 : part === 'embeddings' ? layers + 1 : layers - part;
}
