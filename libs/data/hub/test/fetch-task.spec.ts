import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { fetchTask } from '../src/index.js';
import { bench, contents, failure } from './bench.js';
import { noise } from './content.js';
import { type Repository } from './hub-server.js';

const splits = (folder: string, names: string[], seed: number): Record<string, Buffer> =>
  Object.fromEntries(
    names.map((name, i) => [`${folder}/${name}-00000-of-00001.parquet`, noise(8200 + i, seed + i)]),
  );

/** The layout of nyu-mll/glue: a folder a task, declared in the card as well. */
const GLUE: Repository = {
  kind: 'dataset',
  id: 'nyu-mll/glue',
  alias: 'glue',
  revisions: {
    main: {
      'README.md': Buffer.from('# a benchmark\n'),
      ...splits('mrpc', ['train', 'validation', 'test'], 20),
      ...splits('mnli', ['train', 'validation_matched', 'validation_mismatched', 'test_matched'], 30),
    },
  },
  cardData: {
    configs: ['mrpc', 'mnli'].map((config_name) => ({
      config_name,
      data_files: (config_name === 'mrpc'
        ? ['train', 'validation', 'test']
        : ['train', 'validation_matched', 'validation_mismatched', 'test_matched']
      ).map((split) => ({ split, path: `${config_name}/${split}-*` })),
    })),
  },
};

const dataset = (files: Record<string, Buffer>, more: Partial<Repository> = {}): Repository => ({
  kind: 'dataset',
  id: 'someone/sentences',
  revisions: { main: files },
  ...more,
});

const paths = (result: { files: { path: string }[] }): string[] =>
  result.files.map((file) => file.path).sort();

