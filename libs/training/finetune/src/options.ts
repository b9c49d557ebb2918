/**
 * The options of training and of methods, each declared once: name, type, default, bounds, help. The command
 * line, the stages that fine-tune, the presets and `settingsFrom` all follow from these declarations. Light,
 * so that a command line can read it before any engine is loaded.
 *
 * An option without a default is absent where nobody gave it. So one that is added later changes no
 * fingerprint of runs that do without it.
 */
import { engineOptions } from '@layerwise/engine/options';
import { OPTIMIZER_NAMES, SCHEDULE_NAMES } from '@layerwise/optimizers/names';
import { z } from 'zod';

const count = (least: number) => z.number().int().min(least);
const amount = z.number().min(0);
const share = z.number().min(0).lt(1);

const EPOCHS = 3;

/** How both phases train, for `z.object`; rates, method and seed are each command's own. */
export const trainingOptions = {
  groups: z
    .string()
    .default('paper')
    .describe('layer groups: paper, paper-ceil, layers, or a file of patterns'),
  optimizer: z.enum(OPTIMIZER_NAMES).default('adam').describe('update rule'),
  weightDecay: amount.optional().describe("adamw's, a factor of the rate (default: 0.01)"),
  schedule: z.enum(SCHEDULE_NAMES).default('cosine').describe('how rates change over a phase'),
  warmup: share.default(0.1).describe("share of a phase's steps over which rates rise; 0: none"),
  minimumRate: share
    .optional()
    .describe(
      'share of its rate that a group keeps at the end of a phase, as min_lr_rate of transformers (default: 0)',
    ),
  epochs: count(1).optional().describe(`passes over each training split (default: ${EPOCHS})`),
  epochsOriginal: count(1).optional().describe("passes over the first task's (default: as epochs)"),
  epochsShifted: count(1).optional().describe("passes over the second task's (default: as epochs)"),
  batch: count(1).default(16).describe('rows a step'),
  accumulate: count(1).default(1).describe('batches whose gradients make one step'),
  groupByLength: z
    .boolean()
    .optional()
    .describe('makes batches of rows of like length: faster, and not quite at random'),
  maxLength: count(3).default(256).describe('tokens a row at most'),
  clipNorm: amount.optional().describe("largest global norm of a step's gradient; 0: none"),
  dropout: share.optional().describe("dropout in place of the encoder's own"),
  recompute: z
    .boolean()
    .optional()
    .describe(
      'computes layers again in the backward pass: the same bits, less memory for long texts, more time',
    ),
  ...engineOptions,
};

export type TrainingOptions = z.output<z.ZodObject<typeof trainingOptions>>;

/** Epochs as a person gives them, or as a record has them: of each task. */
export type Epochs = Partial<Pick<TrainingOptions, 'epochs' | 'epochsOriginal' | 'epochsShifted'>>;

export interface EpochsOfTasks {
  readonly epochsOriginal: number;
  readonly epochsShifted: number;
}

/** Passes over each task's training split. */
export function epochsOfTasks({ epochs = EPOCHS, epochsOriginal, epochsShifted }: Epochs): EpochsOfTasks {
  return { epochsOriginal: epochsOriginal ?? epochs, epochsShifted: epochsShifted ?? epochs };
}

/**
 * The same with the epochs of each task, and without what nobody gave: plain JSON for records of searches.
 */
export type TrainingChoices = Omit<TrainingOptions, 'epochs' | 'epochsOriginal' | 'epochsShifted'> &
  EpochsOfTasks;

/** The training options among others, in the order of their declaration. */
export function trainingChoices(options: TrainingOptions): TrainingChoices {
  const { epochs: _, ...chosen } = { ...options, ...epochsOfTasks(options) };
  const named = Object.keys(trainingOptions).map(
    (name) => [name, chosen[name as keyof typeof chosen]] as const,
  );
  return Object.fromEntries(named.filter(([, value]) => value !== undefined)) as unknown as TrainingChoices;
}

