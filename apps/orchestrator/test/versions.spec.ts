/**
 * Files that earlier versions wrote (`versions/v1`, made by `versions/make.mjs`): every later version reads
 * them, and finds in them what was found when they were kept. A newer version's file is refused as such.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  combinationFile,
  findManifest,
  manifestName,
  ownManifest,
  presetFile,
  ranksFile,
  readAnyTable,
  readJsonFile,
  readTable,
  studyFile,
  writeTable,
  type TableSchema,
} from '@layerwise/artifacts';
import { SEQUENCE_CHECKPOINT, type CheckpointKind } from '@layerwise/finetune';
import { openSafetensors, writeSafetensors } from '@layerwise/model';
import { readStudy } from '@layerwise/search';
import { readPreset } from '../src/stages/preset.js';
import { temporaryFolder } from './command.js';

const workspace = resolve(import.meta.dirname, '../../..');
const kept = join(import.meta.dirname, 'versions/v1');
const files = readdirSync(kept).sort();
const NEWER = 'was written by a newer layerwise (';

/** Also what a lib keeps to itself: formats are older than doors. */
function source<Exports>(file: string): Promise<Exports> {
  return import(join(workspace, 'libs', file)) as Promise<Exports>;
}

/** What was read, as a text that can be compared. */
function shown(value: unknown): string {
  const plain = (_: string, item: unknown): unknown => {
    if (typeof item === 'bigint' || (typeof item === 'number' && !Number.isFinite(item))) return String(item);
    return ArrayBuffer.isView(item) ? Array.from(item as Float64Array) : item;
  };
  return `${JSON.stringify(value, plain, 1)}\n`;
}

