import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { writeSafetensors } from '@layerwise/model';
import { recipes } from '@layerwise/optimizers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepare, SETTINGS, temporaryFolder } from '../../test/tiny-run.js';
import { PAIR_CHECKPOINT } from '../runs/pair-checkpoint.js';
import { CHECKPOINT_FILE, isCheckpointOf, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { History } from './history.js';
import type { TrainingState } from '../step/training-state.js';

const PLACE = {
  fingerprint: 'abc',
  phase: 'shifted' as const,
  step: 2,
  accuracyOriginalBefore: 0.1 + 0.2,
  seconds: { original: 1 / 3, shifted: 2, evaluation: 3 },
};
const HISTORY: History = {
  phase: [0, 1],
  step: [0, 0],
  loss: [1 / 3, Math.PI],
  tokens: [100, 200],
  seconds: [0.1, 0.2],
};

/** A state whose every float is another one, odd ones included. */
async function filledState(settings = SETTINGS): Promise<TrainingState> {
  const { state } = await prepare(settings);
  [state.parameters, ...Object.values(state.optimizer.state)].forEach(({ floats }, region) => {
    // Tensors alone: the gaps between them hold zeros for ever and are not stored.
    for (const { offset, length } of state.plan.layout.places) {
      for (let at = offset; at < offset + length; at++) floats[at] = Math.sin(at * 7 + region) / 3;
    }
    floats.set([-0, 1e-45, 3.4e38], 5);
  });
  return state;
}

/** Digests: comparing the bytes one by one takes a second a time. */
const bytesOf = ({ parameters, optimizer }: TrainingState): string[] =>
  [parameters, ...Object.values(optimizer.state)].map(({ floats }) => digestOf(floats));

async function written(): Promise<{ file: string; state: TrainingState }> {
  const file = join(temporaryFolder(), CHECKPOINT_FILE);
  const state = await filledState();
  await writeCheckpoint(PAIR_CHECKPOINT, file, state, PLACE, HISTORY);
  return { file, state };
}

describe('a checkpoint', () => {
  it.each(['adam', 'adamw', 'sgd'] as const)('of %s comes back bit for bit', async (optimizer) => {
    const settings = { ...SETTINGS, optimizer: recipes[optimizer] };
    const file = join(temporaryFolder(), CHECKPOINT_FILE);
    const state = await filledState(settings);
    await writeCheckpoint(PAIR_CHECKPOINT, file, state, PLACE, HISTORY);
    const other = (await prepare(settings)).state;
    expect(bytesOf(other)).not.toEqual(bytesOf(state));
    expect(readCheckpoint(PAIR_CHECKPOINT, file, other, 'abc')).toEqual({ place: PLACE, columns: HISTORY });
    expect(bytesOf(other)).toEqual(bytesOf(state));
  });

  it("before a phase's first step leaves out the moments, which are zero", async () => {
    const file = join(temporaryFolder(), CHECKPOINT_FILE);
    const state = await filledState();
    state.optimizer.reset();
    await writeCheckpoint(PAIR_CHECKPOINT, file, state, { ...PLACE, step: 0 }, HISTORY);
    const other = (await prepare(SETTINGS)).state;
    expect(readCheckpoint(PAIR_CHECKPOINT, file, other, 'abc')?.place.step).toBe(0);
    expect(bytesOf(other)).toEqual(bytesOf(state));
    expect(readFileSync(file).length).toBeLessThan(2 * state.parameters.floats.byteLength);
  });

  it('that is not there is none', async () => {
    const file = join(temporaryFolder(), CHECKPOINT_FILE);
    expect(readCheckpoint(PAIR_CHECKPOINT, file, await filledState(), 'abc')).toBeNull();
    expect(isCheckpointOf(PAIR_CHECKPOINT, file, 'abc')).toBe(false);
  });

  it('knows whose it is', async () => {
    const { file } = await written();
    expect(isCheckpointOf(PAIR_CHECKPOINT, file, 'abc')).toBe(true);
    expect(isCheckpointOf(PAIR_CHECKPOINT, file, 'other')).toBe(false);
    writeFileSync(file, 'broken');
    expect(isCheckpointOf(PAIR_CHECKPOINT, file, 'abc')).toBe(false);
  });
});

/** What reading `file` throws; the state must be as before. */
function refusal(file: string, state: TrainingState, fingerprint = 'abc'): string {
  const before = bytesOf(state);
  try {
    readCheckpoint(PAIR_CHECKPOINT, file, state, fingerprint);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(bytesOf(state)).toEqual(before);
    const { message } = error as InputError;
    expect(message).toContain(file);
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('nothing was refused');
}

describe('one sentence refuses', () => {
  it("another run's checkpoint", async () => {
    const { file, state } = await written();
    expect(refusal(file, state, 'other')).toMatch(
      /belongs to a run with other settings or data.*--out.*--fresh/,
    );
  });

  it('one that was cut', async () => {
    const { file, state } = await written();
    const bytes = readFileSync(file);
    for (const length of [0, 7, 100, bytes.length >> 1, bytes.length - 1]) {
      writeFileSync(file, bytes.subarray(0, length));
      refusal(file, state);
    }
  });

  it('a safetensors file that is no checkpoint, and a folder', async () => {
    const { file, state } = await written();
    await writeSafetensors(file, [{ name: 'parameters', shape: [2], data: Float32Array.of(1, 2) }]);
    expect(refusal(file, state)).toMatch(/is not a checkpoint of a run; delete it, or add --fresh/);
    const folder = join(temporaryFolder(), 'folder');
    mkdirSync(folder);
    refusal(folder, state);
  });

  it('one that cannot be looked at, which is not none', async () => {
    const { state } = await written();
    const circle = join(temporaryFolder(), 'circle');
    symlinkSync(circle, circle);
    expect(refusal(circle, state)).toContain('its symbolic links form a loop (ELOOP)');
  });

  it('one that lacks a tensor or has one of another length or type', async () => {
    const { file, state } = await written();
    const place = { 'layerwise.checkpoint': JSON.stringify(PLACE) };
    const [first, second] = state.plan.layout.places;
    if (!first || !second) throw new Error('the tiny run has two tensors');
    const { length } = first;
    const parameters = { name: `parameters.${first.name}`, shape: [length], data: new Float32Array(length) };
    await writeSafetensors(file, [parameters], { metadata: place });
    expect(refusal(file, state)).toContain(`as parameters.${second.name} and holds none`);
    await writeSafetensors(file, [{ ...parameters, shape: [1], data: Float32Array.of(1) }], {
      metadata: place,
    });
    expect(refusal(file, state)).toContain(`as parameters.${first.name} and holds 1 of type F32`);
    await writeSafetensors(file, [parameters], { metadata: place, floatType: 'F16' });
    expect(refusal(file, state)).toMatch(/of type F16/);
  });

  it('whatever its header was changed to, or it is read as before', async () => {
    const { file, state } = await written();
    const bytes = readFileSync(file);
    const header = 8 + Number(bytes.readBigUInt64LE(0));
    const change = fc.record({ at: fc.nat(header - 1), byte: fc.nat(255), cut: fc.option(fc.nat(header)) });
    fc.assert(
      fc.property(change, ({ at, byte, cut }) => {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        writeFileSync(
          file,
          cut === null ? changed : Buffer.concat([changed.subarray(0, cut), changed.subarray(header)]),
        );
        try {
          readCheckpoint(PAIR_CHECKPOINT, file, state, 'abc');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as InputError).message).toMatch(/^[^\n]+$/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
