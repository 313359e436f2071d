import { defineConfig } from 'vitest/config';

// One run over the whole workspace. Forks, not threads: native addons (the database) are not made for worker threads.
export default defineConfig({
	test: {
		projects: ['packages/*', 'apps/*', 'tools'],
		pool: 'forks',
		// One more than the cores that it has to do with: tests of processes, chains and browsers wait about half of the time.
		maxWorkers: 3,
	},
});
