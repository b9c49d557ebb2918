/**
 * What a plan costs before anything runs: trials a rung, and steps by the objective's own count, in which a
 * promoted trial pays what its continuation costs. `describePlan` is printed before a search starts.
 */
import { textTable } from '@layerwise/artifacts';
import { bracketRungs, fullFidelity, type Bracket, type RungPlan } from './hyperband.js';
import type { Cost } from '../running/objective.js';

/** One bracket's part in a search of so many trials: all passes through it together. */
interface BracketCost {
  /** Place in the plan. */
  readonly bracket: number;
  readonly passes: number;
  /** All rungs, the first one first: trials that reach it, and steps that this costs. */
  readonly rungs: readonly { readonly fidelity: number; readonly trials: number; readonly steps: number }[];
}

export interface PlanCost {
  readonly trials: number;
  /** Those that reach the full fidelity. */
  readonly complete: number;
  readonly steps: number;
  /** The steps, in whole runs at full fidelity. */
  readonly fullRuns: number;
  readonly brackets: readonly BracketCost[];
}

/**
 * What Hyperband takes when no trial fails. Asynchronous halving takes about as much: it promotes as many,
 * but for what it could not know when it did.
 *
 * @param trials of the search in all; the last pass through a bracket may be a short one
 */
export function planCost(plan: RungPlan, trials: number, cost: Cost): PlanCost {
  const full = fullFidelity(plan);
  const brackets = passesOf(plan, trials).map((passes, bracket): BracketCost => ({
    bracket,
    passes: passes.length,
    rungs: sumRungs(plan, passes, (from, to) => cost(from, to, full)),
  }));
  const rungs = brackets.flatMap((bracket) => bracket.rungs);
  const steps = sum(rungs.map((rung) => rung.steps));
  const complete = sum(rungs.filter(({ fidelity }) => fidelity === full).map((rung) => rung.trials));
  return { trials, complete, steps, fullRuns: steps / cost(0, full, full), brackets };
}

/** The plan and its cost as a small table, for people; lines without a last line break. */
export function describePlan(plan: RungPlan, trials: number, cost: Cost, unit = 'steps'): string {
  const total = planCost(plan, trials, cost);
  const used = total.brackets.filter(({ passes }) => passes > 0);
  const rows = used.map(({ bracket, passes, rungs }) => [
    String(bracket),
    String(passes),
    rungs.map((rung) => `${rung.trials} at ${short(rung.fidelity)}`).join(' → '),
    count(sum(rungs.map((rung) => rung.steps))),
  ]);
  const rungs = plan.fidelities.map(short).join(', ');
  const title =
    plan.fidelities.length === 1
      ? `Plan: ${trials} ${plural(trials, 'trial')}, each at fidelity ${rungs}`
      : `Plan: ${trials} ${plural(trials, 'trial')} on the rungs ${rungs} (η = ${short(plan.eta)})`;
  return [
    title,
    ...textTable(
      [['bracket', 'passes', 'trials at rung', unit], ...rows],
      ['right', 'right', 'left', 'right'],
    ),
    `in all ${count(total.steps)} ${unit}, as much as ${short(total.fullRuns)} whole ${plural(total.fullRuns, 'run')}; ${total.complete} of ${trials} trials reach ${short(fullFidelity(plan))}`,
  ].join('\n');
}

/** By bracket, the trials that each pass through it starts: brackets in turn, until there are enough. */
function passesOf({ brackets }: RungPlan, trials: number): Bracket[][] {
  const passes = brackets.map((): Bracket[] => []);
  for (let left = trials; left > 0;)
    for (const [place, bracket] of brackets.entries()) {
      const started = Math.min(bracket.trials, left);
      if (started > 0) passes[place]?.push({ ...bracket, trials: started });
      left -= started;
    }
  return passes;
}

function sumRungs(
  plan: RungPlan,
  passes: readonly Bracket[],
  cost: (from: number, to: number) => number,
): BracketCost['rungs'] {
  const tables = passes.map((pass) => bracketRungs(plan, pass));
  return (tables[0] ?? []).map(({ fidelity }, i, rungs) => {
    const trials = sum(tables.map((rung) => rung[i]?.trials ?? 0));
    return { fidelity, trials, steps: trials * cost(rungs[i - 1]?.fidelity ?? 0, fidelity) };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function short(x: number): string {
  return String(Number(x.toPrecision(4)));
}

function count(x: number): string {
  return Math.round(x).toLocaleString('en-US');
}

function plural(number: number, word: string): string {
  return number === 1 ? word : `${word}s`;
}
