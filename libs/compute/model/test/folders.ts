/** Folders for the tests of this lib: the committed fixture, ../shared where it is, temporary ones. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const repository = resolve(import.meta.dirname, '../../../..');

/** A four-layer BERT of width 16 and PyTorch's numbers, see tools/reference/make_bert_fixture.py. */
export const BERT = resolve(import.meta.dirname, '../fixtures/bert');
/** Every element type of safetensors, see tools/reference/make_safetensors_types.py. */
export const TYPES = resolve(import.meta.dirname, '../fixtures/types.safetensors');
/** Reference models of five architectures, which not every checkout has. */
export const SHARED_FIXTURES = join(
  process.env['LAYERWISE_SHARED'] ?? resolve(repository, '../shared'),
  'fixtures',
);
export const hasSharedFixtures = existsSync(SHARED_FIXTURES);

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-model-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A row of a reference model's expected-tokens.json: what Python's tokeniser makes of a text or pair. */
export interface ExpectedTokens {
  readonly text: string;
  readonly pair: string | null;
  readonly ids: number[];
  readonly types: number[] | null;
  readonly truncated32: number[];
  readonly truncated32_types: number[] | null;
}

export function expectedTokens(folder: string): ExpectedTokens[] {
  return JSON.parse(readFileSync(join(folder, 'expected-tokens.json'), 'utf8')) as ExpectedTokens[];
}

/** A copy of the committed BERT that a test may break. */
export function copyOfBert(): string {
  const folder = temporaryFolder();
  cpSync(BERT, folder, { recursive: true });
  return folder;
}

/** Replaces fields of a JSON file; undefined removes one. */
export function editJson(file: string, changes: Record<string, unknown>): void {
  const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...content, ...changes }));
}
