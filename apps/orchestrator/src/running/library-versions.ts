/** Versions that a manifest records: of the libraries that can change what a run writes. */
import { packageVersion } from '../commands/doctor/engines.js';

const names = ['onnxruntime-node', '@tensorflow/tfjs-core', 'tokenizers'];

export function libraryVersions(): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, packageVersion(name) ?? 'not installed']));
}
