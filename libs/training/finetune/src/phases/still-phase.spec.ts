// Phases in which no weight can move are refused by name; whatever moves one weight in one step is not.
import { parsePatternGroups } from '@layerwise/optimizers';
import { describe, expect, it } from 'vitest';
import { prepare, protocol, SETTINGS, TASKS, temporaryFolder, weightsOf } from '../../test/tiny-run.js';
import { withMethod } from '../methods/methods.js';
import type { Settings } from '../settings.js';
import { refuseStillPhases } from './still-phase.js';

/** Both phases of one step each. */
const ONCE: Settings = { ...SETTINGS, batch: 10, epochs: { original: 1, shifted: 1 } };
const STILL: Settings['rates'] = SETTINGS.rates.map((rate) => rate && 0);
const PAIR = [TASKS.original, TASKS.shifted];

describe('a phase of one step', () => {
  it.each(['cosine', 'linear', 'constant'] as const)('of warm-up is refused: %s', async (schedule) => {
    const refused = /The phase on loudness has 1 step, of warm-up .* give --warmup 0/;
    await expect(prepare({ ...ONCE, schedule })).rejects.toThrow(refused);
    await expect(prepare({ ...ONCE, schedule, minimumRate: 0.1 })).rejects.toThrow(refused);
    await expect(prepare({ ...ONCE, schedule, epochs: { original: 2, shifted: 1 } })).rejects.toThrow(
      /The phase on sameness/,
    );
  });

  it.each(['cosine', 'linear', 'constant', 'slanted-triangular'] as const)(
    'without warm-up moves weights: %s',
    async (schedule) => {
      const settings = { ...ONCE, schedule, warmup: 0 };
      const run = await prepare(settings);
      const before = weightsOf(run);
      const outcome = await protocol(run, settings, temporaryFolder());
      expect(outcome.kind).toBe('complete');
      expect(weightsOf(run)).not.toBe(before);
    },
  );

  it('of two, or left out, is none', () => {
    expect(() => refuseStillPhases(PAIR, SETTINGS)).not.toThrow();
    const second = { ...SETTINGS, batch: 10, epochs: { original: 0, shifted: 2 } };
    expect(() => refuseStillPhases(PAIR, second)).not.toThrow();
  });
});

describe('rates of 0', () => {
  const refused = /has the rate 0 in the phase on loudness/;

  it('are refused where they are all there is', async () => {
    await expect(prepare({ ...SETTINGS, rates: STILL })).rejects.toThrow(refused);
    await expect(prepare({ ...SETTINGS, rates: STILL.map(() => null) })).rejects.toThrow(refused);
    expect(() => refuseStillPhases(PAIR, { ...SETTINGS, rates: STILL.with(-1, 1e-3) })).not.toThrow();
  });

  it('are refused where the other groups hold nothing that the phase trains', async () => {
    const groups =
      '[{name: first, patterns: ["head.original.*"]}, {name: rest, patterns: ["/^(?!head.original)/"]}]';
    const grouping = parsePatternGroups(groups, 'groups.yaml');
    await expect(prepare({ ...SETTINGS, grouping, rates: [1e-3, 0] })).rejects.toThrow(
      /has the rate 0 in the phase on sameness/,
    );
    await expect(prepare({ ...SETTINGS, grouping, rates: [0, 1e-3] })).resolves.toBeDefined();
  });

  it('of a method count too: a frozen encoder under a head that stands still', () => {
    const still = { ...SETTINGS, rates: SETTINGS.rates.with(-1, 0) };
    expect(() => refuseStillPhases(PAIR, withMethod(still, 'freeze', {}, 4))).toThrow(refused);
    expect(() => refuseStillPhases(PAIR, withMethod(SETTINGS, 'freeze', {}, 4))).not.toThrow();
  });

  it('are not refused while a group above 0 joins in the last epoch alone', () => {
    const late = { ...SETTINGS, rates: STILL.map((_, group) => (group === STILL.length - 2 ? 1e-3 : 0)) };
    const method = { name: 'x', unfreezing: { groupsAnEpoch: 1 } };
    expect(() => refuseStillPhases(PAIR, { ...late, method })).not.toThrow();
    expect(() => refuseStillPhases(PAIR, { ...late, method, epochs: { original: 1, shifted: 1 } })).toThrow(
      refused,
    );
  });
});
