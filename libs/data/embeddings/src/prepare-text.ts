/**
 * What sentence-transformers does to a text before its tokens: the folder's prompt before it, and lower case
 * where the folder wants it.
 */
import type { Tokenizer } from '@layerwise/model';
import type { Recipe } from './embedder.js';

/**
 * Letters are lowered one by one, as the normaliser `Lowercase` of Hugging Face's tokenizers does, which
 * sentence-transformers puts before the folder's own: a sigma at a word's end stays as any other, and special
 * tokens, which are found before normalisers, stay as they are.
 */
export function preparedText(
  { prompt, lowerCase }: Pick<Recipe, 'prompt' | 'lowerCase'>,
  { specialIds, tokenOf }: Pick<Tokenizer, 'specialIds' | 'tokenOf'>,
): (text: string) => string {
  const withPrompt = (text: string): string => prompt + text;
  if (!lowerCase) return withPrompt;
  const special = specialIds.flatMap((id) => tokenOf(id) ?? []).filter((token) => token !== '');
  const parts = special.length > 0 ? new RegExp(`(${special.map(escaped).join('|')})`, 'u') : null;
  const lowered = (text: string): string => Array.from(text, (letter) => letter.toLowerCase()).join('');
  return (text) => {
    const whole = withPrompt(text);
    if (parts === null) return lowered(whole);
    // Splitting by a group keeps what was found at the odd places.
    return whole
      .split(parts)
      .map((part, place) => (place % 2 === 1 ? part : lowered(part)))
      .join('');
  };
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
