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
import { z } from 'zod';

/** One bracket of the plan: how many trials it starts, and the place of its first rung in `fidelities`. */
const bracketSchema = z.strictObject({ firstRung: z.int().min(0), trials: z.int().min(1) });
export type Bracket = z.output<typeof bracketSchema>;

export const planSchema = z
  .strictObject({
    eta: z.number().gt(1),
    /** Rising; the last one is R. */
    fidelities: z.array(z.number().positive()).min(1).readonly(),
    /**
     * The most exploring bracket first, as Hyperband runs them; after the last one the first begins again.
     */
    brackets: z.array(bracketSchema).min(1).readonly(),
  })
  .refine(({ fidelities }) => fidelities.every((f, i) => i === 0 || f > fidelities[i - 1]!), {
    error: 'its fidelities must rise',
  })
  .refine((plan) => plan.brackets.every((bracket) => bracket.firstRung < plan.fidelities.length), {
    error: 'a bracket begins at a rung that is not there',
  });
export type RungPlan = z.output<typeof planSchema>;

/** R: the fidelity of a whole run. */
export function fullFidelity({ fidelities }: Pick<RungPlan, 'fidelities'>): number {
  return fidelities.at(-1)!;
}

/**
 * @param full R, the fidelity of a whole run: epochs, or what else the objective counts in
 * @param eta η, above 1: the best one in η of a rung's trials goes on to η times as much
 * @param options no rung lies below `minimum`; when it and R are whole numbers, all rungs are
 * @throws InputError
 */
export function hyperbandPlan(full: number, eta: number, { minimum = 1 } = {}): RungPlan {
  if (!(eta > 1 && Number.isFinite(eta)))
    throw new InputError(`eta is ${eta}, but the factor between rungs has to be above 1: 3 is usual.`);
  if (!(minimum > 0 && minimum <= full && Number.isFinite(full)))
    throw new InputError(
      `The rungs would go from ${minimum} to ${full}, but the lowest has to be above 0 and not above the full fidelity.`,
    );
  const count = Math.floor(withoutRounding(Math.log(full / minimum) / Math.log(eta))) + 1;
  const whole = Number.isInteger(full) && Number.isInteger(minimum);
  const exact = Array.from({ length: count }, (_, i) => full / eta ** (count - 1 - i));
  const fidelities = whole ? [...new Set(exact.map(Math.round))] : exact;
  const most = fidelities.length - 1;
  const brackets = fidelities.map((_, firstRung) => {
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
 * least, so that one that is cut short has a trial at full fidelity all the same.
 */
export function bracketRungs(
  { eta, fidelities }: RungPlan,
  { firstRung, trials }: Bracket,
): { fidelity: number; trials: number }[] {
  return fidelities.slice(firstRung).map((fidelity, i) => ({
    fidelity,
    trials: Math.max(1, Math.floor(withoutRounding(trials / eta ** i))),
  }));
}

/** A number that misses a whole one by rounding alone is that one: log 243 / log 3 is 4.999… */
function withoutRounding(x: number): number {
  return Math.abs(x - Math.round(x)) < 1e-9 ? Math.round(x) : x;
}
