/**
 * Flags of the command line, made from declared options: `trainLimit` becomes `--train-limit`, with type,
 * bounds, default and help of its schema. Commands and stages take theirs from the same declarations.
 */
import { type Command, Option } from 'commander';
import { InputError } from '@layerwise/errors';
import { z } from 'zod';
import {
  amount,
  bytes,
  factor,
  list,
  positiveShare,
  share,
  wholeNumber,
  type Parser,
} from './option-types.js';

/** The part of a JSON Schema property that matters here. */
const property = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  unit: z.literal('bytes').optional(),
  anyOf: z.array(z.object({ type: z.string().optional() })).optional(),
  get items() {
    return property.optional();
  },
});

type Property = z.infer<typeof property>;

/**
 * Adds a flag for every option of `shape`. One that is not given is absent from what commander hands over, so
 * that `readFlags` gives it its default.
 * @param preset values that hold where an option is not given; the help shows them
 */
export function addFlags(
  command: Command,
  shape: z.ZodRawShape,
  preset: Readonly<Record<string, unknown>> = {},
): Command {
  const { properties } = z
    .object({ properties: z.record(z.string(), property) })
    .parse(z.toJSONSchema(z.object(shape), { io: 'input', unrepresentable: 'any' }));
  for (const [name, found] of Object.entries(properties)) {
    const flag = `--${kebab(name)}`;
    const fallback = preset[name] ?? found.default;
    const remark = fallback === undefined ? '' : ` (default: ${JSON.stringify(fallback)})`;
    const help = `${found.description ?? ''}${remark}`;
    // Without a word behind it, commander makes a `[yes|no]` option true.
    const option = new Option(`${flag} ${placeholder(found)}`, help.trim());
    if (found.enum === undefined) option.argParser(parserOf(flag, found));
    else option.choices(found.enum);
    command.addOption(option);
  }
  return command;
}

/** The options of `shape` among what was typed, with their defaults. */
export function readFlags<Shape extends z.ZodRawShape>(
  shape: Shape,
  typed: object,
): z.output<z.ZodObject<Shape>> {
  return z.object(shape).parse(typed);
}

function placeholder({ type, enum: names }: Property): string {
  if (names !== undefined) return '<name>';
  if (type === 'boolean') return '[yes|no]';
  if (type === 'integer') return '<n>';
  if (type === 'array') return '<list>';
  return type === 'number' ? '<number>' : '<value>';
}

function parserOf(flag: string, found: Property): Parser<unknown> {
  if (isA(found, 'boolean')) return yesOrNo(flag);
  if (found.unit === 'bytes') return bytes(flag);
  if (found.type === 'integer') return wholeNumber(flag, found.minimum ?? 0);
  if (found.type === 'number') return numberWithin(flag, found);
  if (found.type === 'array' && found.items) return list(flag, parserOf(flag, found.items));
  // A number or a word, alone or several: what fits is left to the schema.
  if (isA(found, 'array')) return (word) => word.split(',').map(numberOrWord);
  return isA(found, 'number') ? numberOrWord : (word) => word;
}

function numberWithin(flag: string, { minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Property) {
  if (minimum === 0 && exclusiveMaximum === 1) return share(flag);
  if (exclusiveMinimum === 0 && maximum === 1) return positiveShare(flag);
  return exclusiveMinimum === undefined ? amount(flag) : factor(flag, exclusiveMinimum);
}

function yesOrNo(flag: string): Parser<boolean> {
  return (word) => {
    if (['yes', 'true'].includes(word)) return true;
    if (['no', 'false'].includes(word)) return false;
    throw new InputError(`${flag} must be yes or no, not "${word}".`);
  };
}

function numberOrWord(word: string): number | string {
  return word.trim() !== '' && Number.isFinite(Number(word)) ? Number(word) : word;
}

function isA({ type, anyOf = [] }: Property, name: string): boolean {
  return type === name || anyOf.some((choice) => choice.type === name);
}

export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
