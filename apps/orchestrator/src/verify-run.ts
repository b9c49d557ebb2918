/** `layerwise verify` behind its options. */
import type { VerifyCommandOptions } from './commands/verify.js';
import type { Outcome } from './run-command.js';

export async function runVerify(folder: string, _options: VerifyCommandOptions): Promise<Outcome> {
  await Promise.resolve();
  throw new Error(`verification of ${folder} is not wired yet`);
}
