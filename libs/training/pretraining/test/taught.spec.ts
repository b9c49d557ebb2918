/**
 * Pretraining under a teacher, which here is a small random encoder: its vectors are learnt, and killing it
 * changes nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTinyEncoderFolder, openEncoder } from '@layerwise/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  preparePretraining,
  writeMaskedEncoder,
  type PretrainEnd,
  type PretrainingSettings,
  type PreparedPretraining,
} from '../src/index.js';
import { runPrepared } from './run-prepared.js';
import { mixedCorpus, temporaryFolder, tinyCorpus, tinySettings, tinySizes } from './tiny-corpus.js';

const TEACHING = { teacher: 4, similarity: 5, pooling: 'mean' } as const;

async function taught(
  teacherFolder: string,
  changes: Partial<PretrainingSettings> = {},
  { folder = temporaryFolder(), stopAfter = Infinity } = {},
): Promise<{ run: PreparedPretraining; end: PretrainEnd; folder: string }> {
  const settings = { ...tinySettings, teaching: TEACHING, ...changes };
  const teacher = {
    folder: teacherFolder,
    cacheFolder: join(folder, 'vectors'),
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  const start = { kind: 'new', sizes: tinySizes } as const;
  const run = await preparePretraining(mixedCorpus(), start, settings, folder, teacher);
  const end = await runPrepared(run, settings, folder, { stopAfter });
  return { run, end, folder };
}

function curveOf(end: PretrainEnd) {
  if (end.kind !== 'complete') throw new Error(`the run ended as ${end.kind}`);
  return end.curve;
}

describe('pretraining under a teacher', () => {
  const teacher = mkdtempSync(join(tmpdir(), 'layerwise-teacher-'));
  afterAll(() => {
    rmSync(teacher, { recursive: true, force: true });
  });
  beforeAll(async () => {
    const words = tinyCorpus(20).flatMap(({ paragraphs }) =>
      paragraphs.join(' ').toLowerCase().match(/\w+/g),
    );
    await createTinyEncoderFolder(teacher, [...new Set(words.map(String))], { seed: 3 });
  });

  it("learns the teacher's vectors and masked words, and without its weight only the words", async () => {
    const { end } = await taught(teacher);
    const { heldOutCosine, heldOutLoss } = curveOf(end);
    expect(heldOutCosine[0]).toBeLessThan(0.5);
    expect(heldOutCosine.at(-1)).toBeGreaterThan(0.9);
    expect(heldOutLoss.at(-1)).toBeLessThan(heldOutLoss[0] ?? 0);

    const idle = curveOf((await taught(teacher, { teaching: { ...TEACHING, teacher: 0 } })).end);
    expect(idle.heldOutCosine.at(-1)).toBeLessThan(0.5);
  });

  it('goes on from a checkpoint to the same bits', async () => {
    const whole = await taught(teacher, { steps: 12 });
    const first = await taught(teacher, { steps: 12 }, { stopAfter: 5 });
    expect(first.end).toEqual({ kind: 'stopped', step: 5 });
    const second = await taught(teacher, { steps: 12 }, { folder: first.folder });
    expect(second.run.state.parameters.floats).toEqual(whole.run.state.parameters.floats);
    expect(curveOf(second.end).tokens).toEqual(curveOf(whole.end).tokens);
  });

  it('writes an encoder without the projection', async () => {
    const { run, folder } = await taught(teacher, { steps: 2 });
    await writeMaskedEncoder(folder, run.state, { half: false });
    const names = [...openEncoder(folder).ignored];
    expect(names.some((name) => name.startsWith('teacher'))).toBe(false);
    expect(names).toContain('cls.predictions.bias');
  });
});
