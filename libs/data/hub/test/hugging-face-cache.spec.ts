import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { fetchModel, fetchTask } from '../src/index.js';
import { bench, bert, contents, ENCODER, failure, WEIGHTS, type Bench } from './bench.js';
import { commitOf, gitSha1, noise, sha256 } from './content.js';

const WANTED = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json', 'vocab.txt'];

/** Writes files as Hugging Face's tools do: blobs named by digest, a snapshot of links, a ref. */
async function writeCache(
  b: Bench,
  repo: string,
  id: string,
  files: Record<string, Buffer>,
): Promise<string> {
  const hfHome = join(b.cache, 'hf-home');
  const folder = join(hfHome, 'hub', repo);
  const commit = commitOf(id, 'main');
  for (const [path, content] of Object.entries(files)) {
    const digest = content.length >= 8000 ? sha256(content) : gitSha1(content);
    const blob = join(folder, 'blobs', digest);
    const name = join(folder, 'snapshots', commit, path);
    await mkdir(dirname(blob), { recursive: true });
    await mkdir(dirname(name), { recursive: true });
    await writeFile(blob, content);
    await symlink(relative(dirname(name), blob), name);
  }
  await mkdir(join(folder, 'refs'), { recursive: true });
  await writeFile(join(folder, 'refs', 'main'), commit);
  return hfHome;
}

const REPO = 'models--google-bert--bert-base-uncased';
const ID = 'google-bert/bert-base-uncased';
const blobOf = (hfHome: string, content: Buffer): string =>
  join(hfHome, 'hub', REPO, 'blobs', sha256(content));

describe("Hugging Face's own cache", () => {
  it.each([REPO, 'models--bert-base-uncased'])('is used instead of a download: %s', async (repo) => {
    const b = await bench(bert());
    const hfHome = await writeCache(b, repo, ID, ENCODER);
    const result = await fetchModel('bert-base-uncased', { ...b.options, hfHome });
    expect(result.files.map((file) => file.reused)).toEqual(WANTED.map(() => true));
    expect(b.hub.log.every((entry) => entry.path.startsWith('/api/models/'))).toBe(true);
    const { 'source.json': _note, ...files } = await contents(result.folder);
    expect(Object.keys(files)).toEqual(WANTED);
    for (const name of WANTED) expect(files[name]?.equals(ENCODER[name] ?? Buffer.alloc(0)), name).toBe(true);
    // Hard links: no second copy of the weights on the disk.
    expect((await stat(join(result.folder, 'model.safetensors'))).nlink).toBe(2);
  });

  it('is not believed blindly: a damaged file is downloaded and the cache left as it is', async () => {
    const b = await bench(bert());
    const hfHome = await writeCache(b, REPO, ID, ENCODER);
    const damaged = noise(WEIGHTS.length, 66);
    await writeFile(blobOf(hfHome, WEIGHTS), damaged);
    const result = await fetchModel('bert-base-uncased', { ...b.options, hfHome });
    expect(result.files.filter((file) => !file.reused).map((file) => file.path)).toEqual([
      'model.safetensors',
    ]);
    expect((await readFile(join(result.folder, 'model.safetensors'))).equals(WEIGHTS)).toBe(true);
    expect((await readFile(blobOf(hfHome, WEIGHTS))).equals(damaged)).toBe(true);
  });

  it('of another commit is not used', async () => {
    const b = await bench(bert());
    const hfHome = await writeCache(b, REPO, 'some/other', ENCODER);
    const result = await fetchModel('bert-base-uncased', { ...b.options, hfHome });
    expect(result.files.every((file) => !file.reused)).toBe(true);
  });
});

describe('offline', () => {
  it('takes a folder that an earlier fetch has completed, and sends nothing', async () => {
    const b = await bench(bert());
    const online = await fetchModel('bert-base-uncased', b.options);
    b.hub.log.length = 0;
    const offline = await fetchModel('bert-base-uncased', { ...b.options, offline: true });
    expect(offline).toEqual({ ...online, files: online.files.map((file) => ({ ...file, reused: true })) });
    expect(b.hub.log).toEqual([]);
  });

  it("takes Hugging Face's cache, models and tasks", async () => {
    const b = await bench();
    const hfHome = await writeCache(b, REPO, ID, ENCODER);
    const task = {
      'mrpc/train-00000-of-00001.parquet': noise(9000, 1),
      'mrpc/validation-00000-of-00001.parquet': noise(900, 2),
    };
    await writeCache(b, 'datasets--nyu-mll--glue', 'nyu-mll/glue', task);
    const options = { ...b.options, hfHome, offline: true };
    expect((await fetchModel(ID, options)).files.map((file) => file.path).sort()).toEqual(WANTED);
    const { folder, files } = await fetchTask('glue/mrpc', options);
    expect(files.map((file) => [file.bytes, file.reused])).toEqual([
      [9000, true],
      [900, true],
    ]);
    expect((await readFile(join(folder, 'train-00000-of-00001.parquet'))).equals(noise(9000, 1))).toBe(true);
    expect(b.hub.log).toEqual([]);
  });

  it.each(['nothing', 'a damaged folder', 'a damaged cache'])('with %s says what to do', async (what) => {
    const b = await bench(bert());
    let hfHome: string | undefined;
    if (what === 'a damaged folder') {
      const { folder } = await fetchModel('bert-base-uncased', b.options);
      await writeFile(join(folder, 'vocab.txt'), 'other');
    }
    if (what === 'a damaged cache') {
      hfHome = await writeCache(b, 'models--bert-base-uncased', ID, ENCODER);
      await writeFile(blobOf(hfHome, WEIGHTS).replace(REPO, 'models--bert-base-uncased'), 'other');
    }
    b.hub.log.length = 0;
    const error = await failure(fetchModel('bert-base-uncased', { ...b.options, hfHome, offline: true }));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(/HF_HUB_OFFLINE forbids .*: unset it.*\.$/);
    expect(b.hub.log).toEqual([]);
  });
});
