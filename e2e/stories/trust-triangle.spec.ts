import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADA_DIPLOMA, ADA_ID, CANARIES } from '@holdfast/testkit';
import { lists, openRequest, receive } from '../support/holding.ts';
import { createIdentity, offer, startService } from '../support/issuing.ts';
import { foundBelow } from '../support/search.ts';
import { serveBehind } from '../support/services.ts';
import { readings, tap } from '../support/tap.ts';
import { expect, test } from '../support/test.ts';
import { askForClaims } from '../support/verifying.ts';
import { PASSPHRASE } from '../support/wallet.ts';

const KEPT = [ADA_ID.birthdate, ADA_ID.address.street_address, ADA_ID.address.postal_code, ADA_ID.address.locality];
const TOLD = ['Ada Marguerite', 'Byron-Example', 'FR', 'GB'];

test('two documents issued, received and shown: name and nationality, nothing else', async ({ start, folder }) => {
	test.setTimeout(180_000);
	const [authority, holder] = await Promise.all([start('authority'), start('holder')]);
	await Promise.all([authority.onboard(), holder.onboard()]);

	await createIdentity(authority, 'did:jwk', 'Office of Examples');
	await startService(authority, 'Issue');
	const diploma = await offer(authority, 'University diploma', ADA_DIPLOMA, { txCode: true });
	await receive(holder, diploma.link, diploma.txCode ?? undefined);
	await expect(authority.page.getByRole('heading', { name: 'Collected' })).toBeVisible();

	const card = await offer(authority, 'Identity (PID)', ADA_ID);
	await receive(holder, card.picture);
	await holder.go('Wallet');
	expect(await holder.ask('credentials.list', {})).toHaveLength(2);

	const line = await tap();
	await serveBehind(authority, 'verifier', line);
	for (const encrypted of [true, false]) {
		await test.step(encrypted ? 'with an encrypted answer' : 'with an answer in clear, whose bytes are read', async () => {
			const request = await askForClaims(authority, 'Identity (PID)', ['Given name', 'Family name', 'Nationalities'], {
				askAs: 'Office of Examples',
				encrypted,
			});
			await openRequest(holder, request.picture);
			const { learn, hidden } = await lists(holder);
			expect([...learn].sort()).toEqual(['Family name', 'Given name', 'Nationalities 1', 'Nationalities 2']);
			expect(hidden).toEqual(expect.arrayContaining(['Date of birth', 'Street', 'Postal code']));
			await holder.press('Share');
			await expect(holder.heading('Shared')).toBeVisible();

			await expect(authority.page.getByRole('heading', { name: 'Verified', exact: true })).toBeVisible();
			const text = await authority.page.getByRole('main').innerText();
			for (const told of TOLD) expect(text).toContain(told);
			for (const kept of KEPT) expect(text).not.toContain(kept);
		});
	}

	await test.step('the bytes that the verifier received hold no birth date and no address', async () => {
		const answers = line.passed.filter((each) => each.method === 'POST').map((each) => readings(each.body).join('\n'));
		expect(answers).toHaveLength(2);
		const [closed = '', open = ''] = answers;
		for (const told of TOLD) {
			expect(open).toContain(told);
			if (told.length > 2) expect(closed).not.toContain(told);
		}
		for (const kept of KEPT) expect(`${closed}${open}`).not.toContain(kept);
	});
	expect([...authority.problems, ...holder.problems]).toEqual([]);
	await line.close();

	await test.step('no secret and no claim is on the disk in the clear: database, WAL, logs and the browser’s own profile', async () => {
		const words = { holder: holder.words, authority: authority.words };
		// While it runs, then after it was locked and closed.
		const secrets = [...CANARIES, PASSPHRASE, words.holder.slice(0, 3).join(' '), words.authority.slice(0, 3).join(' '), diploma.txCode ?? ''];
		expect(foundBelow(folder, secrets)).toEqual([]);
		await holder.press('Lock');
		await expect(holder.heading('Unlock your wallet')).toBeVisible();
		const output = `${holder.app.output()}${authority.app.output()}`;
		await Promise.all([holder.close(), authority.close()]);
		expect(foundBelow(folder, secrets)).toEqual([]);
		for (const secret of secrets) expect(output).not.toContain(secret);
		expect(readdirSync(join(folder, 'holder', 'wallet')).sort()).toContain('vault.db');
		// The search is not blind.
		writeFileSync(join(folder, 'blind'), `x${Buffer.from(`yz${PASSPHRASE}`).toString('base64url')}`);
		expect(foundBelow(folder, [PASSPHRASE])).toEqual([`blind: ${PASSPHRASE}`]);
	});
});
