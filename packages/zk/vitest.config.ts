import { defineConfig } from 'vitest/config';

// A few of these tests make real proofs, which takes seconds each on a busy machine.
export default defineConfig({ test: { testTimeout: 180_000, hookTimeout: 180_000 } });
