/**
 * `layerwise stage NAME`: one stage, on its own or in a pipeline; `layerwise stage --list`: which there are.
 * A stage's options come from its declaration. Running it is `@layerwise/artifacts`, which skips it when
 * nothing has changed.
 */
import type { Command } from 'commander';
import { InputError } from '@layerwise/errors';
import { action, type Outcome } from '../../running/run-command.js';

export function configure(command: Command): void {
  command
    .argument('[name]', 'the stage, or one entry of a preset: embed, embed@shifted')
    .argument('[options...]', "the stage's own inputs and parameters")
    .option('--list', 'list all stages with inputs, outputs and parameters')
    .option('--json', 'print one JSON object')
    // All words behind the name are the stage's, `--help` included.
    .passThroughOptions()
    .allowUnknownOption()
    .action(
      action(
        async (
          name: string | undefined,
          words: readonly string[],
          { list }: { readonly list?: boolean },
          own: Command,
        ) => {
          if (list === true) return listStages();
          if (name === undefined) {
            throw new InputError('name a stage; `layerwise stage --list` says which there are.');
          }
          const { runNamedStage } = await import('../../stages/run-named-stage.js');
          return runNamedStage(name, words, own);
        },
      ),
    );
}

async function listStages(): Promise<Outcome> {
  const [{ textTable }, { loadStage, stageNames }, { presetNames }] = await Promise.all([
    import('@layerwise/artifacts'),
    import('../../stages/registry.js'),
    import('../../stages/preset.js'),
  ]);
  const presets = await presetNames();
  const stages = (await Promise.all(stageNames.map(loadStage))).map((stage) => ({
    name: stage.name,
    description: stage.description,
    after: stage.after,
    inputs: Object.entries(stage.inputs ?? {}).map(([name, { optional, many }]) => ({
      name,
      optional: optional === true,
      many: many === true,
    })),
    outputs: stage.outputs.map(({ file }) => file),
    parameters: Object.keys(stage.parameters.shape),
    pictures: stage.plots !== undefined,
  }));
  const rows = stages.map(({ name, description, inputs, outputs, parameters }) => {
    const read = inputs.map((input) => `${input.name}${input.many ? '…' : ''}${input.optional ? '?' : ''}`);
    const takes = parameters.length > 0 ? `; takes ${parameters.join(', ')}` : '';
    return [
      name,
      `${description} Reads ${read.join(', ') || 'sources'}; writes ${outputs.join(', ')}${takes}.`,
    ];
  });
  return {
    text: [
      'stages (? may be left out, … may be several)',
      ...textTable(rows).map((line) => `  ${line}`),
      '',
      `presets: ${presets.join(', ')}`,
    ].join('\n'),
    json: { stages, presets },
  };
}
