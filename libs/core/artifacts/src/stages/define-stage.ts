/**
 * What a stage of the pipeline is: one declaration from which command line help, Nx target, fingerprint and
 * skip follow.
 *
 * Declare it in a file called `stage.ts` as an object literal handed to `defineStage`, with `name` and
 * `after` written as plain literals: the workspace's Nx plugin finds them by parsing. `run-stage.ts` runs it.
 */
import type { z } from 'zod';
import type { TableSchema } from '../arrow/schema.js';

/** A file that a stage writes, by its path in the output folder; one that ends with `/` is a whole folder. */
export interface OutputDeclaration {
  readonly file: string;
  readonly description: string;
  /** For Arrow files: what they hold. */
  readonly table?: TableSchema;
  /** True where some runs do not write it. */
  readonly optional?: boolean;
}

/** A folder or file that a stage reads. Its digest counts, its path does not. */
export interface InputDeclaration {
  readonly description: string;
  /**
   * `task`: a task folder, which the command line also makes of whatever other form a task has; `encoder`: a
   * Hugging Face folder, or a built-in one; `path`: a folder or file as it is.
   */
  readonly reads: 'task' | 'encoder' | 'path';
  /** Where it lies in a pipeline: the folder of a stage in `after`, or one in it (`datasets/original`). */
  readonly from?: string;
  /** True where some runs do without. */
  readonly optional?: boolean;
  /** True where it may be several. */
  readonly many?: boolean;
}

/** What `run` gets. */
export interface StageContext<Parameters> {
  readonly parameters: Parameters;
  /** The path of an input that is there once. */
  readonly input: (name: string) => string;
  /** The paths of an input that may be left out or there several times. */
  readonly inputs: (name: string) => readonly string[];
  /** Exists; everything that `outputs` names goes here. */
  readonly outputFolder: string;
  /** True where a finished run is to be made anew: nothing that it left may be used. */
  readonly fresh: boolean;
  /** Of layerwise's libraries, for what `run` writes beside the stage's own manifest. */
  readonly versions: Readonly<Record<string, string>>;
  /** One line for the person who waits. */
  readonly progress: (line: string) => void;
  /** Aborted when the person gives up; `run` should then reject soon. */
  readonly signal: AbortSignal;
}

/** Rows of a task's splits. */
export interface TaskRows {
  readonly train: number;
  readonly dev: number;
}

/** A task that a stage makes. */
export interface MadeTask extends TaskRows {
  /** Training texts that stand for all, where the stage reads them before it runs. */
  readonly sample?: { readonly text: readonly string[]; readonly pair: readonly string[] | null };
}

/** By their folder in the output. */
export type MadeTasks = Readonly<Record<string, MadeTask>>;

/** Rows of every path of an input, as far as they are known: the two tasks of a pair, or one task. */
export type RowsOfInput = (input: string) => readonly (readonly TaskRows[])[];

/**
 * What a run takes, for an estimate of its time and disk before it runs. A step is a forward and a backward
 * pass over a batch and an update; a text read is a forward pass alone.
 */
export interface StageWork {
  readonly steps: number;
  readonly textsRead: number;
  /** Texts of a step. */
  readonly batch: number;
  /** Tokens of a text at most. */
  readonly maxLength: number;
  readonly threads: number;
  /** Processes at once. */
  readonly workers: number;
  /** Copies of all weights on the disk, at most. */
  readonly copies: number;
}

/** What `plots` gets. */
export interface PlotContext {
  /** Holds the outputs of a run. */
  readonly outputFolder: string;
  /** Exists; pictures go here. */
  readonly plotsFolder: string;
}

/** What `run` may return for the manifest. */
export interface StageReport {
  readonly counts?: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
}

export interface Stage<Schema extends z.ZodObject = z.ZodObject> {
  /** Kebab-case; also the name of the output folder. */
  readonly name: string;
  /** Raise it when the same inputs and parameters give other outputs than before. */
  readonly version: number;
  readonly description: string;
  /** A parameter called `seed` is also the manifest's seed. */
  readonly parameters: Schema;
  /** Stages whose outputs this one may read: it runs after them. */
  readonly after: readonly string[];
  /** What it reads, by name; on the command line `--NAME`. */
  readonly inputs?: Readonly<Record<string, InputDeclaration>>;
  /** True where its entry for a pair of a preset takes what the pair is made of: `original` and `shifted`. */
  readonly takesPair?: true;
  readonly outputs: readonly OutputDeclaration[];
  // Methods, so that stages with different parameters fit in one list.
  /** Files and folders outside of the pipeline that the parameters point to; their digests are inputs too. */
  sources?(parameters: z.output<Schema>): Readonly<Record<string, string>>;
  run(context: StageContext<z.output<Schema>>): Promise<StageReport | undefined>;
  /** What a run takes, of a stage that works with an encoder. */
  work?(parameters: z.output<Schema>, rows: RowsOfInput): StageWork;
  /**
   * The tasks that a run makes, for the estimates of stages that read them.
   * @param rowsOf the task at an input; none where that is not known
   */
  makes?(parameters: z.output<Schema>, rowsOf: (input: string) => TaskRows): MadeTasks | Promise<MadeTasks>;
  /** Draws the stage's pictures from its outputs alone; `draw-plots.ts` calls it. */
  plots?(context: PlotContext): Promise<void>;
}

/** Returns the declaration, checked. Throws an Error where it contradicts itself. */
export function defineStage<Schema extends z.ZodObject>(stage: Stage<Schema>): Stage<Schema> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(stage.name))
    throw new Error(`stage name ${stage.name} is not kebab-case`);
  if (!Number.isInteger(stage.version) || stage.version < 1)
    throw new Error(`stage ${stage.name}: the version must be 1 or more`);
  if (stage.after.includes(stage.name)) throw new Error(`stage ${stage.name} cannot come after itself`);
  for (const [input, { from }] of Object.entries(stage.inputs ?? {})) {
    if (input in stage.parameters.shape)
      throw new Error(`stage ${stage.name}: ${input} is both an input and a parameter`);
    if (from !== undefined && !stage.after.includes(from.split('/')[0] ?? ''))
      throw new Error(
        `stage ${stage.name}: the input ${input} comes from ${from}, which "after" does not name`,
      );
  }
  if (stage.outputs.length === 0) throw new Error(`stage ${stage.name} declares no output`);
  return stage;
}
