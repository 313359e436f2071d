import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandom } from '@holdfast/kernel';
import { ADA_ID, outsider, receiveByHand } from '@holdfast/testkit';
import { makeDevelopmentReferenceString } from '@holdfast/zk-sd-jwt';
import { REPOSITORY } from '../launcher/index.ts';
import { lists, openRequest } from '../support/holding.ts';
import { look } from '../support/looks.ts';
import { serveBehind } from '../support/services.ts';
import { readings, tap } from '../support/tap.ts';
import { expect, test } from '../support/test.ts';

test('over 18 without a birth date: asked, proven, and shown to be enough', async ({ start }) => {
	test.setTimeout(240_000);
	const [door, holder] = await Promise.all([start('door'), start('holder')]);
	await Promise.all([door.onboard(), holder.onboard()]);
	const { did } = await door.ask('dids.create', { method: 'did:jwk', alias: 'Harbour Club' });
	await door.actor.serve('issuer');
	const line = await tap();
	await serveBehind(door, 'verifier', line);
	await holder.actor.receive((await door.actor.offer({ typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid: did, claims: ADA_ID })).uri);

	await door.go('Verify');
	await door.press('Ask for a document');
	// The first choice of the form.
	await door.page.getByRole('main').getByText('Over 18', { exact: true }).click();
	await door.choose('Ask as', /Harbour Club/);
	await door.page.getByText('Encrypt the answer', { exact: true }).click();
	await door.press('Continue');
	await expect(door.heading('Review your request')).toBeVisible();
	await expect(door.page.getByRole('main')).toContainText('that the holder is over 18, and nothing else');
	await look(door, '60-ask-age');
	await door.press('Approve');

	await openRequest(holder, await door.field('Request link').inputValue());
	const { learn, hidden } = await lists(holder);
	expect(learn).toEqual(['Over 18']);
	expect(hidden).toEqual(expect.arrayContaining(['Date of birth', 'Given name', 'Family name', 'Street', 'Nationalities 1']));
	await look(holder, '61-review-age', 'age');
	await holder.press('Share');
	await expect(holder.heading('Shared')).toBeVisible();
	await expect(holder.page.getByRole('main')).toContainText('They learned: Over 18.');

	// A development setup is named in the verdict, so that nobody relies on it unawares.
	await expect(door.page.getByRole('heading', { name: 'Verified, with a caution' })).toBeVisible();
	const main = door.page.getByRole('main');
	await expect(main).toContainText('Over 18: Yes');
	await expect(main).toContainText(/development setup/i);
	await look(door, '62-verdict-age');
	const answer = line.passed.filter((each) => each.method === 'POST').map((each) => readings(each.body).join('\n'));
	expect(answer).toHaveLength(1);
	for (const kept of [ADA_ID.birthdate, '19901210', 'Ada Marguerite', 'Byron-Example', '12 Canary Wharf Road']) expect(answer[0]).not.toContain(kept);

	const askUnrevoked = async (): Promise<string> => {
		await door.go('Verify');
		await door.press('Ask for a document');
		const form = door.page.getByRole('main');
		await form.getByText('Over 18', { exact: true }).click();
		await form.getByText('Refuse revoked documents', { exact: true }).click();
		await door.choose('The list may be at most', /1 hour old/);
		await door.choose('Ask as', /Harbour Club/);
		await door.press('Continue');
		await expect(form).toContainText('that the issuer has not revoked the document, by a list at most 1 hour old');
		await door.press('Approve');
		return door.field('Request link').inputValue();
	};
	await test.step('from a document that is not revoked: asked so, and proven', async () => {
		await openRequest(holder, await askUnrevoked());
		expect((await lists(holder)).learn).toEqual(['Over 18', 'Not revoked']);
		await holder.press('Share');
		await expect(holder.heading('Shared')).toBeVisible();
		await expect(door.page.getByRole('main')).toContainText('Not revoked: By the issuer’s list');
	});

	await test.step('revoked at the issuer’s desk, after a question', async () => {
		await door.go('Issue');
		await door.page.getByRole('tab', { name: 'Issued' }).click();
		const row = door.page.getByRole('list', { name: 'Issued documents' }).getByRole('listitem');
		await expect(row).toHaveCount(1);
		await row.getByRole('button', { name: /^Revoke: Identity/ }).click();
		const dialog = door.page.getByRole('alertdialog');
		await expect(dialog).toContainText('This cannot be taken back');
		await look(door, '65-revoke-question');
		await dialog.getByRole('button', { name: 'Keep it valid' }).click();
		await expect(row).not.toContainText('Revoked');
		await row.getByRole('button', { name: /^Revoke: Identity/ }).click();
		await dialog.getByRole('button', { name: 'Revoke for good' }).click();
		await expect(row).toContainText('Revoked');
		await look(door, '66-issued-revoked');
	});

	await test.step('from then on no proof is possible, and the wallet says why', async () => {
		await openRequest(holder, await askUnrevoked());
		await expect(holder.page.getByRole('main')).toContainText('Your Identity cannot prove it: The issuer has revoked this credential.');
		await expect(holder.button('Share')).toHaveCount(0);
		await look(holder, '67-review-revoked');
	});

	await test.step('citizen of the EU, each holder once: told in the review, and refused the second time', async () => {
		await door.go('Verify');
		await door.press('Ask for a document');
		await door.page.getByRole('main').getByText('Citizen of the EU', { exact: true }).click();
		await door.page.getByRole('main').getByText('Accept each holder once', { exact: true }).click();
		await door.press('Continue');
		await expect(door.page.getByText('Say what each holder counts once for.')).toBeVisible();
		await door.field('Once for').fill('Wine tasting 2026');
		await door.press('Continue');
		await expect(door.page.getByText('Choose one of your identities', { exact: false })).toBeVisible();
		// The screen scrolls, not the window around it.
		expect(await door.page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
		await look(door, '68-ask-once');
		await door.choose('Ask as', /Harbour Club/);
		await door.press('Continue');
		await door.press('Approve');
		await openRequest(holder, await door.field('Request link').inputValue());
		expect((await lists(holder)).learn).toEqual(['Citizen of the EU', 'A mark for “Wine tasting 2026”']);
		await expect(holder.page.getByRole('main')).toContainText('can tell when you come again for this purpose, but not who you are');
		await look(holder, '69-review-once');
		await holder.press('Share');
		await expect(holder.heading('Shared')).toBeVisible();
		await expect(door.page.getByRole('main')).toContainText('This holder’s first time');

		const { id } = await door.ask('verify.prepare', {
			title: 'Again',
			request: { kind: 'preset', presetId: 'citizen-eu', once: { purpose: 'Wine tasting 2026' } },
			verifierDid: did,
			encrypted: true,
			expiresInMinutes: 10,
		});
		const again = await door.ask('verify.approve', { id });
		const review = await holder.ask('present.open', { text: again.uri });
		const credentialId = review.queries[0]?.candidates[0]?.credential.id ?? '';
		await holder.ask('present.approve', { id: review.id, choices: [{ queryId: 'citizen_proof', credentialId }] });
		expect((await door.actor.verification(again.id)).verdict?.sentence).toContain('This holder has answered for this purpose before');
	});
	expect([...door.problems, ...holder.problems]).toEqual([]);
	await line.close();
});

/** Made once on a machine, by whichever test comes first. */
const STRING = join(REPOSITORY, '.cache/service/development-string');

test('the same by the other ways: BBS, UltraHonk, and an ordinary document whose issuer takes no part', async ({ start, folder }) => {
	test.setTimeout(300_000);
	if (!existsSync(join(STRING, 'reference-string.sha256'))) await makeDevelopmentReferenceString(STRING, 2 ** 18 + 1, systemRandom);
	for (const profile of ['door', 'holder']) cpSync(STRING, join(folder, profile, 'reference-string'), { recursive: true });
	const [door, holder] = await Promise.all([start('door'), start('holder')]);
	await Promise.all([door.onboard(), holder.onboard()]);
	const { did } = await door.ask('dids.create', { method: 'did:jwk', alias: 'Harbour Club' });
	await door.actor.serve('issuer');
	await door.actor.serve('verifier');

	/** The preset, narrowed to one way of proving. */
	const ask = async (system: string): Promise<string> => {
		const common = { title: `Over 18 by ${system}`, verifierDid: did, encrypted: true, expiresInMinutes: 10 };
		const preset = await door.ask('verify.prepare', { ...common, request: { kind: 'preset', presetId: 'over-18' } });
		const dcql = JSON.parse(JSON.stringify(preset.dcql));
		expect(dcql.credentials[0].meta['org.holdfast.zk_statement'].proof_systems).toContain(system);
		dcql.credentials[0].meta['org.holdfast.zk_statement'].proof_systems = [system];
		const { id } = await door.ask('verify.prepare', { ...common, request: { kind: 'dcql', dcql } });
		return (await door.ask('verify.approve', { id })).uri;
	};
	const show = async (uri: string) => {
		await openRequest(holder, uri);
		expect((await lists(holder)).learn).toEqual(['Over 18']);
		await holder.press('Share');
		await expect(holder.heading('Shared')).toBeVisible({ timeout: 120_000 });
		const seen = (await door.ask('verify.list', {})).find((each) => each.uri === uri);
		expect(seen?.verdict?.accepted, seen?.verdict?.sentence).toBe(true);
		expect(seen?.verdict?.documents[0]?.proven).toEqual(['Over 18: Yes']);
		expect(JSON.stringify(seen)).not.toContain(ADA_ID.birthdate);
		return seen?.verdict?.report.result;
	};

	await test.step('BBS: no setup, and no caution', async () => {
		await holder.actor.receive((await door.actor.offer({ typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid: did, claims: ADA_ID })).uri);
		expect(await show(await ask('bbs-bls12381-sha256'))).toBe('passed');
	});

	await test.step('UltraHonk from the same document: for who does not accept the setup of Groth16', async () => {
		expect(await show(await ask('ultrahonk-bn254'))).toBe('warning');
	});

	await test.step('an ordinary document, signed by hand', async () => {
		const office = outsider(systemRandom);
		await door.ask('trust.add', { issuer: office.did, name: 'Office of Examples' });
		for (const each of await holder.ask('credentials.list', {})) await holder.ask('credentials.delete', { id: each.id });
		const now = Math.floor(Date.now() / 1000);
		const claims = { given_name: 'Ada', birthdate: ADA_ID.birthdate };
		const document = { format: 'dc+sd-jwt', type: 'urn:eudi:pid:1', claims, issuedAt: now - 60, validUntil: now + 864_000 } as const;
		await receiveByHand(holder.call.bind(holder), office, document, systemRandom);
		// On a development string: a caution that says so.
		expect(await show(await ask('ultrahonk-sd-jwt'))).toBe('warning');
	});
	await holder.go('Settings');
	await expect(holder.page.getByText('For trying out only')).toBeVisible();
	await look(holder, '63-settings-proofs');
	expect([...door.problems, ...holder.problems]).toEqual([]);
});
