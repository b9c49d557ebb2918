/**
 * Embeds with a sentence encoder that was exported as ONNX: input_ids, attention_mask and token_type_ids
 * [texts, length] in, tokens' vectors [texts, length, size] out (last_hidden_state, token_embeddings), or
 * finished ones [texts, size] (sentence_embedding).
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { digestOfFile, fingerprint } from '@layerwise/artifacts';
import { openOnnxModel, type Bindings, type OnnxModel } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import { loadTokenizer, readJsonAs, tokenize, type TokenRows } from '@layerwise/model';
import { z } from 'zod';
import type { Embedder, EmbedderOptions, Recipe } from './embedder.js';
import { preparedText } from './prepare-text.js';

const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'];
const TOKEN_OUTPUTS = ['last_hidden_state', 'token_embeddings'];
const OWN_OUTPUT = 'sentence_embedding';

/**
 * @param file the .onnx file
 * @param recipe null: the model's own vectors where it gives them, else of the first token
 * @throws InputError when the model takes or gives something else, or has no tokeniser beside it.
 */
export async function onnxEmbedder(
  folder: string,
  file: string,
  recipe: Recipe | null,
  { maximumLength: wanted, engine, provider, threads }: EmbedderOptions,
): Promise<Embedder> {
  if (engine !== 'onnxruntime')
    throw new InputError(
      `${file} is an ONNX model, which runs on --engine onnxruntime and not on ${engine}.`,
    );
  const tokenizer = await loadTokenizer(folder);
  const limits = readLimits(folder);
  const maximumLength = Math.min(wanted, recipe?.maximumLength ?? Infinity, limits.longest);
  const model = await openOnnxModel(file, { provider, threads });
  checkInputs(file, model);
  const { output, pooling, normalized } = chooseOutput(file, model, recipe);

  const embed = async (texts: TokenRows, rows: Int32Array): Promise<Float32Array> => {
    const batch = paddedBatch(texts, rows, limits.paddingId);
    const results = await model.run(batch.feeds, [output]);
    const { data, shape } = results[output] ?? { data: new Float32Array(0), shape: [] };
    const expected = pooling === 'own' ? [rows.length] : [rows.length, batch.length];
    if (shape.slice(0, -1).join() !== expected.join())
      throw new InputError(
        `${file}: its output ${output} is [${shape.join(', ')}] of ${rows.length} texts of ${batch.length} tokens; export it with a vector for each.`,
      );
    return pooling === 'own' ? data : pooled(data, batch, pooling === 'cls');
  };
  const texts = { prompt: recipe?.prompt ?? '', lowerCase: recipe?.lowerCase ?? false };
  // One word, so that a model that does not run is refused before anything else is done.
  const probe = await embed(await tokenize(tokenizer, ['a'], null, maximumLength), Int32Array.of(0));
  const digest = await digestOfModel(file);
  return {
    description: `onnx of ${probe.length} (${digest.slice(0, 12)})`,
    digest: fingerprint({ digest, output, pooling, normalized, ...texts, provider, threads }),
    pooling,
    normalized,
    size: probe.length,
    maximumLength,
    tokenizer,
    prepare: preparedText(texts, tokenizer),
    check: () => [],
    embed,
    dispose: () => model.dispose(),
  };
}

function checkInputs(file: string, { inputs }: OnnxModel): void {
  const foreign = inputs.find(({ name }) => !INPUTS.includes(name));
  if (foreign)
    throw new InputError(
      `${file} takes an input ${foreign.name}; a text encoder takes ${INPUTS.join(', ')}.`,
    );
  const missing = INPUTS.slice(0, 2).find((name) => !inputs.some((input) => input.name === name));
  if (missing !== undefined)
    throw new InputError(`${file} takes no ${missing}, so it is no text encoder that pads its texts.`);
}

