import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'playwright/test';
import { REPOSITORY } from '../launcher/index.ts';
import type { Wallet } from './wallet.ts';

/** Where every picture of a run goes, for whoever wants to look at the screens. */
const PICTURES = join(REPOSITORY, 'reports/pictures');
/** Those that stand in the README; written over only where HOLDFAST_PICTURES=1 says so, because no two runs make the same bytes. */
const README_PICTURES = join(REPOSITORY, 'docs/pictures');

async function violations(wallet: Wallet, theme: 'light' | 'dark'): Promise<{ id: string; nodes: string[] }[]> {
	// Legacy mode: without it, axe opens a second page to put its findings together, and the shell opens none.
	const axe = new AxeBuilder({ page: wallet.page })
		.setLegacyMode(true)
		// React Aria's announcer, off the screen: for seconds it names a button that may be gone by then.
		.exclude('[data-live-announcer]')
		.disableRules(['label-content-name-mismatch']);
	// The dark theme differs in its colours only.
	const rules =
		theme === 'dark'
			? axe.withRules(['color-contrast', 'link-in-text-block'])
			: axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
	const report = await rules.analyze();
	return report.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) }));
}

/** Takes the screen's picture in light and dark and runs axe on both. `readme`: the picture of this name in the README, in light. */
export async function look(wallet: Wallet, name: string, readme?: string): Promise<void> {
	mkdirSync(PICTURES, { recursive: true });
	const { page } = wallet;
	await page.evaluate(() => document.fonts.ready);
	for (const theme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
		// A toast or a transition of colours would be caught half-way.
		await page.waitForTimeout(150);
		await page.screenshot({ path: join(PICTURES, `${name}-${theme}.png`) });
		if (readme !== undefined && theme === 'light' && process.env.HOLDFAST_PICTURES === '1')
			await page.screenshot({ path: join(README_PICTURES, `${readme}.png`) });
		expect.soft(await violations(wallet, theme), `${name}, ${theme}`).toEqual([]);
	}
	await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}
