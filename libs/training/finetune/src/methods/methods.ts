/**
 * The methods by name: each turns the settings of plain training into its own, by other rates, by pieces
 * (`method.ts`) or by epochs. To add one, add its name and what a person may say of it to `options.ts`, and a
 * line to `METHODS`.
 */
import { InputError } from '@layerwise/errors';
import { decayedRates, frozenRates } from '@layerwise/optimizers';
import { PLAIN, type FisherOptions, type Method, type Penalty, type StoredFisher } from './method.js';
import { METHOD_NAMES, type MethodName, type MethodOptions } from '../options.js';
import type { Settings } from '../settings.js';
import { SMART } from './smart-step.js';

/** The options of a method, and the Fisher information of the pretrained weights that `ewc` needs. */
type MethodInput = MethodOptions & { readonly fisher?: StoredFisher | undefined };

interface NamedMethod {
  readonly description: string;
  /** @throws InputError for options that make no sense */
  readonly apply: (plain: Settings, options: MethodInput, layers: number) => Settings;
}

/** The paper's "penalty importance". */
const LAMBDA = 675;

/** The options of a Fisher information, the paper's where nothing was said. */
export function fisherOptions({ ewcTexts = 25_000, ewcBatch = 1 }: MethodOptions): FisherOptions {
  return { texts: ewcTexts, batch: ewcBatch };
}

export const METHODS = {
  flat: {
    description: "one rate for all layer groups; 2e-5 is the paper's BERT base",
    apply: (plain) => {
      onlyRate(plain, 'flat');
      return plain;
    },
  },
  'flat-tuned': {
    description:
      'one rate for all layer groups, found by a search of as many steps as that of a distribution',
    apply: (plain) => {
      onlyRate(plain, 'flat-tuned');
      return plain;
    },
  },
  distribution: {
    description: "a rate a layer group, found by a search of this pair: the paper's BERTcL",
    apply: (plain) => plain,
  },
  combined: {
    description: "a rate a layer group, combined of searches of other pairs: the paper's BERTcL combined",
    apply: (plain) => plain,
  },
  decay: {
    description: 'one rate for the head, and one factor from each layer to the one below',
    apply: (plain, { decayFactor = 0.8 }, layers) => {
      const rate = onlyRate(plain, 'decay');
      return { ...plain, rates: decayedRates(rate, decayFactor, plain.grouping, layers) };
    },
  },
  freeze: {
    description: 'the rate 0 for the embeddings and the lowest layers, or for all but the head',
    apply: (plain, { freezeLayers = null }, layers) => ({
      ...plain,
      rates: frozenRates(plain.rates, freezeLayers, plain.grouping, layers),
    }),
  },
  'l2-sp': {
    description:
      'the encoder held to its pretrained weights, all alike, and the head kept small (Li et al. 2018)',
    apply: (plain, { l2Encoder = 0.1, l2Head = 0.01 }) =>
      held(plain, [
        { anchor: 'pretrained', lambda: l2Encoder, fisher: null },
        { anchor: 'zero', lambda: l2Head },
      ]),
  },
  ewc: {
    description:
      'the encoder held to its pretrained weights by their Fisher information on masked words, as the paper has EWC',
    apply: (plain, { ewcLambda = LAMBDA, fisher }) => {
      if (fisher === undefined)
        throw new InputError(
          'The method ewc needs Fisher information of the pretrained weights; take it with takeFisher first.',
        );
      return held(plain, [{ anchor: 'pretrained', lambda: ewcLambda, fisher }]);
    },
  },
  'ewc-standard': {
    description:
      'in phase 2 the encoder held to its weights after phase 1, by the Fisher information of the first task (Kirkpatrick et al. 2017)',
    apply: (plain, { ewcLambda = LAMBDA, ...options }) =>
      held(plain, [{ anchor: 'original', lambda: ewcLambda, fisher: fisherOptions(options) }]),
  },
  ulmfit: {
    description:
      'rates that fall by 2.6 a layer and rise and fall as a slanted triangle, and one more group trained in each epoch, from the head down (Howard and Ruder 2018)',
    apply: (plain, { unfreezeGroups = 1 }, layers) => ({
      ...plain,
      schedule: 'slanted-triangular',
      warmup: 0.1,
      rates: decayedRates(onlyRate(plain, 'ulmfit'), 1 / 2.6, plain.grouping, layers),
      method: pieces(plain, { unfreezing: { groupsAnEpoch: unfreezeGroups } }),
    }),
  },
  replay: {
    description: "a share of the first task's rows mixed into the second phase",
    apply: (plain, { replayShare: share = 0.1 }) => ({
      ...plain,
      method: pieces(plain, { replay: { share } }),
    }),
  },
  smart: {
    description:
      'answers that stay under small perturbations of the texts, and near those of the weights before',
    apply: (plain, options) => {
      const smart = {
        ...SMART,
        smoothness: options.smartSmoothness ?? SMART.smoothness,
        proximity: options.smartProximity ?? SMART.proximity,
        radius: options.smartRadius ?? SMART.radius,
        stepSize: options.smartStepSize ?? SMART.stepSize,
      };
      return { ...plain, method: pieces(plain, { smart }) };
    },
  },
  joint: {
    description: 'one phase over the rows of both tasks mixed, as many epochs as the second one has',
    apply: (plain) => ({
      ...plain,
      epochs: { ...plain.epochs, original: 0 },
      method: pieces(plain, { replay: { share: 1 } }),
    }),
  },
  single: {
    description: 'each task alone, from the pretrained encoder',
    apply: (plain) => ({ ...plain, method: pieces(plain, { alone: true }) }),
  },
} as const satisfies Record<MethodName, NamedMethod>;

/**
 * `plain` under the method called `name`, for an encoder of `layers` layers.
 * @throws InputError for an unknown name or options that make no sense
 */
export function withMethod(plain: Settings, name: string, options: MethodInput, layers: number): Settings {
  const known = METHOD_NAMES.find((other) => other === name);
  if (known === undefined)
    throw new InputError(`There is no method ${name}; choose one of ${METHOD_NAMES.join(', ')}.`);
  const { apply }: NamedMethod = METHODS[known];
  const applied = apply(plain, options, layers);
  return { ...applied, method: { ...applied.method, name } };
}

function held(plain: Settings, penalties: readonly Penalty[]): Settings {
  return { ...plain, method: pieces(plain, { penalties }) };
}

/** The pieces of `plain` and these. */
function pieces({ method }: Settings, more: Omit<Method, 'name'>): Method {
  return { name: PLAIN, ...method, ...more };
}

/** The rate of a method that has one for all. @throws InputError where there are several */
function onlyRate({ rates }: Settings, method: string): number {
  const [rate = 0, other] = new Set(rates.filter((one) => one !== null));
  if (other === undefined) return rate;
  throw new InputError(
    `--method ${method} starts from one rate for all layer groups; give --rates one number.`,
  );
}
