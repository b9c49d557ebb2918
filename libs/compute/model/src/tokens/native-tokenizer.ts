/**
 * Hugging Face's own tokenizers library, the one that Python's transformers tokenises with, by its binding
 * for Node.
 */
import { InputError } from '@layerwise/errors';
import type { Tokenizer as NativeTokenizer } from 'tokenizers';
import { checkParts, type Parts } from './known-parts.js';

export type { NativeTokenizer };

/**
 * The tokeniser without what stands around and cuts texts: `token-rows.ts` does that, and the library ends
 * the process over a template that it did not expect.
 * @throws InputError naming `file` where `json`, a tokenizer.json, has parts that are not let in, or that the
 * library does not take
 */
export async function nativeTokenizer(file: string, json: Parts): Promise<NativeTokenizer> {
  checkParts(file, json);
  const bare = { ...json, post_processor: null, truncation: null, padding: null };
  try {
    // Imported here, because most commands do without.
    const { default: library } = await import('tokenizers');
    return library.Tokenizer.fromString(JSON.stringify(bare));
  } catch (error) {
    throw new InputError(`${file} describes a tokeniser that cannot be run (${reasonOf(error)}).`);
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
