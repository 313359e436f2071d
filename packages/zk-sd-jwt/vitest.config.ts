import { defineConfig } from 'vitest/config';

// A witness takes half a second, a proof several: more on a machine that others use too.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 120_000 } });
