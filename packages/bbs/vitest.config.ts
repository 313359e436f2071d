import { defineConfig } from 'vitest/config';

// Properties and fuzzing run thousands of signatures; on a busy machine that takes longer than the default allows.
export default defineConfig({ test: { testTimeout: 180_000 } });
