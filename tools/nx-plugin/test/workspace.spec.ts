/** Nx' own view of this workspace: edges between stage tasks as declared, none between their projects. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readDeclaration } from '../declaration.mjs';

const root = resolve(import.meta.dirname, '../../..');

const graphFile = z.object({
  graph: z.object({ dependencies: z.record(z.string(), z.array(z.object({ target: z.string() }))) }),
  tasks: z.object({
    tasks: z.record(z.string(), z.unknown()),
    dependencies: z.record(z.string(), z.array(z.string())),
  }),
});

const foldersIn = (folder: string): string[] => readdirSync(folder).map((name) => join(folder, name));

/** Stage → project and upstream stages, read off the declarations. */
const declared = new Map(
  foldersIn(join(root, 'libs'))
    .flatMap(foldersIn)
    .flatMap((lib) => {
      if (!readdirSync(join(lib, 'src')).includes('stage.ts')) return [];
      const file = join(lib, 'src/stage.ts');
      const { name, after } = readDeclaration(readFileSync(file, 'utf8'), file);
      return [[name, { project: basename(lib), after }] as const];
    }),
);

let folder: string;
let graph: z.infer<typeof graphFile>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerwise-graph-'));
  const file = join(folder, 'graph.json');
  const words = ['run-many', '-t', 'stage', `--graph=${file}`];
  execFileSync(process.execPath, [join(root, 'node_modules/.bin/nx'), ...words], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false', CI: 'true' },
    stdio: 'ignore',
  });
  graph = graphFile.parse(JSON.parse(readFileSync(file, 'utf8')));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('nx run-many -t stage', () => {
  it('has one task for each declared stage and nothing else', () => {
    const tasks = [...declared.values()].map(({ project }) => `${project}:stage`);
    expect(Object.keys(graph.tasks.tasks).sort()).toEqual(tasks.sort());
    expect(tasks.length).toBeGreaterThan(1);
  });

  it('runs every stage after those that its declaration names', () => {
    for (const { project, after } of declared.values()) {
      const upstream = after.map((stage) => `${declared.get(stage)?.project ?? '?'}:stage`);
      expect([...(graph.tasks.dependencies[`${project}:stage`] ?? [])].sort()).toEqual(upstream.sort());
    }
  });

  it('makes no edge between the projects', () => {
    const targets = graph.graph.dependencies['finetune']?.map(({ target }) => target);
    expect(targets).toContain('artifacts');
    expect(targets).not.toContain('datasets');
  });
});