describe('fetchTask', () => {
  it.each([
    ['declared in the card', GLUE],
    ['seen from the folders alone', { ...GLUE, cardData: undefined }],
  ])('glue/mrpc and glue/mnli, %s', async (_title, repository) => {
    const b = await bench(repository);
    const mrpc = await fetchTask('glue/mrpc', b.options);
    expect(mrpc).toMatchObject({
      repo: 'nyu-mll/glue',
      config: 'mrpc',
      folder: join(b.cache, 'tasks', 'glue--mrpc'),
    });
    const { 'source.json': note, ...files } = await contents(mrpc.folder);
    expect(Object.keys(files)).toEqual(
      ['test', 'train', 'validation'].map((split) => `${split}-00000-of-00001.parquet`),
    );
    for (const [name, content] of Object.entries(files)) {
      expect(GLUE.revisions['main']?.[`mrpc/${name}`]?.equals(content), name).toBe(true);
    }
    expect(JSON.parse(String(note))).toMatchObject({
      kind: 'dataset',
      config: 'mrpc',
      files: [{ remotePath: 'mrpc/train-00000-of-00001.parquet' }, {}, {}],
    });

    const mnli = await fetchTask('nyu-mll/glue/mnli', b.options);
    expect(paths(mnli)).toEqual(
      ['test_matched', 'train', 'validation_matched', 'validation_mismatched'].map(
        (s) => `${s}-00000-of-00001.parquet`,
      ),
    );
  });

  it('names the tasks there are when none, or none of them, is asked for', async () => {
    const b = await bench(GLUE);
    for (const [name, words] of [
      ['glue', 'name one, as in glue/mnli'],
      ['glue/mrcp', 'no task "mrcp": it has mnli, mrpc'],
    ] as const) {
      const error = await failure(fetchTask(name, b.options));
      expect(error).toBeInstanceOf(InputError);
      expect(error.message).toContain(words);
    }
  });

  it('takes a data set of one task by its name, parts in order', async () => {
    const parts = Object.fromEntries(
      ['00001-of-00002', '00000-of-00002'].map((part, i) => [
        `data/train-${part}-0123456789abcdef.parquet`,
        noise(9000, i + 1),
      ]),
    );
    const b = await bench(dataset({ ...parts, 'data/test-00000-of-00001.parquet': noise(100, 5) }));
    const result = await fetchTask('someone/sentences', b.options);
    expect(paths(result)).toEqual([
      'test-00000-of-00001.parquet',
      'train-00000-of-00002.parquet',
      'train-00001-of-00002.parquet',
    ]);
    const files = await contents(result.folder);
    expect(files['train-00000-of-00002.parquet']?.equals(noise(9000, 2))).toBe(true);
    expect(result.config).toBe('default');
  });

  it('reads the forms of data_files that a card may have', async () => {
    const files = {
      'a/one.parquet': noise(50, 1),
      'a/deep/two.parquet': noise(60, 2),
      'b/[x].parquet': noise(70, 3),
      'train.parquet': noise(80, 4),
      'dev.parquet': noise(90, 5),
      'rows.csv': noise(10, 6),
    };
    const configs = [
      {
        config_name: 'globs',
        data_files: [
          { split: 'train', path: ['a/**/*.parquet'] },
          { split: 'test', path: 'b/*' },
        ],
      },
      { config_name: 'plain', data_files: ['train.parquet', 'dev.parquet'] },
      { config_name: 'single', data_files: '[td]*.parquet' },
      { config_name: 'no-parquet', data_files: 'rows.csv' },
    ];
    const b = await bench(dataset(files, { cardData: { configs } }));
    const globs = await fetchTask('someone/sentences/globs', b.options);
    expect(paths(globs)).toEqual([
      'test-00000-of-00001.parquet',
      'train-00000-of-00002.parquet',
      'train-00001-of-00002.parquet',
    ]);
    for (const config of ['plain', 'single']) {
      const result = await fetchTask(`someone/sentences/${config}`, b.options);
      expect(paths(result)).toEqual(['dev-00000-of-00001.parquet', 'train-00000-of-00001.parquet']);
    }
    expect((await failure(fetchTask('someone/sentences/no-parquet', b.options))).message).toContain(
      'globs, plain, single',
    );
  });

  it('falls back to the Parquet copy that the hub makes of other formats', async () => {
    const b = await bench(
      dataset(
        { 'rows.csv': noise(500, 1) },
        {
          revisions: {
            main: { 'rows.csv': noise(500, 1) },
            'refs/convert/parquet': {
              'default/train/0000.parquet': noise(9000, 1),
              'default/train/0001.parquet': noise(9100, 2),
              'default/validation/0000.parquet': noise(8100, 3),
            },
          },
        },
      ),
    );
    const result = await fetchTask('someone/sentences', b.options);
    expect(paths(result)).toEqual([
      'train-00000-of-00002.parquet',
      'train-00001-of-00002.parquet',
      'validation-00000-of-00001.parquet',
    ]);
    expect(JSON.parse(String((await contents(result.folder))['source.json']))).toMatchObject({
      revision: 'refs/convert/parquet',
    });
  });

  it('refuses a copy of a part, a split that is a path, and a data set without Parquet', async () => {
    const b = await bench(
      dataset({ 'default/partial-train/0000.parquet': noise(100, 1) }),
      dataset(
        { 'x.parquet': noise(100, 1) },
        {
          id: 'someone/evil',
          cardData: {
            configs: [{ config_name: 'x', data_files: [{ split: '../../x', path: 'x.parquet' }] }],
          },
        },
      ),
      dataset({ 'rows.csv': noise(100, 1) }, { id: 'someone/csv' }),
    );
    for (const [name, word] of [
      ['someone/sentences', 'only a part'],
      ['someone/evil', '"../../x"'],
      ['someone/csv', 'no Parquet files'],
    ] as const) {
      const error = await failure(fetchTask(name, b.options));
      expect(error).toBeInstanceOf(InputError);
      expect(error.message).toContain(word);
    }
    expect(await contents(b.cache)).toEqual({});
  });
});
