/** What `doctor` says of an engine is what happens when it is started. */
import { describe, expect, it } from 'vitest';
import { startEngine } from '@layerwise/engine';
import { ENGINE_NAMES } from '@layerwise/engine/options';
import { findEngines } from '../src/commands/doctor/engines.js';
import { describeMachine, judgeMachine } from '../src/commands/doctor/machine.js';
import { createProgram } from '../src/main.js';
import { runCommand } from '../src/running/run-command.js';
import { dataCacheFolder } from '../src/running/workspace.js';

const findings = findEngines();
const stateOf = (name: string): string | undefined => findings.find((found) => found.name === name)?.state;

describe('engines', () => {
  it('lists every engine and provider', () => {
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...ENGINE_NAMES, 'cuda', 'webgpu']),
    );
  });

  it.each(ENGINE_NAMES)('%s starts if and only if it is said to be present', async (name) => {
    // The two TensorFlow bindings exclude each other in one process: none is started where one is there.
    if (name.startsWith('tfjs-node') && stateOf(name) === 'present') return;
    const start = startEngine(name);
    if (stateOf(name) === 'present') expect((await start).name).toBe(name);
    else await expect(start).rejects.toThrow('tools/tfjs-node/build.sh');
  });

  it('says what to do about everything that is not there', () => {
    for (const { state, remedy, name } of [...findings, ...findEngines('plan9', 'mips')]) {
      if (state !== 'present') expect(remedy, name).toBeTruthy();
    }
  });

  it('misses the default engine where there is no binary for the machine', () => {
    const found = findEngines('plan9', 'mips').find(({ name }) => name === 'onnxruntime');
    expect(found).toMatchObject({ state: 'missing', remedy: expect.stringContaining('tfjs-wasm') as string });
  });
});

describe('the machine', () => {
  const machine = describeMachine(dataCacheFolder());

  it('is described in numbers', () => {
    expect(machine.node).toBe(process.versions.node);
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.freeDiskMb).toBeGreaterThan(0);
    expect(machine.memoryMb).toBeGreaterThanOrEqual(machine.freeMemoryMb);
  });

  it('is judged: too little memory has a remedy, a missing package is missing', () => {
    const poor = judgeMachine({ ...machine, memoryMb: 2000, packages: { 'apache-arrow': null } });
    expect(poor).toContainEqual(
      expect.objectContaining({ name: 'memory', state: 'optional', detail: '2.0 GB, less than 8 GB' }),
    );
    expect(poor).toContainEqual({
      name: 'apache-arrow',
      state: 'missing',
      detail: 'not installed',
      remedy: 'run `npm ci`',
    });
  });
});

it('the command prints one JSON object', async () => {
  let stdout = '';
  const streams = { stdout: (text: string) => void (stdout += text), stderr: () => undefined };
  expect(await runCommand(await createProgram(streams), ['doctor', '--json'], streams)).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, node: process.versions.node });
});
