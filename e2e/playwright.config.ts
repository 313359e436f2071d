import { defineConfig } from 'playwright/test';

export default defineConfig({
	testDir: './stories',
	globalSetup: './global-setup.ts',
	outputDir: './test-results',
	// Each test has one or two windows, and each window a browser of its own.
	workers: 1,
	fullyParallel: false,
	retries: 0,
	timeout: 90_000,
	expect: { timeout: 15_000 },
	forbidOnly: Boolean(process.env.CI),
	reporter: [['list'], ['json', { outputFile: '../reports/e2e.json' }]],
	use: { actionTimeout: 15_000 },
});
