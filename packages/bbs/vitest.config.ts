import { defineConfig } from 'vitest/config';

// A proof takes a second and a half of one core; on a busy machine that is longer than the defaults allow.
export default defineConfig({ test: { testTimeout: 180_000, hookTimeout: 180_000 } });
