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

/** @throws InputError for options that make no sense */
type ApplyMethod = (plain: Settings, options: MethodInput, layers: number) => Settings;

/** The paper's "penalty importance". */
const LAMBDA = 675;

/** The options of a Fisher information, the paper's where nothing was said. */
export function fisherOptions({ ewcTexts = 25_000, ewcBatch = 1 }: MethodOptions): FisherOptions {
  return { texts: ewcTexts, batch: ewcBatch };
}

const METHODS: Readonly<Record<MethodName, ApplyMethod>> = {
  // One rate for all layer groups; 2e-5 is the paper's BERT base.
  flat: (plain) => withOneRate(plain, 'flat'),
  // The same, found by a search of as many steps as that of a distribution.
  'flat-tuned': (plain) => withOneRate(plain, 'flat-tuned'),
  // A rate a layer group, found by a search of this pair: the paper's BERTcL.
  distribution: (plain) => plain,
  // A rate a layer group, combined of searches of other pairs: the paper's BERTcL combined.
  combined: (plain) => plain,
  // One rate for the head, and one factor from each layer to the one below.
  decay: (plain, { decayFactor = 0.8 }, layers) => {
    const rate = onlyRate(plain, 'decay');
    return { ...plain, rates: decayedRates(rate, decayFactor, plain.grouping, layers) };
  },
  // The rate 0 for the embeddings and the lowest layers, or for all but the head.
  freeze: (plain, { freezeLayers = null }, layers) => ({
    ...plain,
    rates: frozenRates(plain.rates, freezeLayers, plain.grouping, layers),
  }),
  // The encoder held to its pretrained weights, all alike, and the head kept small (Li et al. 2018).
  'l2-sp': (plain, { l2Encoder = 0.1, l2Head = 0.01 }) =>
    held(plain, [
      { anchor: 'pretrained', lambda: l2Encoder, fisher: null },
      { anchor: 'zero', lambda: l2Head },
    ]),
  // The encoder held to its pretrained weights by their Fisher information on masked words, as the paper has
  // EWC.
  ewc: (plain, { ewcLambda = LAMBDA, fisher }) => {
    if (fisher === undefined)
      throw new InputError(
        'The method ewc needs Fisher information of the pretrained weights; take it with takeFisher first.',
      );
    return held(plain, [{ anchor: 'pretrained', lambda: ewcLambda, fisher }]);
  },
  // In phase 2 the encoder held to its weights after phase 1, by the Fisher information of the first task
  // (Kirkpatrick et al. 2017).
  'ewc-standard': (plain, { ewcLambda = LAMBDA, ...options }) =>
    held(plain, [{ anchor: 'original', lambda: ewcLambda, fisher: fisherOptions(options) }]),
  // Rates that fall by 2.6 a layer and rise and fall as a slanted triangle, and one more group trained in
  // each epoch, from the head down (Howard and Ruder 2018).
  ulmfit: (plain, { unfreezeGroups = 1 }, layers) => ({
    ...plain,
    schedule: 'slanted-triangular',
    warmup: 0.1,
    rates: decayedRates(onlyRate(plain, 'ulmfit'), 1 / 2.6, plain.grouping, layers),
    method: pieces(plain, { unfreezing: { groupsAnEpoch: unfreezeGroups } }),
  }),
  // A share of the first task's rows mixed into the second phase.
  replay: (plain, { replayShare: share = 0.1 }) => ({
    ...plain,
    method: pieces(plain, { replay: { share } }),
  }),
  // Answers that stay under small perturbations of the texts, and near those of the weights before.
  smart: (plain, options) => {
    const smart = {
      ...SMART,
      smoothness: options.smartSmoothness ?? SMART.smoothness,
      proximity: options.smartProximity ?? SMART.proximity,
      radius: options.smartRadius ?? SMART.radius,
      stepSize: options.smartStepSize ?? SMART.stepSize,
    };
    return { ...plain, method: pieces(plain, { smart }) };
  },
  // One phase over the rows of both tasks mixed, as many epochs as the second one has.
  joint: (plain) => ({
    ...plain,
    epochs: { ...plain.epochs, original: 0 },
    method: pieces(plain, { replay: { share: 1 } }),
  }),
  // Each task alone, from the pretrained encoder.
  single: (plain) => ({ ...plain, method: pieces(plain, { alone: true }) }),
};

/**
 * `plain` under the method called `name`, for an encoder of `layers` layers.
 * @throws InputError for an unknown name or options that make no sense
 */
export function withMethod(plain: Settings, name: string, options: MethodInput, layers: number): Settings {
  const known = METHOD_NAMES.find((other) => other === name);
  if (known === undefined)
    throw new InputError(`There is no method ${name}; choose one of ${METHOD_NAMES.join(', ')}.`);
  const applied = METHODS[known](plain, options, layers);
  return { ...applied, method: { ...applied.method, name } };
}

function held(plain: Settings, penalties: readonly Penalty[]): Settings {
  return { ...plain, method: pieces(plain, { penalties }) };
}

/** The pieces of `plain` and these. */
function pieces({ method }: Settings, more: Omit<Method, 'name'>): Method {
  return { name: PLAIN, ...method, ...more };
}

/** @throws InputError where there are several rates */
function withOneRate(plain: Settings, method: string): Settings {
  onlyRate(plain, method);
  return plain;
}

/** The rate of a method that has one for all. @throws InputError where there are several */
function onlyRate({ rates }: Settings, method: string): number {
  const [rate = 0, other] = new Set(rates.filter((one) => one !== null));
  if (other === undefined) return rate;
  throw new InputError(
    `--method ${method} starts from one rate for all layer groups; give --rates one number.`,
  );
}
