/** What the machine offers: Node, npm, cores, memory, disk, and the tools that only some work needs. */
import { spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { packageVersion } from './engines.js';
import type { Finding } from './finding.js';

const packages = [
  'onnxruntime-node',
  '@tensorflow/tfjs-core',
  'tokenizers',
  'apache-arrow',
  'hyparquet',
  'typescript',
  'nx',
] as const;

const gigabyte = 1e9;

export interface Machine {
  readonly node: string;
  readonly npm: string | null;
  readonly platform: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryMb: number;
  readonly freeMemoryMb: number;
  /** Free space where `data-cache` lies (or would lie). */
  readonly freeDiskMb: number;
  readonly packages: Readonly<Record<string, string | null>>;
}

/** @param dataCache the folder that downloads and results go to; it need not exist yet */
export function describeMachine(dataCache: string): Machine {
  const disk = statfsSync(existingParent(dataCache));
  return {
    node: process.versions.node,
    npm: versionOf('npm', ['--version']) ?? null,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryMb: megabytes(totalmem()),
    freeMemoryMb: megabytes(freemem()),
    freeDiskMb: megabytes(disk.bavail * disk.bsize),
    packages: Object.fromEntries(packages.map((name) => [name, packageVersion(name) ?? null])),
  };
}

/** What of the machine is too little for a plain run, and the tools that only some work needs. */
export function judgeMachine(machine: Machine): Finding[] {
  const findings: Finding[] = [];
  for (const [name, version] of Object.entries(machine.packages)) {
    findings.push(
      version === null
        ? { name, state: 'missing', detail: 'not installed', remedy: 'run `npm ci`' }
        : { name, state: 'present', detail: version },
    );
  }
  findings.push(
    enough(
      'memory',
      machine.memoryMb,
      8,
      'a 12-layer encoder takes about 5 GB: use a smaller one, or a smaller --batch',
    ),
    enough(
      'disk',
      machine.freeDiskMb,
      5,
      'an encoder, checkpoints and tasks take gigabytes: free some, or use --out elsewhere',
    ),
    tool('clang', ['--version'], 'only to change the WebAssembly sources: install clang and lld'),
    tool('python3', ['--version'], 'only to compare with PyTorch or to build tfjs-node: install Python 3.11'),
  );
  return findings;
}

function enough(name: string, megabytesFound: number, gigabytesWanted: number, remedy: string): Finding {
  const found = (megabytesFound / 1000).toFixed(1);
  return megabytesFound * 1e6 >= gigabytesWanted * gigabyte
    ? { name, state: 'present', detail: `${found} GB` }
    : { name, state: 'optional', detail: `${found} GB, less than ${gigabytesWanted} GB`, remedy };
}

function tool(name: string, args: readonly string[], remedy: string): Finding {
  const version = versionOf(name, args);
  return version === undefined
    ? { name, state: 'optional', detail: 'not installed', remedy }
    : { name, state: 'present', detail: version };
}

/** The first line a program prints of itself, or undefined where it cannot be run. */
function versionOf(program: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  });
  return status === 0 ? stdout.trim().split('\n')[0] : undefined;
}

function existingParent(path: string): string {
  return existsSync(path) ? path : existingParent(dirname(path));
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
