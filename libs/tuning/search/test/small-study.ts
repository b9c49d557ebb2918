/**
 * A study for tests that needs nothing but the core: a sampler and a scheduler of a few lines, and a cheap
 * objective.
 */
import type { Deciders } from '../src/study/next-step.js';
import { randomStream } from '../src/samplers/random-stream.js';
import { parseSettings, type StudySettings } from '../src/study/settings.js';
import type { Value } from '../src/space/space.js';
import type { Instruction, Study } from '../src/study/study.js';

export function smallSettings(changes: Partial<StudySettings> = {}): StudySettings {
  return parseSettings({
    space: {
      names: ['x', 'layers', 'kind'],
      parameters: [
        { type: 'float', low: 1e-7, high: 1e-3, log: true },
        { type: 'integer', low: 1, high: 12 },
        { type: 'categorical', choices: ['a', 'b'] },
      ],
    },
    sampler: 'nearby',
    scheduler: 'halving',
    seed: 1,
    trials: 12,
    budget: null,
    maxFailures: null,
    plan: { eta: 3, fidelities: [1, 3, 9], brackets: [{ firstRung: 0, trials: 9 }] },
    given: [[1e-5, 6, 'a']],
    repeats: { best: 2, seeds: 2 },
    ...changes,
  });
}

export const smallDeciders: Deciders = {
  /**
   * A random step away from the best place so far, of a size that it remembers: depends on history, key and
   * memory.
   */
  sampler({ observations, pending }, { seed, trial, space, memory }) {
    const { uniform } = randomStream(seed, trial, 'nearby');
    const best = observations.toSorted((a, b) => b.reward - a.reward)[0];
    const size = (typeof memory === 'number' ? memory : 1) * 0.9;
    const unit = space.names.map((_, i) => {
      const step = (uniform() - 0.5) * size + pending.length / 100;
      return Math.abs((best?.unit[i] ?? 0.5) + step) % 1;
    });
    return { unit, origin: 'random', memory: size };
  },
  /** Successive halving: the best unpromoted third of a rung's results goes on, the highest rung first. */
  scheduler({ fidelities, eta }, trials, score) {
    for (let rung = fidelities.length - 2; rung >= 0; rung--) {
      const [fidelity, target] = [fidelities[rung]!, fidelities[rung + 1]!];
      const measured = trials.filter((one) => one.measurements.some((m) => m.fidelity === fidelity));
      const ranked = measured.sort((a, b) => score(b, fidelity) - score(a, fidelity) || a.number - b.number);
      const top = ranked.slice(0, Math.floor(ranked.length / eta));
      const next = top.find((one) => one.target === fidelity && one.state === 'paused');
      if (next !== undefined) return { kind: 'promote', trial: next.number, target };
    }
    return { kind: 'new', bracket: 0, target: fidelities[0]! };
  },
  cost: (from, to) => to - from,
};

/** Highest at x = 1e-5, 8 layers, kind b; some noise of the seed, less with more fidelity. */
export function smallReward(values: readonly Value[], fidelity: number, seed: number): number {
  const [x, layers, kind] = values;
  const far = Math.log10(Number(x) / 1e-5) ** 2 + (Number(layers) - 8) ** 2 / 40 + (kind === 'b' ? 0 : 0.3);
  return -far + (randomStream(seed, 0, 'noise').uniform() - 0.5) / fidelity;
}

/**
 * Runs a study to its end with one worker; `before` sees each run, and may give its own end by returning
 * true.
 */
export function drive(
  study: Study,
  before: (run: Instruction & { kind: 'run' }) => boolean = () => false,
): string {
  for (;;) {
    const asked = study.ask();
    if (asked.kind === 'done') return asked.reason;
    if (asked.kind === 'wait') throw new Error('one worker never waits');
    if (before(asked)) continue;
    const { trial, values, fidelity, seed } = asked;
    const reward = smallReward(values, fidelity, seed);
    study.tell(trial, { reward, fidelity, measures: { seen: seed }, checkpoint: 10 });
  }
}
