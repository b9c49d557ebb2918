import { createServer } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { fetchModel, fetchTask, type HubOptions } from '../src/index.js';
import { bench, bert, contents, ENCODER, failure } from './bench.js';

/** An error for a person: its class, one sentence, the words that it must have. */
function expectSentence(error: Error, kind: 'input' | 'failure', ...words: string[]): void {
  expect(error instanceof InputError, `${error.name}: ${error.message}`).toBe(kind === 'input');
  expect(error.message).toMatch(/^[^\n]+\.$/);
  for (const word of words) expect(error.message).toContain(word);
}

describe('the hub says no', () => {
  it.each([
    [
      'a name that does not exist',
      {},
      'bert-base-uncasd',
      {},
      ['"bert-base-uncasd"', 'spelling', 'HF_TOKEN'],
    ],
    ['the same with a token', {}, 'no/such', { token: 'hf_a' }, ['"no/such"', 'one that may read it']],
    ['a private one', { privateTo: 'hf_a' }, 'google-bert/bert-base-uncased', {}, ['private', 'HF_TOKEN']],
    [
      'a gated one',
      { gatedTo: 'hf_a' },
      'bert-base-uncased',
      {},
      ['gated', 'google-bert/bert-base-uncased', 'set HF_TOKEN'],
    ],
    [
      'a gated one, another account',
      { gatedTo: 'hf_a' },
      'bert-base-uncased',
      { token: 'hf_b' },
      ['gated', 'may not read it'],
    ],
    ['a bad token', {}, 'bert-base-uncased', { token: 'stale' }, ['refuses your access token']],
    ['a wrong revision', {}, 'bert-base-uncased', { revision: 'v9' }, ['no revision "v9"']],
  ] as const)('%s', async (_title, more, name, options: Partial<HubOptions>, words) => {
    const b = await bench(bert(more));
    expectSentence(await failure(fetchModel(name, { ...b.options, ...options })), 'input', ...words);
    expect(b.waits).toEqual([]); // no attempt is worth repeating
    expect(await contents(b.cache)).toEqual({});
  });

  it('a file that is listed but not there', async () => {
    const b = await bench(bert());
    b.hub.tamper = (listing) =>
      listing.siblings.push({ rfilename: 'merges.txt', size: 3, blobId: 'a'.repeat(40) });
    expectSentence(await failure(fetchModel('bert-base-uncased', b.options)), 'input', 'merges.txt');
  });

  it('a data set is called one', async () => {
    const b = await bench();
    expectSentence(await failure(fetchTask('glue/mrpc', b.options)), 'input', 'data set "nyu-mll/glue"');
  });
});

describe('a listing that must not be believed', () => {
  it.each(['../../.bashrc', '/etc/passwd', 'a/../../b', 'C:\\x', 'a\\..\\b', '', 'a//b', 'x\u0000'])(
    'has a file named %j',
    async (rfilename) => {
      const b = await bench(bert());
      b.hub.tamper = (listing) => listing.siblings.push({ rfilename });
      expectSentence(
        await failure(fetchModel('bert-base-uncased', b.options)),
        'input',
        JSON.stringify(rfilename),
        'nothing was fetched',
      );
      expect(await contents(b.cache)).toEqual({});
    },
  );

  it('has a commit or a name that would be a path', async () => {
    const b = await bench(bert());
    b.hub.tamper = (listing) => Object.assign(listing, { sha: '../..' });
    expectSentence(await failure(fetchModel('bert-base-uncased', b.options)), 'failure', 'HF_ENDPOINT');
    b.hub.tamper = (listing) => Object.assign(listing, { id: '../../x/y' });
    expect((await fetchModel('google-bert/bert-base-uncased', b.options)).repo).toBe(
      'google-bert/bert-base-uncased',
    );
  });
});

