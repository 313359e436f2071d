import type { Buffer } from 'node:buffer';
import type { CallInput, CallName, CallOutput } from '@holdfast/contract';
import type { Result } from '@holdfast/kernel';
import { type Actor, contractActor } from '@holdfast/testkit';
import type { Locator, Page } from 'playwright';
import { expect } from 'playwright/test';
import type { App } from '../launcher/index.ts';

export const PASSPHRASE = 'six green lanterns over quiet water';

export type Place = 'Wallet' | 'Assets' | 'Present' | 'Issue' | 'Verify' | 'Votes' | 'Identities' | 'Activity' | 'Settings';

/** A person in front of one running Holdfast: what they do with mouse and keyboard. */
export class Wallet {
	app: App;
	/** The recovery phrase that was written down. */
	words: readonly string[] = [];
	/** What the page complained about: console errors, refused content, exceptions. */
	readonly problems: string[] = [];

	constructor(app: App) {
		this.app = app;
		this.#listen();
	}

	get page(): Page {
		return this.app.page;
	}

	#listen(): void {
		this.page.on('console', (message) => {
			if (message.type() === 'error' || message.type() === 'warning') this.problems.push(`${message.type()}: ${message.text()}`);
		});
		this.page.on('pageerror', (error) => this.problems.push(`exception: ${error.message}`));
	}

	button(name: string | RegExp): Locator {
		return this.page.getByRole('button', { name, exact: true });
	}

	async press(name: string | RegExp): Promise<void> {
		await this.button(name).click();
	}

	field(label: string | RegExp): Locator {
		return this.page.getByLabel(label, { exact: true });
	}

	heading(name: string | RegExp): Locator {
		return this.page.getByRole('heading', { name, level: 1 });
	}

	async choose(select: string, option: string | RegExp): Promise<void> {
		await this.page.getByRole('button', { name: new RegExp(select) }).click();
		await this.page.getByRole('option', { name: option }).click();
	}

	async go(place: Place): Promise<void> {
		const item = this.page.getByRole('navigation').getByRole('button', { name: place, exact: true });
		await item.click();
		await expect(item).toHaveAttribute('aria-current', 'page');
	}

	/** Asks the bridge as the page does. */
	call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
		// `unknown` in between: Playwright's types would follow every shape of the contract into the page and back.
		const answer: Promise<unknown> = this.page.evaluate(
			([callName, callInput]: readonly [unknown, unknown]) => window.holdfast.call(callName as never, callInput as never) as Promise<unknown>,
			[name, input] as readonly [unknown, unknown],
		);
		return answer as Promise<Result<CallOutput<N>>>;
	}

	async ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
		const result = await this.call(name, input);
		if (!result.ok) throw new Error(`${name}: ${result.error.code}: ${result.error.message}`);
		return result.value;
	}

	/** This wallet as the shared suite knows people: by the contract's calls alone. */
	get actor(): Actor {
		return contractActor(
			(name, input) => this.call(name, input),
			() => Promise.resolve(),
		);
	}

	/** Waits until the page has loaded and knows what to show. */
	async ready(): Promise<void> {
		await this.page.waitForFunction(() => 'holdfast' in window && document.querySelector('main:not([aria-busy])') !== null);
	}

	/** From the welcome to the empty wallet: passphrase, phrase written down, three words typed. */
	async onboard(passphrase = PASSPHRASE): Promise<void> {
		await this.press('Create a new wallet');
		await this.field('New passphrase').fill(passphrase);
		await this.field('Repeat passphrase').fill(passphrase);
		await this.press('Create wallet');
		await expect(this.heading('Write down your recovery phrase')).toBeVisible();
		this.words = await this.readPhrase();
		await this.press('I have written it down');
		await expect(this.heading('Check what you wrote')).toBeVisible();
		for (const [index, word] of this.words.entries()) {
			const field = this.field(`Word ${index + 1}`);
			if (await field.count()) await field.fill(word);
		}
		await this.press('Continue');
		await expect(this.heading('Your wallet is ready')).toBeVisible();
		await this.press('Open wallet');
		await expect(this.page.getByRole('navigation')).toBeVisible();
	}

	async readPhrase(): Promise<string[]> {
		await this.press('Show the words');
		const items = this.page.getByRole('main').getByRole('listitem');
		await expect(items).toHaveCount(24);
		return (await items.allInnerTexts()).map((text) => text.replace(/[^a-z]/g, ''));
	}

	async unlock(passphrase = PASSPHRASE): Promise<void> {
		await this.field('Passphrase').fill(passphrase);
		await this.press('Unlock');
	}

	/** A PNG as the other person's camera or screenshot would give it. */
	static picture(buffer: Buffer): { name: string; mimeType: string; buffer: Buffer } {
		return { name: 'code.png', mimeType: 'image/png', buffer };
	}

	async close(): Promise<void> {
		await this.app.close();
	}

	async relaunch(): Promise<void> {
		this.app = await this.app.relaunch();
		this.#listen();
	}
}
