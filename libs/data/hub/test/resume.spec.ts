import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { fetchModel } from '../src/index.js';
import { bench, bert, contents, ENCODER, failure, WEIGHTS, type Bench } from './bench.js';
import { noise } from './content.js';

const FILE = 'model.safetensors';
const fetchBert = (b: Bench, more = {}) => fetchModel('bert-base-uncased', { ...b.options, ...more });
const staged = (b: Bench, name: string) => join(b.cache, 'models', 'bert-base-uncased.partial', name);

async function expectWhole(b: Bench): Promise<void> {
  const files = await contents(join(b.cache, 'models', 'bert-base-uncased'));
  expect(files[FILE]?.equals(WEIGHTS)).toBe(true);
  expect(Object.keys(files).filter((name) => name.includes('partial'))).toEqual([]);
}

describe('a broken download', () => {
  it('goes on where the connection was cut, with Range and If-Range', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { cutAfter: 120_000 }, { cutAfter: 50_000 });
    await fetchBert(b);
    await expectWhole(b);
    const served = b.hub.served(FILE);
    expect(served.map((entry) => entry.status)).toEqual([200, 206, 206]);
    expect(served.map((entry) => entry.headers.range)).toEqual([undefined, 'bytes=120000-', 'bytes=170000-']);
    expect(served[1]?.headers['if-range']).toMatch(/^"[0-9a-f]{64}"$/);
    expect(served.reduce((sum, entry) => sum + entry.sent, 0)).toBe(WEIGHTS.length);
    expect(b.waits).toEqual([1000, 1000]);
  });

  it('is given up after so many attempts without a new byte, and the next run goes on from there', async () => {
    const b = await bench(bert());
    b.hub.fail(
      FILE,
      { cutAfter: 120_000 },
      { cutAfter: 0 },
      { cutAfter: 0 },
      { status: 503 },
      { status: 502 },
    );
    const error = await failure(fetchBert(b, { attempts: 5 }));
    expect(error).not.toBeInstanceOf(InputError);
    expect(error.message).toMatch(/5 times in a row: run the same command again, which goes on .*\.$/);
    expect(error.message).not.toContain('\n');
    expect(b.waits).toEqual([1000, 2000, 4000, 8000]);
    await expect(stat(join(b.cache, 'models', 'bert-base-uncased'))).rejects.toThrow('ENOENT');
    expect((await stat(staged(b, `${FILE}.partial`))).size).toBe(120_000);

    b.hub.log.length = 0;
    const result = await fetchBert(b);
    await expectWhole(b);
    expect(b.hub.served(FILE).map((entry) => [entry.status, entry.sent])).toEqual([
      [206, WEIGHTS.length - 120_000],
    ]);
    expect(result.files.find((file) => file.path === 'config.json')?.reused).toBe(true);
    expect(result.files.find((file) => file.path === FILE)?.reused).toBe(false);
  });

  it('goes on for as long as it gets on: more cuts than attempts', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, ...Array.from({ length: 9 }, () => ({ cutAfter: 20_000 })));
    await fetchBert(b, { attempts: 2 });
    await expectWhole(b);
    expect(b.hub.served(FILE).length).toBe(10);
  });

  it('starts anew when the server sends the whole, and ends when that is cut at the same place', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { cutAfter: 120_000 }, { ignoreRange: true });
    await fetchBert(b);
    await expectWhole(b);
    expect(b.hub.served(FILE).map((entry) => entry.status)).toEqual([200, 200]);

    const again = await bench(bert());
    again.hub.fail(FILE, ...Array.from({ length: 8 }, () => ({ cutAfter: 120_000, ignoreRange: true })));
    expect((await failure(fetchBert(again, { attempts: 3 }))).message).toContain('3 times in a row');
    expect(again.hub.served(FILE).length).toBe(3);
  });

  it.each([
    ['an honest server', { etag: 'other' }, [200, 200]],
    ['one that ignores If-Range', { etag: 'other', ignoreIfRange: true }, [200, 206, 200]],
  ])('starts anew when the etag has changed: %s', async (_name, second, statuses) => {
    const b = await bench(bert());
    b.hub.fail(FILE, { cutAfter: 120_000 }, second);
    await fetchBert(b);
    await expectWhole(b);
    expect(b.hub.served(FILE).map((entry) => entry.status)).toEqual(statuses);
  });

  it('is not continued with another content: the branch has moved between two runs', async () => {
    const repository = bert();
    const b = await bench(repository);
    b.hub.fail(FILE, { cutAfter: 120_000 });
    await failure(fetchBert(b, { attempts: 1 }));
    const moved = noise(WEIGHTS.length, 99);
    repository.revisions['main'] = { ...ENCODER, [FILE]: moved };
    b.hub.log.length = 0;
    const { folder } = await fetchBert(b);
    expect((await readFile(join(folder, FILE))).equals(moved)).toBe(true);
    expect(b.hub.served(FILE).map((entry) => entry.headers.range)).toEqual([undefined]);
  });

  it('of unknown origin, or longer than the file, is thrown away', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { cutAfter: 120_000 });
    await failure(fetchBert(b, { attempts: 1 }));
    await writeFile(staged(b, `${FILE}.partial.json`), '{"digest":');
    await fetchBert(b);
    await expectWhole(b);
    expect(b.hub.served(FILE).map((entry) => entry.status)).toEqual([200, 200]);
  });

  it('that was complete but for its renaming is not downloaded again', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { cutAfter: 299_999 });
    await failure(fetchBert(b, { attempts: 1 }));
    await writeFile(staged(b, `${FILE}.partial`), WEIGHTS);
    b.hub.log.length = 0;
    await fetchBert(b);
    await expectWhole(b);
    expect(b.hub.served(FILE)).toEqual([]);
  });

  it('that is silent is given up after the stall time', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { stallAfter: 70_000 });
    await fetchBert(b, { stallMs: 4000 });
    await expectWhole(b);
    expect(b.hub.served(FILE).map((entry) => entry.headers.range)).toEqual([undefined, 'bytes=70000-']);
  });

  it('that never begins is given up as well', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { silent: true });
    await fetchBert(b, { stallMs: 4000 });
    await expectWhole(b);
    expect(b.waits).toEqual([1000]);
  });

  it('that is slow, but not silent, is not', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { dripMs: 2000 });
    await fetchBert(b, { stallMs: 5500 });
    await expectWhole(b);
    expect(b.hub.served(FILE).length).toBe(1);
  });

  it('is not continued by a range that was not asked for', async () => {
    const b = await bench(bert());
    // The wrong digest at the end uses up the one second download: the shifted range must not.
    b.hub.fail(FILE, { cutAfter: 120_000 }, { shift: 10 }, { corrupt: true });
    await fetchBert(b);
    await expectWhole(b);
    expect(b.hub.served(FILE).map((entry) => entry.status)).toEqual([200, 206, 200, 200]);
  });

  it('leaves nothing in the folder that the branch no longer has', async () => {
    const repository = bert();
    const b = await bench(repository);
    b.hub.fail(FILE, { cutAfter: 120_000 });
    await failure(fetchBert(b, { attempts: 1 }));
    expect((await stat(staged(b, 'tokenizer_config.json'))).size).toBe(3);
    const { 'tokenizer_config.json': _gone, ...rest } = ENCODER;
    repository.revisions['main'] = rest;
    const { folder } = await fetchBert(b);
    expect(Object.keys(await contents(folder))).toEqual([
      'config.json',
      FILE,
      'source.json',
      'tokenizer.json',
      'vocab.txt',
    ]);
  });

  it('that a person aborts keeps its bytes and gives the reason', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { stallAfter: 70_000 });
    const stop = new AbortController();
    const error = await failure(
      fetchBert(b, {
        signal: stop.signal,
        onProgress: ({ file, received }: { file: string; received: number }) => {
          if (file === FILE && received === 70_000) stop.abort(new Error('stopped by the person'));
        },
      }),
    );
    expect(error.message).toBe('stopped by the person');
    expect((await stat(staged(b, `${FILE}.partial`))).size).toBe(70_000);
    await fetchBert(b);
    await expectWhole(b);
  });
});

