/** What the command line alone checks of the options of training. */
import { InputError } from '@layerwise/errors';
import type { TrainingOptions } from '@layerwise/finetune/options';

/** @throws InputError when another optimiser than AdamW is to decay weights */
export function refuseForeignDecay({
  weightDecay,
  optimizer,
}: Pick<TrainingOptions, 'weightDecay' | 'optimizer'>): void {
  if (weightDecay !== undefined && optimizer !== 'adamw')
    throw new InputError('--weight-decay belongs to --optimizer adamw: adam and sgd have none.');
}
