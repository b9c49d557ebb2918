// Preloaded into a command under test (`heldProcess` in command.ts): whenever a file whose path matches is in
// its place, the process says so and waits for a word. So a test sees each state, however busy the machine is
// with other things. The processes that the command starts are not held.
import { readSync, writeSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const [SAYS, HEARS] = [3, 4];
const held = new RegExp(process.env.LAYERWISE_TEST_HOLD);
delete process.env.LAYERWISE_TEST_HOLD;
delete process.env.NODE_OPTIONS;

const { rename } = promises;
promises.rename = async (from, to) => {
  await rename(from, to);
  if (!held.test(to)) return;
  writeSync(SAYS, 'held\n');
  // At the end of what there is to hear, nothing is held any more.
  readSync(HEARS, Buffer.alloc(1));
};
syncBuiltinESMExports();