function chooseOutput(
  file: string,
  { outputs }: OnnxModel,
  recipe: Pick<Recipe, 'pooling' | 'normalized'> | null,
): { output: string; pooling: Embedder['pooling']; normalized: boolean } {
  const names = outputs.map(({ name }) => name);
  if (recipe === null && names.includes(OWN_OUTPUT))
    return { output: OWN_OUTPUT, pooling: 'own', normalized: false };
  const output = TOKEN_OUTPUTS.find((name) => names.includes(name));
  if (output === undefined)
    throw new InputError(
      `${file} gives ${names.join(', ')} and none of ${TOKEN_OUTPUTS.join(', ')}${names.includes(OWN_OUTPUT) ? '; leave --pooling out' : ''}.`,
    );
  return { output, pooling: recipe?.pooling ?? 'cls', normalized: recipe?.normalized ?? false };
}

interface PaddedBatch {
  readonly feeds: Bindings;
  /** Tokens of the longest text. */
  readonly length: number;
  /** Tokens of each text. */
  readonly lengths: Int32Array;
}

/** Texts side by side [texts, length], filled up to the longest. */
function paddedBatch({ offsets, ids, types }: TokenRows, rows: Int32Array, paddingId: number): PaddedBatch {
  const lengths = rows.map((row) => offsets[row + 1]! - offsets[row]!);
  const length = lengths.reduce((longest, size) => Math.max(longest, size), 0);
  const shape = [rows.length, length];
  const inputIds = new Int32Array(rows.length * length).fill(paddingId);
  const mask = new Int32Array(inputIds.length);
  const tokenTypes = new Int32Array(inputIds.length);
  rows.forEach((row, text) => {
    const start = offsets[row]!;
    const count = lengths[text]!;
    const place = text * length;
    inputIds.set(ids.subarray(start, start + count), place);
    mask.fill(1, place, place + count);
    for (let i = 0; i < count; i++) tokenTypes[place + i] = types[start + i] ?? 0;
  });
  const feeds = {
    input_ids: { data: inputIds, shape },
    attention_mask: { data: mask, shape },
    token_type_ids: { data: tokenTypes, shape },
  };
  return { feeds, length, lengths };
}

/** [texts, length, size] → [texts, size]: the first token of each text, or the mean of all of its own. */
function pooled(states: Float32Array, { length, lengths }: PaddedBatch, firstOnly: boolean): Float32Array {
  const size = states.length / (lengths.length * length);
  const vectors = new Float32Array(lengths.length * size);
  lengths.forEach((tokens, text) => {
    const count = firstOnly ? 1 : tokens;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let token = 0; token < count; token++) sum += states[(text * length + token) * size + i]!;
      vectors[text * size + i] = sum / count;
    }
  });
  return vectors;
}

const configSchema = z
  .object({
    max_position_embeddings: z.number().positive().optional(),
    pad_token_id: z.number().int().nullish(),
  })
  .loose();
const tokenizerConfigSchema = z.object({ model_max_length: z.number().positive().nullish() }).loose();

/** What config.json and tokenizer_config.json, where they are, say of the longest text and of padding. */
function readLimits(folder: string): { longest: number; paddingId: number } {
  const read = <Schema extends z.ZodType>(name: string, schema: Schema) => {
    const file = join(folder, name);
    return existsSync(file) ? readJsonAs(file, schema, 'a file of an encoder') : undefined;
  };
  const config = read('config.json', configSchema);
  const positions = config?.max_position_embeddings ?? Infinity;
  const tokens = read('tokenizer_config.json', tokenizerConfigSchema)?.model_max_length ?? Infinity;
  return { longest: Math.min(positions, tokens), paddingId: config?.pad_token_id ?? 0 };
}

/** Of the file and of the files beside it that begin with its name: weights beyond 2 GB lie there. */
async function digestOfModel(file: string): Promise<string> {
  const parts = readdirSync(dirname(file)).filter((name) => name.startsWith(basename(file)));
  return fingerprint(await Promise.all(parts.sort().map((name) => digestOfFile(join(dirname(file), name)))));
}
