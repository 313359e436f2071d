import { systemRandom } from '@holdfast/kernel';
import { ADA_ID, outsider, receiveByHand } from '@holdfast/testkit';
import { lists, openRequest } from '../support/holding.ts';
import { createIdentity } from '../support/issuing.ts';
import { expect, test } from '../support/test.ts';
import { PASSPHRASE, type Wallet } from '../support/wallet.ts';

/** Signed by somebody else for this wallet's own DID, and taken in as text. */
const give = (holder: Wallet, did: string, claims: typeof ADA_ID | { [name: string]: string }): Promise<string> =>
	receiveByHand(
		holder.call.bind(holder),
		outsider(systemRandom),
		{ did, format: 'dc+sd-jwt', type: 'urn:eudi:pid:1', claims: { ...ADA_ID, ...claims }, issuedAt: Math.floor(Date.now() / 1000) - 60 },
		systemRandom,
	);

test('a day with the wallet: wrong passphrase, restart, two documents to choose from, refusing, a link from the browser', async ({ start }) => {
	test.setTimeout(180_000);
	const holder = await start('holder');
	await holder.onboard();
	await createIdentity(holder, 'did:jwk', 'Me');
	const did = (await holder.ask('dids.list', {}))[0]?.did ?? '';
	await give(holder, did, ADA_ID);
	await give(holder, did, { given_name: 'Augusta' });

	await test.step('the app is closed and opened again: locked, and everything is there', async () => {
		await holder.relaunch();
		await expect(holder.heading('Unlock your wallet')).toBeVisible();
		const locked = await holder.call('credentials.list', {});
		expect(locked.ok ? null : locked.error.code).toBe('vault/locked');
		await holder.unlock('a wrong passphrase');
		await expect(holder.page.getByText('This passphrase is not the right one.')).toBeVisible();
		await expect(holder.button('Unlock')).toBeDisabled();
		await holder.unlock(PASSPHRASE);
		await expect(holder.page.getByRole('list', { name: 'Documents' }).getByRole('listitem')).toHaveCount(2);
	});

	const verifier = await start('verifier');
	await verifier.onboard();
	await verifier.ask('services.start', { kind: 'verifier', host: '127.0.0.1', port: 0, publicUrl: null });
	const asked = { typeId: 'eudi-pid', format: 'dc+sd-jwt' as const, paths: [['given_name']] };

	await test.step('refusing tells the verifier, and nothing else', async () => {
		const request = await verifier.actor.request(asked);
		await openRequest(holder, request.uri);
		await expect(holder.page.getByText('Nobody vouches for who this is.', { exact: false })).toBeVisible();
		await holder.press('Refuse');
		await expect.poll(async () => (await verifier.actor.verification(request.id)).state).toBe('refused');
		await holder.go('Activity');
		await expect(holder.page.getByText(/^Refused to share/).first()).toBeVisible();
	});

	await test.step('a link from the browser is shown, not followed; then the other of two documents is chosen', async () => {
		const request = await verifier.actor.request(asked);
		await holder.go('Wallet');
		await holder.app.openLink(request.uri);
		await expect(holder.page.getByText('Somebody asks to see something from your wallet', { exact: false })).toBeVisible();
		expect((await verifier.actor.verification(request.id)).state).toBe('open');
		await holder.press(/^(Open|Look|Review|Continue).*/);
		await expect(holder.heading('Review the request')).toBeVisible();
		expect((await lists(holder)).learn).toEqual(['Given name']);
		const main = holder.page.getByRole('main');
		const other = main.getByRole('radio', { name: /Augusta/ });
		if (await other.isChecked()) await main.getByRole('radio', { name: /Ada Marguerite/ }).click({ force: true });
		else await other.click({ force: true });
		const shown = (await main.innerText()).includes('Augusta');
		expect(shown).toBe(true);
		await holder.press('Share');
		await expect(holder.heading('Shared')).toBeVisible();
		// Its issuer is nobody that this verifier knows: it arrives, and is not accepted.
		const seen = await verifier.actor.verification(request.id);
		expect(seen.verdict?.accepted).toBe(false);
		expect(seen.verdict?.sentence).toContain('not on your list of trusted issuers');
	});

	await test.step('the same by keyboard alone: the document is deleted after a question', async () => {
		await holder.go('Wallet');
		await holder.page.getByRole('list', { name: 'Documents' }).getByRole('button').first().focus();
		await holder.page.keyboard.press('Enter');
		const remove = holder.page.getByRole('button', { name: /^(Delete|Remove)/ }).first();
		await remove.focus();
		await holder.page.keyboard.press('Enter');
		const dialog = holder.page.getByRole('alertdialog').or(holder.page.getByRole('dialog'));
		await expect(dialog).toBeVisible();
		await holder.page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		expect(await holder.ask('credentials.list', {})).toHaveLength(2);
		await holder.page.keyboard.press('Enter');
		await dialog.getByRole('button', { name: /^(Delete|Remove)/ }).focus();
		await holder.page.keyboard.press('Enter');
		await expect.poll(async () => (await holder.ask('credentials.list', {})).length).toBe(1);
	});
	expect([...holder.problems, ...verifier.problems]).toEqual([]);
});
