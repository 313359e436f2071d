import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'playwright/test';
import { type App, launch } from '../launcher/index.ts';
import { Wallet } from './wallet.ts';

export { expect } from 'playwright/test';

interface Fixtures {
	/** A temporary folder, removed afterwards. */
	readonly folder: string;
	/** Starts the app with a profile of this name; the same name again is the same profile. Ended with the test. */
	readonly start: (profile: string, args?: readonly string[], switches?: readonly string[]) => Promise<Wallet>;
}

export const test = base.extend<Fixtures>({
	// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from this pattern
	folder: async ({}, use) => {
		const folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
		await use(folder);
		rmSync(folder, { recursive: true, force: true });
	},
	start: async ({ folder }, use, info) => {
		const wallets = new Map<string, Wallet>();
		await use(async (profile, args = [], switches = []) => {
			const app: App = await launch({ userData: join(folder, profile), args, switches });
			const wallet = new Wallet(app);
			wallets.set(profile, wallet);
			return wallet;
		});
		const failed = info.status !== info.expectedStatus;
		const problems: unknown[] = [];
		for (const [profile, wallet] of wallets) {
			if (failed) {
				const picture = await wallet.page.screenshot({ timeout: 5000 }).catch(() => undefined);
				if (picture) await info.attach(`${profile}.png`, { body: picture, contentType: 'image/png' });
				await info.attach(`${profile}.txt`, { body: `${wallet.problems.join('\n')}\n${wallet.app.output()}` });
			}
			await wallet.close().catch((error: unknown) => problems.push(error));
		}
		if (!failed && problems.length > 0) throw problems[0];
	},
});
