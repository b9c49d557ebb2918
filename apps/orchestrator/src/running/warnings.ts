/** What a command found worth knowing about its inputs, said before the work that may take hours. */
import { say } from './say.js';

export function warn(notes: readonly string[]): void {
  for (const note of notes) say(`Warning: ${note}`);
}
