/** A stage's inputs as flags of the command line, made from their declarations. */
import type { Command } from 'commander';
import type { InputDeclaration } from '@layerwise/artifacts';
import { kebab } from '../options/flags.js';

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
