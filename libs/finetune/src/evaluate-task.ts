/** The dev split of a task under a run's weights as they are. */
import type { Engine } from '@layerwise/engine';
import { evaluate, type Evaluation } from './evaluate.js';
import type { PreparedRun } from './prepare.js';
import type { Phase, Settings } from './settings.js';
import { createPredictor } from './trainer.js';

/** @throws the signal's reason soon after it was aborted. */
export async function evaluateTask(
  engine: Engine,
  run: PreparedRun,
  settings: Settings,
  phase: Phase,
  signal: AbortSignal,
): Promise<Evaluation> {
  const { program, dev, task } = run.tasks[phase];
  const predictor = await createPredictor(engine, settings.threads, run.state, program);
  try {
    return await evaluate(predictor, dev, task.dev.label, program.labels, signal);
  } finally {
    await predictor.dispose();
  }
}
