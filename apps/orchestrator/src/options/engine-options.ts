/** The options that choose what computes; every command that computes has them. */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import type { EngineName, Provider } from '@layerwise/engine';
import { wholeNumber } from './option-types.js';

export interface EngineOptions {
  readonly engine: EngineName;
  /** Where the engine onnxruntime computes. */
  readonly provider: Provider;
  readonly threads: number;
}

// Written down again, because importing the engine would load it before it is needed; a test compares them.
export const engineNames: readonly EngineName[] = [
  'onnxruntime',
  'tfjs-cpu',
  'tfjs-wasm',
  'tfjs-node',
  'tfjs-node-gpu',
];
export const providers: readonly Provider[] = ['cpu', 'webgpu', 'cuda'];

/** @param threads where none are given */
export function addEngineOptions(command: Command, threads = availableParallelism()): Command {
  return command
    .addOption(
      new Option('--engine <name>', 'what computes; `layerwise doctor` tells which are present')
        .choices(engineNames)
        .default('onnxruntime'),
    )
    .addOption(
      new Option('--provider <name>', 'where onnxruntime computes').choices(providers).default('cpu'),
    )
    .option('--threads <n>', 'threads of the engine', wholeNumber('--threads', 1), threads);
}
