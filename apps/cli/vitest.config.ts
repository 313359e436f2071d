import { defineConfig } from 'vitest/config';

// Most tests start processes, which is slow on a busy machine.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 60_000 } });
