import { defineConfig } from 'vitest/config';

// One run over the whole workspace. Forks, not threads: native addons (the database) are not made for worker threads.
export default defineConfig({
	test: {
		projects: ['packages/*', 'apps/*', 'tools'],
		pool: 'forks',
	},
});
