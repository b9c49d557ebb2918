/** Folders of tiny files for the tests, gone when a test ends, and refusals as sentences. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { expect, onTestFinished } from 'vitest';
import { openTask, type OpenTaskOptions } from '../src/index.js';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A new folder with these files. */
export function scratch(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-datasets-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Lines with fields between tabs. */
export function tsv(...lines: readonly (readonly string[])[]): string {
  return lines.map((fields) => `${fields.join('\t')}\n`).join('');
}

/** The sentence with which a source is refused, the folder in it as `$`. */
export async function refusal(
  folder: string,
  options: OpenTaskOptions = {},
  source = folder,
): Promise<string> {
  try {
    await openTask(source, options);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message, 'one sentence on one line').not.toMatch(/\n|\.$/);
    return message.replaceAll(folder, '$');
  }
  throw new Error('the source was opened, but should have been refused');
}

export async function refusalOf(files: Files, options: OpenTaskOptions = {}): Promise<string> {
  return refusal(scratch(files), options);
}
