/**
 * The weights that a run of two tasks or more leaves: `encoder/` as Hugging Face has it, the heads as they
 * ended and as they began, and where wanted a classification folder a task. `write-results.ts` and
 * `write-sequence.ts` write what else there is.
 */
import { join } from 'node:path';
import { viewOf } from '@layerwise/engine';
import { saveClassifier, saveEncoder, writeSafetensors } from '@layerwise/model';
import type { PreparedSequence, PreparedTask } from '../runs/prepare.js';
import type { Settings } from '../settings.js';
import { untouchedShare } from '../weights/untouched-rows.js';
import { encoderWeights } from '../weights/weights.js';

/** Folder of a task's classifier: `classifier-original`, or in a longer sequence `classifier-0`, … */
export function classifierFolder({ headName }: Pick<PreparedTask, 'headName'>): string {
  return headName.replace('head.', 'classifier-');
}

/**
 * @param classified tasks whose head is written once more with the encoder, for
 * `AutoModelForSequenceClassification`
 * @throws InputError where the folder cannot be written
 */
export async function writeWeights(
  folder: string,
  run: PreparedSequence,
  settings: Settings,
  classified: readonly PreparedTask[],
): Promise<void> {
  const { encoder, initialHeads } = run;
  const { plan, parameters } = run.state;
  const untouched = untouchedShare(run, settings);
  const weights = encoderWeights(plan, encoder.tensors, parameters.floats, untouched);
  await saveEncoder(join(folder, 'encoder'), encoder, weights);
  const headTensors = plan.layout.places.filter(({ name }) => name.startsWith('head.'));
  await writeSafetensors(
    join(folder, 'heads.safetensors'),
    headTensors.map(({ name, shape }) => ({
      name,
      shape,
      data: viewOf(parameters.floats, plan.layout, name),
    })),
  );
  await writeSafetensors(join(folder, 'heads-initial.safetensors'), initialHeads);
  for (const prepared of classified) {
    const { task, headName } = prepared;
    const view = (part: string): Float32Array =>
      viewOf(parameters.floats, plan.layout, `${headName}.${part}`);
    const tensors = encoder.config.architecture.classifierOfDense(view('weight'), view('bias'));
    await saveClassifier(join(folder, classifierFolder(prepared)), encoder, weights, {
      labels: task.labels,
      tensors,
    });
  }
}
