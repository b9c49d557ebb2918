/** Folders into which onnxruntime writes profiles, and what it wrote into one that only one session has. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { profileOf } from './onnxruntime-profile.mjs';

/**
 * @param {string} folder
 * @param {number} skip runs at the start that are left out
 */
export function profileIn(folder, skip) {
  const [file, ...more] = readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (file === undefined || more.length > 0)
    throw new Error(
      `${folder} was to hold the profile of one session, and holds ${more.length + (file ? 1 : 0)}.`,
    );
  return profileOf(JSON.parse(readFileSync(join(folder, file), 'utf8')), skip);
}

/**
 * Does something with a new folder for profiles, and removes it.
 * @template T
 * @param {string} parent
 * @param {(folder: string) => Promise<T>} work
 */
export async function inProfileFolder(parent, work) {
  const folder = mkdtempSync(join(parent, 'profile-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
