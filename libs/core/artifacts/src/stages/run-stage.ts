/**
 * Runs a declared stage (`define-stage.ts`), or skips it: nothing is done where the folder's manifest has the
 * fingerprint of the present parameters, inputs and stage version, and its outputs are as it says. The
 * manifest is removed first and written last.
 */
import { stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { InputError, errorCode } from '@layerwise/errors';
import { z } from 'zod';
import type { OutputDeclaration, Stage } from './define-stage.js';
import { digestOfFile, filesBelow, fingerprint } from '../files/digest.js';
import { digestOfInput } from './input-digest.js';
import { explained } from '../files/io-error.js';
import {
  currentVersions,
  manifestName,
  ownManifest,
  removeManifest,
  verifyOutputs,
  writeManifest,
  type Manifest,
  type OutputDigest,
} from './manifest.js';
import { refuseForeign, whileWriting } from './folder-lock.js';
import { startStopwatch } from './stopwatch.js';

export interface RunOptions<Schema extends z.ZodObject> {
  readonly parameters: z.input<Schema>;
  /** The path or paths of each input that the stage declares. */
  readonly inputs: Readonly<Record<string, string | readonly string[]>>;
  readonly outputFolder: string;
  /** Run even where nothing changed. A run that was stopped before goes on all the same. */
  readonly force?: boolean;
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Versions of the libraries that shape this stage's outputs, beside layerwise, node and Arrow. */
  readonly versions?: Readonly<Record<string, string>>;
}

export interface StageResult {
  readonly manifest: Manifest;
  readonly skipped: boolean;
}

/** `<dataCache>/<preset>/<stage>`: where the outputs of a stage lie. */
export function stageFolder(dataCache: string, preset: string, stage: string): string {
  return join(dataCache, preset, stage);
}

/** Whether a stage need be run and why: never run to its end, or with other parameters, inputs or bytes. */
export type StageStatus =
  | { readonly upToDate: true; readonly manifest: Manifest }
  | { readonly upToDate: false; readonly why: string };

/** What `runStage` would do, without doing it. @throws InputError as `runStage` does */
export async function stageStatus<Schema extends z.ZodObject>(
  stage: Stage<Schema>,
  options: RunOptions<Schema>,
): Promise<StageStatus> {
  return statusOf(await prepared(stage, options));
}

/**
 * Runs `stage` and writes its manifest, or skips it where nothing changed. If `run` fails or the signal is
 * aborted, no manifest is left.
 * @throws InputError where parameters are wrong, an input or a source is missing, the folder is another
 * stage's, or it and an input lie in one another
 */
export async function runStage<Schema extends z.ZodObject>(
  stage: Stage<Schema>,
  options: RunOptions<Schema>,
): Promise<StageResult> {
  const { outputFolder } = options;
  const ready = await prepared(stage, options);
  const upToDate = async (): Promise<StageResult | null> => {
    const status = options.force === true ? null : await statusOf(ready);
    return status?.upToDate === true ? { manifest: status.manifest, skipped: true } : null;
  };
  // Asked again with the lock: another process may have finished it meanwhile.
  return (
    (await upToDate()) ??
    whileWriting(stage.name, outputFolder, async () => (await upToDate()) ?? runLocked(ready, options))
  );
}

async function runLocked<Schema extends z.ZodObject>(
  { stage, parameters, paths, inputs, recorded, print }: Prepared<Schema>,
  options: RunOptions<Schema>,
): Promise<StageResult> {
  const { outputFolder, signal = new AbortController().signal } = options;
  signal.throwIfAborted();
  const fresh = options.force === true && (await ownManifest(outputFolder)) !== null;
  await removeManifest(outputFolder);
  const times = startStopwatch();
  const report = await stage.run({
    parameters,
    input: (name) => onePath(stage, paths, name),
    inputs: (name) => declaredPaths(stage, paths, name),
    outputFolder,
    fresh,
    versions: options.versions ?? {},
    progress: options.progress ?? (() => undefined),
    signal,
  });
  signal.throwIfAborted();
  const seed = recorded.seed;
  const manifest: Manifest = {
    stage: stage.name,
    stageVersion: stage.version,
    fingerprint: print,
    parameters: recorded,
    seed: typeof seed === 'number' ? seed : null,
    inputs,
    outputs: await digestOutputs(stage, outputFolder),
    versions: currentVersions(options.versions),
    ...times(),
    ...(report?.counts !== undefined && { counts: { ...report.counts } }),
    ...(report?.notes !== undefined && { notes: [...report.notes] }),
  };
  await writeManifest(outputFolder, manifest);
  return { manifest, skipped: false };
}

/** A stage with what decides about it. */
interface Prepared<Schema extends z.ZodObject> {
  readonly stage: Stage<Schema>;
  readonly outputFolder: string;
  readonly parameters: z.output<Schema>;
  readonly paths: Paths;
  readonly inputs: Manifest['inputs'];
  /** The parameters as the manifest has them. */
  readonly recorded: Manifest['parameters'];
  readonly print: string;
}

async function prepared<Schema extends z.ZodObject>(
  stage: Stage<Schema>,
  options: RunOptions<Schema>,
): Promise<Prepared<Schema>> {
  const { outputFolder } = options;
  const parameters = parseParameters(stage, options.parameters);
  const paths = pathsOf(stage, options.inputs);
  refuseNested(stage, outputFolder, paths);
  await refuseForeign(stage.name, outputFolder);
  const inputs = await digestInputs(paths, stage.sources?.(parameters) ?? {});
  // Through JSON: what the manifest holds is what the fingerprint is of.
  const recorded = z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(parameters)));
  const print = fingerprint({
    stage: stage.name,
    stageVersion: stage.version,
    parameters: recorded,
    inputs: inputs.map(({ name, digest }) => ({ name, digest })),
  });
  return { stage, outputFolder, parameters, paths, inputs, recorded, print };
}

