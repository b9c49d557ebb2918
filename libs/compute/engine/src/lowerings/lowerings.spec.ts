/**
 * The table of lowerings is closed by its types: what is wrong here must not compile (`npm run typecheck`).
 */
import { expect, it } from 'vitest';
import type { KernelName, Lowering } from './kernels.js';
import { LOWERINGS } from './lowerings.js';

const { RunAfter: _left, ...others } = LOWERINGS;

// @ts-expect-error a rule is missing: RunAfter
const incomplete: { readonly [Name in KernelName]: Lowering<Name> } = others;

const foreign: Lowering<'ColumnSums'> = ({ recorder, inputs, attributes }) =>
  // @ts-expect-error the kernel has no epsilon
  recorder.emit('MatMul', [recorder.nameOf(inputs.x)], [attributes.epsilon], 'float32');

it('has a rule for every kernel by its own name', () => {
  expect(Object.keys(incomplete)).toHaveLength(Object.keys(LOWERINGS).length - 1);
  expect(typeof foreign === 'function').toBe(true);
});
