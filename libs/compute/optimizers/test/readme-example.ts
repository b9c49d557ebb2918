import { createFlatMemory, layOut, viewOf } from '@layerwise/engine';
import {
  assignGroups,
  clipFactor,
  createFusedOptimizer,
  optimizerFloats,
  paperGrouping,
  parseRates,
  recipes,
  scheduleFactor,
} from '../src/index.js';

// An encoder of one layer: of the paper's eight parts only the last holds a layer.
const tensors = [
  { name: 'embeddings.word_embeddings.weight', shape: [10, 4] },
  { name: 'encoder.layer.0.output.dense.weight', shape: [4, 4] },
  { name: 'head.original.weight', shape: [2, 4] },
];
const grouping = paperGrouping(1);
// Which layer a tensor is in is the architecture's to say: `layerOf` of @layerwise/model.
const layerOf = (name: string) =>
  name.startsWith('encoder.') ? 0 : name.startsWith('head.') ? 'head' : 'embeddings';
const groups = assignGroups(
  grouping,
  tensors.map(({ name }) => name),
  layerOf,
); // 0, 8, 9
const layout = layOut(tensors.map((tensor, i) => ({ ...tensor, group: groups[i]! })));
const rates = parseRates('0,null,null,null,null,null,null,null,1e-3,1e-1', grouping);

const recipe = recipes.adam;
const memory = createFlatMemory([layout.length, layout.length, ...optimizerFloats(recipe, layout)]);
const parameters = memory.allocate(layout.length);
const gradients = memory.allocate(layout.length);
const optimizer = createFusedOptimizer({ recipe, memory, layout, parameters, gradients });

const totalSteps = 100;
for (let t = 0; t < totalSteps; t++) {
  for (const { name } of layout.places) {
    const parameter = viewOf(parameters.floats, layout, name);
    viewOf(gradients.floats, layout, name).set(parameter.map((p) => p - 1)); // the gradient of ½ Σ (p - 1)²
  }
  const factor = scheduleFactor('cosine', t, totalSteps);
  optimizer.update({
    step: t + 1,
    rates: rates.map((rate) => rate && rate * factor),
    gradientScale: clipFactor(optimizer.gradientNorm(rates), 1),
  });
}
// All began at 0. The embeddings stay there, the layer has gone a little way towards 1, the head has arrived.
export const trained = tensors.map(({ name }) => viewOf(parameters.floats, layout, name)[0]); // 0, 0.045, 0.990