/** What plans, tables and reports ask of a method; `methods.ts` says what it does. */
export interface MethodDeclaration {
  /** Its place in reports, the lowest first. */
  readonly order: number;
  /** What the paper calls it. */
  readonly paperName?: string;
  /** Where its rates come from, if somebody found them: trials of a search or of its control (one rate). */
  readonly rates?: { readonly of: 'search' | 'control'; readonly pairs: 'own' | 'others' };
  /** Whether it needs the Fisher information of the pretrained weights. */
  readonly needsFisher?: true;
  /** Steps that a run takes as long as. @param steps of plain training @param fisherTexts of D_o, at most */
  readonly cost?: (steps: number, fisherTexts: number) => number;
}

export const METHOD_DECLARATIONS = {
  flat: { order: 1, paperName: 'BERT base' },
  'flat-tuned': { order: 2, rates: { of: 'control', pairs: 'own' } },
  distribution: { order: 3, paperName: 'BERTcL', rates: { of: 'search', pairs: 'own' } },
  combined: { order: 4, paperName: 'BERTcL combined', rates: { of: 'search', pairs: 'others' } },
  decay: { order: 11 },
  freeze: { order: 12 },
  'l2-sp': { order: 8 },
  ewc: { order: 6, paperName: 'BERT + EWC', needsFisher: true },
  // A gradient of each text by itself.
  'ewc-standard': { order: 7, cost: (steps, fisherTexts) => steps + fisherTexts / 4 },
  ulmfit: { order: 10 },
  replay: { order: 13 },
  // A step is taken three times, for the perturbation and the divergence.
  smart: { order: 9, cost: (steps) => 3 * steps },
  joint: { order: 15 },
  single: { order: 14 },
} as const satisfies Record<string, MethodDeclaration>;

export type MethodName = keyof typeof METHOD_DECLARATIONS;
export const METHOD_NAMES = Object.keys(METHOD_DECLARATIONS) as readonly MethodName[];

/** Whether a method takes the Fisher information of the pretrained weights; undefined: plain training. */
export function needsFisher(method: MethodName | undefined): boolean {
  return method !== undefined && 'needsFisher' in METHOD_DECLARATIONS[method];
}

/** Methods that are nothing but rates which somebody found. */
export const FOUND_RATES: readonly string[] = METHOD_NAMES.filter(
  (name) => 'rates' in METHOD_DECLARATIONS[name],
);

/** What can be said of a method, for `z.object`; each belongs to one or a few of them. */
export const methodOptions = {
  decayFactor: z
    .number()
    .positive()
    .optional()
    .describe("decay's, from a layer to the one below (default: 0.8)"),
  freezeLayers: count(0).optional().describe("freeze's: lowest layers that stand still (default: all)"),
  l2Encoder: amount
    .optional()
    .describe("l2-sp's α: how the encoder is held to its pretrained weights (default: 0.1)"),
  l2Head: amount.optional().describe("l2-sp's β: how the head is kept small (default: 0.01)"),
  ewcLambda: amount.optional().describe("λ of ewc and ewc-standard (default: the paper's 675)"),
  ewcTexts: count(1).optional().describe('texts of the Fisher information at most (default: 25000)'),
  ewcBatch: count(1).optional().describe('texts whose mean gradient is squared (default: 1)'),
  replayShare: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe("replay's, of the first task's training rows (default: 0.1)"),
  unfreezeGroups: count(1).optional().describe("ulmfit's: layer groups that join in each epoch (default: 1)"),
  smartSmoothness: amount
    .optional()
    .describe("smart's: weight of the divergence under perturbation (default: 1)"),
  smartProximity: amount
    .optional()
    .describe("smart's: weight of the divergence from earlier weights (default: 1)"),
  smartRadius: z
    .number()
    .positive()
    .optional()
    .describe("smart's: largest entry of a perturbation (default: 1e-5)"),
  smartStepSize: z
    .number()
    .positive()
    .optional()
    .describe("smart's: how far its inner step goes (default: 1e-3)"),
};

export type MethodOptions = z.output<z.ZodObject<typeof methodOptions>>;

/** Of one run of the protocol, for `z.object`; rates are each command's own. */
export const runOptions = {
  method: z.enum(METHOD_NAMES).optional().describe('a method by name (default: the rates as they are)'),
  ...methodOptions,
  ...trainingOptions,
  seed: count(0).default(1).describe('of heads, shuffling and dropout'),
};

export type RunOptions = z.output<z.ZodObject<typeof runOptions>>;
