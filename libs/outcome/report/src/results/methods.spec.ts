// Methods stand in the order that they declare, a new one too.
import type * as Options from '@layerwise/evaluation/options';
import { expect, it, vi } from 'vitest';
import { methodsOf } from './methods.js';

vi.mock('@layerwise/evaluation/options', async (original) => {
  const options = await original<typeof Options>();
  return { ...options, EVALUATED_METHODS: { ...options.EVALUATED_METHODS, slow: { order: 1.5 } } };
});

it('puts methods in the order of their declarations, and those without one last', () => {
  const rows = ['mine', 'joint', 'smart', 'yours', 'slow', 'flat-combined', 'combined', 'flat', 'joint'];
  expect(methodsOf(rows.map((method) => ({ method })))).toEqual([
    ...['flat', 'slow', 'combined', 'flat-combined', 'smart', 'joint', 'mine', 'yours'],
  ]);
});
