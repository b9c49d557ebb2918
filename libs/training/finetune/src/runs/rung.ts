/**
 * What a rung means in the two-phase protocol: to which step each phase is trained, on a schedule of which
 * length. Successive halving (Li et al. 2018) asks for a trial at a fraction f of its full training, and
 * later for more of it; with two phases there is more than one way to read that. Each way is a function from
 * the phases' full lengths T_o, T_s and f to plain data; `run-rung.ts` runs any of them.
 * `docs/results/rungs.md` compares how well their ranks agree with those of full runs.
 */
import type { Task } from '@layerwise/artifacts';
import { phaseSteps } from '../phases/phase-rates.js';
import type { Span } from '../phases/phase.js';
import { PHASES, type Phase, type Settings } from '../settings.js';

/** Each phase from its first step on. */
export type Rung = Readonly<Record<Phase, Omit<Span, 'from'>>>;

/** Steps of both phases of a full run. */
export type PhaseLengths = Readonly<Record<Phase, number>>;

/** A way to read a fraction `to` / `full` of training; at `to` = `full` each gives both phases whole. */
export type RungDesign = (lengths: PhaseLengths, to: number, full: number) => Rung;

/**
 * Phase 1 to f of its steps on the schedule of a full run, cut off there: a later rung goes on from its
 * checkpoint. Phase 2, which cannot be resumed once phase 1 went on, runs its own whole schedule over f of
 * its steps, so that no warm-up fills a small rung.
 */
export const resumedRung: RungDesign = ({ original, shifted }, to, full) => {
  const short = share(shifted, to, full);
  return {
    original: { until: share(original, to, full), steps: original },
    shifted: { until: short, steps: short },
  };
};

/**
 * Both phases run their whole schedule over f of their steps, as a shorter training would: nothing can be
 * resumed.
 */
export const shortRung: RungDesign = ({ original, shifted }, to, full) => {
  const [first, second] = [share(original, to, full), share(shifted, to, full)];
  return { original: { until: first, steps: first }, shifted: { until: second, steps: second } };
};

/** Both phases are cut off at f of the schedules of a full run. */
export const cutRung: RungDesign = ({ original, shifted }, to, full) => ({
  original: { until: share(original, to, full), steps: original },
  shifted: { until: share(shifted, to, full), steps: shifted },
});

/**
 * Steps that a rung takes after one at `before` (null: from the start): phase 1 goes on where its schedule is
 * the same.
 */
export function rungSteps(rung: Rung, before: Rung | null): number {
  const resumed = before !== null && before.original.steps === rung.original.steps;
  return rung.original.until - (resumed ? before.original.until : 0) + rung.shifted.until;
}

/** Of a run that is not cut short. */
export function phaseLengths(settings: Settings, tasks: Readonly<Record<Phase, Task>>): PhaseLengths {
  const sizes = PHASES.map((phase) => tasks[phase].train.label.length);
  return { original: phaseSteps(settings, 0, sizes), shifted: phaseSteps(settings, 1, sizes) };
}

/** `to` / `full` of the steps, one at least. */
function share(steps: number, to: number, full: number): number {
  return Math.max(1, Math.round((steps * to) / full));
}
