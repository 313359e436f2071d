import { ADA_ID } from '@holdfast/testkit';
import { openOffer, openRequest } from '../support/holding.ts';
import { serveBehind } from '../support/services.ts';
import { type Direction, type Tap, tap } from '../support/tap.ts';
import { expect, test } from '../support/test.ts';
import { PASSPHRASE, type Wallet } from '../support/wallet.ts';

/** Kills the vault process the moment something passes the line, and lets nothing more through of that exchange. */
function killWhen(line: Tap, wallet: Wallet, direction: Direction, path: RegExp): Promise<void> {
	return new Promise((resolve, reject) => {
		line.hold((passing, where) => {
			if (passing !== direction || !path.test(where)) return undefined;
			line.hold(() => undefined);
			return (async () => {
				try {
					process.kill(await wallet.app.vaultPid(), 'SIGKILL');
					resolve();
				} catch (error) {
					reject(error);
				}
				throw new Error('the line is cut');
			})();
		});
	});
}

async function unlockAfterCrash(wallet: Wallet): Promise<void> {
	await expect(wallet.heading('Unlock your wallet')).toBeVisible();
	await expect(wallet.page.getByText('The part of Holdfast that keeps your keys stopped')).toBeVisible();
	await wallet.unlock(PASSPHRASE);
	await expect(wallet.page.getByRole('navigation')).toBeVisible();
	await wallet.go('Wallet');
}

test('kill -9 of the vault process in the middle: nothing acknowledged is lost, and the app goes on', async ({ start }) => {
	test.setTimeout(240_000);
	const [authority, holder] = await Promise.all([start('authority'), start('holder')]);
	await Promise.all([authority.onboard(), holder.onboard()]);
	const [issuing, verifying] = await Promise.all([tap(), tap()]);
	const { did } = await authority.ask('dids.create', { method: 'did:jwk', alias: 'Office of Examples' });
	await serveBehind(authority, 'issuer', issuing);
	await serveBehind(authority, 'verifier', verifying);
	await holder.ask('trust.add', { issuer: did, name: 'Office of Examples' });
	const held = async (): Promise<number> => (await holder.ask('credentials.list', {})).length;
	const offer = () => authority.actor.offer({ typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid: did, claims: ADA_ID });
	let expected = 0;

	// Where a receive can be cut: the request on its way, or its answer on the way back.
	const moments: readonly { readonly name: string; readonly at: Direction; readonly path: RegExp; readonly arrives: boolean }[] = [
		{ name: 'before the issuer has read the code', at: 'request', path: /token/, arrives: true },
		// The code is spent and the token lost with the answer: nobody has it, and the app says so.
		{ name: 'when the code is spent and the token is on its way', at: 'response', path: /token/, arrives: false },
		{ name: 'before the document is asked for', at: 'request', path: /credential$/, arrives: true },
		{ name: 'when the document is signed and on its way', at: 'response', path: /credential$/, arrives: true },
	];
	for (const { name, at, path, arrives } of moments) {
		await test.step(`receiving, killed ${name}`, async () => {
			const { uri } = await offer();
			await openOffer(holder, uri);
			const killed = killWhen(issuing, holder, at, path);
			await holder.press('Approve');
			await killed;
			await unlockAfterCrash(holder);
			expect(await held()).toBe(expected);
			await expect(holder.page.getByText(/^Receiving from .* was cut off$/)).toBeVisible();
			await holder.press('Resume');
			if (arrives) {
				await expect(holder.heading('Your document is here')).toBeVisible();
				expected += 1;
			} else {
				await expect(holder.page.getByRole('main').getByRole('alert')).toContainText(/code/);
			}
			await holder.go('Wallet');
			expect(await held()).toBe(expected);
			await expect(holder.page.getByText('was cut off')).toHaveCount(0);
		});
	}
	// A lost token costs one offer; another one works.
	await holder.actor.receive((await offer()).uri);
	expected += 1;
	expect(await held()).toBe(expected);

	const asked = { typeId: 'eudi-pid', format: 'dc+sd-jwt' as const, paths: [['given_name']], did };
	for (const { at, arrived } of [
		{ at: 'request', arrived: false },
		{ at: 'response', arrived: true },
	] as const) {
		await test.step(`presenting, killed when the ${at} passes`, async () => {
			const request = await authority.actor.request(asked);
			await openRequest(holder, request.uri);
			const killed = killWhen(verifying, holder, at, /response/);
			await holder.press('Share');
			await killed;
			await unlockAfterCrash(holder);
			await expect(holder.page.getByText('Sharing with Office of Examples was cut off')).toBeVisible();
			await expect(holder.page.getByText('What you approved may have arrived.')).toBeVisible();
			await holder.press('Dismiss');
			expect(await held()).toBe(expected);
			expect((await authority.actor.verification(request.id)).state).toBe(arrived ? 'done' : 'open');
			const cut = (await holder.actor.activity()).find((entry) => entry.kind === 'interrupted');
			expect(cut?.shared.join()).toContain('Given name');
			await holder.go('Activity');
			await expect(holder.page.getByText('Cut off while sharing with Office of Examples').first()).toBeVisible();
		});
	}
	expect(holder.problems).toEqual([]);
	await Promise.all([issuing.close(), verifying.close()]);
});
