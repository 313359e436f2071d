import type { Buffer } from 'node:buffer';
import type { FormField } from '@holdfast/contract';
import type { Json, JsonObject } from '@holdfast/kernel';
import { expect } from 'playwright/test';
import type { Wallet } from './wallet.ts';

export async function createIdentity(wallet: Wallet, method: 'did:key' | 'did:jwk', name: string): Promise<string> {
	await wallet.go('Identities');
	await wallet.button('Create identity').first().click();
	await expect(wallet.heading('Create identity')).toBeVisible();
	await wallet.page.getByRole('radio', { name: method }).check({ force: true });
	await wallet.field(/^Name/).fill(name);
	await wallet.page.getByRole('main').getByRole('button', { name: 'Create identity', exact: true }).click();
	await expect(wallet.page.getByRole('button', { name: 'Identities', exact: true }).first()).toBeVisible();
	const found = async () => (await wallet.ask('dids.list', {})).find((each) => each.alias === name);
	await expect.poll(found).toBeDefined();
	const made = await found();
	if (!made) throw new Error(`${name} was not created`);
	return made.did;
}

/** Starts the issuing or verifying service on the place's first screen. */
export async function startService(wallet: Wallet, place: 'Issue' | 'Verify'): Promise<string> {
	await wallet.go(place);
	await wallet.press('Start the service');
	await wallet.press('Start service');
	await expect(wallet.button('Stop service')).toBeVisible();
	const kind = place === 'Issue' ? 'issuer' : 'verifier';
	const url = (await wallet.ask('services.status', {})).find((each) => each.kind === kind)?.url;
	if (!url) throw new Error(`The ${kind} has no address`);
	return url;
}

const valueAt = (claims: JsonObject, path: readonly string[]): Json | undefined => {
	let at: Json | undefined = claims;
	for (const part of path) at = typeof at === 'object' && at !== null && !Array.isArray(at) ? (at as JsonObject)[part] : undefined;
	return at;
};

async function fill(wallet: Wallet, field: FormField, value: Json): Promise<void> {
	if (field.kind === 'choice') {
		await wallet.page
			.getByRole('main')
			.getByRole('button', { name: new RegExp(field.label) })
			.click();
		await wallet.page.getByRole('option', { name: String(value), exact: true }).click();
		return;
	}
	const typed = Array.isArray(value) ? value.join('\n') : String(value);
	await wallet.page.getByRole('textbox', { name: new RegExp(`^${field.label}( \\(optional\\))?$`) }).fill(typed);
}

export interface Offered {
	readonly link: string;
	readonly txCode: string | null;
	/** The QR code as it stands on the issuer's screen. */
	readonly picture: Buffer;
}

/** Fills in the form of one kind of document, reviews it and makes an offer. */
export async function offer(
	wallet: Wallet,
	typeName: string,
	claims: JsonObject,
	options: { readonly txCode?: boolean; readonly onReview?: () => Promise<void> } = {},
): Promise<Offered> {
	await wallet.go('Issue');
	await wallet.page
		.getByRole('list', { name: 'Kinds of documents' })
		.getByRole('button', { name: new RegExp(`^(?!From a table).*${typeName.replace(/[()]/g, '.')}`) })
		.click();
	await expect(wallet.heading(typeName)).toBeVisible();
	const type = (await wallet.ask('issue.types', {})).find((each) => each.name === typeName);
	for (const field of type?.fields ?? []) {
		const value = valueAt(claims, field.path);
		if (value !== undefined) await fill(wallet, field, value);
	}
	if (options.txCode !== true) await wallet.page.getByText('Ask for a transaction code', { exact: true }).click();
	await wallet.press('Continue');
	await expect(wallet.heading('Review the document')).toBeVisible();
	await options.onReview?.();
	await wallet.press('Approve');
	await expect(wallet.heading('Offer')).toBeVisible();
	const link = await wallet.field('Offer link').inputValue();
	const picture = await wallet.page.getByRole('img', { name: 'QR code of the offer' }).screenshot();
	return { link, txCode: options.txCode === true ? await wallet.field('Transaction code').inputValue() : null, picture };
}
