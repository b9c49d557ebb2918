/**
 * Reads a search space from JSON: `{"lr0":{"type":"float","low":1e-7,"high":1e-3,"log":true},…}`. The order
 * of its keys is the order of a trial's values. Every fault is an InputError that names the parameter and the
 * value.
 */
import { InputError } from '@layerwise/errors';
import type {
  CategoricalParameter,
  FloatParameter,
  IntegerParameter,
  Parameter,
  SearchSpace,
  Value,
} from './space.js';

type Json = Readonly<Record<string, unknown>>;

const KEYS: Readonly<Record<Parameter['type'], readonly string[]>> = {
  float: ['type', 'low', 'high', 'log'],
  integer: ['type', 'low', 'high', 'log'],
  categorical: ['type', 'choices'],
};

/**
 * @param json what JSON.parse gave
 * @param source where it stands, for messages: a file's name
 * @throws InputError
 */
export function parseSpace(json: unknown, source: string): SearchSpace {
  if (!isObject(json))
    throw new InputError(
      `${source} holds ${text(json)}, but a search space is an object of parameters, such as {"lr":{"type":"float","low":1e-7,"high":1e-3,"log":true}}.`,
    );
  const names = Object.keys(json);
  if (names.length === 0) throw new InputError(`${source} has no parameter: name at least one.`);
  return {
    names: names.map((name) => checkedName(name, source)),
    parameters: names.map((name) => parseParameter(json[name], `${source}: the parameter ${text(name)}`)),
  };
}

/** A space as a study records it: names, and beside them the parameters. @throws InputError */
export function parseRecordedSpace(json: unknown, source: string): SearchSpace {
  const record: Json = isObject(json) ? json : {};
  const { names, parameters } = record;
  if (!Array.isArray(names) || !Array.isArray(parameters) || names.length !== parameters.length)
    throw new InputError(
      `${source} holds ${text(json)}, but a recorded space has "names" and "parameters", one a name: make the file again.`,
    );
  return parseSpace(
    Object.fromEntries(names.map((name, i) => [String(name), parameters[i] as unknown])),
    source,
  );
}

/**
 * A point of the space, as a person gives it: an object of values by name, or an array in the space's order.
 * @returns [d], values in the space's order
 * @throws InputError for a value that is missing, unknown or outside of the space
 */
export function parseValues(space: SearchSpace, json: unknown, source: string): Value[] {
  const values = Array.isArray(json) ? byOrder(space, json, source) : json;
  if (!isObject(values))
    throw new InputError(`${source} holds ${text(json)}, but a point is an object of values by parameter.`);
  const unknown = Object.keys(values).find((name) => !space.names.includes(name));
  if (unknown !== undefined)
    throw new InputError(
      `${source} names ${text(unknown)}, which the space does not have: its parameters are ${space.names.join(', ')}.`,
    );
  return space.parameters.map((parameter, i) => {
    const name = space.names[i]!;
    if (!Object.hasOwn(values, name))
      throw new InputError(`${source} has no value for ${text(name)}: give one for each parameter.`);
    return checkedValue(parameter, values[name], `${source}: the value of ${text(name)}`);
  });
}

function byOrder(space: SearchSpace, values: readonly unknown[], source: string): Json {
  if (values.length !== space.names.length)
    throw new InputError(
      `${source} has ${values.length} ${values.length === 1 ? 'value' : 'values'}, but the space has ${space.names.length} ${space.names.length === 1 ? 'parameter' : 'parameters'}: give one value for each.`,
    );
  return Object.fromEntries(space.names.map((name, i) => [name, values[i]]));
}

function checkedName(name: string, source: string): string {
  // JavaScript puts such keys first, whatever their order in the file, and treats the second kind as no key
  // at all.
  if (/^(0|[1-9]\d*)$/.test(name))
    throw new InputError(
      `${source}: the parameter ${text(name)} is named by a number alone, and would lose its place among the others: put a letter before it.`,
    );
  if (name === '__proto__' || name.trim() === '')
    throw new InputError(`${source}: ${text(name)} is no name for a parameter: take another.`);
  return name;
}

