/** Logits of packed batches under the weights as they are in flat memory: the forward pass alone. */
import type { Engine } from '@layerwise/engine';
import {
  packingBindings,
  predictionProgram,
  ROWS,
  type ClassifierOptions,
  type PackedBatch,
} from '@layerwise/model';
import type { TrainingState } from './training-state.js';
import { compileOn } from '../weights/weights.js';

export interface Predictor {
  /** [texts, labels] */
  logits(packed: PackedBatch): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Compiles the forward pass of a head on `state`. */
export async function createPredictor(
  engine: Engine,
  state: TrainingState,
  options: ClassifierOptions,
): Promise<Predictor> {
  const { plan, parameters, lookup } = state;
  const executable = await compileOn(engine, predictionProgram(options), plan.layout, parameters.floats);
  return {
    async logits(packed) {
      const rows = {
        data: lookup.gather(packed, parameters.floats),
        shape: [packed.tokens, plan.config.hiddenSize],
      };
      const results = await executable.run({ ...packingBindings(plan.config, packed), [ROWS]: rows }, {});
      return results['logits']!;
    },
    dispose: () => executable.dispose(),
  };
}
