/**
 * The packages of other authors that ship with layerwise: all of the lock file but those that only build and
 * test it, also the binaries for other systems. What the lock file does not say, an installed package does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '@layerwise/artifacts';
import { explainedSync, InputError } from '@layerwise/errors';
import { z } from 'zod';

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** As the package words it, SPDX where it can; null where it says none. */
  readonly licence: string | null;
  /** Whether it is here: binaries for other systems are not. */
  readonly installed: boolean;
  /** Below the workspace. */
  readonly folder: string;
  /** The text of its licence, in its folder. */
  readonly licenceFile: string | null;
  /** Where its source is published. */
  readonly source: string | null;
}

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      link: z.boolean().optional(),
    }),
  ),
});

const named = z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]);
const located = z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)]);
/** Old packages word it in other ways. */
const packageSchema = z.object({
  license: named.optional().catch(undefined),
  licenses: z.array(named).optional().catch(undefined),
  repository: located.optional().catch(undefined),
});

const INSTALLED = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/;

/** By name. @throws InputError where the workspace has no lock file that can be read */
export function shippedPackages(workspace: string): ShippedPackage[] {
  const file = join(workspace, 'package-lock.json');
  const lock = lockSchema.safeParse(parseJson(explainedSync('read', file, () => readFileSync(file, 'utf8'))));
  if (!lock.success) throw new InputError(`${file} is no lock file of npm; restore it and run \`npm ci\`.`);
  return Object.entries(lock.data.packages)
    .flatMap(([folder, { version, license, dev, link }]) => {
      const name = INSTALLED.exec(folder)?.[1];
      if (name === undefined || version === undefined || dev === true || link === true) return [];
      const found = installedPackage(join(workspace, folder));
      const licence = license ?? found?.licence ?? null;
      const { licenceFile = null, source = null } = found ?? {};
      return [{ name, version, licence, installed: found !== null, folder, licenceFile, source }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

type Installed = Pick<ShippedPackage, 'licence' | 'licenceFile' | 'source'>;

function installedPackage(folder: string): Installed | null {
  let text: string;
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8');
  } catch {
    return null;
  }
  const { license, licenses, repository } = packageSchema.parse(parseJson(text));
  return {
    licence: license ?? licenses?.join(' OR ') ?? null,
    licenceFile: readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name)) ?? null,
    source: repository === undefined ? null : addressOf(repository),
  };
}

/** npm's short forms of a repository as an address for people. */
function addressOf(repository: string): string {
  const short = /^(?:github:)?([\w.-]+\/[\w.-]+)$/.exec(repository)?.[1];
  if (short !== undefined) return `https://github.com/${short}`;
  return repository
    .replace(/^git\+/, '')
    .replace(/^git@([^:/]+):/, 'https://$1/')
    .replace(/^(?:git|ssh|http):\/\/(?:git@)?/, 'https://')
    .replace(/\.git$/, '');
}
