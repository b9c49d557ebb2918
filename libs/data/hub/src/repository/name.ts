/**
 * Names as a person types them, and where they lead: a repository of the hub, a configuration of a data set,
 * a folder of the cache. Read by `fetch.ts`.
 *
 * The hub's rule for a repository: `owner/name`, or a bare `name` for the oldest ones, which the hub itself
 * redirects to their owner (bert-base-uncased → google-bert/bert-base-uncased).
 */
import { InputError } from '@layerwise/errors';

export type RepositoryKind = 'model' | 'dataset';

export interface RepositoryName {
  kind: RepositoryKind;
  /** As typed. */
  name: string;
  repo: string;
  /** Of a data set with several (`mrpc` of `glue/mrpc`); null where none was given. */
  config: string | null;
}

/** Benchmarks that are known by a bare name, and the repository that holds their tasks as configurations. */
const BENCHMARKS: Readonly<Record<string, string>> = { glue: 'nyu-mll/glue', super_glue: 'aps/super_glue' };

const PART = /^[A-Za-z0-9_](?:[\w.-]{0,94}[A-Za-z0-9_])?$/;

const isPart = (part: string): boolean => PART.test(part) && !part.includes('--') && !part.includes('..');

/** True for `owner/name` and for a bare `name`, as the hub allows them. */
export function isRepository(repo: string): boolean {
  const parts = repo.split('/');
  return parts.length <= 2 && parts.every(isPart);
}

export function modelName(name: string): RepositoryName {
  if (!isRepository(name)) {
    throw new InputError(
      `"${name}" is not the name of a model on the hub: give one such as bert-base-uncased or owner/name.`,
    );
  }
  return { kind: 'model', name, repo: name, config: null };
}

export function taskName(name: string): RepositoryName {
  const [first = '', ...rest] = name.split('/');
  const benchmark = BENCHMARKS[first];
  const repo = benchmark ?? [first, ...rest.slice(0, 1)].join('/');
  const config = (benchmark === undefined ? rest.slice(1) : rest).join('/');
  if (!isRepository(repo) || name.endsWith('/') || (config !== '' && !isConfig(config))) {
    throw new InputError(
      `"${name}" is not the name of a task on the hub: give one such as glue/mrpc, owner/name or owner/name/config.`,
    );
  }
  return { kind: 'dataset', name, repo, config: config === '' ? null : config };
}

/** One segment, no characters that mean something in a path. */
export function isConfig(config: string): boolean {
  return /^[\w][\w .+-]*$/.test(config) && !config.includes('..');
}

/** `models/bert-base-uncased`, `tasks/glue--mrpc@v1`: one folder a name, never one inside another. */
export function cacheEntry(name: RepositoryName, revision: string): string {
  const flat = name.name.replaceAll('/', '--');
  const suffix = revision === 'main' ? '' : `@${revision.replaceAll('/', '--')}`;
  return `${name.kind === 'model' ? 'models' : 'tasks'}/${flat}${suffix}`;
}
