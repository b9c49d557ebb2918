/**
 * The digest of what a stage reads (`run-stage.ts`): of the bytes that are there now, so that no changed file
 * is taken for an old one. Of another stage's folder only its outputs count; its manifest tells the time, and
 * pictures are no data.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfFile, digestOfFolder, fingerprint } from '../files/digest.js';
import { explained } from '../files/io-error.js';
import { ownManifest } from './manifest.js';

/** SHA-256 of a file or of all that a folder holds. InputError where there is none. */
export async function digestOfInput(path: string): Promise<string> {
  const found = await explained('read', path, () => stat(path));
  if (!found.isDirectory()) return digestOfFile(path);
  const manifest = await ownManifest(path);
  if (manifest === null) return digestOfFolder(path);
  const digests: { file: string; digest: string }[] = [];
  for (const { file } of manifest.outputs)
    digests.push({ file, digest: await digestOfFile(join(path, file)) });
  return fingerprint(digests.sort((a, b) => (a.file < b.file ? -1 : 1)));
}
