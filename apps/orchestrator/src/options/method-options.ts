/**
 * The options that choose a method (`@layerwise/finetune`) and say more of it: for every command that runs
 * one.
 */
import { type Command, Option } from 'commander';
import { InputError } from '@layerwise/errors';
import type { MethodOptions as Given } from '@layerwise/finetune';
import { amount, positiveShare, wholeNumber } from './option-types.js';

export interface MethodOptions extends Given {
  /** Undefined: plain training with the rates as they are. */
  readonly method?: string;
  /** Where the rates are read that stand in the place of `--rates`. */
  readonly ratesFrom?: string;
  /** Texts for the Fisher information of the pretrained weights; undefined: those of D_o. */
  readonly ewcCorpus?: string;
}

// Written down again, because importing the lib would load it before it is needed; a test compares them.
export const methodNames: readonly string[] = [
  'flat',
  'flat-tuned',
  'distribution',
  'combined',
  'decay',
  'freeze',
  'l2-sp',
  'ewc',
  'ewc-standard',
  'ulmfit',
  'replay',
  'smart',
  'joint',
  'single',
];

export function addMethodOptions(command: Command): Command {
  return addMethodDetails(
    command
      .addOption(
        new Option('--method <name>', 'a method by name (default: the rates as they are)').choices(
          methodNames,
        ),
      )
      .option(
        '--rates-from <path>',
        'rates that were found: the folder (or its JSON) of search, for flat-tuned and distribution, or of combine',
      ),
  );
}

/** What can be said of methods, without their names. */
export function addMethodDetails(command: Command): Command {
  return command
    .option(
      '--decay-factor <factor>',
      "decay's, from a layer to the one below (default: 0.8)",
      amount('--decay-factor'),
    )
    .option(
      '--freeze-layers <n>',
      "freeze's: lowest layers that stand still (default: all)",
      wholeNumber('--freeze-layers', 0),
    )
    .option(
      '--replay-share <share>',
      "replay's, of the first task's training rows (default: 0.1)",
      positiveShare('--replay-share'),
    )
    .option(
      '--unfreeze-groups <n>',
      "ulmfit's: layer groups that join in each epoch (default: 1)",
      wholeNumber('--unfreeze-groups', 1),
    )
    .option('--l2-encoder <alpha>', "l2-sp's α, of the encoder (default: 0.1)", amount('--l2-encoder'))
    .option('--l2-head <beta>', "l2-sp's β, of the head (default: 0.01)", amount('--l2-head'))
    .option('--ewc-lambda <lambda>', "ewc's and ewc-standard's λ (default: 675)", amount('--ewc-lambda'))
    .option(
      '--ewc-corpus <path>',
      "ewc's texts: a .txt file or a folder of them, one text a line (default: the first task's)",
    )
    .option(
      '--ewc-texts <n>',
      'texts of the Fisher information at most (default: 25000)',
      wholeNumber('--ewc-texts', 1),
    )
    .option(
      '--ewc-batch <n>',
      'texts whose mean gradient is squared (default: 1)',
      wholeNumber('--ewc-batch', 1),
    )
    .option(
      '--smart-smoothness <weight>',
      "smart's, of the divergence under perturbation (default: 1)",
      amount('--smart-smoothness'),
    )
    .option(
      '--smart-proximity <weight>',
      "smart's, of the divergence from earlier weights (default: 1)",
      amount('--smart-proximity'),
    )
    .option(
      '--smart-radius <size>',
      "smart's: largest entry of a perturbation (default: 1e-5)",
      amount('--smart-radius'),
    )
    .option(
      '--smart-step-size <size>',
      "smart's: how far its inner step goes (default: 1e-3)",
      amount('--smart-step-size'),
    );
}

/** Methods that are nothing but rates which somebody found. */
const FOUND_RATES = ['flat-tuned', 'distribution', 'combined'];

/** @throws InputError where rates are given twice, or a method of found rates is to run without them */
export function checkRates({ method, ratesFrom }: MethodOptions, hasRates: boolean): void {
  if (ratesFrom !== undefined && hasRates)
    throw new InputError('--rates-from gives the rates; leave out --rates, or --rates-from.');
  if (method !== undefined && FOUND_RATES.includes(method) && ratesFrom === undefined && !hasRates)
    throw new InputError(
      `--method ${method} is of rates that were found: give --rates-from with the folder of a search or a combination, or --rates.`,
    );
}
