/**
 * Opens a Hugging Face encoder folder: config.json, the weights as safetensors (one file or shards; F32, F16
 * or BF16; with or without the base prefix; older names), and, where it is a classifier's, the head.
 *
 * Opening checks every name and shape against the architecture's description and reads no weights; they are
 * read one by one, by canonical name. Writing such folders is in `save-folder.ts`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import {
  type EncoderConfig,
  canonicalName,
  classifierTensors,
  encoderTensors,
} from '../architectures/architecture.js';
import { ARCHITECTURES } from '../architectures/registry.js';
import type { TensorShape } from '../architectures/tensors.js';
import { readEncoderConfig } from '../config/config.js';
import { finiteSource } from './finite-weights.js';
import type { TensorSource } from './tensor-source.js';
import { type Safetensors, openSafetensorsFolder } from './safetensors-read.js';

/** A classification folder's head: pooler and classifier (`pooler.dense.weight`, `classifier.weight`, …). */
export interface ClassifierHead extends TensorSource {
  readonly labels: readonly string[];
}

export interface EncoderFolder {
  readonly folder: string;
  readonly config: EncoderConfig;
  readonly tensors: TensorSource;
  /** Tensors of the file, by their names there, that this computation has no use for; sorted. */
  readonly ignored: readonly string[];
  /** Present where the folder is a classifier's. */
  readonly head?: ClassifierHead;
  /** What its user has to know: which tensors and labels were left out, a sentence each. */
  readonly notes: readonly string[];
  /** The file or index behind it all, for messages. */
  readonly file: string;
  /** The files that hold the weights: what to digest (an index says nothing of the numbers in its shards). */
  readonly weightFiles: readonly string[];
  /** Reads one of `ignored` (BERT's pooler is kept when an encoder is written back). */
  readonly readIgnored: (name: string) => { shape: readonly number[]; data: Float32Array };
}

/** At most this many names stand in one message. */
const LISTED = 12;

/**
 * Opens and checks an encoder folder.
 * @param architectures the families that are known
 * @throws InputError for anything that is wrong with it; missing, misshapen and unknown tensors in one
 * sentence.
 */
export function openEncoder(folder: string, architectures = ARCHITECTURES): EncoderFolder {
  const config = readEncoderConfig(folder, architectures);
  refusePickle(folder, config);
  const weights = openSafetensorsFolder(folder);
  const storedNames = byCanonicalName(config, weights);
  checkDepth(config, weights, storedNames);

  const encoder = encoderTensors(config);
  const head = headShapes(config, weights, storedNames);
  checkTensors(config, weights, storedNames, [...encoder, ...head]);

  const used = new Set([...encoder, ...head].map((tensor) => tensor.name));
  const ignored = [...storedNames].filter(([name]) => !used.has(name)).map(([, stored]) => stored);
  return {
    folder,
    config,
    file: weights.file,
    weightFiles: weights.files,
    tensors: finiteSource(sourceOf(weights, storedNames, encoder), config),
    ignored: ignored.sort(),
    notes: leftOut(config, weights.file, ignored, head.length > 0),
    readIgnored: (name) => ({
      data: weights.readTensor(name),
      shape: weights.tensors.get(name)!.shape,
    }),
    ...(head.length > 0 && {
      head: { ...sourceOf(weights, storedNames, head), labels: headLabels(config, head) },
    }),
  };
}

function refusePickle(folder: string, config: EncoderConfig): void {
  const pickle = ['pytorch_model.bin', 'pytorch_model.bin.index.json'].find((name) =>
    existsSync(join(folder, name)),
  );
  const hasSafetensors = ['model.safetensors', 'model.safetensors.index.json'].some((name) =>
    existsSync(join(folder, name)),
  );
  if (hasSafetensors || pickle === undefined) return;
  // The class decides which tensors survive the conversion: AutoModel drops a classifier's head.
  const auto = JSON.stringify(config.raw.architectures ?? '').includes('ForSequenceClassification')
    ? 'AutoModelForSequenceClassification'
    : 'AutoModel';
  throw new InputError(
    `${folder} holds its weights as ${pickle} only, a pickle, which can run any code and is not read; convert it once with: ` +
      `python3 -c "from transformers import ${auto} as M; M.from_pretrained('${folder}').save_pretrained('${folder}')"`,
  );
}

function byCanonicalName({ architecture }: EncoderConfig, weights: Safetensors): Map<string, string> {
  const names = new Map<string, string>();
  for (const stored of weights.tensors.keys()) {
    const name = canonicalName(architecture, stored);
    const first = names.get(name);
    if (first !== undefined)
      throw new InputError(
        `${weights.file} holds one tensor twice, as ${first} and as ${stored}; remove one of them.`,
      );
    names.set(name, stored);
  }
  return names;
}

