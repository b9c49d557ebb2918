/**
 * Which class of Python's transformers reads a folder's tokeniser, as `AutoTokenizer` of version 5 chooses
 * it. The class decides which parts of the files count.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, visible } from '@layerwise/errors';
import { z } from 'zod';
import { readJsonAs } from '../folders/json-file.js';

/** Take vocabulary and added tokens from the files, and make the rest of tokenizer_config.json. */
export const BERT_CLASSES: readonly string[] = [
  'BertTokenizer',
  'DistilBertTokenizer',
  'ElectraTokenizer',
  'MobileBertTokenizer',
];
/** Split bytes and merge them; they make what tokenizer.json says, where it says what they make. */
export const BYTE_CLASSES: Readonly<Record<string, string>> = {
  RobertaTokenizer: 'roberta',
  GPT2Tokenizer: 'gpt2',
};
/** Do what tokenizer.json says. */
const PLAIN_CLASSES = ['PreTrainedTokenizer', 'TokenizersBackend'];
/** Families of encoders whose class is BertTokenizer where none is named. */
const BERT_FAMILIES = ['bert', 'distilbert', 'electra'];

const naming = z.looseObject({
  tokenizer_class: z.string().nullish(),
  model_type: z.string().nullish(),
  auto_map: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).nullish(),
});

/**
 * The name of the class, without "Fast" at its end.
 * @throws InputError for a class whose ids are not proven equal to Python's, and for code of the folder's own
 */
export function tokenizerClass(folder: string): string {
  const [first, second] = ['tokenizer_config.json', 'config.json'].map((name) => {
    const file = join(folder, name);
    if (!existsSync(file)) return null;
    const { auto_map, ...rest } = readJsonAs(file, naming, 'a configuration');
    const code = Array.isArray(auto_map) ? auto_map : auto_map?.['AutoTokenizer'];
    if (code) {
      throw new InputError(
        `${file} names a tokeniser with code of its own (auto_map: ${visible(JSON.stringify(code))}), which is not run here; take an encoder whose tokeniser is BertTokenizer or a tokenizer.json.`,
      );
    }
    return rest;
  });
  const named = first?.tokenizer_class ?? second?.tokenizer_class ?? null;
  if (named === null) {
    const family = second?.model_type ?? null;
    if (family === null)
      return existsSync(join(folder, 'tokenizer.json')) ? 'TokenizersBackend' : 'BertTokenizer';
    if (BERT_FAMILIES.includes(family)) return 'BertTokenizer';
    throw new InputError(
      `${join(folder, 'tokenizer_config.json')} does not name its tokenizer_class, and that of ${visible(family)} is not known here; save the tokeniser with transformers.`,
    );
  }
  const name = named.replace(/Fast$/, '');
  const known = [...BERT_CLASSES, ...PLAIN_CLASSES];
  if (known.includes(name)) return name;
  if (Object.hasOwn(BYTE_CLASSES, name) && BYTE_CLASSES[name] === second?.model_type) return name;
  const file = join(folder, first?.tokenizer_class === named ? 'tokenizer_config.json' : 'config.json');
  throw new InputError(
    `${file} names the tokenizer_class ${visible(named)}, whose ids are not shown to equal Python's here; known are ${known.join(', ')}.`,
  );
}
