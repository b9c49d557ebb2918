/**
 * The JSON files that are handed on: files of an earlier version are read, others refused with what to do.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InputError } from '@layerwise/errors';
import { afterAll, describe, expect, it } from 'vitest';
import { combinationFile, presetFile, ranksFile, readJsonFile, studyFile } from './json-files.js';
import { writeJson } from '../files/json.js';

/** Written by the preset `tiny` before the files had a schema. */
const older = resolve(import.meta.dirname, '../../fixtures/older');
const root = mkdtempSync(join(tmpdir(), 'layerwise-json-files-'));

afterAll(() => {
  rmSync(root, { recursive: true });
});

describe.each([studyFile, combinationFile, ranksFile, presetFile] as const)('$name', (kind) => {
  const file = join(older, kind.name);

  it('of an earlier version is read, and written again byte for byte', async () => {
    await expect(readJsonFile(kind as typeof presetFile, file)).resolves.toBeDefined();
    const copy = join(root, kind.name);
    await writeJson(copy, JSON.parse(readFileSync(file, 'utf8')));
    expect(readFileSync(copy)).toEqual(readFileSync(file));
  });

  it('that is of something else is refused with the command that makes it', async () => {
    const other = join(root, `other-${kind.name}`);
    for (const text of ['3', '{', '{"rates":"fast","done":3}']) {
      writeFileSync(other, text);
      const reading = readJsonFile(kind as typeof presetFile, other);
      await expect(reading).rejects.toThrow(InputError);
      await expect(reading).rejects.toThrow(`run \`layerwise ${kind.command}\` again`);
    }
  });
});

it('that is missing or no JSON is one sentence', async () => {
  const file = join(root, 'no.json');
  const sentence = new InputError(`${file} cannot be read as JSON; run \`layerwise search\` again.`);
  await expect(readJsonFile(studyFile, file)).rejects.toThrow(sentence);
  writeFileSync(file, '[1,');
  await expect(readJsonFile(studyFile, file)).rejects.toThrow(sentence);
});

it('names the place that is wrong', async () => {
  const file = join(root, 'study.json');
  const study = JSON.parse(readFileSync(join(older, 'study.json'), 'utf8')) as {
    report: { trials: unknown };
  };
  study.report.trials = 'many';
  writeFileSync(file, JSON.stringify(study));
  await expect(readJsonFile(studyFile, file)).rejects.toThrow('(report.trials is wrong)');
});
