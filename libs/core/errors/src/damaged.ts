/** What a person is told of a file whose parts contradict each other. */
import { InputError } from './input-error.js';
import { visible } from './visible.js';

/** "`place` is damaged: `finding`; `advice`." @param place a file, or a line of one */
export function damaged(place: string, finding: string, advice = 'fetch or write it again'): InputError {
  return new InputError(`${place} is damaged: ${visible(finding)}; ${advice}.`);
}