function parseParameter(json: unknown, what: string): Parameter {
  if (!isObject(json))
    throw new InputError(
      `${what} is ${text(json)}, but has to be an object with a "type": float, integer or categorical.`,
    );
  const { type } = json;
  if (type !== 'float' && type !== 'integer' && type !== 'categorical')
    throw new InputError(`${what} has ${field(json, 'type')}: give float, integer or categorical.`);
  const unknown = Object.keys(json).find((key) => !KEYS[type].includes(key));
  if (unknown !== undefined)
    throw new InputError(
      `${what} has a field ${text(unknown)} that a ${type} parameter does not know: it takes ${KEYS[type].join(', ')}.`,
    );
  return type === 'categorical' ? parseChoices(json, what) : parseRange(type, json, what);
}

function parseRange(type: 'float' | 'integer', json: Json, what: string): FloatParameter | IntegerParameter {
  const low = limit(type, json, 'low', what);
  const high = limit(type, json, 'high', what);
  if (low >= high)
    throw new InputError(`${what} goes from low ${low} to high ${high}: low has to be below high.`);
  if (!Number.isFinite(high - low))
    throw new InputError(`${what} goes from low ${low} to high ${high}, which is too wide for a number.`);
  const { log } = json;
  if (log !== undefined && typeof log !== 'boolean')
    throw new InputError(`${what} has ${field(json, 'log')}: give true or false, or leave it out.`);
  if (log === true && low <= 0)
    throw new InputError(`${what} has a logarithmic scale and low ${low}: a logarithm needs low above 0.`);
  return { type, low, high, ...(log === true && { log }) };
}

function limit(type: 'float' | 'integer', json: Json, key: 'low' | 'high', what: string): number {
  const value = json[key];
  const fits = type === 'float' ? Number.isFinite(value) : Number.isSafeInteger(value);
  if (!fits || typeof value !== 'number')
    throw new InputError(
      `${what} has ${field(json, key)}: give a ${type === 'float' ? 'finite number' : 'whole number'}.`,
    );
  return value;
}

function parseChoices(json: Json, what: string): CategoricalParameter {
  const { choices } = json;
  if (!Array.isArray(choices) || choices.length < 2)
    throw new InputError(`${what} has ${field(json, 'choices')}: give a list of two choices or more.`);
  for (const [i, choice] of choices.entries()) {
    if (!isValue(choice))
      throw new InputError(
        `${what} has the choice ${text(choice)}: a choice is a text, a number, true or false.`,
      );
    if (choices.indexOf(choice) !== i)
      throw new InputError(`${what} has the choice ${text(choice)} twice: leave one out.`);
  }
  return { type: 'categorical', choices: choices as Value[] };
}

function checkedValue(parameter: Parameter, value: unknown, what: string): Value {
  if (parameter.type === 'categorical') {
    if (parameter.choices.includes(value as Value)) return value as Value;
    throw new InputError(
      `${what} is ${text(value)}, which is none of its choices: ${parameter.choices.map(text).join(', ')}.`,
    );
  }
  const { type, low, high } = parameter;
  if (typeof value !== 'number' || (type === 'integer' && !Number.isInteger(value)))
    throw new InputError(`${what} is ${text(value)}: give a ${type === 'integer' ? 'whole ' : ''}number.`);
  if (!(value >= low && value <= high))
    throw new InputError(`${what} is ${value}, outside of its range from ${low} to ${high}.`);
  return value;
}

function isObject(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isValue(json: unknown): json is Value {
  return typeof json === 'string' || typeof json === 'boolean' || Number.isFinite(json);
}

function field(json: Json, key: string): string {
  return json[key] === undefined ? `no "${key}"` : `the ${key} ${text(json[key])}`;
}

/** As JSON writes it, cut where it is long. */
function text(json: unknown): string {
  const written =
    typeof json === 'number' ? String(json) : ((JSON.stringify(json) as string | undefined) ?? String(json));
  return written.length <= 60 ? written : `${written.slice(0, 57)}…`;
}
