/**
 * A hub for the tests: two HTTP servers on loopback that answer as the Hugging Face hub and its storage host
 * do.
 *
 * As the real one: canonical-name redirects (307, relative), `?blobs=true` listings, small files behind a
 * relative redirect and answered by the hub with git's blob sha1 as etag, large ones (8 kB and more here)
 * behind a 302 to the other host with `x-linked-etag` (sha256) and `x-linked-size`, Range and If-Range,
 * `x-error-code` on refusals. Faults are queued by file name, one an answer.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { commitOf, gitSha1, sha256 } from './content.js';

export interface Repository {
  kind: 'model' | 'dataset';
  id: string;
  /** Older name, redirected to `id`. */
  alias?: string;
  /** Revision → path → content. Commits are made of the revision's name. */
  revisions: Record<string, Record<string, Buffer>>;
  cardData?: unknown;
  /** Only who sends this token sees that it exists. */
  privateTo?: string;
  /** Listed to everyone, files to who sends this token. */
  gatedTo?: string;
}

export interface Fault {
  /** Answer with this status and nothing else. */
  status?: number;
  headers?: Record<string, string>;
  /** Destroy the connection after so many bytes of the body. */
  cutAfter?: number;
  /** Send so many bytes of the body and then nothing, connection open. */
  stallAfter?: number;
  /** Never answer at all. */
  silent?: boolean;
  /** Send the body in four parts with so many milliseconds between them. */
  dripMs?: number;
  /** Answer a range that begins so many bytes later than the one asked for. */
  shift?: number;
  /** Flip a bit of the first byte. */
  corrupt?: boolean;
  /** Answer 200 with everything although a range was asked for. */
  ignoreRange?: boolean;
  /** Another etag than the content's. */
  etag?: string;
  /** Answer 206 whatever If-Range says. */
  ignoreIfRange?: boolean;
  /** Send these bytes instead of the content. */
  body?: Buffer;
}

export interface Logged {
  server: 'hub' | 'storage';
  path: string;
  headers: IncomingMessage['headers'];
  status: number;
  /** Bytes of body handed to the connection. */
  sent: number;
}

export interface Hub {
  endpoint: string;
  log: Logged[];
  repositories: Repository[];
  /** Changes a listing before it is sent. */
  tamper: ((listing: { siblings: Record<string, unknown>[] }) => void) | null;
  /**
   * Tells whether the client has stored so many bytes of a file: a cut waits for it, for what is cut off is
   * then known.
   */
  arrived: (file: string, length: number) => boolean;
  /** The next answers that carry this file's bytes (or, for `listing`, the list) go wrong like this. */
  fail(file: string, ...faults: Fault[]): void;
  /** Answers that carried bytes of this file. */
  served(file: string): Logged[];
  close(): Promise<void>;
}

