/**
 * The plan of rungs and brackets: Hyperband, Li et al. (2018), Algorithm 1. R is the full fidelity, η the
 * factor between rungs, s_max = ⌊log_η(R / minimum)⌋. Bracket s of s_max … 0 starts n = ⌈(s_max + 1)/(s +
 * 1)·η^s⌉ trials at the rung R·η^-s; of n trials ⌊n·η^-i⌋ reach its i-th rung. All brackets then cost about
 * the same when a rung is paid in full.
 *
 * For R = 81 and η = 3 that is 81, 34, 15, 8 and 5 trials. Tables with 81, 27, 9, 6 and 5 (HpBandSter, the
 * first implementations) round (s_max + 1)/(s + 1) down before they multiply; the Algorithm does not.
 */
import { InputError } from '@layerwise/errors';
import type { Bracket, RungPlan } from './scheduler.js';

/** One rung of a bracket: so many trials, at that fidelity. */
interface Rung {
  readonly fidelity: number;
  readonly trials: number;
}

/**
 * @param full R, the fidelity of a whole run: epochs, or what else the objective counts in
 * @param eta η, above 1: the best one in η of a rung's trials goes on to η times as much
 * @param options with `minimum`: no rung lies below it; when it and R are whole numbers, rungs are rounded to
 * whole ones
 * @throws InputError
 */
export function hyperbandPlan(full: number, eta: number, { minimum = 1 } = {}): RungPlan {
  if (!(eta > 1 && Number.isFinite(eta)))
    throw new InputError(`eta is ${eta}, but the factor between rungs has to be above 1: 3 is usual.`);
  if (!(minimum > 0 && minimum <= full && Number.isFinite(full)))
    throw new InputError(
      `The rungs would go from ${minimum} to ${full}, but the lowest has to be above 0 and not above the full fidelity.`,
    );
  const count = rungCount(full, eta, minimum);
  const whole = Number.isInteger(full) && Number.isInteger(minimum);
  const exact = Array.from({ length: count }, (_, i) => full / eta ** (count - 1 - i));
  const fidelities = whole ? [...new Set(exact.map(Math.round))] : exact;
  const most = fidelities.length - 1;
  const brackets = fidelities.map((_, firstRung): Bracket => {
    const s = most - firstRung;
    return { firstRung, trials: Math.ceil(withoutRounding(((most + 1) * eta ** s) / (s + 1))) };
  });
  return { eta, fidelities, brackets };
}

/** One rung, and every trial goes to it: what a search without fidelities does. */
export function fullFidelityPlan(full: number): RungPlan {
  return { eta: 3, fidelities: [full], brackets: [{ firstRung: 0, trials: 1 }] };
}

/**
 * Rungs of a bracket that starts that many trials, the first one first: ⌊n·η^-i⌋ trials each, but one at
 * least. A whole bracket of Hyperband never needs the latter; one that is cut short would otherwise end with
 * no trial at full fidelity.
 */
export function bracketRungs({ eta, fidelities }: RungPlan, { firstRung, trials }: Bracket): Rung[] {
  return fidelities.slice(firstRung).map((fidelity, i) => ({
    fidelity,
    trials: Math.max(1, Math.floor(withoutRounding(trials / eta ** i))),
  }));
}

/** s_max + 1. */
function rungCount(full: number, eta: number, minimum: number): number {
  return Math.floor(withoutRounding(Math.log(full / minimum) / Math.log(eta))) + 1;
}

/** A number that misses a whole one by rounding alone is that one: log 243 / log 3 is 4.999… */
function withoutRounding(x: number): number {
  return Math.abs(x - Math.round(x)) < 1e-9 ? Math.round(x) : x;
}
