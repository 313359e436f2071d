import { defineConfig } from 'vitest/config';

// Proofs take seconds on a busy machine.
export default defineConfig({ test: { testTimeout: 180_000, hookTimeout: 180_000 } });
