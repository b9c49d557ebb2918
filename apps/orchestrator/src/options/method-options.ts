/** What files a method of a run is given on the command line, and which rates it may have been given. */
import type { Command } from 'commander';
import { InputError } from '@layerwise/errors';
import { FOUND_RATES } from '@layerwise/finetune/options';

export interface MethodFiles {
  /** Where the rates are read that stand in the place of `--rates`. */
  readonly ratesFrom?: string;
  /** Texts for the Fisher information of the pretrained weights; undefined: those of D_o. */
  readonly ewcCorpus?: string;
}

export function addRatesFrom(command: Command): Command {
  return command.option(
    '--rates-from <path>',
    'rates that were found: the folder (or its JSON) of search, for flat-tuned and distribution, or of combine',
  );
}

export function addEwcCorpus(command: Command): Command {
  return command.option(
    '--ewc-corpus <path>',
    "ewc's texts: a .txt file or a folder of them, one text a line (default: the first task's)",
  );
}

/** @throws InputError where rates are given twice, or a method of found rates is to run without them */
export function checkRates(
  { method, ratesFrom }: MethodFiles & { readonly method?: string | undefined },
  hasRates: boolean,
): void {
  if (ratesFrom !== undefined && hasRates)
    throw new InputError('--rates-from gives the rates; leave out --rates, or --rates-from.');
  if (method !== undefined && FOUND_RATES.includes(method) && ratesFrom === undefined && !hasRates)
    throw new InputError(
      `--method ${method} is of rates that were found: give --rates-from with the folder of a search or a combination, or --rates.`,
    );
}
