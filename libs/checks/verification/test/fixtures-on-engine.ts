/**
 * Compares folders of reference numbers with what one engine computes: the whole of `verify`, once an engine.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEngine, type EngineName } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import { readModelType, SUPPORTED_ARCHITECTURES } from '@layerwise/model';
import { describe, expect, it, onTestFinished } from 'vitest';
import { beyondTolerance, findFixtures, verifyFixture, type Verification } from '../src/index.js';

const repository = resolve(import.meta.dirname, '../../../..');
/** See tools/reference/make_bert_fixture.py. */
export const COMMITTED = join(repository, 'libs/compute/model/fixtures/bert');
export const SHARED = join(process.env['LAYERWISE_SHARED'] ?? resolve(repository, '../shared'), 'fixtures');

const verify = (folder: string, engine: EngineName): Promise<Verification> =>
  verifyFixture(folder, { engine, provider: 'cpu', threads: 1 });

/** Fixtures of ../shared whose architecture is supported. */
function sharedFixtures(): string[] {
  if (!existsSync(SHARED)) return [];
  const supported: readonly string[] = SUPPORTED_ARCHITECTURES;
  return findFixtures(SHARED).filter((folder) => supported.includes(readModelType(folder)));
}

export function fixturesOn(engine: EngineName): void {
  describe(`reference numbers on ${engine}`, () => {
    const skipIfAbsent = async (skip: (note: string) => void): Promise<void> => {
      await startEngine(engine).catch((error: unknown) => {
        if (error instanceof InputError) skip(error.message);
        else throw error;
      });
    };

    it('of the committed folder are met', async (context) => {
      await skipIfAbsent(context.skip);
      const verification = await verify(COMMITTED, engine);
      expect(beyondTolerance(verification), JSON.stringify(verification)).toEqual([]);
      expect(verification.mlmLoss).not.toBeNull();
    });

    it('of ../shared are met', async (context) => {
      await skipIfAbsent(context.skip);
      const folders = sharedFixtures();
      if (folders.length === 0) context.skip(`${SHARED} is not there`);
      for (const folder of folders) {
        const verification = await verify(folder, engine);
        expect(beyondTolerance(verification), `${folder} ${JSON.stringify(verification)}`).toEqual([]);
      }
    });
  });
}

/** A copy of the committed folder with some fields of one of its JSON files replaced. */
export function changedFixture(file: string, change: (content: unknown) => unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-verify-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cpSync(COMMITTED, folder, { recursive: true });
  const content: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  writeFileSync(join(folder, file), JSON.stringify(change(content)));
  return folder;
}
