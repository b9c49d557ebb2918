/**
 * Which Parquet files of a data set make one task, and which split each belongs to. Called by `fetch.ts`.
 *
 * Three layouts are known, tried in this order:
 * 1. the card's `configs: [{config_name, data_files: [{split, path}]}]`, paths with globs (Hugging Face's
 *    "manual configuration");
 * 2. `CONFIG/SPLIT-00000-of-00001.parquet`, or `data/…` and the top of the repository for the one
 *    configuration "default";
 * 3. `CONFIG/SPLIT/0000.parquet`, as the hub's own converter writes on the branch `refs/convert/parquet`,
 *    which is asked when the revision itself has no Parquet.
 *
 * Local names are always SPLIT-00000-of-00001.parquet, in the order of the remote paths.
 */
import { InputError } from '@layerwise/errors';
import type { Choice, ChosenFile, Listing, RemoteFile } from './listing.js';
import { isConfig } from './name.js';

export const CONVERTED = 'refs/convert/parquet';

/** Split name → its files. */
type Splits = Map<string, RemoteFile[]>;

/** Null when the listing has no Parquet file that belongs to a configuration. */
export function taskFiles(listing: Listing, wanted: string | null): Choice | null {
  const parquet = listing.files.filter((file) => file.path.endsWith('.parquet'));
  const declared = declaredConfigs(listing.cardConfigs, parquet);
  const configs = declared.size > 0 ? declared : configsByFolder(parquet);
  if (configs.size === 0) return null;
  const config = pick(configs, wanted, listing.repo);
  const splits: Splits = configs.get(config) ?? new Map<string, RemoteFile[]>();
  const files = [...splits].flatMap(([split, remotes]) => named(split, remotes, listing.repo));
  return { listing, files, config };
}

function pick(configs: Map<string, Splits>, wanted: string | null, repo: string): string {
  const names = [...configs.keys()].sort();
  const found = wanted ?? (names.length === 1 ? names[0] : 'default');
  if (found !== undefined && configs.has(found)) return found;
  const typed = repo === 'nyu-mll/glue' ? 'glue' : repo;
  throw new InputError(
    wanted === null
      ? `The data set "${repo}" has several tasks (${names.join(', ')}): name one, as in ${typed}/${names[0] ?? ''}.`
      : `The data set "${repo}" has no task "${wanted}": it has ${names.join(', ')}.`,
  );
}

function named(split: string, remotes: RemoteFile[], repo: string): ChosenFile[] {
  if (split.startsWith('partial-')) {
    throw new InputError(
      `The hub has converted only a part of "${repo}" (${split}): give a revision or a data set with whole Parquet files.`,
    );
  }
  if (!isConfig(split))
    throw new InputError(`"${repo}" has a split named ${JSON.stringify(split)}, which is no name.`);
  const count = String(remotes.length).padStart(5, '0');
  const ordered = [...remotes].sort((a, b) => (a.path < b.path ? -1 : 1));
  return ordered.map((remote, i) => ({
    name: `${split}-${String(i).padStart(5, '0')}-of-${count}.parquet`,
    remote,
  }));
}

/** Layout 1. Configurations none of whose paths is a Parquet file are left out. */
function declaredConfigs(card: unknown, parquet: RemoteFile[]): Map<string, Splits> {
  const configs = new Map<string, Splits>();
  for (const entry of Array.isArray(card) ? (card as unknown[]) : []) {
    const name = field(entry, 'config_name');
    if (typeof name !== 'string') continue;
    const splits: Splits = new Map();
    for (const [split, patterns] of dataFiles(field(entry, 'data_files'))) {
      const matches = parquet.filter((file) => patterns.some((pattern) => glob(pattern).test(file.path)));
      if (split !== null && matches.length > 0) splits.set(split, matches);
      if (split === null) for (const file of matches) add(splits, splitOf(file.path), file);
    }
    if (splits.size > 0) configs.set(name, splits);
  }
  return configs;
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

const texts = (value: unknown): string[] =>
  [value].flat().filter((item): item is string => typeof item === 'string');

/** [split, patterns] of `data_files`, which is a pattern, a list of them, or a list of {split, path}. */
function dataFiles(value: unknown): [string | null, string[]][] {
  return [value].flat().flatMap((item): [string | null, string[]][] => {
    if (typeof item === 'string') return [[null, [item]]];
    const split = field(item, 'split');
    return typeof split === 'string' ? [[split, texts(field(item, 'path'))]] : [];
  });
}

/** Layouts 2 and 3. */
function configsByFolder(parquet: RemoteFile[]): Map<string, Splits> {
  const configs = new Map<string, Splits>();
  for (const file of parquet) {
    const folders = file.path.split('/').slice(0, -1);
    const converted = /^\d+\.parquet$/.test(file.path.split('/').at(-1) ?? '') && folders.length > 1;
    const config = (converted ? folders.slice(0, -1) : folders).join('/');
    const name = config === '' || config === 'data' ? 'default' : config;
    const splits: Splits = configs.get(name) ?? new Map<string, RemoteFile[]>();
    add(splits, splitOf(file.path), file);
    configs.set(name, splits);
  }
  return configs;
}

function add(splits: Splits, split: string, file: RemoteFile): void {
  splits.set(split, [...(splits.get(split) ?? []), file]);
}

/** `validation` of `validation-00000-of-00001.parquet`, `validation.parquet` or `validation/0000.parquet`. */
function splitOf(path: string): string {
  const parts = path.split('/');
  const base = (parts.at(-1) ?? '').replace(/\.parquet$/, '');
  if (/^\d+$/.test(base)) return parts.at(-2) ?? base;
  return base.replace(/-\d+-of-\d+(-[0-9a-f]+)?$/, '');
}

/** A glob as fsspec reads it: `*` and `?` within a segment, `**` across segments, `[…]` a set. */
function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/^\.\//, '')
    .replace(/\*\*\/|\*\*|\*|\?|\[[^\]/]+\]|[.+^${}()|\\\]/[]/g, (token) => {
      if (token === '**/') return '(?:.*/)?';
      if (token === '**') return '.*';
      if (token === '*') return '[^/]*';
      if (token === '?') return '[^/]';
      return token.length > 1 ? token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\') : `\\${token}`;
    });
  return new RegExp(`^${source}$`);
}
