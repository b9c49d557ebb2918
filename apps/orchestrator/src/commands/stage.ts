/**
 * `layerwise stage NAME`: one stage in isolation; `layerwise stages`: which there are. A stage's options come
 * from its declaration. Running it is `@layerwise/artifacts`, which skips it when nothing has changed.
 */
import { Command } from 'commander';
import { action, type Outcome } from '../run-command.js';

export function stageCommand(): Command {
  return (
    new Command('stage')
      .description('Runs one stage of the pipeline; `layerwise stage NAME --help` lists its parameters.')
      .argument('<name>', 'the stage, see `layerwise stages`')
      .argument('[options...]', "the stage's own parameters")
      .option('--json', 'print one JSON object')
      // All words behind the name are the stage's, `--help` included.
      .passThroughOptions()
      .allowUnknownOption()
      .action(
        action(async (name: string, words: readonly string[], _options: object, command: Command) => {
          const { runNamedStage } = await import('../stages/run-named-stage.js');
          return runNamedStage(name, words, command);
        }),
      )
  );
}

export function stagesCommand(): Command {
  return new Command('stages')
    .description('Lists the stages of the pipeline, in its order, and the presets.')
    .option('--json', 'print one JSON object')
    .action(action(listStages));
}

async function listStages(): Promise<Outcome> {
  const [{ loadStage, stageNames }, { presetNames }] = await Promise.all([
    import('../stages/registry.js'),
    import('../stages/preset.js'),
  ]);
  const presets = await presetNames();
  const stages = (await Promise.all(stageNames.map(loadStage))).map(
    ({ name, description, after, outputs }) => ({
      name,
      description,
      after,
      outputs: outputs.map(({ file }) => file),
    }),
  );
  const lines = stages.map(
    ({ name, description, after }) =>
      `  ${name.padEnd(16)}${description}${after.length > 0 ? ` (after ${after.join(', ')})` : ''}`,
  );
  return {
    text: ['stages', ...lines, '', `presets: ${presets.join(', ')}`].join('\n'),
    json: { stages, presets },
  };
}
