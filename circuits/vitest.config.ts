import { defineConfig } from 'vitest/config';

// Circuits are compiled once, before the tests; each test then runs many witnesses.
export default defineConfig({
	test: { include: ['test/**/*.test.ts'], globalSetup: ['test/compile.ts'], pool: 'forks', maxWorkers: 2, testTimeout: 240_000, hookTimeout: 240_000 },
});
