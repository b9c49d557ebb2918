/**
 * The small file beside a stage's outputs that says how they came about: `manifest.json`. It is written last,
 * so a folder with a manifest is a complete one. `read-table.ts` compares files with the digests in it.
 */
import { createRequire } from 'node:module';
import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, fileExists, refuseNewer, statedVersion } from '@layerwise/errors';
import { z } from 'zod';
import { digestOfFile } from '../files/digest.js';
import { explained } from '../files/io-error.js';
import { readJson, writeJson } from '../files/json.js';

export const manifestName = 'manifest.json';

/** Of its form. From 2 on a manifest has it as its key `version`; without it, it is the first. */
const MANIFEST_VERSION = 1;

const owned = z.object({ stage: z.string(), stageVersion: z.unknown() });

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest of 64 hexadecimal digits');

const outputDigestSchema = z.object({
  /** Path in the folder of the manifest, with `/`. */
  file: z.string().min(1),
  digest,
  bytes: z.int().nonnegative(),
});

export const manifestSchema = z.object({
  stage: z.string().min(1),
  stageVersion: z.int().positive(),
  /** Of stage version, parameters and inputs: equal where nothing changed. Left out by what is no stage. */
  fingerprint: digest.optional(),
  parameters: z.record(z.string(), z.json()),
  seed: z.number().nullable(),
  inputs: z.array(z.object({ name: z.string().min(1), path: z.string().optional(), digest })),
  outputs: z.array(outputDigestSchema),
  /** Of layerwise, node and the libraries that shaped the outputs. */
  versions: z.record(z.string(), z.string()),
  /** ISO 8601, UTC. */
  started: z.iso.datetime(),
  durationSeconds: z.number().nonnegative(),
  /** Numbers worth keeping, such as skipped rows. */
  counts: z.record(z.string(), z.number()).optional(),
  /** Sentences for people. */
  notes: z.array(z.string()).optional(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Name, SHA-256 and size of one output file. */
export type OutputDigest = Readonly<z.infer<typeof outputDigestSchema>>;

/** Writes `manifest.json` into `folder`, atomically. Throws an Error where the manifest is malformed. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const checked = manifestSchema.parse(manifest);
  await writeJson(join(folder, manifestName), checked);
}

/** Reads the manifest of `folder`. InputError where there is none or it is malformed. */
export async function readManifest(folder: string): Promise<Manifest> {
  const manifest = await findManifest(folder);
  if (manifest === null)
    throw new InputError(`${folder} has no ${manifestName}, so it is not the complete output of a stage`);
  return manifest;
}

/** Reads the manifest of `folder`, or null where there is none. InputError where it is malformed. */
export async function findManifest(folder: string): Promise<Manifest | null> {
  const found = await manifestIn(folder);
  if (found instanceof InputError) throw found;
  return found;
}

/** The manifest, or null where there is none, or what is wrong with it. InputError for a newer layerwise's. */
async function manifestIn(folder: string): Promise<Manifest | InputError | null> {
  const file = join(folder, manifestName);
  let json: unknown;
  try {
    if (!fileExists(file)) return null;
    json = await readJson(file);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  if (json === undefined) return new InputError(`${file} is not JSON; delete it and run the stage again`);
  // Other programs have manifests with versions too.
  if (owned.safeParse(json).success) refuseNewer(file, manifestName, statedVersion(json), MANIFEST_VERSION);
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.map(String).join('.') ?? '';
  return new InputError(
    `${file} is not a manifest: ${place === '' ? 'it' : place} is wrong (${issue?.message ?? 'malformed'}); delete it and run the stage again`,
  );
}

/** Removes a manifest, so that files about to be rewritten are not compared with digests of old ones. */
export async function removeManifest(folder: string): Promise<void> {
  const file = join(folder, manifestName);
  await explained('remove', file, () => rm(file, { force: true }));
}

/** Compares all outputs of the manifest in `folder` with it; InputError names the first that differs. */
export async function verifyOutputs(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  for (const output of manifest.outputs) await verifyOutput(folder, output);
  return manifest;
}

/**
 * Compares `file` with the manifest that lists it, if there is one: in its folder, or one folder up for a
 * file of an output folder (`original/train.arrow`).
 */
export async function verifyAgainstManifest(file: string): Promise<void> {
  const folder = dirname(file);
  const name = basename(file);
  const beside = listed(await findManifest(folder), name);
  if (beside !== undefined) {
    await verifyOutput(folder, beside);
    return;
  }
  const parent = join(folder, '..');
  const above = listed(await ownManifest(parent), `${basename(resolve(folder))}/${name}`);
  if (above !== undefined) await verifyOutput(parent, above);
}

function listed(manifest: Manifest | null, path: string): OutputDigest | undefined {
  return manifest?.outputs.find(({ file }) => file === path);
}

/** As `findManifest`, of any folder: a manifest.json that is damaged or another program's is none. */
export async function ownManifest(folder: string): Promise<Manifest | null> {
  const found = await manifestIn(folder);
  return found instanceof InputError ? null : found;
}

async function verifyOutput(folder: string, output: OutputDigest): Promise<void> {
  const file = join(folder, output.file);
  const manifest = `${manifestName} ${output.file.includes('/') ? 'above' : 'beside'} it`;
  const { size } = await explained('read', file, () => stat(file));
  if (size !== output.bytes) {
    throw new InputError(
      `${file} has ${size} bytes where ${manifest} says ${output.bytes}: it was changed or cut; run its stage again`,
    );
  }
  const found = await digestOfFile(file);
  if (found !== output.digest) {
    throw new InputError(
      `${file} has the digest ${found} where ${manifest} says ${output.digest}: it was changed; run its stage again`,
    );
  }
}

/** Versions of layerwise, node and Arrow; add the libraries that a stage rests on. */
export function currentVersions(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const require = createRequire(import.meta.url);
  const own = z.object({ version: z.string() });
  const arrow = join(dirname(require.resolve('apache-arrow')), 'package.json');
  return {
    layerwise: own.parse(require('../../package.json')).version,
    node: process.versions.node,
    'apache-arrow': own.parse(require(arrow)).version,
    ...more,
  };
}
