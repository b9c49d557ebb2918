/** A split of a task under a run's weights as they are. */
import type { Engine } from '@layerwise/engine';
import { evaluate, type Evaluation } from './evaluate.js';
import type { EvaluatedSplit, PreparedSequence, PreparedTask } from '../runs/prepare.js';
import type { Settings } from '../settings.js';
import { createPredictor } from '../step/predictor.js';

/**
 * @param split the task's dev split, if no other one is given. @throws the signal's reason soon after it was
 * aborted.
 */
export async function evaluateTask(
  engine: Engine,
  { state }: PreparedSequence,
  settings: Settings,
  { task, dev, program }: PreparedTask,
  signal: AbortSignal,
  split: EvaluatedSplit = { texts: dev, labels: task.dev.label },
): Promise<Evaluation> {
  const predictor = await createPredictor(engine, settings.threads, state, program);
  try {
    return await evaluate(predictor, split.texts, split.labels, program.labels, signal);
  } finally {
    await predictor.dispose();
  }
}
