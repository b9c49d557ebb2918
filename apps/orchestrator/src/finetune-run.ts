/**
 * `layerwise finetune` behind its options: from task and encoder folders to results.
 */
import type { FinetuneCommandOptions } from './commands/finetune.js';
import type { Outcome } from './run-command.js';

export async function runFinetune(options: FinetuneCommandOptions): Promise<Outcome> {
  await Promise.resolve();
  throw new Error(`fine-tuning on ${options.original} then ${options.shifted} is not wired yet`);
}
