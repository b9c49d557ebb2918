/** One fetch at a time into a folder: a file beside it that holds the process number of who is at work. */
import { open, readFile, rm } from 'node:fs/promises';
import { errorCode, InputError } from '@layerwise/errors';
import { isProcessAlive } from '@layerwise/workers';

/** Runs `work` while holding `path`. A lock whose process is gone is taken over. */
export async function whileLocked<T>(path: string, work: () => Promise<T>): Promise<T> {
  await take(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid)).finally(() => file.close());
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => '')) || 0;
    if (attempt > 1 || (holder > 0 && isProcessAlive(holder))) {
      throw new InputError(
        `Another fetch${holder > 0 ? ` (process ${holder})` : ''} is writing there: wait for it, or delete ${path} if there is none.`,
      );
    }
    await rm(path, { force: true });
  }
}
