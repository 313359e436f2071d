import { defineConfig } from 'vitest/config';

// A chain is started, and everything is slow on a busy machine.
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000 } });
