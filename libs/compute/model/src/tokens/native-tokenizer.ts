/**
 * Hugging Face's own tokenizers library, the one that Python's transformers tokenises with, by its binding
 * for Node.
 */
import { InputError } from '@layerwise/errors';
import type { Tokenizer as NativeTokenizer } from 'tokenizers';

export type { NativeTokenizer };

/** @throws InputError naming `file` where the library does not take `json`, a tokenizer.json */
export async function nativeTokenizer(file: string, json: object): Promise<NativeTokenizer> {
  try {
    // Imported here, because most commands do without.
    const { default: library } = await import('tokenizers');
    return library.Tokenizer.fromString(JSON.stringify(json));
  } catch (error) {
    throw new InputError(`${file} describes a tokeniser that cannot be run (${reasonOf(error)}).`);
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
