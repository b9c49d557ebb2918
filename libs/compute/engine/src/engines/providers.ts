/**
 * Where onnxruntime computes, by the name that `--provider` takes. Only `cpu` comes with the package on every
 * machine; another that can't start here is refused with a sentence, and nothing falls back.
 */
import { InputError } from '@layerwise/errors';
import type { Provider } from '../options.js';

const HINTS: Readonly<Record<Provider, string>> = {
  cpu: 'reinstall onnxruntime-node',
  webgpu: 'it needs a graphics driver with Vulkan, Metal or Direct3D 12',
  cuda: 'it needs an NVIDIA driver, CUDA 12, and libonnxruntime_providers_*.so of the same version beside onnxruntime_binding.node',
};

/** The error of a provider that onnxruntime could not start. */
export function providerError(provider: Provider, error: unknown): InputError {
  const message = error instanceof Error ? error.message : String(error);
  return new InputError(
    `onnxruntime can't start its provider ${provider} here (${providerReason(message)}); ${HINTS[provider]}, or leave --provider out.`,
  );
}

/** What onnxruntime's message says, without the C++ files, functions and conditions that it says it with. */
export function providerReason(message: string): string {
  const [line = ''] = message.split('\n', 1);
  return line
    .replace(/^.* was false\. /, '')
    .replace(/^\w+: /, '')
    .replaceAll(/\S*\/\S+ ?/g, '')
    .trim();
}

/** Without it WebGPU's library writes to stderr on Linux. @throws Error when it is missing. */
export function findVulkan(): void {
  if (process.platform !== 'linux') return;
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
  } catch (error) {
    // A library that was found is refused too: it is no module of Node's.
    if (error instanceof Error && error.message.includes('cannot open shared object file')) {
      throw new Error('libvulkan.so.1 is not installed', { cause: error });
    }
  }
}
