import { defineConfig } from 'vitest/config';

// Some tests run a chain, which is slow on a busy machine.
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000 } });
