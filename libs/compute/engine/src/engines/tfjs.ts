/**
 * tfjs as every file of the engine relies on it: with all gradients registered, and without its greeting on
 * stderr. The package `@tensorflow/tfjs` is what registers gradients; operations come from
 * `@tensorflow/tfjs-core`.
 */
import '@tensorflow/tfjs';
import { enableProdMode } from '@tensorflow/tfjs-core';
// After the package, whose gradients it replaces.
import '../recording/sum-gradient.js';

enableProdMode();
