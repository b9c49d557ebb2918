/** Folders for the tests of this lib: the committed fixture, ../shared where it is, temporary ones, and Python. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const repository = resolve(import.meta.dirname, '../../..');

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

/** A Python that can import transformers: LAYERWISE_PYTHON, or python3; undefined where there is none. */
export const python = [process.env['LAYERWISE_PYTHON'], 'python3'].find((candidate) => {
  if (candidate === undefined) return false;
  try {
    execFileSync(candidate, ['-c', 'import torch, transformers'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

export interface PythonReport {
  readonly class: string;
  readonly dtype: string;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  /** [row][token][hidden] */
  readonly hidden: readonly (readonly (readonly number[])[])[];
  /** [row][label] */
  readonly logits: readonly (readonly number[])[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What Python makes of a folder, by tools/reference/check_folder.py. */
export function openInPython(
  folder: string,
  kind: 'encoder' | 'classifier',
  rows: { ids: readonly (readonly number[])[]; types: readonly (readonly number[])[] },
): PythonReport {
  const script = resolve(repository, 'tools/reference/check_folder.py');
  const output = execFileSync(python ?? 'python3', [script, folder, kind], {
    input: JSON.stringify(rows),
    maxBuffer: 2 ** 26,
    stdio: ['pipe', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  return JSON.parse(output) as PythonReport;
}
