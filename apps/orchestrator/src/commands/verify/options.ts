/** The options of `layerwise verify`, as its work receives them. */
import type { EngineOptions } from '@layerwise/engine/options';

export interface VerifyCommandOptions extends EngineOptions {
  readonly json?: boolean;
}
