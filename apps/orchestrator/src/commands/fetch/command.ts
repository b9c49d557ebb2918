/**
 * `layerwise fetch task|model NAME`: from the Hugging Face hub into data-cache. The work is `@layerwise/hub`.
 */
import { Command, Option } from 'commander';
import { interruptible } from '../../running/interrupt.js';
import { action, type Outcome } from '../../running/run-command.js';
import { dataCacheFolder } from '../../running/workspace.js';

interface FetchOptions {
  readonly cache: string;
  readonly revision?: string;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .addCommand(fetchOf('task', 'glue/mrpc, OWNER/NAME or OWNER/NAME/CONFIG'))
    .addCommand(fetchOf('model', 'bert-base-uncased or OWNER/NAME'));
}

function fetchOf(kind: 'task' | 'model', names: string): Command {
  return new Command(kind)
    .description(`Fetches a ${kind}; a broken download goes on where it stopped.`)
    .argument('<name>', names)
    .addOption(
      new Option('--cache <dir>', 'folder that receives it').default(dataCacheFolder(), 'data-cache'),
    )
    .option('--revision <name>', 'branch, tag or commit')
    .option('--json', 'print one JSON object')
    .action(action((name: string, options: FetchOptions) => fetchNamed(kind, name, options)));
}

async function fetchNamed(kind: 'task' | 'model', name: string, options: FetchOptions): Promise<Outcome> {
  const [hub, { createMeter, processScreen }] = await Promise.all([
    import('@layerwise/hub'),
    import('../../progress/meter.js'),
  ]);
  const screen = processScreen(options.json);
  let meter: { readonly file: string; readonly shown: ReturnType<typeof createMeter> } | undefined;
  const result = await interruptible((signal) =>
    hub[kind === 'task' ? 'fetchTask' : 'fetchModel'](name, {
      ...hub.settingsFromEnvironment(process.env),
      cacheFolder: options.cache,
      revision: options.revision,
      signal,
      onProgress: ({ file, received, total, filesDone, filesTotal }) => {
        if (total === null) return;
        if (meter?.file !== file) {
          meter?.shown.end();
          meter = { file, shown: createMeter(screen, file, total, received) };
        }
        const detail = `${megabytes(received)} of ${megabytes(total)} MB | ${filesDone} of ${filesTotal} files done`;
        meter.shown.update(received, detail);
      },
    }),
  ).finally(() => meter?.shown.end());
  return { text: hub.describeFetch(result).join('\n'), json: result };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
