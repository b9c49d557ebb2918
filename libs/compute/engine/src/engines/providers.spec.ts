import { InputError } from '@layerwise/errors';
import { expect, it } from 'vitest';
import { providerError, providerReason } from './providers.js';

it.each([
  [
    '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters',
    'Failed to get a WebGPU adapter: No supported adapters',
  ],
  [
    'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
    'Failed to load shared library',
  ],
  ['no available backend found.\nERR: more', 'no available backend found.'],
])("onnxruntime's message is cut to what it says", (message, reason) => {
  expect(providerReason(message)).toBe(reason);
});

it('a provider is refused in one sentence that says what it needs', () => {
  const error = providerError('cuda', new Error('Failed to load /usr/lib/libx.so shared library'));
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).toBe(
    "onnxruntime can't start its provider cuda here (Failed to load shared library); it needs an NVIDIA driver, " +
      'CUDA 12, and libonnxruntime_providers_*.so of the same version beside onnxruntime_binding.node, or leave --provider out.',
  );
});
