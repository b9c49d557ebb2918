import { createInlineExecutor, type JobEvent, type Work } from '../src/index.js';

// For worker processes this stands in a module as `export const createWork = async (configuration) => …`, and
// `createProcessExecutor` takes the URL of that module.
const half: Work<number, number> = (input, { progress }) => {
  progress(1, 1);
  if (input % 2 === 1) throw new Error(`${input} is odd`);
  return Promise.resolve(input / 2);
};

const executor = createInlineExecutor(half, 2);
for (const [id, input] of [6, 7].entries()) executor.start({ id, input, folder: `jobs/${id}` });

export const ends: JobEvent<number>[] = [];
while (ends.length < 2) {
  const event = await executor.next();
  if (event.kind !== 'progress') ends.push(event); // done with 3; failed: 7 is odd
}
await executor.stop(1000);
