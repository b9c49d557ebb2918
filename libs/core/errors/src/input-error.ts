/**
 * The one error that is meant for a person. A message is one sentence: what was wrong, where (file, line,
 * value), what to do. The command line prints it without a stack trace and exits with 2. Any other error is a
 * failure of the work (exit 1).
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}
