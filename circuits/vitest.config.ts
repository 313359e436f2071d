import { defineConfig } from 'vitest/config';

// Circuits are compiled once, before the tests. One process for all files, so that what was read once is kept.
export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		globalSetup: ['test/compile.ts'],
		pool: 'forks',
		isolate: false,
		fileParallelism: false,
		testTimeout: 240_000,
		hookTimeout: 240_000,
	},
});
