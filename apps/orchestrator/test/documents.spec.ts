/** Commands and options that the documents show exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgram } from '../src/main.js';
import { stageNames } from '../src/stages/registry.js';

const root = resolve(import.meta.dirname, '../../..');
const program = await createProgram({ stdout: () => undefined, stderr: () => undefined });

/** Each `npx layerwise ...` of the code blocks as words, continued lines joined, remarks left out. */
function commandsIn(document: string): string[][] {
  const blocks = [...document.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  return blocks
    .flatMap((block) => block.replaceAll(/\\\n/g, ' ').split('\n'))
    .flatMap((line) => /^npx layerwise (.*?)(#|$)/.exec(line)?.[1] ?? [])
    .map((line) => line.trim().split(/\s+/));
}

/** The command that words name, and the options behind it. */
function resolveCommand(words: readonly string[], command: Command = program): [Command, readonly string[]] {
  const next = command.commands.find((child) => child.name() === words[0]);
  return next === undefined ? [command, words] : resolveCommand(words.slice(1), next);
}

const guides = resolve(root, 'docs/guides');
const documents = [resolve(root, 'README.md'), ...readdirSync(guides).map((file) => join(guides, file))];
const commands = documents.flatMap((file) => commandsIn(readFileSync(file, 'utf8')));

it('every document shows commands', () => {
  for (const file of documents) expect(commandsIn(readFileSync(file, 'utf8')).length).toBeGreaterThan(0);
});

it.each(commands.map((words) => [words.join(' '), words] as const))('%s', (_, words) => {
  const [command, rest] = resolveCommand(words);
  expect(command).not.toBe(program);
  // A stage's options come from its declaration.
  if (command.name() === 'stage' && rest[0] !== '--list') expect(stageNames).toContain(rest[0]);
  else {
    const known = command.options.map((option) => option.long);
    const used = rest.filter((word) => word.startsWith('--'));
    expect(known).toEqual(expect.arrayContaining(used));
  }
});

it('the README names every command in its table', () => {
  const readme = readFileSync(resolve(root, 'README.md'), 'utf8');
  for (const command of program.commands) expect(readme).toContain(`\`layerwise ${command.name()}`);
});

it('npm start is a command that exists', () => {
  const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const words = scripts['start']?.split(' ').slice(2) ?? [];
  const [command, rest] = resolveCommand(words);
  expect(command.name()).toBe('run');
  const known = command.options.map((option) => option.long);
  expect(known).toEqual(expect.arrayContaining(rest.filter((word) => word.startsWith('--'))));
});
