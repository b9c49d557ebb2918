/** What every test of a fetch needs: a folder of its own, a hub of its own, a clock that does not wait. */
import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { HubOptions } from '../src/index.js';
import { noise } from './content.js';
import { startHub, type Hub, type Repository } from './hub-server.js';

export interface Bench {
  hub: Hub;
  cache: string;
  /** Options for a fetch from this hub into this cache. */
  options: HubOptions;
  /** The waits between attempts so far, ms. */
  waits: number[];
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

export async function bench(...repositories: Repository[]): Promise<Bench> {
  const hub = await startHub(repositories);
  const cache = await mkdtemp(join(tmpdir(), 'hub-'));
  cleanups.push(async () => {
    await hub.close();
    await rm(cache, { recursive: true, force: true });
  });
  hub.arrived = (file, length) => {
    if (length === 0 || file === 'listing') return true;
    const entries = readdirSync(cache, { recursive: true, withFileTypes: true });
    const partial = entries.find((entry) => entry.name === `${file}.partial` && entry.isFile());
    return (
      partial !== undefined &&
      (statSync(join(partial.parentPath, partial.name), { throwIfNoEntry: false })?.size ?? 0) >= length
    );
  };
  const waits: number[] = [];
  const clock = {
    now: () => Date.UTC(2024, 4, 6, 7, 8, 9),
    sleep: (ms: number) => {
      waits.push(ms);
      return Promise.resolve();
    },
  };
  return { hub, cache, waits, options: { cacheFolder: cache, endpoint: hub.endpoint, clock, stallMs: 5000 } };
}

export const WEIGHTS = noise(300_000, 7);
export const CONFIG = Buffer.from('{"model_type":"bert","hidden_size":32}\n');
export const ENCODER: Record<string, Buffer> = {
  'README.md': Buffer.from('# an encoder\n'),
  'config.json': CONFIG,
  'model.safetensors': WEIGHTS,
  'onnx/model.onnx': noise(9000, 8),
  'pytorch_model.bin': noise(9000, 9),
  'tokenizer.json': noise(20_000, 10),
  'tokenizer_config.json': Buffer.from('{}\n'),
  'vocab.txt': Buffer.from('[PAD]\n[UNK]\n'),
};

export const bert = (more: Partial<Repository> = {}): Repository => ({
  kind: 'model',
  id: 'google-bert/bert-base-uncased',
  alias: 'bert-base-uncased',
  revisions: { main: ENCODER },
  ...more,
});

/** Every file below a folder with its content; the lock and staging folders would show here, too. */
export async function contents(folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = files
    .sort()
    .map(async (path) => [path.slice(folder.length + 1), await readFile(path)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

/** The error of a promise that must fail. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('it should have failed with an error');
  return error;
}
