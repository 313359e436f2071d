import type { Buffer } from 'node:buffer';
import { expect } from 'playwright/test';
import { Wallet } from './wallet.ts';

/** Pastes a link, or chooses a picture of its QR code, on the screen that asks for one. */
export async function hand(wallet: Wallet, link: string | Buffer): Promise<void> {
	if (typeof link === 'string') {
		await wallet.page.getByRole('main').getByRole('textbox').fill(link);
		await wallet.press('Continue');
	} else await wallet.page.locator('input[type=file]').setInputFiles(Wallet.picture(link));
}

export async function openOffer(wallet: Wallet, link: string | Buffer): Promise<void> {
	await wallet.go('Wallet');
	await wallet.page
		.getByRole('button', { name: /^Add a? ?document/ })
		.first()
		.click();
	await expect(wallet.heading('Add a document')).toBeVisible();
	await hand(wallet, link);
	await expect(wallet.heading('Review the offer')).toBeVisible();
}

export async function receive(wallet: Wallet, link: string | Buffer, txCode?: string): Promise<void> {
	await openOffer(wallet, link);
	if (txCode !== undefined) await wallet.field('Transaction code').fill(txCode);
	await wallet.press('Approve');
	await expect(wallet.heading('Your document is here')).toBeVisible();
}

export async function openRequest(wallet: Wallet, link: string | Buffer): Promise<void> {
	await wallet.go('Present');
	await expect(wallet.heading('Present')).toBeVisible();
	await hand(wallet, link);
	await expect(wallet.heading('Review the request')).toBeVisible();
}

/** The two lists of the review: labels of what would be learned and of what stays hidden. */
export async function lists(wallet: Wallet): Promise<{ learn: string[]; hidden: string[] }> {
	const labels = async (title: string): Promise<string[]> => {
		const section = wallet.page.locator('section', { has: wallet.page.getByRole('heading', { name: new RegExp(`^${title}`), level: 2 }) }).last();
		return section.locator('.hf-reveal__label').allInnerTexts();
	};
	return { learn: await labels('They will learn'), hidden: await labels('Stays hidden') };
}
