/** The targets that the plugin makes are the stages' declarations, no more and no less. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDeclaration } from '../declaration.mjs';
import { createNodesV2 } from '../stages.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layerwise-plugin-'));
  write('apps/orchestrator/presets/tiny.yaml', '{}');
  write('apps/orchestrator/presets/paper.yaml', '{}');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Writes a lib whose Nx project has another name than its stage. */
function declare(lib: string, name: string, after: readonly string[], more = ''): string {
  const file = `libs/${lib}/src/stage.ts`;
  const list = after.map((other) => `'${other}'`).join(', ');
  write(file, `export const stage = defineStage({ name: '${name}', after: [${list}], version: 1${more} });`);
  write(
    `libs/${lib}/package.json`,
    JSON.stringify({ name: `@layerwise/${lib}`, nx: { name: `${lib}-lib` } }),
  );
  return file;
}

/** Project folder → its targets beside `stage`, of the last call of `targetsOf`. */
let plots: Record<string, unknown>;

interface Target {
  readonly command: string;
  readonly cache: boolean;
  readonly dependsOn: readonly { readonly projects: readonly string[]; readonly target: string }[];
  readonly configurations: Readonly<Record<string, { readonly args: string }>>;
}

/** Project folder → its stage target, as Nx receives them. */
async function targetsOf(files: readonly string[]): Promise<Record<string, Target>> {
  plots = {};
  const [, create] = createNodesV2;
  const results = await create(files, undefined, { workspaceRoot: root, nxJsonConfiguration: {} });
  return Object.fromEntries(
    results.flatMap(([, { projects }]) =>
      Object.entries(projects ?? {}).map(([folder, project]) => {
        const { stage, ...rest } = project.targets as unknown as Record<'stage', Target>;
        plots[folder] = rest;
        return [folder, stage];
      }),
    ),
  );
}

describe('targets of stages', () => {
  it('turn `after` into edges between tasks, by the project that declares the stage', async () => {
    const files = [
      declare('data', 'tasks', []),
      declare('train', 'finetune', ['tasks']),
      declare('page', 'report', ['tasks', 'finetune']),
    ];
    const targets = await targetsOf(files);
    const edges = Object.fromEntries(
      Object.entries(targets).map(([folder, target]) => [folder, target.dependsOn]),
    );
    expect(edges).toEqual({
      'libs/data': [],
      'libs/train': [{ projects: ['data-lib'], target: 'stage' }],
      'libs/page': [
        { projects: ['data-lib'], target: 'stage' },
        { projects: ['train-lib'], target: 'stage' },
      ],
    });
  });

  it('run the stage by name, uncached, with a configuration for each preset file', async () => {
    const { 'libs/data': target } = await targetsOf([declare('data', 'tasks', [])]);
    expect(target?.command).toBe('node apps/orchestrator/bin/layerwise.js stage tasks');
    expect(target?.cache).toBe(false);
    expect(target?.configurations).toEqual({
      paper: { args: '--preset=paper' },
      tiny: { args: '--preset=tiny' },
    });
  });

  it('have one for pictures beside them where the stage draws any, after nothing', async () => {
    await targetsOf([
      declare('data', 'tasks', []),
      declare('map', 'projection', ['tasks'], ', plots: drawPlots'),
      declare('cut', 'length-shift', ['tasks'], ', async plots(context) {}'),
    ]);
    expect(plots).toMatchObject({
      'libs/data': {},
      'libs/map': {
        plots: {
          command: 'node apps/orchestrator/bin/layerwise.js plots projection',
          cache: false,
          dependsOn: [],
          configurations: { paper: { args: '--preset=paper' }, tiny: { args: '--preset=tiny' } },
        },
      },
      'libs/cut': { plots: { command: 'node apps/orchestrator/bin/layerwise.js plots length-shift' } },
    });
    expect(plots['libs/data']).toEqual({});
  });

  it('refuse an upstream stage that nobody declares', async () => {
    const files = [declare('train', 'finetune', ['tasks'])];
    await expect(targetsOf(files)).rejects.toThrow(
      'libs/train/src/stage.ts names the stage "tasks" in `after`, but the stages are: finetune.',
    );
  });
});

describe('reading a declaration', () => {
  it('finds name and after among other properties, types and comments', () => {
    const text = `
      // defineStage({ name: 'a comment' })
      import { defineStage } from '@layerwise/artifacts';
      const other = { name: 'other' };
      export const stage = defineStage({
        version: 2, name: 'length-shift', after: ['datasets'] as const,
        run: (input: { name: string }) => ({ name: input.name }),
      });`;
    expect(readDeclaration(text, 'stage.ts')).toEqual({
      name: 'length-shift',
      after: ['datasets'],
      plots: false,
    });
  });

  it.each([
    ['const stage = 1;', 'once, but does so 0 times'],
    ['defineStage({ name: "a" }); defineStage({ name: "b" });', 'once, but does so 2 times'],
    ['defineStage(declaration);', 'an object literal'],
    ['defineStage({ name: `a${1}` });', "the stage's `name` as a string literal"],
    ['defineStage({ name: "a", after: others });', 'an array of string literals'],
  ])('refuses %s', (text, sentence) => {
    expect(() => readDeclaration(text, 'stage.ts')).toThrow(sentence);
  });
});
