import { defineConfig } from 'vitest/config';

// Each file starts its own Chromium; a busy machine may take seconds for it.
export default defineConfig({ test: { testTimeout: 30_000, hookTimeout: 30_000, include: ['src/**/*.test.ts'] } });
