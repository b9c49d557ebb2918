/** `layerwise doctor`: versions, engines, memory, disk, and what to do about what is missing. */
import type { Command } from 'commander';
import type { Finding } from './finding.js';
import { action, type Outcome } from '../../running/run-command.js';
import { version } from '../../running/version.js';
import { dataCacheFolder } from '../../running/workspace.js';

export function configure(command: Command): void {
  command.option('--json', 'print one JSON object').action(action(diagnose));
}

async function diagnose(): Promise<Outcome> {
  const [{ findEngines }, { describeMachine, judgeMachine }] = await Promise.all([
    import('./engines.js'),
    import('./machine.js'),
  ]);
  const machine = describeMachine(dataCacheFolder());
  const engines = findEngines();
  const findings = judgeMachine(machine);
  const missing = [...engines, ...findings].filter(({ state }) => state === 'missing');
  const lines = [
    `layerwise ${version()} on Node ${machine.node}, npm ${machine.npm ?? 'not found'}, ${machine.platform}`,
    `${machine.cores} cores (${machine.processor}), ${machine.freeMemoryMb} of ${machine.memoryMb} MB memory free`,
    '',
    'engines',
    ...engines.map(line),
    '',
    'packages and machine',
    ...findings.map(line),
    '',
    missing.length === 0
      ? 'Everything that a plain run needs is here.'
      : `Missing: ${missing.map(({ name }) => name).join(', ')}.`,
  ];
  return {
    text: lines.join('\n'),
    json: { version: version(), ...machine, engines, findings, ok: missing.length === 0 },
    exitCode: missing.length === 0 ? 0 : 1,
  };
}

const marks = { present: 'yes', optional: ' - ', missing: 'NO ' } as const;

function line({ name, state, detail, remedy }: Finding): string {
  return `  ${marks[state]}  ${name.padEnd(26)}${detail}${remedy === undefined ? '' : ` → ${remedy}`}`;
}
