/**
 * `layerwise groups`: which tensors each layer group of an encoder holds. The work is
 * `@layerwise/optimizers`.
 */
import type { Command } from 'commander';
import { wholeNumber } from '../../options/option-types.js';
import { action, type Outcome } from '../../running/run-command.js';

interface GroupsOptions {
  readonly encoder: string;
  readonly groups: string;
  readonly rates?: string;
  readonly labels: number;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .option('--groups <grouping>', 'paper, paper-ceil, layers, or a file of patterns', 'paper')
    .option('--rates <rates>', 'one learning rate, or one a layer group: r0,r1,…')
    .option('--labels <n>', "labels of each task's head", wholeNumber('--labels', 2), 2)
    .option('--json', 'print one JSON object')
    .action(action(listGroups));
}

async function listGroups(options: GroupsOptions): Promise<Outcome> {
  const [{ denseHead, layerOf }, optimizers, { openEncoderSource }] = await Promise.all([
    import('@layerwise/model'),
    import('@layerwise/optimizers'),
    import('../../running/encoder-source.js'),
  ]);
  const { config, tensors } = await openEncoderSource(options.encoder);
  const heads = ['head.original', 'head.shifted'].flatMap(
    (name) => denseHead(name, config.hiddenSize, options.labels).tensors,
  );
  const grouping = optimizers.readGrouping(options.groups, config.layers);
  const rates = options.rates === undefined ? undefined : optimizers.parseRates(options.rates, grouping);
  const groups = optimizers.describeGroups(grouping, [...tensors.shapes, ...heads], {
    layerOf: (tensor) => layerOf(config, tensor),
    ...(rates !== undefined && { rates }),
  });
  const lines = groups.flatMap(({ group, name, tensors: held, parameters, rate }) => [
    `${String(group).padStart(2)}  ${name.padEnd(24)}${parameters.toLocaleString('en-US').padStart(13)} parameters  rate ${rate ?? '-'}`,
    ...held.map((tensor) => `      ${tensor}`),
  ]);
  const all = groups.reduce((sum, { parameters }) => sum + parameters, 0);
  return {
    text: [...lines, `${all.toLocaleString('en-US')} parameters in all, grouping ${grouping.name}`].join(
      '\n',
    ),
    json: {
      encoder: options.encoder,
      layers: config.layers,
      grouping: grouping.name,
      parameters: all,
      groups,
    },
  };
}
