import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { fetchModel, type Progress } from '../src/index.js';
import { bench, bert, CONFIG, contents, ENCODER, failure, WEIGHTS } from './bench.js';
import { commitOf, noise, sha256 } from './content.js';
import { type Repository } from './hub-server.js';

const WANTED = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json', 'vocab.txt'];

describe('fetchModel', () => {
  it('fetches what an encoder folder needs, under the name that was typed, through the canonical redirect', async () => {
    const { hub, cache, options } = await bench(bert());
    const result = await fetchModel('bert-base-uncased', options);
    expect(result.folder).toBe(join(cache, 'models', 'bert-base-uncased'));
    expect(result.repo).toBe('google-bert/bert-base-uncased');
    expect(result.commit).toBe(commitOf('google-bert/bert-base-uncased', 'main'));
    expect(
      hub.log.some((entry) => entry.status === 307 && entry.path.startsWith('/api/models/bert-base')),
    ).toBe(true);

    const { 'source.json': note, ...files } = await contents(result.folder);
    expect(Object.keys(files).sort()).toEqual(WANTED);
    for (const name of WANTED) expect(files[name]?.equals(ENCODER[name] ?? Buffer.alloc(0)), name).toBe(true);
    expect(result.files.map((file) => file.path).sort()).toEqual(WANTED);
    for (const file of result.files) {
      const content = ENCODER[file.path] ?? Buffer.alloc(0);
      expect(file).toEqual({
        path: file.path,
        bytes: content.length,
        digest: `sha256:${sha256(content)}`,
        reused: false,
      });
    }
    expect(JSON.parse(String(note))).toEqual({
      name: 'bert-base-uncased',
      kind: 'model',
      repo: 'google-bert/bert-base-uncased',
      config: null,
      revision: 'main',
      commit: result.commit,
      date: '2024-05-06T07:08:09.000Z',
      files: result.files.map(({ path, bytes }) => ({
        path,
        remotePath: path,
        bytes,
        sha256: sha256(ENCODER[path] ?? Buffer.alloc(0)),
      })),
    });
    expect(String(note)).not.toContain(hub.endpoint);
    // Nothing else is left in the cache: no lock, no staging folder.
    expect(
      Object.keys(await contents(cache)).every((path) => path.startsWith('models/bert-base-uncased/')),
    ).toBe(true);
  });

  it('sends the token to the hub with every request and to the storage host never', async () => {
    const { hub, options } = await bench(bert({ privateTo: 'hf_secret' }));
    await fetchModel('bert-base-uncased', { ...options, token: 'hf_secret' });
    const toHub = hub.log.filter((entry) => entry.server === 'hub');
    const toStorage = hub.log.filter((entry) => entry.server === 'storage');
    expect(toStorage.length).toBe(2);
    expect(toHub.map((entry) => entry.headers.authorization)).toEqual(toHub.map(() => 'Bearer hf_secret'));
    expect(toStorage.map((entry) => entry.headers.authorization)).toEqual([undefined, undefined]);
    expect(JSON.stringify(toStorage)).not.toContain('hf_secret');
    expect(hub.log.every((entry) => entry.headers['accept-encoding'] === 'identity')).toBe(true);
  });

  it('reports progress file by file up to the whole', async () => {
    const { options } = await bench(bert());
    const steps: Progress[] = [];
    await fetchModel('bert-base-uncased', { ...options, onProgress: (step) => steps.push(step) });
    const weights = steps.filter((step) => step.file === 'model.safetensors');
    expect(weights.every((step) => step.total === WEIGHTS.length && step.filesTotal === 5)).toBe(true);
    const received = weights.map((step) => step.received);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(received.length).toBeGreaterThan(2);
    expect(steps.at(-1)).toMatchObject({ filesDone: 5, filesTotal: 5 });
    expect(steps.map((step) => step.filesDone)).toEqual(steps.map((step) => step.filesDone).sort());
  });

  it('downloads nothing a second time, and only what is damaged a third', async () => {
    const { hub, options } = await bench(bert());
    const first = await fetchModel('bert-base-uncased', options);
    const note = await stat(join(first.folder, 'source.json'));
    hub.log.length = 0;
    const second = await fetchModel('bert-base-uncased', options);
    expect(second.files).toEqual(first.files.map((file) => ({ ...file, reused: true })));
    expect(hub.log.every((entry) => entry.path.startsWith('/api/models/'))).toBe(true);

    expect((await stat(join(first.folder, 'source.json'))).ino).toBe(note.ino); // its date stays

    const damaged = Buffer.from(WEIGHTS);
    damaged[1234] = (damaged[1234] ?? 0) ^ 1;
    await writeFile(join(first.folder, 'model.safetensors'), damaged);
    const third = await fetchModel('bert-base-uncased', options);
    expect(third.files.filter((file) => !file.reused).map((file) => file.path)).toEqual([
      'model.safetensors',
    ]);
    expect((await readFile(join(first.folder, 'model.safetensors'))).equals(WEIGHTS)).toBe(true);
  });

  it('follows a branch that has moved: changed files anew, vanished ones gone, others left alone', async () => {
    const repository = bert();
    const { options } = await bench(repository);
    const first = await fetchModel('bert-base-uncased', options);
    await writeFile(join(first.folder, 'my-notes.txt'), 'mine');
    const before = await stat(join(first.folder, 'model.safetensors'));
    const { 'tokenizer_config.json': _gone, ...rest } = ENCODER;
    const changed = Buffer.from('{"model_type":"bert","hidden_size":64}\n');
    repository.revisions['main'] = { ...rest, 'config.json': changed };
    const second = await fetchModel('bert-base-uncased', options);
    expect(second.files.filter((file) => !file.reused).map((file) => file.path)).toEqual(['config.json']);
    const files = await contents(first.folder);
    expect(Object.keys(files).sort()).toEqual(
      [
        'config.json',
        'model.safetensors',
        'my-notes.txt',
        'source.json',
        'tokenizer.json',
        'vocab.txt',
      ].sort(),
    );
    expect(files['config.json']?.equals(changed)).toBe(true);
    expect((await stat(join(first.folder, 'model.safetensors'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('keeps a revision in a folder of its own', async () => {
    const other = Buffer.from('{"model_type":"bert","hidden_size":16}\n');
    const { cache, options } = await bench(
      bert({ revisions: { main: ENCODER, 'refs/pr/4': { ...ENCODER, 'config.json': other } } }),
    );
    await fetchModel('bert-base-uncased', options);
    const result = await fetchModel('bert-base-uncased', { ...options, revision: 'refs/pr/4' });
    expect(result.folder).toBe(join(cache, 'models', 'bert-base-uncased@refs--pr--4'));
    expect((await readFile(join(result.folder, 'config.json'))).equals(other)).toBe(true);
    expect((await readFile(join(cache, 'models', 'bert-base-uncased', 'config.json'))).equals(CONFIG)).toBe(
      true,
    );
  });

  it('does not replace files that no fetch has put there', async () => {
    const { cache, options } = await bench(bert());
    const folder = join(cache, 'models', 'bert-base-uncased');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), 'my own');
    const error = await failure(fetchModel('bert-base-uncased', options));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain(join(folder, 'config.json'));
    expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe('my own');
  });

  it('works with a hub that lists names alone: sizes and digests then come with the files', async () => {
    const { hub, options } = await bench(bert());
    hub.tamper = (listing) => {
      listing.siblings = listing.siblings.map(({ rfilename }) => ({ rfilename }));
    };
    hub.fail('model.safetensors', { cutAfter: 100_000 }, { corrupt: true });
    hub.fail('config.json', { corrupt: true });
    const result = await fetchModel('bert-base-uncased', options);
    const { 'source.json': _note, ...files } = await contents(result.folder);
    for (const name of WANTED) expect(files[name]?.equals(ENCODER[name] ?? Buffer.alloc(0)), name).toBe(true);
    expect(hub.served('config.json').length).toBe(2);
  });
});

describe('weights', () => {
  const sharded = (index: unknown): Repository => ({
    kind: 'model',
    id: 'someone/large',
    revisions: {
      main: {
        'config.json': CONFIG,
        'model-00001-of-00002.safetensors': noise(9000, 1),
        'model-00002-of-00002.safetensors': noise(8500, 2),
        'model.safetensors.index.json': Buffer.from(JSON.stringify(index)),
      },
    },
  });

  it('come as shards with their index', async () => {
    const map = { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' };
    const { options, cache } = await bench(sharded({ weight_map: map }));
    const result = await fetchModel('someone/large', options);
    expect(result.folder).toBe(join(cache, 'models', 'someone--large'));
    expect(result.files.map((file) => file.path)).toEqual([
      'config.json',
      'model.safetensors.index.json',
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
    ]);
  });

  it('whose index names a shard that is not there are an error, and no folder appears', async () => {
    const { options, cache } = await bench(
      sharded({ weight_map: { a: 'model-00003-of-00003.safetensors' } }),
    );
    const error = await failure(fetchModel('someone/large', options));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain('model-00003-of-00003.safetensors');
    await expect(stat(join(cache, 'models', 'someone--large'))).rejects.toThrow('ENOENT');
  });

  it('that are a pickle alone are refused with how to convert them', async () => {
    const { 'model.safetensors': _weights, ...rest } = ENCODER;
    const { hub, options, cache } = await bench(bert({ revisions: { main: rest } }));
    const error = await failure(fetchModel('bert-base-uncased', options));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain('pytorch_model.bin');
    expect(error.message).toContain('save_pretrained("DIR", safe_serialization=True)');
    expect(hub.log.every((entry) => entry.path.startsWith('/api/'))).toBe(true);
    expect(await contents(cache)).toEqual({});
  });

  it('that are missing, as a missing config, are said so', async () => {
    const { options } = await bench(
      { kind: 'model', id: 'a/no-config', revisions: { main: { 'model.safetensors': noise(100, 1) } } },
      { kind: 'model', id: 'a/no-weights', revisions: { main: { 'config.json': CONFIG } } },
    );
    expect((await failure(fetchModel('a/no-config', options))).message).toContain('config.json');
    expect((await failure(fetchModel('a/no-weights', options))).message).toContain('no model.safetensors');
  });
});
