/**
 * An output folder while it is written: by one process, and for one stage. Whatever writes a manifest, a
 * stage as a command, works inside `whileWriting`, so that a second one is refused before it removes a file.
 */
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, makeFolder } from '@layerwise/errors';
import { takeLock } from '@layerwise/locks';
import { lockName, removeLeftovers } from '../files/atomic.js';
import { ownManifest } from './manifest.js';

/**
 * Makes `folder` and runs `work` with it locked; what killed processes left half-written there is gone then.
 * @param stage as the manifest will name it
 * @throws InputError where another process is at work in the folder, it holds what another stage made, or it
 * cannot be written
 */
export async function whileWriting<T>(stage: string, folder: string, work: () => Promise<T>): Promise<T> {
  const isNew = makeFolder(folder);
  const release = takeLock(join(folder, lockName), folder);
  try {
    await refuseForeign(stage, folder);
    await removeLeftovers(folder);
    return await work();
  } finally {
    release();
    // What was refused before it wrote anything leaves no folder behind; any other is not empty.
    if (isNew) await rmdir(folder).catch(() => undefined);
  }
}

/**
 * InputError where the manifest in an output folder is that of another stage than `stage`, whose files would
 * be lost.
 */
export async function refuseForeign(stage: string, outputFolder: string): Promise<void> {
  const owner = (await ownManifest(outputFolder))?.stage;
  if (owner !== undefined && owner !== stage)
    throw new InputError(
      `${outputFolder} holds what the stage ${owner} made; choose another output folder for the stage ${stage}`,
    );
}
