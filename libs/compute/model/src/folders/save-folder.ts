/**
 * Writes Hugging Face folders that Python opens: an encoder for `AutoModel.from_pretrained`, a classifier for
 * `AutoModelForSequenceClassification.from_pretrained`. Reading them is in `encoder-folder.ts`.
 *
 * Weights are float32, bit for bit. config.json is the source's with the class that fits, written last, so
 * that a folder left unfinished has none and is refused by readers. The source's tokenizer files are copied.
 */
import { join, resolve } from 'node:path';
import { writeJson } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import {
  type Architecture,
  canonicalName,
  classifierTensors,
  encoderTensors,
} from '../architectures/architecture.js';
import type { FloatTensor, TensorShape } from '../architectures/tensors.js';
import type { EncoderFolder } from './encoder-folder.js';
import { writeSafetensors } from './safetensors-write.js';
import { copyTokenizerFiles } from '../tokens/tokenizer-files.js';

/** A classification folder's head: the tensors of the architecture's `classifier` (BERT: and pooler). */
export interface ClassifierTensors {
  readonly labels: readonly string[];
  readonly tensors: readonly FloatTensor[];
}

/**
 * Writes an encoder. A pooler that the source had is kept as it was, so that Python finds nothing missing.
 * @param source the folder that config, tokeniser and pooler come from
 * @param tensors all tensors of the encoder
 * @throws InputError when `folder` cannot be written or is the source itself; RangeError when `tensors` are
 * not those of the encoder.
 */
export async function saveEncoder(
  folder: string,
  source: EncoderFolder,
  tensors: Iterable<FloatTensor>,
): Promise<void> {
  const { config } = source;
  const encoder = [...tensors];
  checkAll(encoder, encoderTensors(config));
  await saveFolder(folder, source, [...encoder, ...keptPooler(source)], {
    architectures: [config.architecture.encoderClass],
  });
}

/**
 * Writes a classifier: encoder and head. For a head of one dense layer see `classifierOfDense` of its
 * architecture.
 * @throws as `saveEncoder` does.
 */
export async function saveClassifier(
  folder: string,
  source: EncoderFolder,
  tensors: Iterable<FloatTensor>,
  head: ClassifierTensors,
): Promise<void> {
  const { config } = source;
  const encoder = [...tensors];
  checkAll(encoder, encoderTensors(config));
  checkAll(head.tensors, classifierTensors(config, head.labels.length));
  const prefixed = [...encoder, ...head.tensors].map((tensor) => ({
    ...tensor,
    name: storedName(config.architecture, tensor.name),
  }));
  await saveFolder(folder, source, prefixed, {
    architectures: [config.architecture.classifierClass],
    id2label: Object.fromEntries(head.labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(head.labels.map((label, id) => [label, id])),
  });
}

async function saveFolder(
  folder: string,
  source: EncoderFolder,
  tensors: readonly FloatTensor[],
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (resolve(folder) === resolve(source.folder)) {
    throw new InputError(`${folder} is the folder that the encoder comes from; write to another one.`);
  }
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  await copyTokenizerFiles(source.folder, folder);
  const config: Record<string, unknown> = { ...source.config.raw, ...changes };
  // Python would load float32 weights in the type that the source was stored in (`torch_dtype`: its older
  // name).
  for (const key of ['dtype', 'torch_dtype']) if (key in config) config[key] = 'float32';
  await writeJson(join(folder, 'config.json'), config);
}

/** Head tensors under the base prefix (BERT: the pooler) are part of what `AutoModel` expects. */
function keptPooler({ config, head, ignored, readIgnored }: EncoderFolder): FloatTensor[] {
  const { architecture } = config;
  const kept = architecture.classifier.filter((template) => template.underPrefix);
  return kept.flatMap(({ name }) => {
    const shape = head?.shapes.find((tensor) => tensor.name === name)?.shape;
    if (head && shape) return [{ name, shape, data: head.readTensor(name) }];
    const stored = ignored.find((candidate) => canonicalName(architecture, candidate) === name);
    return stored === undefined ? [] : [{ name, ...readIgnored(stored) }];
  });
}

/** The name in a file of a model with a head. */
function storedName(architecture: Architecture, name: string): string {
  const template = architecture.classifier.find((candidate) => candidate.name === name);
  return template && !template.underPrefix ? name : architecture.basePrefix + name;
}

function checkAll(tensors: readonly FloatTensor[], expected: readonly TensorShape[]): void {
  const describe = (list: readonly { name: string; shape: readonly number[] }[]) =>
    list.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).sort();
  const [actual, wanted] = [describe(tensors), describe(expected)];
  const different = wanted.find((tensor, i) => tensor !== actual[i]) ?? actual[wanted.length];
  if (different !== undefined)
    throw new RangeError(`tensors to write differ from the encoder's, first at ${different}`);
}