describe('the network', () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function serve(body: (path: string) => [number, Record<string, string>, string]): Promise<string> {
    const server = createServer((request, response) => {
      const [status, headers, text] = body(request.url ?? '');
      response.writeHead(status, headers).end(text);
    });
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  it('has nobody at the address: said at once, as a failure', async () => {
    const b = await bench();
    const endpoint = b.hub.endpoint;
    await b.hub.close();
    const error = await failure(fetchModel('bert-base-uncased', { ...b.options, endpoint }));
    expectSentence(error, 'failure', new URL(endpoint).host, 'does not accept connections', 'HF_ENDPOINT');
    expect(b.waits).toEqual([]);
  });

  it('has something else than a hub at the address', async () => {
    const b = await bench();
    const endpoint = await serve(() => [200, { 'content-type': 'text/html' }, '<html>sign in</html>']);
    expectSentence(await failure(fetchModel('x', { ...b.options, endpoint })), 'failure', 'Hugging Face hub');
  });

  it.each(['/same', 'ftp://other/', 'http://'])('redirects in a circle or nowhere: %s', async (location) => {
    const b = await bench();
    const endpoint = await serve(() => [302, { location }, '']);
    expectSentence(await failure(fetchModel('x', { ...b.options, endpoint })), 'failure', 'redirects');
  });

  it('does not take the token along when the listing itself is redirected to another origin', async () => {
    const b = await bench(bert({ privateTo: 'hf_secret' }));
    const endpoint = await serve((path) => [307, { location: b.hub.endpoint + path }, '']);
    await failure(fetchModel('bert-base-uncased', { ...b.options, endpoint, token: 'hf_secret' }));
    expect(b.hub.log.length).toBeGreaterThan(0);
    expect(b.hub.log.every((entry) => entry.headers.authorization === undefined)).toBe(true);
  });

  it('reaches a mirror below a path', async () => {
    const b = await bench(bert());
    const endpoint = `${await serve((path) => [307, { location: b.hub.endpoint + path.replace('/mirror', '') }, ''])}/mirror/`;
    const result = await fetchModel('google-bert/bert-base-uncased', { ...b.options, endpoint });
    expect(result.files.length).toBe(5);
  });
});

describe('this machine', () => {
  it('has too small a disk: said before the first byte', async () => {
    const b = await bench(bert());
    const needed = Object.entries(ENCODER)
      .filter(([path]) => !/README|onnx|pytorch/.test(path))
      .reduce((sum, [, content]) => sum + content.length, 0);
    const room = needed + 16 * 2 ** 20;
    const withRoom = (bytes: number): HubOptions => ({
      ...b.options,
      freeBytes: () => Promise.resolve(bytes),
    });
    expectSentence(
      await failure(fetchModel('bert-base-uncased', withRoom(room - 1))),
      'input',
      '320 kB',
      b.cache,
      'free',
    );
    expect(b.hub.log.every((entry) => entry.path.startsWith('/api/models/'))).toBe(true);
    await fetchModel('bert-base-uncased', withRoom(room));
  });

  it('has a file where the cache folder should be', async () => {
    const b = await bench(bert());
    await writeFile(join(b.cache, 'models'), 'a file');
    expectSentence(
      await failure(fetchModel('bert-base-uncased', b.options)),
      'input',
      'a file is where a folder should be',
    );
  });

  it('has another fetch at work on the same folder, or had one that died', async () => {
    const b = await bench(bert());
    await mkdir(join(b.cache, 'models'));
    const lock = join(b.cache, 'models', 'bert-base-uncased.lock');
    await writeFile(lock, `${hostname()}\n${process.ppid}\n`);
    expectSentence(
      await failure(fetchModel('bert-base-uncased', b.options)),
      'input',
      `process ${process.ppid}`,
      lock,
    );
    await writeFile(lock, `${hostname()}\n999999999\n`); // beyond any process number
    expect((await fetchModel('bert-base-uncased', b.options)).files.length).toBe(5);
  });
});

describe('what a person types', () => {
  it.each(['', '../x', 'a/b/c', 'a//b', './bert', 'a b', 'https://host/a/b', 'a--b', 'x/..'])(
    'no model: %j',
    async (name) => {
      const b = await bench();
      expectSentence(await failure(fetchModel(name, b.options)), 'input', `"${name}"`, 'bert-base-uncased');
      expect(b.hub.log).toEqual([]);
    },
  );

  it.each(['', 'glue/../x', 'a/b/c/d', 'glue/', 'a/b/..'])('no task: %j', async (name) => {
    const b = await bench();
    expectSentence(await failure(fetchTask(name, b.options)), 'input', `"${name}"`, 'glue/mrpc');
    expect(b.hub.log).toEqual([]);
  });

  it.each([
    [{ endpoint: 'hub.example' }, 'HF_ENDPOINT'],
    [{ endpoint: 'ftp://x/' }, 'HF_ENDPOINT'],
    [{ endpoint: 'http://me:secret@x/' }, 'HF_ENDPOINT'],
    [{ token: 'two\nlines' }, 'HF_TOKEN'],
    [{ revision: '../main' }, 'revision'],
  ])('bad options: %j', async (more, word) => {
    const b = await bench();
    expectSentence(await failure(fetchModel('x', { ...b.options, ...more })), 'input', word);
  });
});
