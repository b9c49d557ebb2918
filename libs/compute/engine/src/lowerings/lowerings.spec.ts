/**
 * The table of lowerings is closed by its types: what is wrong here must not compile (`npm run typecheck`).
 */
import { expect, it } from 'vitest';
import { recordKernel, type OwnLowerings } from './kernels.js';
import { LOWERINGS } from './lowerings.js';
// Declares its kernel, as the other files of `operations/` do.
import type {} from '../operations/recomputed.js';

const { RunAfter: _left, ...allButOne } = LOWERINGS;

// @ts-expect-error a rule is missing: RunAfter
const incomplete: OwnLowerings = allButOne;

const foreign: (typeof LOWERINGS)['ColumnSums'] = ({ recorder, inputs, attributes }) =>
  // @ts-expect-error the kernel has no epsilon
  recorder.emit('MatMul', [recorder.nameOf(inputs.x)], [attributes.epsilon], 'float32');

// @ts-expect-error a kernel without a rule
const unruled = (): unknown => recordKernel('Unruled', {}, {});

it('has a rule for every kernel by its own name', () => {
  expect(Object.keys(incomplete)).toHaveLength(Object.keys(LOWERINGS).length - 1);
  for (const wrong of [foreign, unruled]) expect(typeof wrong === 'function').toBe(true);
});
