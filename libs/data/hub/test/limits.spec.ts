/** Hubs that never come to an end: what is received of them, and for how long, is limited. */
import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchModel } from '../src/index.js';
import { contents, failure } from './bench.js';
import { gitSha1 } from './content.js';

const CONFIG = Buffer.from('{"model_type":"bert"}');
const START = `{"sha":"${'a'.repeat(40)}","siblings":[`;

type Answer = (response: ServerResponse) => void;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A hub of two files; a fetch from it, what it sent as which answer, and the folder that is fetched to. */
async function strangeHub(answers: { listing?: Answer; weights?: Answer }, stallMs = 5000) {
  const asked = { listing: 0, weights: 0 };
  const listing: Answer = (response) => {
    const siblings = [
      { rfilename: 'config.json', size: CONFIG.length, blobId: gitSha1(CONFIG) },
      { rfilename: 'model.safetensors', blobId: 'c'.repeat(40) },
    ];
    response.end(JSON.stringify({ id: 'x/y', sha: 'a'.repeat(40), siblings }));
  };
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    const url = request.url ?? '';
    if (url.includes('/api/')) {
      asked.listing++;
      (answers.listing ?? listing)(response);
    } else if (url.endsWith('config.json')) response.end(CONFIG);
    else {
      asked.weights++;
      response.setHeader('etag', `"${'c'.repeat(40)}"`);
      answers.weights?.(response);
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const cache = mkdtempSync(join(tmpdir(), 'hub-'));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
    rmSync(cache, { recursive: true, force: true });
  });
  const options = {
    cacheFolder: cache,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    stallMs,
  };
  return { fetch: () => fetchModel('x/y', options), asked, cache };
}

/** Pieces of a megabyte: `count` of them, or without end. */
function* megabytes(start: string, count = Infinity): Generator<Buffer> {
  yield Buffer.from(start);
  for (let i = 0; i < count; i++) yield Buffer.alloc(1e6, ' ');
}

const send =
  (pieces: Iterable<Buffer>, before: (response: ServerResponse) => void = () => undefined): Answer =>
  (response) => {
    before(response);
    Readable.from(pieces)
      .on('error', () => undefined)
      .pipe(response);
  };

const drip: Answer = (response) => {
  response.write(' ');
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
};

describe('a listing', () => {
  it('without end is left, and said to be too long', async () => {
    const { fetch, asked } = await strangeHub({ listing: send(megabytes(START)) });
    const error = await failure(fetch());
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ answers with more than 64.0 MB when asked for the list/);
    expect(asked.listing).toBe(1);
  });

  it('that is small on the way and huge when expanded is too', async () => {
    const { fetch } = await strangeHub({
      listing: (response) => {
        response.setHeader('content-encoding', 'gzip');
        Readable.from(megabytes(START, 600))
          .pipe(createGzip())
          .on('error', () => undefined)
          .pipe(response);
      },
    });
    expect((await failure(fetch())).message).toContain('answers with more than 64.0 MB');
  });

  it('that only drips is given up after some attempts', async () => {
    const { fetch, asked } = await strangeHub({ listing: drip }, 300);
    const error = await failure(fetch());
    expect(error).not.toBeInstanceOf(InputError);
    expect(error.message).toMatch(
      /^127\.0\.0\.1:\d+: less than a kilobyte a second arrived for 0\.3 s, 3 times in a row: check the network/,
    );
    expect(asked.listing).toBe(3);
  });
});

describe('a file of unstated size', () => {
  it('is left where it grows too large, once, and nothing of it stays', async () => {
    const { fetch, asked, cache } = await strangeHub({ weights: send(megabytes('')) });
    const error = await failure(fetch());
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(
      /^127\.0\.0\.1:\d+ does not state the size of model\.safetensors and sends more than 100 MB/,
    );
    expect(asked.weights).toBe(1);
    expect(Object.keys(await contents(cache)).filter((path) => path.includes('safetensors'))).toEqual([]);
  });

  it('that has another digest is not asked for twice', async () => {
    const { fetch, asked } = await strangeHub({ weights: send(megabytes('', 3)) });
    expect((await failure(fetch())).message).toContain('arrived with another content than');
    expect(asked.weights).toBe(1);
  });

  it('that only drips is given up, though each attempt brings some bytes', async () => {
    const { fetch, asked } = await strangeHub({ weights: drip }, 300);
    expect((await failure(fetch())).message).toContain('less than a kilobyte a second arrived');
    expect(asked.weights).toBe(3);
  });

  it('and of bearable size is taken', async () => {
    const body = Buffer.alloc(5e6, 'w');
    const digest = createHash('sha256').update(body).digest('hex');
    const { fetch } = await strangeHub({
      weights: (response) => {
        response.setHeader('x-linked-etag', `"${digest}"`);
        send([body])(response);
      },
      listing: (response) => {
        const siblings = [
          { rfilename: 'config.json', size: CONFIG.length, blobId: gitSha1(CONFIG) },
          { rfilename: 'model.safetensors', lfs: { sha256: digest } },
        ];
        response.end(JSON.stringify({ id: 'x/y', sha: 'a'.repeat(40), siblings }));
      },
    });
    const { files } = await fetch();
    expect(files.map(({ path, bytes }) => [path, bytes])).toContainEqual(['model.safetensors', 5e6]);
  });
});
