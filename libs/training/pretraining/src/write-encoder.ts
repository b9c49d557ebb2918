/**
 * Writes what pretraining made as a Hugging Face folder with a masked-language head, which Python's
 * `AutoModel` and `AutoModelForMaskedLM` open and `layerwise finetune --encoder` does. The tokeniser is there
 * already (`start-weights.ts`).
 */
import { join } from 'node:path';
import { writeJson } from '@layerwise/artifacts';
import { viewOf } from '@layerwise/engine';
import type { TrainingState } from '@layerwise/finetune';
import { maskedLanguageHead, writeSafetensors } from '@layerwise/model';

/**
 * A teacher's projection is left behind. The decoder's weight is the word table and stands in the file once.
 * config.json says float32 also where the file holds F16 (`half`), so that Python computes in float32.
 * @throws InputError when the folder cannot be written.
 */
export async function writeMaskedEncoder(
  folder: string,
  { plan, parameters }: TrainingState,
  { half }: { readonly half: boolean },
): Promise<void> {
  const { config, layout } = plan;
  const { basePrefix } = config.architecture;
  const head = new Set(maskedLanguageHead(config).tensors.map(({ name }) => name));
  const kept = layout.places.filter(({ name }) => !name.startsWith('teacher.'));
  const tensors = kept.map(({ name, shape }) => ({
    name: head.has(name) ? name : basePrefix + name,
    shape,
    data: viewOf(parameters.floats, layout, name),
  }));
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, { floatType: half ? 'F16' : 'F32' });
  const raw: Record<string, unknown> = { ...config.raw, dtype: 'float32' };
  delete raw['torch_dtype'];
  // Last, so that a folder left unfinished is refused.
  await writeJson(join(folder, 'config.json'), raw);
}
