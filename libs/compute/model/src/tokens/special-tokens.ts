/**
 * Where special tokens stand around one text or a pair, read from the `post_processor` of tokenizer.json:
 * [CLS] A [SEP] and [CLS] A [SEP] B [SEP] for BERT, with the token type of every place.
 *
 * `token-rows.ts` cuts texts first and then assembles by this template, as the Python library does.
 */
import { InputError } from '@layerwise/errors';
import { z } from 'zod';
import { tokenId } from './token-id.js';

/** One place of a template: a special token's id, or the text or its pair. */
export type Piece =
  | { readonly kind: 'special'; readonly id: number; readonly type: number }
  | { readonly kind: 'text' | 'pair'; readonly type: number };

export interface SpecialTokens {
  readonly single: readonly Piece[];
  readonly pair: readonly Piece[];
}

/** Columns of types are Uint8Arrays. */
const typeId = z.number().int().min(0).max(255);
const templatePiece = z.union([
  z.object({ SpecialToken: z.object({ id: z.string(), type_id: typeId }) }),
  z.object({ Sequence: z.object({ id: z.enum(['A', 'B']), type_id: typeId }) }),
]);
const templateToken = z
  .object({ ids: z.array(tokenId), tokens: z.array(z.string()) })
  .refine(({ ids, tokens }) => ids.length === tokens.length);
const template = z.object({
  type: z.literal('TemplateProcessing'),
  single: z.array(templatePiece),
  pair: z.array(templatePiece),
  special_tokens: z.record(z.string(), templateToken),
});
const namedId = z.tuple([z.string(), tokenId]);
const bertProcessing = z.object({ type: z.literal('BertProcessing'), sep: namedId, cls: namedId });
const robertaProcessing = z.object({ type: z.literal('RobertaProcessing'), sep: namedId, cls: namedId });
/** Concerns offsets into the text alone. */
const byteLevel = z.object({ type: z.literal('ByteLevel') });
const simple = z.discriminatedUnion('type', [template, bertProcessing, robertaProcessing, byteLevel]);
/** Several of them, of which one alone adds tokens. */
const steps = z
  .object({ type: z.literal('Sequence'), processors: z.array(simple) })
  .refine(({ processors }) => processors.filter(({ type }) => type !== 'ByteLevel').length <= 1);
const processor = z.union([simple, steps]).nullish();

const text = (type: number): Piece => ({ kind: 'text', type });
const pair = (type: number): Piece => ({ kind: 'pair', type });
const special = (id: number, type: number): Piece => ({ kind: 'special', id, type });
const BARE: SpecialTokens = { single: [text(0)], pair: [text(0), pair(1)] };

/** Reads a `post_processor`. @throws InputError naming `file` for a kind that is not known. */
export function parseSpecialTokens(file: string, postProcessor: unknown): SpecialTokens {
  const parsed = processor.safeParse(postProcessor);
  if (!parsed.success) {
    throw new InputError(
      `${file} has a post_processor that is not known (known: TemplateProcessing, BertProcessing, RobertaProcessing).`,
    );
  }
  if (!parsed.data) return BARE;
  const steps = parsed.data.type === 'Sequence' ? parsed.data.processors : [parsed.data];
  const step = steps.find((candidate) => candidate.type !== 'ByteLevel');
  if (!step) return BARE;
  if (step.type === 'TemplateProcessing') {
    const places = { single: pieces(file, step, step.single), pair: pieces(file, step, step.pair) };
    checkPlaces(file, 'single', places.single, { text: 1, pair: 0 });
    checkPlaces(file, 'pair', places.pair, { text: 1, pair: 1 });
    return places;
  }
  const [cls, sep] = [step.cls[1], step.sep[1]];
  if (step.type === 'BertProcessing') {
    return {
      single: [special(cls, 0), text(0), special(sep, 0)],
      pair: [special(cls, 0), text(0), special(sep, 0), pair(1), special(sep, 1)],
    };
  }
  return {
    single: [special(cls, 0), text(0), special(sep, 0)],
    pair: [special(cls, 0), text(0), special(sep, 0), special(sep, 0), pair(0), special(sep, 0)],
  };
}

/** Number of special tokens of a template. */
export function specialCount(places: readonly Piece[]): number {
  return places.filter((piece) => piece.kind === 'special').length;
}

/** @throws InputError for a template that has not each of its texts once */
function checkPlaces(
  file: string,
  name: 'single' | 'pair',
  places: readonly Piece[],
  expected: { readonly text: number; readonly pair: number },
): void {
  const count = (kind: Piece['kind']): number => places.filter((piece) => piece.kind === kind).length;
  if (count('text') === expected.text && count('pair') === expected.pair) return;
  throw new InputError(
    `${file} has a template "${name}" with Sequence A ${count('text')} and B ${count('pair')} times, and ${expected.text} and ${expected.pair} times is what is followed here; take an encoder with such a template.`,
  );
}

function pieces(
  file: string,
  source: z.infer<typeof template>,
  list: z.infer<typeof templatePiece>[],
): Piece[] {
  return list.flatMap((piece): Piece[] => {
    if ('Sequence' in piece) {
      return [piece.Sequence.id === 'A' ? text(piece.Sequence.type_id) : pair(piece.Sequence.type_id)];
    }
    const { id: name, type_id: type } = piece.SpecialToken;
    const ids = source.special_tokens[name]?.ids;
    if (!ids)
      throw new InputError(`${file} names the special token ${name} in its template without giving its id.`);
    return ids.map((id) => special(id, type));
  });
}
