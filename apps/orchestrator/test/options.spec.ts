/** A command and the stage that does the same have the same options, by name, default and refusals. */
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgram } from '../src/main.js';
import { addFlags } from '../src/options/flags.js';
import { loadStage } from '../src/stages/registry.js';

const program = await createProgram({ stdout: () => undefined, stderr: () => undefined });

/** What a stage alone has, because a command says it in another way. */
const OF_STAGES = ['rates', 'low', 'high', 'known'];
/** What says how a run is done and not what it comes to: commands give trials and runs a thread each. */
const OF_MACHINES = ['threads'];

it.each([
  ['finetune', 'finetune'],
  ['search', 'search'],
  ['evaluate', 'evaluation'],
])('%s and the stage %s', async (name, stageName) => {
  const stage = await loadStage(stageName);
  const ofStage = addFlags(new Command(), stage.parameters.shape).options;
  const ofCommand = program.commands.find((command) => command.name() === name)?.options ?? [];
  const compared = ofStage.filter((option) => !OF_STAGES.includes(option.attributeName()));
  expect(compared.length).toBeGreaterThan(20);
  for (const option of compared) {
    const other = ofCommand.find((candidate) => candidate.long === option.long);
    expect(other, option.long ?? '').toBeDefined();
    if (OF_MACHINES.includes(option.attributeName()) || option.attributeName() === 'trainLimit') continue;
    expect(other?.description).toBe(option.description);
    expect(other?.argChoices).toEqual(option.argChoices);
  }
});
