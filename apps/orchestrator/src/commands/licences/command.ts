/** `layerwise licences`: what ships with layerwise, by licence, and what those licences ask of its users. */
import type { Command } from 'commander';
import { action, type Outcome } from '../../running/run-command.js';

export function configure(command: Command): void {
  command.option('--json', 'print one JSON object: every package').action(action(listLicences));
}

async function listLicences(): Promise<Outcome> {
  const [{ shippedPackages }, { licencesText }, { workspaceFolder }] = await Promise.all([
    import('./packages.js'),
    import('./text.js'),
    import('../../running/workspace.js'),
  ]);
  const packages = shippedPackages(workspaceFolder());
  return { text: licencesText(packages), json: { licence: 'MIT', packages } };
}
