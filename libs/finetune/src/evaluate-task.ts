/** A split of a task under a run's weights as they are. */
import type { Engine } from '@layerwise/engine';
import { evaluate, type Evaluation } from './evaluate.js';
import type { EvaluatedSplit, PreparedRun } from './prepare.js';
import type { Phase, Settings } from './settings.js';
import { createPredictor } from './trainer.js';

/** @param split the task's dev split, if no other one is given. @throws the signal's reason soon after it was aborted. */
export async function evaluateTask(
  engine: Engine,
  run: PreparedRun,
  settings: Settings,
  phase: Phase,
  signal: AbortSignal,
  split: EvaluatedSplit = { texts: run.tasks[phase].dev, labels: run.tasks[phase].task.dev.label },
): Promise<Evaluation> {
  const { program } = run.tasks[phase];
  const predictor = await createPredictor(engine, settings.threads, run.state, program);
  try {
    return await evaluate(predictor, split.texts, split.labels, program.labels, signal);
  } finally {
    await predictor.dispose();
  }
}
