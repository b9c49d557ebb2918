import { InputError } from '@layerwise/errors';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFlatMemory, plannedBytes } from './memory.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('flat memory', () => {
  it('has zeroed regions at cache lines, and no more of them than were planned', () => {
    const lengths = [3, 17, 16];
    const memory = createFlatMemory(lengths);
    const regions = lengths.map((length) => memory.allocate(length));
    expect(regions.map(({ floats }) => floats)).toEqual(lengths.map((length) => new Float32Array(length)));
    expect(regions.map(({ byteOffset }) => byteOffset - 65_536)).toEqual([0, 64, 192]);
    expect(memory.bytes).toBe(plannedBytes(lengths));
    expect(() => memory.allocate(2 * 65_536)).toThrow(RangeError);
  });

  it('beyond 4 GiB is refused with what to do', () => {
    expect(() => createFlatMemory([2 ** 30])).toThrow(
      new InputError(
        'This run needs 4.0 GiB of flat memory and WebAssembly can address 4 GiB; ' +
          'use a smaller encoder, a smaller --batch or a smaller --max-length.',
      ),
    );
  });

  it('that the system does not give is refused with what to do', () => {
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
      throw new RangeError('WebAssembly.Memory(): could not allocate memory');
    });
    expect(() => createFlatMemory([2 ** 29])).toThrow(
      new InputError(
        'This run needs 2.0 GiB of flat memory and this machine does not give it that; ' +
          'free some, or use a smaller encoder, a smaller --batch or a smaller --max-length.',
      ),
    );
  });
});
