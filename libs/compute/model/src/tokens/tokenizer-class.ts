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
const BERT = ['BertTokenizer', 'DistilBertTokenizer', 'ElectraTokenizer', 'MobileBertTokenizer'];
/** Do what tokenizer.json says. */
const OF_TOKENIZER_JSON = ['PreTrainedTokenizer', 'TokenizersBackend', 'RobertaTokenizer', 'GPT2Tokenizer'];
/** Families of encoders whose class is BertTokenizer where none is named. */
const BERT_FAMILIES = ['bert', 'distilbert', 'electra'];

const naming = z.looseObject({
  tokenizer_class: z.string().nullish(),
  model_type: z.string().nullish(),
  auto_map: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).nullish(),
});

/**
 * Whether a class like BertTokenizer reads the tokeniser, and not tokenizer.json itself.
 * @throws InputError for a class whose ids are not proven equal to Python's, and for code of the folder's own
 */
export function isBertClass(folder: string): boolean {
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
    if (family === null) return !existsSync(join(folder, 'tokenizer.json'));
    if (BERT_FAMILIES.includes(family)) return true;
    throw new InputError(
      `${join(folder, 'tokenizer_config.json')} does not name its tokenizer_class, and that of ${visible(family)} is not known here; save the tokeniser with transformers.`,
    );
  }
  const name = named.replace(/Fast$/, '');
  if (BERT.includes(name)) return true;
  if (OF_TOKENIZER_JSON.includes(name)) return false;
  throw new InputError(
    `${join(folder, first?.tokenizer_class === named ? 'tokenizer_config.json' : 'config.json')} names the tokenizer_class ${visible(named)}, whose ids are not shown to equal Python's here; known are ${[...BERT, ...OF_TOKENIZER_JSON].join(', ')}.`,
  );
}
