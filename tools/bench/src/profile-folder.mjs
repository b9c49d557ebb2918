/** Reads what onnxruntime wrote into the folder of a profile that only one session has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileOf } from './onnxruntime-profile.mjs';

/**
 * @param {string} folder
 * @param {number} skip runs at the start that are left out
 */
export function profileIn(folder, skip) {
  const [file, ...others] = readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (file === undefined || others.length > 0)
    throw new Error(
      `${folder} was to hold the profile of one session, and holds ${others.length + (file ? 1 : 0)}.`,
    );
  return profileOf(JSON.parse(readFileSync(join(folder, file), 'utf8')), skip);
}