/** Every table that a lib declares and others can read. */
async function declaredTables(): Promise<TableSchema[]> {
  const sources = readdirSync(join(workspace, 'libs'), { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      /^[\w-]+\/[\w-]+\/src\/.*\.ts$/.test(file.replaceAll('\\', '/')) &&
      !file.endsWith('.spec.ts') &&
      readFileSync(join(workspace, 'libs', file), 'utf8').includes('export const') &&
      readFileSync(join(workspace, 'libs', file), 'utf8').includes('defineTable({'),
  );
  const modules = await Promise.all(sources.map((file) => source<Record<string, unknown>>(file)));
  return modules.flatMap((module) => Object.values(module)).filter(isTable);
}

function isTable(value: unknown): value is TableSchema {
  return typeof value === 'object' && value !== null && 'metadataKeys' in value && 'columns' in value;
}

const tables = await declaredTables();

describe('tables', () => {
  it('are all kept, in the version of today', () => {
    expect(tables.length).toBeGreaterThan(20);
    const missing = tables
      .map(({ name, version }) => `${name}-${version}.arrow`)
      .filter((name) => !files.includes(name));
    expect(missing, 'run versions/make.mjs, which adds them').toEqual([]);
  });

  it.each(tables.map((table) => [`${table.name}-${table.version}.arrow`, table] as const))(
    '%s is read',
    async (name, table) => {
      const { rows, metadata, column } = await readTable(join(kept, name), table);
      const columns = table.columns.map(
        (declared) =>
          [declared.name, Array.from(column(declared.name) as ArrayLike<unknown>).slice(0, 3)] as const,
      );
      await expect(shown({ rows, metadata, columns })).toMatchFileSnapshot(`versions/v1/read/${name}.json`);
    },
  );

  it('of a newer version are refused', async () => {
    const file = join(temporaryFolder(), 'trials.arrow');
    const table = tables.find(({ name }) => name === 'trials')!;
    const { metadata, column } = await readTable(join(kept, 'trials-1.arrow'), table);
    const columns = Object.fromEntries(table.columns.map(({ name }) => [name, column(name)]));
    await writeTable(file, { ...table, version: 2 }, columns as never, metadata);
    await expect(readTable(file, table)).rejects.toThrow(
      `${file} ${NEWER}table trials version 2, and this one reads up to 1)`,
    );
    expect((await readAnyTable(file, 1)).schema?.version).toBe(2);
  });
});

describe('JSON that is handed on', () => {
  const readers: readonly (readonly [name: string, read: (path: string) => Promise<unknown>])[] = [
    ['study.json', (path) => readJsonFile(studyFile, path)],
    ['combination.json', (path) => readJsonFile(combinationFile, path)],
    ['ranks.json', (path) => readJsonFile(ranksFile, path)],
    ['preset.json', (path) => readJsonFile(presetFile, path)],
  ];

  it.each(readers)('%s is read', async (name, read) => {
    await expect(shown(await read(join(kept, name)))).toMatchFileSnapshot(`versions/v1/read/${name}`);
  });

  it.each(readers)('%s of a newer version is refused', async (name, read) => {
    const file = join(temporaryFolder(), name);
    writeFileSync(file, JSON.stringify({ version: 2, searched: 'in another form' }));
    await expect(read(file)).rejects.toThrow(`${file} ${NEWER}${name} version 2`);
  });
});

describe('a manifest', () => {
  it('is read', async () => {
    await expect(shown(await findManifest(kept))).toMatchFileSnapshot('versions/v1/read/manifest.json');
  });

  it("of a newer version is refused, another program's is none", async () => {
    const folder = temporaryFolder();
    const file = join(folder, manifestName);
    writeFileSync(file, JSON.stringify({ version: 2, stage: 'embed', stageVersion: 1 }));
    await expect(ownManifest(folder)).rejects.toThrow(`${file} ${NEWER}manifest.json version 2`);
    writeFileSync(file, JSON.stringify({ version: 3, name: 'an extension of a browser' }));
    expect(await ownManifest(folder)).toBeNull();
  });
});

interface StoredPlace {
  readonly fingerprint: string;
  readonly step: number;
}
type Kind = CheckpointKind<StoredPlace, string>;

const { isCheckpointOf } = await source<{
  isCheckpointOf: (kind: Kind, file: string, fingerprint: string) => boolean;
}>('training/finetune/src/phases/checkpoint.ts');
const { PAIR_CHECKPOINT } = await source<{ PAIR_CHECKPOINT: Kind }>(
  'training/finetune/src/runs/pair-checkpoint.ts',
);
const { PRETRAINING_CHECKPOINT } = await source<{ PRETRAINING_CHECKPOINT: Kind }>(
  'training/pretraining/src/checkpoint.ts',
);

describe('a checkpoint', () => {
  const kinds = [
    ['pair', PAIR_CHECKPOINT],
    ['sequence', SEQUENCE_CHECKPOINT as unknown as Kind],
    ['pretraining', PRETRAINING_CHECKPOINT],
  ] as const;

  it.each(kinds)('of kind %s is read', async (name, kind) => {
    const file = join(kept, `${name}.safetensors`);
    const { metadata, tensors } = openSafetensors(file);
    const place = kind.place.parse(JSON.parse(metadata[kind.key] ?? ''));
    expect(isCheckpointOf(kind, file, place.fingerprint)).toBe(true);
    const columns = kind.columns.map((column) => tensors.get(`${kind.prefix}.${column}`)?.dtype);
    expect(new Set(columns)).toEqual(new Set(['F64']));
    const held = [...tensors].map(([tensor, { dtype, length }]) => `${tensor} ${dtype} ${length}`).sort();
    await expect(shown({ place, held })).toMatchFileSnapshot(`versions/v1/read/${name}.safetensors.json`);
  });

  it.each(kinds)('of kind %s and a newer version is refused, and not begun over', async (name, kind) => {
    const { metadata } = openSafetensors(join(kept, `${name}.safetensors`));
    const place = JSON.parse(metadata[kind.key] ?? '') as { fingerprint: string };
    const file = join(temporaryFolder(), 'checkpoint.safetensors');
    await writeSafetensors(file, [], { metadata: { [kind.key]: JSON.stringify({ ...place, version: 2 }) } });
    expect(() => isCheckpointOf(kind, file, place.fingerprint)).toThrow(
      `${file} ${NEWER}checkpoint of ${kind.owner} version 2`,
    );
  });
});

describe('a journal', () => {
  const journal = join(kept, 'journal.jsonl');
  const events = readFileSync(journal, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { event: { type: string } }).event);

  /** The journal with other events. */
  function written(those: readonly object[]): string {
    const lines = those.map((event) => {
      const text = JSON.stringify(event);
      return `{"event":${text},"crc":"${crc32(text).toString(16).padStart(8, '0')}"}\n`;
    });
    const file = join(temporaryFolder(), 'journal.jsonl');
    writeFileSync(file, lines.join(''));
    return file;
  }

  it('has every event that there is, and is read', async () => {
    const source = readFileSync(join(workspace, 'libs/tuning/search/src/study/events.ts'), 'utf8');
    const types = [...source.matchAll(/z\.(?:literal\('([a-z-]+)'\)|enum\(\['(failed)', '(diverged)'\]\))/g)]
      .flatMap((found) => found.slice(1))
      .filter((type) => type);
    expect(types).toHaveLength(13);
    expect([...new Set(events.map(({ type }) => type))].sort()).toEqual(types.sort());
    await expect(shown(readStudy(journal))).toMatchFileSnapshot('versions/v1/read/journal.json');
  });

  it('of a newer version, or with an event of one, is refused with its line', () => {
    const [created = { type: '' }, ...rest] = events;
    const later = written([{ ...created, version: 2 }, ...rest]);
    expect(() => readStudy(later)).toThrow(`${later}, line 1 ${NEWER}journal version 2`);
    const odd = written([...events, { type: 'rested', trial: 0 }]);
    expect(() => readStudy(odd)).toThrow(
      `${odd}, line ${events.length + 1} ${NEWER}it has the event rested)`,
    );
  });
});

describe('a preset', () => {
  it('is read', async () => {
    await expect(shown(await readPreset(join(kept, 'preset.yaml')))).toMatchFileSnapshot(
      'versions/v1/read/preset.yaml.json',
    );
  });

  it('of a newer version is refused', async () => {
    const file = join(temporaryFolder(), 'p.yaml');
    writeFileSync(file, 'version: 2\nsearch: {trials: 2}\n');
    await expect(readPreset(file)).rejects.toThrow(`${file} ${NEWER}preset version 2`);
  });
});
