/**
 * A folder of reference numbers: a small model as Hugging Face writes it, and beside it what PyTorch computes
 * with it. `tools/reference/make_bert_fixture.py` makes them; `layerwise verify` compares with them.
 *
 * | file | what |
 * | --- | --- |
 * | expected-tokens.json | awkward texts and pairs → ids and token types, whole and cut to 32 |
 * | expected.json | texts, labels, token ids, group of every parameter, rates, schedule, losses of five steps
 * |
 * | expected.safetensors | `input.*`, `hidden.0` … `hidden.L`, `logits`, `loss`, `grad.NAME`, `after.NAME`,
 * `mlm.*`, `fisher.NAME` |
 *
 * NAME is the parameter's name in model.safetensors. `fisher` is the mean over texts of the squared gradient
 * of each text's own mean loss: the classifier's where the classifier's head is among the names, else that of
 * the masked words.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { explainedSync, InputError } from '@layerwise/errors';
import { z } from 'zod';
import { type Safetensors, openSafetensors, readJsonAs } from '@layerwise/model';

/** Completes "FILE is not". */
const LAYOUT = 'laid out as reference numbers are';

const ids = z.array(z.number().int().nonnegative());
const types = ids.nullable();

const tokensSchema = z.array(
  z.object({
    text: z.string(),
    pair: z.string().nullable(),
    ids,
    types,
    truncated32: ids,
    truncated32_types: types,
  }),
);

const expectedSchema = z.object({
  architecture: z.string(),
  /** The batch: texts and their pairs, cut to `max_length` tokens. */
  texts: z.array(z.tuple([z.string(), z.string().nullable()])),
  max_length: z.number().int().positive(),
  labels: ids,
  tokens: z.array(ids),
  group_of_parameter: z.record(z.string(), z.number().int().nonnegative()),
  learning_rates: z.array(z.number()),
  schedule: z.object({
    total_steps: z.number().int().positive(),
    warmup_steps: z.number().int().nonnegative(),
    formula: z.string(),
    factors: z.array(z.number()),
  }),
  adam: z.object({ betas: z.tuple([z.number(), z.number()]), eps: z.number() }),
  losses: z.array(z.number()),
  mlm: z.object({ loss: z.number() }).loose().optional(),
});

export type ExpectedTokens = z.infer<typeof tokensSchema>[number];
export type ExpectedNumbers = z.infer<typeof expectedSchema>;

export interface Fixture {
  readonly folder: string;
  /** Rows of expected-tokens.json. */
  readonly tokens: readonly ExpectedTokens[];
  readonly expected: ExpectedNumbers;
  /** expected.safetensors, read tensor by tensor. */
  readonly tensors: Safetensors;
  /** Parameters (NAME) that have gradients, five updates, masked-LM gradients, Fisher information. */
  readonly parameters: {
    readonly grad: readonly string[];
    readonly after: readonly string[];
    readonly mlmGrad: readonly string[];
    readonly fisher: readonly string[];
  };
}

/** Whether a folder is one of reference numbers. */
export function isFixture(folder: string): boolean {
  return existsSync(join(folder, 'expected.json')) && existsSync(join(folder, 'config.json'));
}

/** Folders of reference numbers in `folder` (or itself), by name. @throws InputError when there is none. */
export function findFixtures(folder: string): string[] {
  if (!existsSync(folder)) throw new InputError(`There is no folder ${folder}.`);
  if (isFixture(folder)) return [folder];
  const entries = explainedSync('list', folder, () => readdirSync(folder, { withFileTypes: true }));
  const found = entries
    .filter((entry) => entry.isDirectory() && isFixture(join(folder, entry.name)))
    .map((entry) => join(folder, entry.name));
  if (found.length > 0) return found.sort();
  throw new InputError(
    `${folder} holds no folder with config.json and expected.json, so there is nothing to verify.`,
  );
}

/** Reads a folder of reference numbers. @throws InputError when a file is missing or laid out otherwise. */
export function readFixture(folder: string): Fixture {
  const tensors = openSafetensors(join(folder, 'expected.safetensors'));
  const named = (prefix: string): string[] =>
    [...tensors.tensors.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  return {
    folder,
    tokens: readJsonAs(join(folder, 'expected-tokens.json'), tokensSchema, LAYOUT),
    expected: readJsonAs(join(folder, 'expected.json'), expectedSchema, LAYOUT),
    tensors,
    parameters: {
      grad: named('grad.'),
      after: named('after.'),
      mlmGrad: named('mlm.grad.'),
      fisher: named('fisher.'),
    },
  };
}
