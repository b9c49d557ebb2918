// Settings that every project's vitest.config.ts extends: workspace packages resolve to their TypeScript
// source.
import { join, relative } from 'node:path';
import type { ViteUserConfig } from 'vitest/config';

// Where .ci/run wants each project's results as JSON, to add them up.
const reports = process.env.LAYERWISE_TEST_REPORTS;
const project = relative(import.meta.dirname, process.cwd()).replaceAll(/[\\/]/g, '-');

export const shared: ViteUserConfig = {
  resolve: { conditions: ['@layerwise/source'] },
  ssr: { resolve: { conditions: ['@layerwise/source'] } },
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    environment: 'node',
    pool: 'forks',
    testTimeout: 60_000,
    watch: false,
    reporters: reports === undefined ? ['default'] : ['default', 'json'],
    ...(reports !== undefined && { outputFile: { json: join(reports, `${project}.json`) } }),
  },
};