/** The head's tensors if the folder has all of them; the number of labels is the classifier's own. */
function headShapes(
  config: EncoderConfig,
  weights: Safetensors,
  storedNames: ReadonlyMap<string, string>,
): TensorShape[] {
  const last = config.architecture.classifier.findLast((template) => template.shape[0] === 'labels');
  const stored = last && storedNames.get(last.name);
  const labels = stored === undefined ? undefined : weights.tensors.get(stored)?.shape[0];
  if (labels === undefined) return [];
  const shapes = classifierTensors(config, labels);
  const isThere = ({ name, shape }: TensorShape): boolean =>
    weights.tensors.get(storedNames.get(name) ?? '')?.shape.join() === shape.join();
  return shapes.every(isThere) ? shapes : [];
}

/**
 * config.json may say any number of layers: it is held against the file before their tensors are listed.
 * @throws InputError where the file cannot hold as many
 */
function checkDepth(
  { architecture, layers }: EncoderConfig,
  { file }: Safetensors,
  storedNames: ReadonlyMap<string, string>,
): void {
  const inLayers = [...storedNames.keys()].filter((name) => LAYER_NUMBER.test(name)).length;
  const held = Math.ceil(inLayers / architecture.layer.length);
  if (layers <= held) return;
  throw new InputError(
    `${file} holds tensors for ${held} layers, and its config.json says that there are ${layers}; take the config.json that belongs to the weights.`,
  );
}

const LAYER_NUMBER = /\.\d+\./;

/** Whether a tensor is of the encoder itself, known or not; else it is of some head. */
function isOfEncoder({ architecture }: EncoderConfig, name: string, stored: string): boolean {
  const { basePrefix, embeddings, layer, afterLayers } = architecture;
  const places = [...embeddings, ...layer, ...afterLayers].map((template) => template.name.split('.')[0]);
  return stored.startsWith(basePrefix) || places.includes(name.split('.')[0]);
}

/** A head of another kind is left out, as Hugging Face's AutoModel leaves it; and so are unusable labels. */
function leftOut(
  config: EncoderConfig,
  file: string,
  ignored: readonly string[],
  isClassifier: boolean,
): readonly string[] {
  const { unused } = config.architecture;
  const heads = ignored.filter(
    (stored) => !unused.some((pattern) => pattern.test(canonicalName(config.architecture, stored))),
  );
  const { id2label } = config.raw;
  const hasOddLabels = id2label !== undefined && id2label !== null && config.labels === undefined;
  return [
    ...(heads.length > 0 ? [`${listed(`${file}: left out, as no part of the encoder`, heads)}.`] : []),
    ...(hasOddLabels
      ? [
          `The id2label of ${file}'s config.json does not name the labels 0, 1, 2, … once each and was left out${isClassifier ? '; they are called LABEL_0, LABEL_1, …' : ''}.`,
        ]
      : []),
  ];
}

function headLabels(config: EncoderConfig, head: readonly TensorShape[]): readonly string[] {
  const count = head.at(-1)!.shape[0]!;
  if (config.labels?.length === count) return config.labels;
  return Array.from({ length: count }, (_, id) => `LABEL_${id}`);
}

function checkTensors(
  config: EncoderConfig,
  weights: Safetensors,
  storedNames: ReadonlyMap<string, string>,
  expected: readonly TensorShape[],
): void {
  const { architecture } = config;
  const misshapen: string[] = [];
  const notFloats: string[] = [];
  for (const { name, shape } of expected) {
    const stored = weights.tensors.get(storedNames.get(name) ?? '');
    if (!stored) continue;
    if (stored.shape.join() !== shape.join()) {
      misshapen.push(`${stored.name} is [${stored.shape.join(', ')}], expected [${shape.join(', ')}]`);
    }
    if (!['F32', 'F16', 'BF16'].includes(stored.dtype)) notFloats.push(`${stored.name} is ${stored.dtype}`);
  }
  const names = new Set(expected.map((tensor) => tensor.name));
  const missing = [...names].filter((name) => !storedNames.has(name));
  const unknown = [...storedNames].filter(
    ([name, stored]) =>
      !names.has(name) &&
      isOfEncoder(config, name, stored) &&
      !architecture.unused.some((pattern) => pattern.test(name)),
  );
  const findings = [
    listed('missing', missing),
    listed('misshapen', misshapen),
    listed('neither F32 nor F16 nor BF16', notFloats),
    listed(
      'unknown',
      unknown.map(([, stored]) => stored),
    ),
  ].filter((finding) => finding !== '');
  if (findings.length === 0) return;
  throw new InputError(
    `${weights.file} does not hold the ${architecture.name} encoder that its config.json describes: ${findings.join('; ')}.`,
  );
}

function listed(what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return `${what}: ${names.slice(0, LISTED).join(', ')}${more}`;
}

function sourceOf(
  weights: Safetensors,
  storedNames: ReadonlyMap<string, string>,
  shapes: readonly TensorShape[],
): TensorSource {
  const known = new Set(shapes.map((tensor) => tensor.name));
  const storedName = (name: string): string => {
    const stored = known.has(name) ? storedNames.get(name) : undefined;
    if (stored === undefined) throw new InputError(`${weights.file} has no tensor ${name}.`);
    return stored;
  };
  return {
    file: weights.file,
    shapes,
    readTensor: (name) => weights.readTensor(storedName(name)),
    readInto: (name, target) => {
      weights.readInto(storedName(name), target);
    },
  };
}