const LARGE = 8000;
export async function startHub(repositories: Repository[]): Promise<Hub> {
  const faults = new Map<string, Fault[]>();
  const log: Logged[] = [];
  const storage = createServer((request, response) => {
    const [digest = '', file = ''] = (request.url ?? '').slice(1).split('?')[0]?.split('/') ?? [];
    for (const repository of repositories) {
      for (const files of Object.values(repository.revisions)) {
        const content = Object.values(files).find((candidate) => sha256(candidate) === digest);
        if (content === undefined) continue;
        send('storage', request, response, decodeURIComponent(file), content, digest, {});
        return;
      }
    }
    refuse('storage', request, response, 404, {});
  });
  const hub = createServer((request, response) => {
    answer(request, response);
  });
  const storageAddress = await listen(storage);
  const endpoint = await listen(hub);

  function note(server: Logged['server'], request: IncomingMessage, status: number): Logged {
    const entry = { server, path: request.url ?? '', headers: request.headers, status, sent: 0 };
    log.push(entry);
    return entry;
  }

  function refuse(
    server: Logged['server'],
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    headers: Record<string, string>,
  ): void {
    note(server, request, status);
    response.writeHead(status, { 'content-length': '0', ...headers }).end();
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', endpoint);
    const api = /^\/api\/(models|datasets)\/(.+)\/revision\/([^/]+)$/.exec(url.pathname);
    const file =
      /^\/api\/resolve-cache\/(models|datasets)\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/.exec(url.pathname) ??
      /^\/(datasets\/)?(.+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname);
    const [, type = '', name = '', revisionText = ''] = api ?? file ?? [];
    const kind = type.startsWith('datasets') ? 'dataset' : 'model';
    const revision = decodeURIComponent(revisionText);
    const repository = repositories.find(
      (candidate) => candidate.kind === kind && [candidate.id, candidate.alias].includes(name),
    );
    const token = request.headers.authorization?.replace('Bearer ', '');
    if (token === 'stale') {
      refuse('hub', request, response, 401, {
        'x-error-message': 'Invalid credentials in Authorization header',
      });
    } else if (repository === undefined || (repository.privateTo ?? token) !== token) {
      const status = token === undefined ? 401 : 404;
      refuse('hub', request, response, status, {
        'x-error-code': 'RepoNotFound',
        'x-error-message': 'Repository not found',
      });
    } else if (repository.id !== name) {
      refuse('hub', request, response, 307, { location: (request.url ?? '').replace(name, repository.id) });
    } else {
      const found = Object.entries(repository.revisions).find(
        ([key]) => key === revision || commitOf(repository.id, key) === revision,
      );
      if (found === undefined) {
        refuse('hub', request, response, 404, {
          'x-error-code': 'RevisionNotFound',
          'x-error-message': `Invalid rev id: ${revision}`,
        });
      } else if (file === null) {
        sendListing(request, response, repository, found[0], found[1]);
      } else {
        resolveFile(
          request,
          response,
          repository,
          found[0],
          found[1],
          decodeURIComponent(file[4] ?? ''),
          token,
        );
      }
    }
  }

  function sendListing(
    request: IncomingMessage,
    response: ServerResponse,
    repository: Repository,
    revision: string,
    files: Record<string, Buffer>,
  ): void {
    const blobs = (request.url ?? '').includes('blobs=');
    const siblings = Object.entries(files).map(([rfilename, content]): Record<string, unknown> => {
      if (!blobs) return { rfilename };
      const lfs = { sha256: sha256(content), size: content.length, pointerSize: 134 };
      const large = content.length >= LARGE;
      // A large file's blob is its pointer, whose sha1 says nothing of the content.
      const blobId = large ? gitSha1(Buffer.from(`pointer to ${lfs.sha256}`)) : gitSha1(content);
      return { rfilename, size: content.length, blobId, ...(large ? { lfs } : {}) };
    });
    const listing = {
      id: repository.id,
      sha: commitOf(repository.id, revision),
      cardData: repository.cardData,
      siblings,
    };
    face.tamper?.(listing);
    send('hub', request, response, 'listing', Buffer.from(JSON.stringify(listing)), null, {
      'content-type': 'application/json',
    });
  }

  function resolveFile(
    request: IncomingMessage,
    response: ServerResponse,
    repository: Repository,
    revision: string,
    files: Record<string, Buffer>,
    path: string,
    token: string | undefined,
  ): void {
    const content = files[path];
    const commit = commitOf(repository.id, revision);
    if (repository.gatedTo !== undefined && repository.gatedTo !== token) {
      refuse('hub', request, response, token === undefined ? 401 : 403, {
        'x-error-code': 'GatedRepo',
        'x-error-message': 'Access to this repository is restricted',
      });
    } else if (content === undefined) {
      refuse('hub', request, response, 404, {
        'x-error-code': 'EntryNotFound',
        'x-error-message': 'Entry not found',
      });
    } else if (content.length >= LARGE) {
      refuse('hub', request, response, 302, {
        location: `${storageAddress}/${sha256(content)}/${encodeURIComponent(path)}?signature=once`,
        'x-linked-etag': `"${sha256(content)}"`,
        'x-linked-size': String(content.length),
        'x-repo-commit': commit,
      });
    } else if (!(request.url ?? '').startsWith('/api/')) {
      const type = repository.kind === 'model' ? 'models' : 'datasets';
      refuse('hub', request, response, 307, {
        location: `/api/resolve-cache/${type}/${repository.id}/${commit}/${path}?etag=x`,
        'x-linked-etag': `"${gitSha1(content)}"`,
        'x-linked-size': String(content.length),
        'x-repo-commit': commit,
      });
    } else {
      send('hub', request, response, path, content, gitSha1(content), { 'x-repo-commit': commit });
    }
  }

  function send(
    server: Logged['server'],
    request: IncomingMessage,
    response: ServerResponse,
    file: string,
    content: Buffer,
    etag: string | null,
    headers: Record<string, string>,
  ): void {
    const fault = (request.method === 'HEAD' ? undefined : faults.get(file)?.shift()) ?? {};
    if (fault.silent === true) {
      note(server, request, 0);
      return;
    }
    if (fault.status !== undefined) {
      refuse(server, request, response, fault.status, fault.headers ?? {});
      return;
    }
    const whole =
      fault.body ??
      (fault.corrupt === true ? Buffer.from(content).fill((content[0] ?? 0) ^ 1, 0, 1) : content);
    const tag = etag === null ? null : `"${fault.etag ?? etag}"`;
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const condition = request.headers['if-range'];
    const partial =
      range !== null &&
      fault.ignoreRange !== true &&
      (condition === undefined || condition === tag || fault.ignoreIfRange === true);
    const from = partial ? Number(range[1]) + (fault.shift ?? 0) : 0;
    if (partial && from >= whole.length) {
      refuse(server, request, response, 416, { 'content-range': `bytes */${whole.length}` });
      return;
    }
    const body = whole.subarray(from);
    const entry = note(server, request, partial ? 206 : 200);
    response.writeHead(entry.status, {
      'content-length': String(body.length),
      ...(tag === null ? {} : { etag: tag, 'accept-ranges': 'bytes' }),
      ...(partial ? { 'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}` } : {}),
      ...headers,
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    if (fault.dripMs !== undefined) {
      const quarter = Math.ceil(body.length / 4);
      for (const i of [0, 1, 2, 3]) {
        const part = body.subarray(i * quarter, (i + 1) * quarter);
        setTimeout(() => (i === 3 ? response.end(part) : response.write(part)), i * fault.dripMs);
      }
      return;
    }
    const until = fault.cutAfter ?? fault.stallAfter ?? body.length;
    entry.sent = Math.min(until, body.length);
    if (until >= body.length) response.end(body);
    else if (fault.cutAfter !== undefined) cut(response, body.subarray(0, until), file, from + until);
    else response.write(body.subarray(0, until));
  }

  /**
   * An error on the client's side drops what it has received and not yet read: so the cut comes after that.
   */
  function cut(response: ServerResponse, part: Buffer, file: string, length: number): void {
    response.write(part);
    const latest = Date.now() + 5000;
    const timer = setInterval(() => {
      if (!face.arrived(file, length) && Date.now() < latest) return;
      clearInterval(timer);
      response.destroy();
    }, 5);
  }

  const face: Hub = {
    endpoint,
    log,
    repositories,
    tamper: null,
    arrived: () => true,
    fail: (file, ...more) => {
      faults.set(file, [...(faults.get(file) ?? []), ...more]);
    },
    served: (file) =>
      log.filter(
        (entry) =>
          entry.status < 300 && decodeURIComponent(entry.path).split('?')[0]?.endsWith(`/${file}`) === true,
      ),
    close: async () => {
      for (const server of [hub, storage]) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
  return face;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
