import { ADA_DIPLOMA, ADA_ID } from '@holdfast/testkit';
import { lists, openRequest, receive } from '../support/holding.ts';
import { createIdentity, offer, startService } from '../support/issuing.ts';
import { expect, test } from '../support/test.ts';
import { askForClaims } from '../support/verifying.ts';

test('two documents issued, received and shown: name and nationality, nothing else', async ({ start }) => {
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

	await startService(authority, 'Verify');
	const request = await askForClaims(authority, 'Identity (PID)', ['Given name', 'Family name', 'Nationalities'], 'Office of Examples');
	await openRequest(holder, request.picture);
	const { learn, hidden } = await lists(holder);
	expect([...learn].sort()).toEqual(['Family name', 'Given name', 'Nationalities 1', 'Nationalities 2']);
	expect(hidden).toEqual(expect.arrayContaining(['Date of birth', 'Street', 'Postal code']));
	await holder.press('Share');
	await expect(holder.heading('Shared')).toBeVisible();

	await expect(authority.page.getByRole('heading', { name: 'Verified', exact: true })).toBeVisible();
	const text = await authority.page.getByRole('main').innerText();
	for (const told of ['Ada Marguerite', 'Byron-Example', 'FR', 'GB']) expect(text).toContain(told);
	for (const kept of [ADA_ID.birthdate, '12 Canary Wharf Road', 'E14 9ZZ', 'Sampleton']) expect(text).not.toContain(kept);
	expect([...authority.problems, ...holder.problems]).toEqual([]);
});
