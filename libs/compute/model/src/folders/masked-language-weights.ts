/**
 * The masked-language head of an encoder folder, where it has one: Hugging Face's ForMaskedLM folders do,
 * and `openEncoder` lists its tensors among those that fine-tuning has no use for. Its shapes are in
 * `masked-language.ts`.
 */
import { InputError } from '@layerwise/errors';
import { canonicalName } from '../architectures/architecture.js';
import type { EncoderFolder } from './encoder-folder.js';
import { checkFinite } from './finite-weights.js';
import { maskedLanguageHead } from '../programs/masked-language.js';

/** The head's tensors by Hugging Face's names. @throws InputError for a missing or misshapen one. */
export function readMaskedLanguageHead({
  config,
  file,
  ignored,
  readIgnored,
}: EncoderFolder): Map<string, Float32Array> {
  const stored = new Map(ignored.map((name) => [canonicalName(config.architecture, name), name]));
  const { className, tensors } = maskedLanguageHead(config);
  return new Map(
    tensors.map(({ name, shape }) => {
      const place = stored.get(name);
      if (place === undefined)
        throw new InputError(
          `${file} has no ${name}: the masked-language head is missing, without which masked words cannot be told; ` +
            `take the encoder's masked-language folder (${className} in Hugging Face's library).`,
        );
      const found = readIgnored(place);
      if (found.shape.join() !== shape.join())
        throw new InputError(
          `${file}: ${place} is [${found.shape.join(', ')}], expected [${shape.join(', ')}]; the masked-language head belongs to another encoder.`,
        );
      checkFinite(file, place, found.data);
      return [name, found.data];
    }),
  );
}
