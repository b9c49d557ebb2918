// In a file, and so in a process, of its own: TensorFlow's two packages can't share one.
import { fixturesOn } from './fixtures-on-engine.js';

fixturesOn('tfjs-node-gpu');
