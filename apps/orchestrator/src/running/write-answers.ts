/** Answers of a command that reads stdin and answers while it reads, without waiting for its end. */
import { once } from 'node:events';
import { errorCode, systemError, visibleLines } from '@layerwise/errors';

/**
 * Writes each, made visible, to stdout as soon as it is there, and no faster than it is read. Ends quietly
 * when nobody reads stdout any more.
 */
export async function writeAnswers(answers: AsyncIterable<string>): Promise<void> {
  const { stdin, stdout } = process;
  let lost: Error | undefined;
  stdout.on('error', (error: Error) => {
    lost ??= error;
    stdin.destroy();
  });
  try {
    for await (const answer of answers) {
      if (lost) break;
      if (!stdout.write(visibleLines(answer))) await once(stdout, 'drain');
    }
  } catch (error) {
    if (!lost) throw error;
  }
  if (lost && errorCode(lost) !== 'EPIPE') throw systemError(lost, 'write', 'an answer to stdout');
}
