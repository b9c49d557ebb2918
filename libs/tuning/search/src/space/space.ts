/**
 * The search space: named parameters, each with a range or with choices. The samplers see it as the unit
 * cube, one coordinate a parameter (`unit.ts` maps values there and back); everything else sees values.
 */

/** A value of a parameter, as JSON writes it. */
export type Value = number | string | boolean;

/** Any number from `low` to `high`; with `log`, its logarithm is what is searched evenly. */
export interface FloatParameter {
  readonly type: 'float';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
}

/** Any whole number from `low` to `high`, both included. */
export interface IntegerParameter {
  readonly type: 'integer';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
}

/** One of some values that have no order. */
export interface CategoricalParameter {
  readonly type: 'categorical';
  readonly choices: readonly Value[];
}

export type Parameter = FloatParameter | IntegerParameter | CategoricalParameter;

/** Parameters in their order: values of a trial come in the same. */
export interface SearchSpace {
  readonly names: readonly string[];
  readonly parameters: readonly Parameter[];
}
