import { conformance } from './suite.js';

// The backend lacks one kernel, which gathers are differentiated by. The model writes their gradients out
// instead.
const MISSING = /Kernel 'UnsortedSegmentSum' not registered for backend 'wasm'/;

await conformance('tfjs-wasm', {
  'gather of rows': MISSING,
  'gather by a matrix': MISSING,
  'gather of columns': MISSING,
  unsortedSegmentSum: MISSING,
});
