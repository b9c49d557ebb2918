// Settings that every project's vitest.config.ts extends: workspace packages resolve to their TypeScript source.
import type { ViteUserConfig } from 'vitest/config';

export const shared: ViteUserConfig = {
  resolve: { conditions: ['@layerwise/source'] },
  ssr: { resolve: { conditions: ['@layerwise/source'] } },
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    environment: 'node',
    pool: 'forks',
    testTimeout: 60_000,
    watch: false,
    reporters: ['default'],
  },
};
