/** Whether the machine was quiet. */
import { expect, it } from 'vitest';
import { busyWarning, machineSentence, shareInUse, useSentence } from '../src/machine.mjs';

const core = (busy: number, idle: number) => ({ user: busy, nice: 0, sys: 0, irq: 0, idle });

it('takes the share of all cores that worked', () => {
  const before = [core(100, 100), core(200, 50)];
  expect(shareInUse(before, [core(150, 150), core(200, 150)])).toBe(0.25);
  expect(shareInUse(before, before)).toBe(0);
});

it('warns of a machine that others use', () => {
  const quiet = { load: 2, others: 0.02 };
  expect(busyWarning([quiet, quiet])).toBeNull();
  expect(busyWarning([quiet, { load: 0.5, others: 0.6 }])).toBe(
    'Warning: before 1 of 2 runs others used more than 10 % of the machine (at most 60 %); these times are no measure of either side.',
  );
  expect(useSentence([quiet, { load: 0.51, others: 0.6 }])).toBe(
    "load average before a run 0.5 to 2.0, others' use of the machine at most 60 %",
  );
});

it('names what was measured on', () => {
  const versions = { Node: '20.1.0', PyTorch: '2.15.0' };
  expect(machineSentence({ date: '2026-11-26', cores: 2, cpu: 'A CPU', versions })).toBe(
    '2026-11-26, 2 × A CPU, Node 20.1.0, PyTorch 2.15.0',
  );
});
