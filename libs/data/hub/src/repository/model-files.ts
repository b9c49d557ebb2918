/**
 * Which files of a model repository an encoder folder needs: the config, the weights as safetensors (one
 * file, or shards with their index), and the tokeniser's files, all from the top of the repository. Called by
 * `fetch.ts`.
 *
 * Names as transformers writes them (`save_pretrained`).
 */
import { InputError } from '@layerwise/errors';
import type { Choice, Listing } from './listing.js';

const INDEX = 'model.safetensors.index.json';
const TOKENISER = [
  'tokenizer.json',
  'tokenizer_config.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'special_tokens_map.json',
  'added_tokens.json',
];

/** Errors: InputError when there is no config, no safetensors, or a pickle alone (with how to convert it). */
export function modelFiles(listing: Listing): Choice {
  const byPath = new Map(listing.files.map((file) => [file.path, file]));
  const named = `The model "${listing.repo}" at ${listing.revision}`;
  if (!byPath.has('config.json')) {
    throw new InputError(`${named} has no config.json: choose a repository that transformers can load.`);
  }
  const weights = byPath.has('model.safetensors') ? ['model.safetensors'] : shards([...byPath.keys()]);
  if (weights.length === 0) {
    if ([...byPath.keys()].some((path) => /^pytorch_model[\w.-]*\.bin$/.test(path))) {
      throw new InputError(
        `${named} has its weights only as pytorch_model.bin, a pickle, which can run code and is not read: convert it ` +
          `in Python with transformers' AutoModel.from_pretrained("${listing.repo}").save_pretrained("DIR", safe_serialization=True) ` +
          `and AutoTokenizer.from_pretrained("${listing.repo}").save_pretrained("DIR"), and give DIR as the encoder.`,
      );
    }
    throw new InputError(
      `${named} has no model.safetensors: choose a repository or a revision that has one.`,
    );
  }
  const files = ['config.json', ...TOKENISER, ...weights].flatMap((name) => {
    const remote = byPath.get(name);
    return remote === undefined ? [] : [{ name, remote }];
  });
  return { listing, files, config: null };
}

function shards(paths: string[]): string[] {
  if (!paths.includes(INDEX)) return [];
  return [INDEX, ...paths.filter((path) => /^model-\d{5}-of-\d{5}\.safetensors$/.test(path)).sort()];
}

/**
 * The shards that an index names and that are not among the chosen files, if there is an index.
 * `read` gives the text of a file that has been fetched.
 */
export function checkShards(choice: Choice, read: (name: string) => string): void {
  const names = new Set(choice.files.map((file) => file.name));
  if (!names.has(INDEX)) return;
  const { repo } = choice.listing;
  let map: unknown = null;
  try {
    const index: unknown = JSON.parse(read(INDEX));
    map = typeof index === 'object' && index !== null && 'weight_map' in index ? index.weight_map : null;
  } catch {
    // not JSON: refused below
  }
  if (typeof map !== 'object' || map === null) {
    throw new InputError(`${INDEX} of "${repo}" has no weight_map: choose another repository.`);
  }
  const missing = [...new Set(Object.values(map).map(String))].filter((shard) => !names.has(shard));
  if (missing.length > 0) {
    throw new InputError(
      `${INDEX} of "${repo}" names ${missing.join(', ')}, which the repository does not have.`,
    );
  }
}
