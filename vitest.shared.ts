// Settings that every project's vitest.config.ts extends: workspace packages resolve to their TypeScript
// source.
import { join, relative } from 'node:path';
import type { ViteUserConfig } from 'vitest/config';

// Where .ci/run wants each project's results as JSON, to add them up.
const reports = process.env.LAYERWISE_TEST_REPORTS;
const project = relative(import.meta.dirname, process.cwd()).replaceAll(/[\\/]/g, '-');

/** Milliseconds. */
const LONG = 600_000;

export const shared: ViteUserConfig = {
  resolve: { conditions: ['@layerwise/source'] },
  ssr: { resolve: { conditions: ['@layerwise/source'] } },
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    environment: 'node',
    pool: 'forks',
    // For a hang alone: on a machine that is busy with other things, a test may take many times its usual
    // time.
    testTimeout: LONG,
    hookTimeout: LONG,
    watch: false,
    reporters: reports === undefined ? ['default'] : ['default', 'json'],
    ...(reports !== undefined && { outputFile: { json: join(reports, `${project}.json`) } }),
  },
};
