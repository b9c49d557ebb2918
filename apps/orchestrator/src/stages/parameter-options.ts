/**
 * A stage's inputs and parameters as options of the command line, made from their declarations: `trainLimit`
 * becomes `--train-limit`. Whether a value fits is left to the schema.
 */
import { type Command, Option } from 'commander';
import type { InputDeclaration } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { z } from 'zod';

/** The part of a JSON Schema property that matters here. */
const property = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  anyOf: z.array(z.object({ type: z.string().optional() })).optional(),
});

type Property = z.infer<typeof property>;

/** @param preset values that hold where an option is not given; the help shows them */
export function addInputOptions(
  command: Command,
  inputs: Readonly<Record<string, InputDeclaration>>,
  preset: Readonly<Record<string, unknown>>,
): void {
  for (const [name, { description, from, many, optional }] of Object.entries(inputs)) {
    const fallback = preset[name] ?? from;
    const remark =
      fallback === undefined
        ? optional === true
          ? ' (may be left out)'
          : ''
        : ` (default: ${JSON.stringify(fallback)})`;
    command.option(`--${kebab(name)} <path${many === true ? '...' : ''}>`, `${description}${remark}`);
  }
}

/** @param preset values that hold where an option is not given; the help shows them */
export function addParameterOptions(
  command: Command,
  schema: z.ZodObject,
  preset: Readonly<Record<string, unknown>>,
): void {
  const { properties } = z
    .object({ properties: z.record(z.string(), property) })
    .parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  for (const [name, found] of Object.entries(properties)) {
    const flag = `--${kebab(name)}`;
    const fallback = preset[name] ?? found.default;
    const remarks = [
      ...(found.enum === undefined ? [] : [`one of ${found.enum.join(', ')}`]),
      ...(fallback === undefined ? [] : [`default: ${JSON.stringify(fallback)}`]),
    ];
    const help = `${found.description ?? ''}${remarks.length === 0 ? '' : ` (${remarks.join('; ')})`}`;
    // Without a word behind it, commander makes a `[yes|no]` option true.
    const option = new Option(isA(found, 'boolean') ? `${flag} [yes|no]` : `${flag} <value>`, help.trim());
    option.argParser((word) => parseValue(flag, word, found));
    command.addOption(option);
  }
}

function parseValue(flag: string, word: string, found: Property): unknown {
  if (isA(found, 'boolean')) {
    if (['yes', 'true'].includes(word)) return true;
    if (['no', 'false'].includes(word)) return false;
    throw new InputError(`${flag} must be yes or no, not "${word}".`);
  }
  if (isA(found, 'number') || isA(found, 'integer')) {
    const value = Number(word);
    if (word.trim() !== '' && Number.isFinite(value)) return value;
    if (!isA(found, 'string')) throw new InputError(`${flag} must be a number, not "${word}".`);
  }
  if (isA(found, 'array')) {
    return word
      .split(',')
      .map((part) => (part.trim() !== '' && Number.isFinite(Number(part)) ? Number(part) : part));
  }
  return word;
}

function isA({ type, anyOf = [] }: Property, name: string): boolean {
  return type === name || anyOf.some((choice) => choice.type === name);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
