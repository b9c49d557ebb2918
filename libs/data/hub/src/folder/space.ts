/** Room on the disk, asked before the first byte is downloaded. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import type { ChosenFile } from '../repository/listing.js';
import { readableBytes } from '../bytes.js';
import { partialOf } from '../network/download.js';
import type { Settings } from '../settings.js';

/** Kept free beyond what the files need: a disk filled to the last byte breaks other programs. */
const MARGIN = 16 * 2 ** 20;

/** Throws an InputError when the bytes that are still to come do not fit. Unknown sizes count as nothing. */
export async function makeSureOfRoom(
  settings: Settings,
  staging: string,
  missing: readonly ChosenFile[],
  name: string,
): Promise<void> {
  let needed = 0;
  for (const file of missing) {
    const had = await stat(partialOf(join(staging, file.name))).catch(() => null);
    needed += Math.max(0, (file.remote.bytes ?? 0) - (had?.size ?? 0));
  }
  if (needed === 0) return;
  const free = await settings.freeBytes(staging);
  if (free >= needed + MARGIN) return;
  throw new InputError(
    `"${name}" needs ${readableBytes(needed)} more and the disk of ${settings.cacheFolder} has ${readableBytes(free)} free: ` +
      'make room or choose another cache folder.',
  );
}
