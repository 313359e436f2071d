import { availableParallelism } from 'node:os';
import { defineConfig } from 'playwright/test';

export default defineConfig({
	testDir: './stories',
	globalSetup: './global-setup.ts',
	outputDir: './test-results',
	// Each test has one or two windows, and each window a browser and profile of its own. Stories wait more than they compute.
	workers: Math.min(2, availableParallelism()),
	fullyParallel: false,
	retries: 0,
	// A slow machine is not a failure.
	timeout: 150_000,
	expect: { timeout: 30_000 },
	forbidOnly: Boolean(process.env.CI),
	reporter: [['list'], ['json', { outputFile: '../reports/e2e.json' }]],
	use: { actionTimeout: 30_000 },
});
