/** Where things lie in this workspace. */
import { join, resolve } from 'node:path';

export const WORKSPACE = resolve(import.meta.dirname, '../../..');

/** The command line that is measured. */
export const LAYERWISE = join(WORKSPACE, 'apps/orchestrator/bin/layerwise.js');

/** The Python environment that is made where none is named. */
export const PYTHON_FOLDER = join(WORKSPACE, 'data-cache/bench-python');