describe('a wrong digest', () => {
  it('is mended by one more download', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { corrupt: true });
    b.hub.fail('vocab.txt', { corrupt: true });
    await fetchBert(b);
    await expectWhole(b);
    expect(b.hub.served(FILE).length).toBe(2);
    expect(b.hub.served('vocab.txt').length).toBe(2);
  });

  it.each([FILE, 'config.json'])('twice is an error and leaves nothing of the file: %s', async (file) => {
    const b = await bench(bert());
    b.hub.fail(file, { corrupt: true }, { corrupt: true });
    const error = await failure(fetchBert(b));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(
      new RegExp(`^${file} of .* arrived twice .*(sha256|git-sha1) [0-9a-f]{40}`),
    );
    expect(b.hub.served(file).length).toBe(2);
    expect(Object.keys(await contents(b.cache)).filter((path) => path.includes(file))).toEqual([]);
  });

  it('is found in a body that is too long', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { body: Buffer.concat([WEIGHTS, noise(1000, 3)]) });
    await fetchBert(b);
    await expectWhole(b);
    expect(b.hub.served(FILE).length).toBe(2);
  });
});

describe('a busy server', () => {
  it('is left alone for as long as it asks', async () => {
    const b = await bench(bert());
    const date = new Date(Date.UTC(2024, 4, 6, 7, 8, 20)).toUTCString();
    b.hub.fail(
      FILE,
      { status: 429, headers: { 'retry-after': '17' } },
      { status: 503, headers: { 'retry-after': date } },
      { status: 429, headers: { ratelimit: '"resolvers";r=0;t=55' } },
      { status: 500 },
    );
    b.hub.fail('listing', { status: 502 }, { cutAfter: 10 });
    await fetchBert(b);
    await expectWhole(b);
    expect(b.waits).toEqual([1000, 2000, 17_000, 11_000, 56_000, 8000]);
  });

  it('that wants an hour is an error that says so', async () => {
    const b = await bench(bert());
    b.hub.fail('listing', { status: 429, headers: { 'retry-after': '3600' } });
    const error = await failure(fetchBert(b));
    expect(error).not.toBeInstanceOf(InputError);
    expect(error.message).toContain('wants 3600 s of rest');
    expect(b.waits).toEqual([]);
  });

  it('whose signed address has run out is asked for a new one', async () => {
    const b = await bench(bert());
    b.hub.fail(FILE, { cutAfter: 1000 }, { status: 403 });
    await fetchBert(b);
    await expectWhole(b);
    const asked = b.hub.log.filter((entry) => entry.status === 302 && entry.path.endsWith(FILE));
    expect(asked.length).toBe(3);
  });
});
