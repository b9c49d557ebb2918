/** What a command found worth knowing about its inputs, said before the work that may take hours. */
export function warn(notes: readonly string[]): void {
  for (const note of notes) process.stderr.write(`Warning: ${note}\n`);
}
