/**
 * Where an encoder drops activations in training. Masks are inputs of the program, filled outside the graph
 * from (seed, phase, step, place): the list below is the places in order, so adding one at its end changes no
 * other mask.
 */
import type { Dimension } from '@layerwise/engine';
import type { EncoderConfig } from '../architectures/architecture.js';

export interface DropoutSite {
  /** The program's input that holds the mask. */
  readonly name: string;
  readonly shape: readonly Dimension[];
  readonly rate: number;
}

export const EMBEDDINGS_DROPOUT = 'dropout.embeddings';
export const HEAD_DROPOUT = 'dropout.head';
export const layerDropout = (layer: number, part: 'probabilities' | 'attention' | 'output'): string =>
  `dropout.layer.${layer}.${part}`;

/**
 * The sites with a rate above zero. With `firstOnly` the last layer works on the texts' first rows alone.
 * `headRate` is the dropout before the head's dense layer.
 */
export function dropoutSites(config: EncoderConfig, headRate: number, firstOnly: boolean): DropoutSite[] {
  const { hiddenSize, attentionHeads, hiddenDropout, attentionDropout } = config;
  const sites: DropoutSite[] = [
    { name: EMBEDDINGS_DROPOUT, shape: ['tokens', hiddenSize], rate: hiddenDropout },
  ];
  for (let layer = 0; layer < config.layers; layer++) {
    const first = firstOnly && layer === config.layers - 1;
    const rows = [first ? 'texts' : 'tokens', hiddenSize];
    sites.push(
      {
        name: layerDropout(layer, 'probabilities'),
        shape: ['texts', attentionHeads, first ? 1 : 'length', 'length'],
        rate: attentionDropout,
      },
      { name: layerDropout(layer, 'attention'), shape: rows, rate: hiddenDropout },
      { name: layerDropout(layer, 'output'), shape: rows, rate: hiddenDropout },
    );
  }
  sites.push({ name: HEAD_DROPOUT, shape: ['texts', hiddenSize], rate: headRate });
  return sites.filter((site) => site.rate > 0);
}
