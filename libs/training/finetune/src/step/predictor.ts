/** Logits of packed batches under the weights as they are in flat memory: the forward pass alone. */
import type { Engine, Executable } from '@layerwise/engine';
import {
  packingBindings,
  predictionProgram,
  ROWS,
  type ClassifierOptions,
  type PackedBatch,
} from '@layerwise/model';
import type { TrainingState } from './training-state.js';
import { bindings } from '../weights/weights.js';

/** Gives logits [texts, labels] of packed batches under the weights as they are. */
export interface Predictor {
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
  const program = predictionProgram(options);
  const names = program.parameters.map((parameter) => parameter.name);
  const fixedFeeds = bindings(plan.layout, parameters.floats, names);
  const executable: Executable = await engine.compile(program, { fixedFeeds, fixedResults: {} });
  return {
    async logits(packed) {
      const rows = {
        data: lookup.gather(packed, parameters.floats),
        shape: [packed.tokens, plan.config.hiddenSize],
      };
      const results = await executable.run({ ...packingBindings(plan.config, packed), [ROWS]: rows }, {});
      return results['logits'] ?? new Float32Array(0);
    },
    dispose: () => executable.dispose(),
  };
}
