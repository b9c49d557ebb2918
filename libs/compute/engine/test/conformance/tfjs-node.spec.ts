import { conformance } from './suite.js';

await conformance('tfjs-node');