function parseParameters<Schema extends z.ZodObject>(
  stage: Stage<Schema>,
  input: z.input<Schema>,
): z.output<Schema> {
  const parsed = stage.parameters.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.map(String).join('.') ?? '';
  throw new InputError(
    `stage ${stage.name}: ${place === '' ? 'the parameters are' : `parameter ${place} is`} wrong: ${issue?.message ?? 'malformed'}`,
  );
}

type Paths = Readonly<Record<string, readonly string[]>>;

/** The paths of every declared input. InputError where a needed one is missing. */
function pathsOf(stage: Stage, inputs: RunOptions<z.ZodObject>['inputs']): Paths {
  const declared = stage.inputs ?? {};
  const unknown = Object.keys(inputs).find((name) => !Object.hasOwn(declared, name));
  if (unknown !== undefined) throw new Error(`stage ${stage.name} has no input ${unknown}`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, { optional, many, description }]) => {
      const paths = [inputs[name] ?? []].flat();
      if (paths.length === 0 && optional !== true)
        throw new InputError(`stage ${stage.name} needs ${name}: ${description}`);
      if (paths.length > 1 && many !== true)
        throw new InputError(`stage ${stage.name} takes one ${name}, not ${paths.length}`);
      return [name, paths];
    }),
  );
}

function declaredPaths(stage: Stage, paths: Paths, name: string): readonly string[] {
  const found = paths[name];
  if (found === undefined)
    throw new Error(`stage ${stage.name} reads ${name}, which its declaration's "inputs" does not name`);
  return found;
}

function onePath(stage: Stage, paths: Paths, name: string): string {
  const [path] = declaredPaths(stage, paths, name);
  if (path === undefined) throw new Error(`stage ${stage.name} reads ${name}, which was not given`);
  return path;
}

/** An output folder in an input, or the other way round: a run would overwrite what it reads. */
function refuseNested(stage: Stage, outputFolder: string, paths: Paths): void {
  const out = `${resolve(outputFolder)}${sep}`;
  for (const path of Object.values(paths).flat()) {
    const input = `${resolve(path)}${sep}`;
    if (input.startsWith(out) || out.startsWith(input))
      throw new InputError(
        `stage ${stage.name} cannot write to ${outputFolder} while it reads ${path}: one lies in the other; choose another output folder`,
      );
  }
}

async function digestInputs(
  inputs: Paths,
  sources: Readonly<Record<string, string>>,
): Promise<Manifest['inputs']> {
  const named = Object.entries(inputs).flatMap(([name, paths]) => paths.map((path) => ({ name, path })));
  const apart = Object.entries(sources).map(([name, path]) => ({ name, path }));
  const digested: Manifest['inputs'] = [];
  for (const { name, path } of [...named, ...apart])
    digested.push({ name, path, digest: await digestOfInput(path) });
  return digested;
}

/** A damaged output is a reason to run as well. */
async function statusOf(ready: Prepared<z.ZodObject>): Promise<StageStatus> {
  const { outputFolder, print } = ready;
  try {
    const manifest = await ownManifest(outputFolder);
    if (manifest === null) return { upToDate: false, why: 'never run to its end' };
    if (manifest.fingerprint !== print) return { upToDate: false, why: changeSince(manifest, ready) };
    return { upToDate: true, manifest: await verifyOutputs(outputFolder) };
  } catch (error) {
    if (error instanceof InputError) return { upToDate: false, why: error.message };
    throw error;
  }
}

/** The first of what differs from a manifest, in words. */
function changeSince(manifest: Manifest, { stage, inputs, recorded }: Prepared<z.ZodObject>): string {
  if (manifest.stageVersion !== stage.version) return 'the stage has changed';
  const names = [...new Set([...Object.keys(manifest.parameters), ...Object.keys(recorded)])];
  const shown = (value: unknown): string => (value === undefined ? 'not given' : JSON.stringify(value));
  const parameter = names.find((name) => shown(manifest.parameters[name]) !== shown(recorded[name]));
  if (parameter !== undefined)
    return `${parameter} was ${shown(manifest.parameters[parameter])} and is ${shown(recorded[parameter])}`;
  const digests = (list: Manifest['inputs'], name: string): string =>
    list.flatMap((input) => (input.name === name ? [input.digest] : [])).join();
  const input = [...manifest.inputs, ...inputs].find(
    ({ name }) => digests(manifest.inputs, name) !== digests(inputs, name),
  );
  return `${input?.name ?? 'an input'} has changed`;
}

async function digestOutputs(stage: Stage, folder: string): Promise<Manifest['outputs']> {
  const outputs: OutputDigest[] = [];
  for (const declared of stage.outputs) {
    for (const file of await writtenFiles(stage, folder, declared)) {
      const path = join(folder, file);
      const { size } = await explained('read', path, () => stat(path));
      outputs.push({ file, digest: await digestOfFile(path), bytes: size });
    }
  }
  return outputs;
}

async function writtenFiles(stage: Stage, folder: string, declared: OutputDeclaration): Promise<string[]> {
  const { file } = declared;
  try {
    await stat(join(folder, file));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    if (declared.optional === true) return [];
    throw new Error(`stage ${stage.name} did not write ${file}, so ${folder} gets no ${manifestName}`, {
      cause: error,
    });
  }
  if (!file.endsWith('/')) return [file];
  return (await filesBelow(join(folder, file))).map((below) => `${file}${below}`);
}
