/**
 * Which engines can start on this machine, judged by the files that each one needs; none is loaded, because
 * loading all of them takes seconds and two tfjs bindings cannot live in one process.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Finding } from './finding.js';

const resolver = createRequire(import.meta.url);

/** A finding an engine, in the order in which one would choose. */
export function findEngines(platform: string = process.platform, arch: string = process.arch): Finding[] {
  return [
    onnxruntime(platform, arch),
    ...['cuda', 'webgpu'].map((provider) => onnxProvider(provider, platform, arch)),
    portable('tfjs-wasm', '@tensorflow/tfjs-backend-wasm'),
    portable('tfjs-cpu', '@tensorflow/tfjs-backend-cpu'),
    native('tfjs-node', '@tensorflow/tfjs-node'),
    native('tfjs-node-gpu', '@tensorflow/tfjs-node-gpu'),
  ];
}

function onnxruntime(platform: string, arch: string): Finding {
  const name = 'onnxruntime';
  const folder = packageFolder('onnxruntime-node');
  if (folder === undefined)
    return { name, state: 'missing', detail: 'not installed', remedy: 'run `npm ci`' };
  if (!existsSync(join(folder, 'bin/napi-v6', platform, arch, 'onnxruntime_binding.node'))) {
    return {
      name,
      state: 'missing',
      detail: `onnxruntime-node ships no binary for ${platform} on ${arch}`,
      remedy: 'use --engine tfjs-wasm, which runs everywhere and is slower',
    };
  }
  return { name, state: 'present', detail: 'cpu; the default' };
}

/**
 * An execution provider of onnxruntime: `cuda` is a library of its own, `webgpu` is inside and needs a GPU.
 */
function onnxProvider(provider: string, platform: string, arch: string): Finding {
  const folder = packageFolder('onnxruntime-node');
  const binaries = folder === undefined ? undefined : join(folder, 'bin/napi-v6', platform, arch);
  const files = binaries !== undefined && existsSync(binaries) ? readdirSync(binaries) : [];
  if (provider === 'cuda') {
    if (files.some((file) => file.includes('providers_cuda'))) {
      return { name: 'cuda', state: 'present', detail: "onnxruntime's CUDA library" };
    }
    return {
      name: 'cuda',
      state: 'optional',
      detail: "onnxruntime's CUDA library is not installed",
      remedy:
        'with an NVIDIA GPU, copy libonnxruntime_providers_*.so of the same version beside onnxruntime_binding.node',
    };
  }
  const gpu =
    existsSync('/dev/dri') || existsSync('/dev/dxg') || platform === 'darwin' || platform === 'win32';
  if (files.length > 0 && gpu) {
    return { name: 'webgpu', state: 'present', detail: 'in onnxruntime; starts if its driver is installed' };
  }
  return {
    name: 'webgpu',
    state: 'optional',
    detail: files.length > 0 ? 'in onnxruntime, but this machine shows no GPU' : 'onnxruntime is missing',
    remedy: 'needs a GPU with a Vulkan, Metal or Direct3D 12 driver',
  };
}

function portable(name: string, packageName: string): Finding {
  return packageFolder(packageName) === undefined
    ? { name, state: 'missing', detail: 'not installed', remedy: 'run `npm ci`' }
    : { name, state: 'present', detail: 'slow; for comparison' };
}

/** tfjs-node and tfjs-node-gpu: packages whose native binding is built or downloaded apart. */
function native(name: string, packageName: string): Finding {
  const remedy = `run tools/tfjs-node/build.sh${name === 'tfjs-node-gpu' ? ' --gpu --cuda' : ''}`;
  const folder = packageFolder(packageName);
  if (folder === undefined) {
    return { name, state: 'optional', detail: 'not installed', remedy: `\`npm ci\`, then ${remedy}` };
  }
  const lib = join(folder, 'lib');
  const built =
    existsSync(lib) && readdirSync(lib).some((api) => existsSync(join(lib, api, 'tfjs_binding.node')));
  return built
    ? { name, state: 'present', detail: 'native binding built' }
    : { name, state: 'optional', detail: 'its native binding is not built', remedy };
}

/** Where a package is installed, or undefined. */
export function packageFolder(name: string): string | undefined {
  for (const folder of resolver.resolve.paths(name) ?? []) {
    const candidate = join(folder, name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return undefined;
}

/** A package's version, or undefined where it is not installed. */
export function packageVersion(name: string): string | undefined {
  const folder = packageFolder(name);
  if (folder === undefined) return undefined;
  const { version } = resolver(join(folder, 'package.json')) as { version: string };
  return version;
}
