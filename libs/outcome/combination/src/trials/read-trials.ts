/**
 * A file of trials, of a search (`trials-file.ts`) or of the paper's authors (`author-log.ts`), by the end of
 * its name.
 */
import { extname } from 'node:path';
import { InputError } from '@layerwise/errors';
import { readAuthorLog } from './author-log.js';
import type { PairTrials } from './rated-trial.js';
import { readTrialsFile } from './trials-file.js';

const READERS: Readonly<Record<string, (file: string) => PairTrials | Promise<PairTrials>>> = {
  '.arrow': readTrialsFile,
  '.csv': readAuthorLog,
};

/** @throws InputError where the file is of neither kind, cannot be read, or is malformed */
export async function readTrials(file: string): Promise<PairTrials> {
  const read = READERS[extname(file).toLowerCase()];
  if (read !== undefined) return read(file);
  throw new InputError(
    `${file} is neither the trials.arrow of a search nor a log of the paper's authors (.csv); give one of these.`,
  );
}
