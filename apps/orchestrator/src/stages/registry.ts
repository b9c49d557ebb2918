/**
 * The stages of the pipeline, by name. Each is declared in `libs/FLOOR/NAME/src/stage.ts`; a lib is loaded
 * when its stage is asked for.
 */
import type { Stage } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';

/** In the order of the pipeline. */
const loaders: Readonly<Record<string, () => Promise<Stage>>> = {
  datasets: async () => (await import('@layerwise/datasets')).datasetsStage,
  'dataset-shift': async () => (await import('@layerwise/dataset-shift')).datasetShiftStage,
  'length-shift': async () => (await import('@layerwise/length-shift')).lengthShiftStage,
  embed: async () => (await import('@layerwise/embeddings')).embedStage,
  'cluster-shift': async () => (await import('@layerwise/cluster-shift')).clusterShiftStage,
  'shift-summary': async () => (await import('@layerwise/shift-summary')).shiftSummaryStage,
  projection: async () => (await import('@layerwise/projection')).projectionStage,
  search: async () => (await import('@layerwise/rate-search')).searchStage,
  combination: async () => (await import('@layerwise/combination')).combinationStage,
  finetune: async () => (await import('@layerwise/finetune')).finetuneStage,
  sequence: async () => (await import('@layerwise/sequence')).sequenceStage,
  evaluation: async () => (await import('@layerwise/evaluation')).evaluationStage,
  report: async () => (await import('@layerwise/report')).reportStage,
};

export const stageNames: readonly string[] = Object.keys(loaders);

/** The stage of an entry, or undefined where the name is not that of an entry. */
export function stageOf(entry: string): string | undefined {
  const [stage = '', variant, ...rest] = entry.split('@');
  if (!stageNames.includes(stage) || rest.length > 0) return undefined;
  return variant === undefined || /^[a-z0-9]+(-[a-z0-9]+)*$/.test(variant) ? stage : undefined;
}

/** Loads a stage's declaration. InputError where there is none of that name. */
export async function loadStage(name: string): Promise<Stage> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (load === undefined) {
    throw new InputError(`there is no stage "${name}"; the stages are ${stageNames.join(', ')}.`);
  }
  return load();
}
