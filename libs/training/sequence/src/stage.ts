/**
 * The stage `sequence`: any number of tasks one after another, and the accuracy on each after each. Of two
 * tasks it has the numbers of the stage `finetune`. A stage that was stopped or killed goes on from its
 * checkpoint.
 */
import { defineStage, readTaskFolder, type Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import {
  clearStage,
  completeSequence,
  prepareSequence,
  removeOtherCheckpoint,
  runInputs,
  runParameters,
  SEQUENCE_CHECKPOINT,
  SEQUENCE_OUTPUTS,
  sequenceFingerprint,
  settingsOfStage,
  tokenizerOf,
  trainingOf,
  workOfRun,
  workWith,
} from '@layerwise/finetune';
import { openEncoder } from '@layerwise/model';

export const sequenceStage = defineStage({
  name: 'sequence',
  version: 1,
  description: 'Fine-tunes an encoder on any number of tasks, one after another.',
  after: ['datasets', 'search', 'combination'],
  inputs: {
    tasks: { reads: 'task', many: true, description: 'the tasks, in the order in which they are trained' },
    ...runInputs,
  },
  parameters: runParameters,
  outputs: SEQUENCE_OUTPUTS,
  work: (parameters, rows) => workWith(parameters, workOfRun(parameters, rows('tasks').flat())),
  async run(context) {
    const { input, inputs, outputFolder, signal } = context;
    const encoder = openEncoder(input('encoder'));
    const tasks: Task[] = [];
    for (const folder of inputs('tasks')) tasks.push(await readTaskFolder(folder));
    const [first, second] = tasks;
    if (!first || !second) throw new InputError('The stage sequence takes two tasks or more as its tasks.');
    const settings = await settingsOfStage('sequence', context, encoder, first);
    const run = await prepareSequence(tasks, encoder, await tokenizerOf(encoder, null), settings);
    await removeOtherCheckpoint(SEQUENCE_CHECKPOINT, outputFolder, sequenceFingerprint(run));
    const nameOf = (phase: number): string => `${tasks[phase]!.name} (${phase + 1} of ${tasks.length})`;
    const end = await completeSequence(run, settings, trainingOf(context, nameOf));
    if (end.kind === 'stopped') {
      signal.throwIfAborted();
      return undefined;
    }
    if (end.kind === 'diverged') {
      const diverged = `training diverged at step ${end.step} of phase ${end.phase + 1}`;
      return { notes: [diverged, ...run.notes] };
    }
    await clearStage(outputFolder);
    const last = end.matrix.at(-1)!;
    return {
      ...(run.notes.length > 0 && { notes: run.notes }),
      counts: Object.fromEntries(last.map((accuracy, task) => [countName(task, tasks), accuracy ?? NaN])),
    };
  },
});

/** What the accuracy on a task at the end is called; a task may come more than once. */
function countName(place: number, tasks: readonly Task[]): string {
  const { name } = tasks[place]!;
  const isOnce = tasks.filter((task) => task.name === name).length === 1;
  return `accuracy on ${name}${isOnce ? '' : ` (${place + 1})`}`;
}
