import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveGallery } from './serve.node.ts';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];
const executablePath = process.env.CHROMIUM_PATH ?? EXECUTABLES.find((path) => existsSync(path));
const SCREENS = ['components', 'wallet', 'document', 'present', 'verify', 'activity', 'welcome'] as const;
/** Where to leave pictures for a person to look at; none are made without it. */
const PICTURES = process.env.GALLERY_PICTURES;

describe.skipIf(executablePath === undefined)('gallery in a browser (skipped where no Chromium is installed)', () => {
	let gallery: Awaited<ReturnType<typeof serveGallery>>;
	let browser: Browser;
	let context: BrowserContext;
	let page: Page;
	let problems: string[];

	beforeAll(async () => {
		gallery = await serveGallery();
		browser = await chromium.launch({
			executablePath: executablePath ?? '',
			args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
		});
	}, 120_000);

	afterAll(async () => {
		await browser?.close();
		await gallery?.close();
	});

	beforeEach(async () => {
		context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
		page = await context.newPage();
		problems = [];
		// The policy's violations and Trusted Types refusals reach the console as errors.
		page.on('console', (message) => {
			if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
		});
		page.on('pageerror', (error) => problems.push(String(error)));
	});

	afterEach(async () => {
		await context.close();
		expect(problems).toEqual([]);
	});

	async function open(screen: string) {
		await page.goto(`${gallery.url}#${screen}`);
		await page.locator('h1').waitFor();
		await page.evaluate(() => document.fonts.ready);
	}

	async function violations(theme: 'light' | 'dark') {
		const axe = new AxeBuilder({ page });
		// The dark theme differs in its colours only. In light, an option's description is bound with aria-describedby, so that the
		// visible text is more than the name (2.5.3 speaks of the label).
		const rules =
			theme === 'dark'
				? axe.withRules(['color-contrast', 'link-in-text-block'])
				: axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).disableRules(['label-content-name-mismatch']);
		const report = await rules.analyze();
		return report.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) }));
	}

	describe.each(['light', 'dark'] as const)('%s', (theme) => {
		it.each(SCREENS)(
			'%s has no accessibility violations',
			async (screen) => {
				await page.emulateMedia({ colorScheme: theme });
				await open(screen);
				if (PICTURES) {
					for (const [width, height] of [
						[1280, 800],
						[900, 700],
					] as const) {
						await page.setViewportSize({ width, height });
						await page.screenshot({ path: `${PICTURES}/${screen}-${theme}-${width}.png` });
					}
					await page.setViewportSize({ width: 1280, height: 800 });
				}
				expect(await violations(theme)).toEqual([]);
			},
			60_000,
		);

		it('open dialog, menu and select have no accessibility violations', async () => {
			await page.emulateMedia({ colorScheme: theme });
			await open('components');
			for (const trigger of ['Open a dialog', 'Ask before deleting', 'Document actions']) {
				await page.getByRole('button', { name: trigger }).click();
				if (PICTURES) await page.screenshot({ path: `${PICTURES}/overlay-${trigger.replaceAll(' ', '-')}-${theme}.png` });
				expect(await violations(theme), trigger).toEqual([]);
				await page.keyboard.press('Escape');
			}
			await page.getByRole('button', { name: /Network/ }).click();
			if (PICTURES) await page.screenshot({ path: `${PICTURES}/overlay-select-${theme}.png` });
			expect(await violations(theme), 'select').toEqual([]);
		}, 60_000);
	});

	it('data-theme wins over the preference of the system', async () => {
		await page.emulateMedia({ colorScheme: 'dark' });
		await open('wallet');
		const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
		const dark = await paper();
		await page.evaluate(() => {
			document.documentElement.dataset.theme = 'light';
		});
		const light = await paper();
		expect(light).not.toBe(dark);
		await page.emulateMedia({ colorScheme: 'light' });
		expect(await paper()).toBe(light);
		await page.evaluate(() => {
			document.documentElement.dataset.theme = 'dark';
		});
		expect(await paper()).toBe(dark);
	});

	it('a tick shows only where something is ticked, in forced colours too', async () => {
		await page.emulateMedia({ forcedColors: 'active' });
		await open('components');
		const ticks = await page.locator('label.hf-choice:has(input[type=checkbox])').evaluateAll((choices) =>
			choices.map((choice) => {
				const tick = choice.querySelector('.hf-choice__mark .hf-icon');
				return { checked: choice.querySelector('input')?.checked, shown: tick !== null && getComputedStyle(tick).visibility === 'visible' };
			}),
		);
		expect(ticks.length).toBeGreaterThan(3);
		for (const { checked, shown } of ticks) expect(shown).toBe(checked);
	});

	it('loads its fonts from itself, and nothing from elsewhere', async () => {
		const hosts = new Set<string>();
		page.on('request', (request) => hosts.add(new URL(request.url()).origin));
		await open('wallet');
		expect(await page.evaluate(() => [document.fonts.check('16px "Inter Variable"'), document.fonts.check('16px "Source Serif 4 Variable"')])).toEqual([
			true,
			true,
		]);
		expect([...hosts].filter((host) => host !== 'null')).toEqual([new URL(gallery.url).origin]);
	});

	describe('keyboard', () => {
		beforeEach(async () => {
			await open('components');
		});

		const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

		it('dialog keeps focus inside, closes with Escape and gives focus back', async () => {
			await page.getByRole('button', { name: 'Open a dialog' }).focus();
			await page.keyboard.press('Enter');
			const dialog = page.getByRole('dialog', { name: 'Rename this document' });
			await dialog.waitFor();
			for (let step = 0; step < 8; step++) {
				await page.keyboard.press('Tab');
				expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
			}
			await page.keyboard.press('Escape');
			await dialog.waitFor({ state: 'detached' });
			await expect.poll(focused).toBe('Open a dialog');
		});

		it('a destructive question begins on Cancel', async () => {
			await page.getByRole('button', { name: 'Ask before deleting' }).focus();
			await page.keyboard.press('Enter');
			const dialog = page.getByRole('alertdialog', { name: 'Delete this document?' });
			await dialog.waitFor();
			await expect.poll(focused).toBe('Cancel');
			await page.keyboard.press('Enter');
			await dialog.waitFor({ state: 'detached' });
		});

		it('menu opens, moves, skips what is disabled and acts', async () => {
			await page.getByRole('button', { name: 'Document actions' }).focus();
			await page.keyboard.press('ArrowDown');
			await page.getByRole('menu').waitFor();
			await expect.poll(focused).toMatch(/^Export/);
			await page.keyboard.press('ArrowDown');
			await page.keyboard.press('ArrowDown');
			await expect.poll(focused).toMatch(/^Delete/);
			await page.keyboard.press('Enter');
			await page.getByRole('menu').waitFor({ state: 'detached' });
			expect(await page.getByTestId('last-action').textContent()).toBe('delete');
		});

		it('select opens, takes a typed letter and chooses', async () => {
			const button = page.getByRole('button', { name: /Network/ });
			await button.focus();
			await page.keyboard.press('Enter');
			await page.getByRole('listbox').waitFor();
			await page.keyboard.press('s');
			await page.keyboard.press('Enter');
			await page.getByRole('listbox').waitFor({ state: 'detached' });
			await expect.poll(() => button.textContent()).toContain('Sepolia');
		});

		it('tabs move with the arrows', async () => {
			await page.getByRole('tab', { name: 'What it says' }).focus();
			await page.keyboard.press('ArrowRight');
			expect(await page.getByRole('tab', { name: /Shown to/ }).getAttribute('aria-selected')).toBe('true');
			await page.getByText('Presentations stand here.').waitFor();
		});

		it('number field steps and stays in its bounds', async () => {
			const field = page.getByRole('textbox', { name: 'Shares to make' });
			await field.focus();
			await page.keyboard.press('ArrowUp');
			expect(await field.inputValue()).toBe('4');
			await field.fill('99');
			await page.keyboard.press('Tab');
			expect(await field.inputValue()).toBe('16');
		});

		it('date field puts the dashes and refuses a day that does not exist', async () => {
			const field = page.getByRole('textbox', { name: 'Date of birth' });
			await field.fill('');
			await field.pressSequentially('20250230');
			expect(await field.inputValue()).toBe('2025-02-30');
			await page.keyboard.press('Tab');
			await page.getByText('Write the day as year-month-day').waitFor();
		});

		it('a pasted recovery phrase spreads over its fields, which stay passwords', async () => {
			const first = page.getByRole('group', { name: 'Recovery phrase' }).getByLabel('Word 1', { exact: true });
			await first.evaluate((element) => {
				const data = new DataTransfer();
				data.setData('text', 'abandon ability  able\nabout');
				element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
			});
			const inputs = page.getByRole('group', { name: 'Recovery phrase' }).locator('input');
			expect(await inputs.evaluateAll((all) => all.slice(0, 4).map((input) => (input as HTMLInputElement).value))).toEqual([
				'abandon',
				'ability',
				'able',
				'about',
			]);
			expect(await inputs.evaluateAll((all) => all.every((input) => (input as HTMLInputElement).type === 'password'))).toBe(true);
		});

		it('copying and undo are announced', async () => {
			await page.getByRole('button', { name: 'Copy address' }).click();
			await page.getByRole('status').filter({ hasText: 'Copied' }).first().waitFor({ state: 'attached' });
			await page.getByRole('button', { name: 'Show a message' }).click();
			await page.getByRole('alertdialog', { name: 'Document deleted' }).waitFor();
			await page.getByRole('button', { name: 'Undo' }).click();
			await page.getByRole('alertdialog', { name: 'Put back' }).waitFor();
		});
	});

	it('a failed branch of a report stands open and a passed one opens on demand', async () => {
		await open('verify');
		await page.getByText('It expired on 1 September 2026.', { exact: true }).first().waitFor();
		const signature = page.getByText('The signature matches the issuer’s key.');
		expect(await signature.isVisible()).toBe(false);
		await page.getByRole('button', { name: /^Issuer/ }).press('Enter');
		expect(await signature.isVisible()).toBe(true);
	});

	it.each(SCREENS)('%s does not scroll sideways at 320 CSS pixels (WCAG 1.4.10)', async (screen) => {
		await page.setViewportSize({ width: 320, height: 700 });
		await open(screen);
		const sticking = await page.evaluate(() => {
			const main = document.querySelector('main');
			if (!main || main.scrollWidth <= main.clientWidth) return [];
			const edge = main.getBoundingClientRect().right;
			return [...main.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > edge + 1).map((element) => element.className);
		});
		expect(sticking).toEqual([]);
		expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
	});
});
