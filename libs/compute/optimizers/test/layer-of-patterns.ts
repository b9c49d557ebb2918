/**
 * Rules that say which part of an encoder a tensor belongs to, by patterns on names: for tests alone. The
 * product asks the architecture's description (`layerOf` of `@layerwise/model`).
 */
import type { LayerOf } from '../src/assignment.js';

/**
 * A `LayerOf` from three patterns. `layer` captures the layer's number, counted from 0, in its first group.
 *
 *     layerOfPatterns({ embeddings: /^wte\.|^wpe\./, layer: /^h\.(\d+)\./, head: /^head\.|^ln_f\./ })   // GPT-2
 */
export function layerOfPatterns(patterns: {
  readonly embeddings: RegExp;
  readonly layer: RegExp;
  readonly head: RegExp;
}): LayerOf {
  return (tensor) => {
    const layer = patterns.layer.exec(tensor)?.[1];
    if (layer !== undefined) return Number(layer);
    if (patterns.embeddings.test(tensor)) return 'embeddings';
    return patterns.head.test(tensor) ? 'head' : undefined;
  };
}

/**
 * BERT's names without their `bert.` prefix. Both tasks' heads (`head.original.*`, `head.shifted.*`) and a
 * Hugging Face classification head (`pooler.*`, `classifier.*`) are the head.
 */
export const layerOfBert: LayerOf = layerOfPatterns({
  embeddings: /^embeddings\./,
  layer: /^encoder\.layer\.(\d+)\./,
  head: /^(head|pooler|classifier)\./,
});
