import type { Buffer } from 'node:buffer';
import { expect } from 'playwright/test';
import type { Wallet } from './wallet.ts';

export interface Asked {
	readonly id: string;
	readonly link: string;
	readonly picture: Buffer;
}

/** Asks for claims of one kind of document, through the form. */
export async function askForClaims(
	wallet: Wallet,
	typeName: string,
	claims: readonly string[],
	options: { readonly askAs?: string; readonly encrypted?: boolean; readonly onReview?: () => Promise<void> } = {},
): Promise<Asked> {
	await wallet.go('Verify');
	await wallet.press('Ask for a document');
	await wallet.page.getByRole('tab', { name: 'Choose claims' }).click();
	await wallet.choose('Document', new RegExp(typeName.replace(/[()]/g, '.')));
	for (const claim of claims) await wallet.page.getByRole('group', { name: 'Claims' }).getByText(claim, { exact: true }).click();
	if (options.askAs !== undefined) await wallet.choose('Ask as', new RegExp(options.askAs));
	if (options.encrypted === false) await wallet.page.getByText('Encrypt the answer', { exact: true }).click();
	await wallet.press('Continue');
	await expect(wallet.heading('Review your request')).toBeVisible();
	await options.onReview?.();
	await wallet.press('Approve');
	const link = await wallet.field('Request link').inputValue();
	const picture = await wallet.page.getByRole('img', { name: 'QR code of the request' }).screenshot();
	const id = (await wallet.ask('verify.list', {})).find((each) => each.uri === link)?.id;
	if (id === undefined) throw new Error('The request is not in the list');
	return { id, link, picture };
}
