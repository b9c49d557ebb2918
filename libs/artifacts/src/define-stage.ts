/**
 * What a stage of the pipeline is: one declaration from which command line help, Nx target, fingerprint and
 * skip follow.
 *
 * Declare it in a file called `stage.ts` as an object literal handed to `defineStage`, with `name` and
 * `after` written as plain literals: the workspace's Nx plugin finds them by parsing. `run-stage.ts` runs it.
 */
import type { z } from 'zod';
import type { TableSchema } from './schema.js';

/**
 * A file that a stage writes, by its path in the output folder; a path that ends with `/` is a folder with
 * all that is in it.
 */
export interface OutputDeclaration {
  readonly file: string;
  readonly description: string;
  /** For Arrow files: what they hold. */
  readonly table?: TableSchema;
  /** True where some runs do not write it. */
  readonly optional?: boolean;
}

/** What `run` gets. */
export interface StageContext<Parameters> {
  readonly parameters: Parameters;
  /** The folder with the outputs of a stage named in `after`. */
  readonly inputFolder: (stage: string) => string;
  /** Exists; everything that `outputs` names goes here. */
  readonly outputFolder: string;
  /** One line for the person who waits. */
  readonly progress: (line: string) => void;
  /** Aborted when the person gives up; `run` should then reject soon. */
  readonly signal: AbortSignal;
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
  /** Stages whose outputs this one reads. */
  readonly after: readonly string[];
  readonly outputs: readonly OutputDeclaration[];
  /** Files and folders outside of the pipeline that the parameters point to; their digests are inputs too. */
  readonly sources?: (parameters: z.output<Schema>) => Readonly<Record<string, string>>;
  // A method, so that stages with different parameters fit in one list.
  run(context: StageContext<z.output<Schema>>): Promise<StageReport | undefined>;
}

/** Returns the declaration, checked. Throws an Error where it contradicts itself. */
export function defineStage<Schema extends z.ZodObject>(stage: Stage<Schema>): Stage<Schema> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(stage.name))
    throw new Error(`stage name ${stage.name} is not kebab-case`);
  if (!Number.isInteger(stage.version) || stage.version < 1)
    throw new Error(`stage ${stage.name}: the version must be 1 or more`);
  if (stage.after.includes(stage.name)) throw new Error(`stage ${stage.name} cannot come after itself`);
  if (stage.outputs.length === 0) throw new Error(`stage ${stage.name} declares no output`);
  return stage;
}
