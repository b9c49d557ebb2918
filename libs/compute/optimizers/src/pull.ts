/**
 * A quadratic penalty of the loss, ½ Σ c (p − a)² over the weights p, as an update sees it: it adds c (p − a)
 * to the gradient, a pull towards the anchor a. EWC (Kirkpatrick et al. 2017) has c = λ F with Fisher
 * information F, L2-SP (Li et al. 2018) the same c for all. The pull is part of the gradient, as it is for
 * autograd when the penalty is part of the loss: Adam's moments, the norm that is clipped and the gradient's
 * scale all see it. (A decay beside the moments, as AdamW has it, is another thing.)
 */
import type { Region } from '@layerwise/engine';

/** Over flat memory, for `fused.ts`. */
export interface Pull {
  /** a, laid out as the parameters are. */
  readonly anchor: Region;
  /** c: laid out as the parameters are, or one number a layer group; 0 does not pull. */
  readonly coefficients: Region | readonly number[];
}
