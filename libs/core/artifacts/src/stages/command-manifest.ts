/** The manifest (`manifest.ts`) of a command that is no stage, over files that it has just written. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfFile } from '../files/digest.js';
import { currentVersions, writeManifest, type Manifest } from './manifest.js';
import type { Times } from './stopwatch.js';

/** How the files were made, as far as only the caller knows. */
export interface Provenance {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly inputs: Manifest['inputs'];
  /** From when the command began. */
  readonly times: () => Times;
  /** Of the libraries that shaped the outputs. */
  readonly versions: Readonly<Record<string, string>>;
  readonly fingerprint?: string;
  readonly counts?: Manifest['counts'];
}

/**
 * @param command stands where a stage's name would, with the version 1
 * @param files their names in `folder`
 * @throws InputError where the folder cannot be written
 */
export async function writeCommandManifest(
  folder: string,
  command: string,
  files: readonly string[],
  seed: number,
  { parameters, inputs, times, versions, fingerprint, counts }: Provenance,
): Promise<void> {
  await writeManifest(folder, {
    stage: command,
    stageVersion: 1,
    ...(fingerprint !== undefined && { fingerprint }),
    parameters: JSON.parse(JSON.stringify(parameters)) as Manifest['parameters'],
    seed,
    inputs,
    outputs: await Promise.all(
      files.map(async (file) => ({
        file,
        digest: await digestOfFile(join(folder, file)),
        bytes: (await stat(join(folder, file))).size,
      })),
    ),
    versions: currentVersions(versions),
    ...times(),
    ...(counts && { counts }),
  });
}
