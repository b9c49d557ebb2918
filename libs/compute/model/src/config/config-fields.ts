/** Parts of reading config.json that every architecture's description shares. */
import type { ActivationName } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import { z } from 'zod';

/** Hugging Face's names (`ACT2FN`) → the function. Several names there are one function written twice. */
export const ACTIVATION_OF_NAME: Readonly<Record<string, ActivationName>> = {
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_new: 'gelu_tanh',
  gelu_fast: 'gelu_tanh',
  gelu_accurate: 'gelu_tanh',
  gelu_pytorch_tanh: 'gelu_tanh',
  gelu_python_tanh: 'gelu_tanh',
  quick_gelu: 'quick_gelu',
  relu: 'relu',
  relu2: 'relu2',
  relu6: 'relu6',
  leaky_relu: 'leaky_relu',
  silu: 'silu',
  swish: 'silu',
  mish: 'mish',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  linear: 'linear',
};

const labelsSchema = z.record(z.string().regex(/^-?\d+$/), z.unknown());

/**
 * Label names in the order of their numbers (`id2label`), or undefined where config.json has none that can be
 * used: numbers other than 0, 1, 2, …, a name that stands twice or is no text. An encoder needs no labels.
 * @throws InputError when it is no object of numbers, which Hugging Face's library refuses too.
 */
export function labelsOf(
  file: string,
  raw: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  if (raw.id2label === undefined || raw.id2label === null) return undefined;
  const parsed = labelsSchema.safeParse(raw.id2label);
  if (!parsed.success)
    throw new InputError(`${file} has an id2label that is not an object of numbers to names.`);
  const labels = Object.keys(parsed.data).map((_, id) => parsed.data[String(id)]);
  const names = labels.filter((label) => typeof label === 'string');
  return new Set(names).size === labels.length ? names : undefined;
}

/** The first thing that zod found wrong, as part of a sentence: field, value, expectation. */
export function describeIssue(error: z.ZodError, raw: Readonly<Record<string, unknown>>): string {
  const issue = error.issues[0];
  const key = issue?.path.map(String)[0];
  if (!issue || key === undefined) return 'it is no object';
  const found = Object.hasOwn(raw, key) ? JSON.stringify(raw[key]) : 'missing';
  return `${issue.path.join('.')} is ${found} (${issue.message})`;
}

/** The activation that a config names. @throws InputError with all known names. */
export function activationOf(file: string, name: string): ActivationName {
  const activation = Object.hasOwn(ACTIVATION_OF_NAME, name) ? ACTIVATION_OF_NAME[name] : undefined;
  if (activation) return activation;
  const known = Object.keys(ACTIVATION_OF_NAME).join(', ');
  throw new InputError(`${file} names the activation ${name}, which is not known (known: ${known}).`);
}
