/** A split of a task under a run's weights as they are. */
import { evaluate, type Evaluation } from './evaluate.js';
import type { EvaluatedSplit, PreparedTask } from '../runs/prepare.js';
import type { Training } from './phase.js';
import { createPredictor } from '../step/predictor.js';

/**
 * @param split the task's dev split, if no other one is given. @throws the signal's reason soon after it was
 * aborted.
 */
export async function evaluateTask(
  { engine, run: { state } }: Training,
  { task, dev, program }: PreparedTask,
  signal: AbortSignal,
  split: EvaluatedSplit = { texts: dev, labels: task.dev.label },
): Promise<Evaluation> {
  const predictor = await createPredictor(engine, state, program);
  try {
    return await evaluate(predictor, split.texts, split.labels, program.labels, signal);
  } finally {
    await predictor.dispose();
  }
}
