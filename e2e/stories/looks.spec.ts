import { ADA_DIPLOMA, ADA_ID } from '@holdfast/testkit';
import { hand, openOffer, openRequest } from '../support/holding.ts';
import { createIdentity, offer } from '../support/issuing.ts';
import { look } from '../support/looks.ts';
import { expect, test } from '../support/test.ts';
import { askForClaims } from '../support/verifying.ts';
import { PASSPHRASE } from '../support/wallet.ts';

test('every screen, in light and dark, passes axe', async ({ start }) => {
	test.setTimeout(300_000);
	const [authority, holder] = await Promise.all([start('authority'), start('holder')]);

	await test.step('onboarding', async () => {
		await look(holder, '01-welcome');
		await holder.press('Create a new wallet');
		await holder.field('New passphrase').fill('password');
		await look(holder, '02-passphrase-weak');
		await holder.field('New passphrase').fill(PASSPHRASE);
		await holder.field('Repeat passphrase').fill(PASSPHRASE);
		await look(holder, '03-passphrase');
		await holder.press('Create wallet');
		await expect(holder.heading('Write down your recovery phrase')).toBeVisible();
		await look(holder, '04-phrase-hidden');
		holder.words = await holder.readPhrase();
		await look(holder, '05-phrase');
		await holder.press('I have written it down');
		for (const [index, word] of holder.words.entries()) {
			const field = holder.field(`Word ${index + 1}`);
			if (await field.count()) await field.fill(word);
		}
		await look(holder, '06-phrase-check');
		await holder.press('Continue');
		await look(holder, '07-ready');
		await holder.press('Open wallet');
		await look(holder, '08-wallet-empty');
		await authority.onboard();
	});

	await test.step('places without anything in them', async () => {
		for (const place of ['Assets', 'Present', 'Issue', 'Verify', 'Identities', 'Activity', 'Settings'] as const) {
			await holder.go(place);
			await look(holder, `10-empty-${place.toLowerCase()}`);
		}
	});

	let link = '';
	await test.step('issuing', async () => {
		await createIdentity(authority, 'did:jwk', 'Office of Examples');
		await authority.page.getByRole('main').getByText('Office of Examples').first().click();
		await look(authority, '20-identity');
		await authority.go('Issue');
		await look(authority, '21-issue');
		await authority.press('Start the service');
		await look(authority, '22-service');
		await authority.press('Start service');
		await authority.page
			.getByRole('list', { name: 'Kinds of documents' })
			.getByRole('button', { name: /^(?!From a table).*Identity .PID./ })
			.click();
		await look(authority, '23-compose');
		link = (await offer(authority, 'University diploma', ADA_DIPLOMA, { txCode: true, onReview: () => look(authority, '24-review-issue') })).link;
		await look(authority, '25-offer', 'issue');
	});

	await test.step('receiving', async () => {
		await holder.go('Wallet');
		await holder.page.getByRole('button', { name: 'Add a document' }).first().click();
		await look(holder, '30-add');
		await hand(holder, 'this is no offer');
		await look(holder, '31-add-refused');
		await openOffer(holder, link);
		await look(holder, '32-review-offer');
		await holder.field('Transaction code').fill('000000');
		await holder.press('Approve');
		await expect(holder.page.getByRole('alert')).toBeVisible();
		await look(holder, '33-wrong-code');
		const again = await offer(authority, 'Identity (PID)', ADA_ID);
		await openOffer(holder, again.link);
		await holder.press('Approve');
		await expect(holder.heading('Your document is here')).toBeVisible();
		await look(holder, '34-received');
		await holder.actor.receive(
			(
				await authority.actor.offer({
					typeId: 'university-diploma',
					format: 'dc+sd-jwt',
					issuerDid: (await authority.ask('dids.list', {}))[0]?.did ?? '',
					claims: ADA_DIPLOMA,
				})
			).uri,
		);
		await holder.go('Wallet');
		await expect(holder.page.getByRole('list', { name: 'Documents' }).getByRole('listitem')).toHaveCount(2);
		await look(holder, '35-wallet', 'hold');
		await holder.page
			.getByRole('list', { name: 'Documents' })
			.getByRole('button', { name: /Identity/ })
			.click();
		await look(holder, '36-document');
		await authority.go('Issue');
		await look(authority, '37-issue-lists');
	});

	await test.step('asking, presenting and the verdict', async () => {
		await authority.ask('services.start', { kind: 'verifier', host: '127.0.0.1', port: 0, publicUrl: null });
		await authority.go('Verify');
		await look(authority, '40-verify');
		await authority.press('Ask for a document');
		await look(authority, '41-ask');
		const asked = await askForClaims(authority, 'Identity (PID)', ['Given name', 'Family name', 'Nationalities'], {
			askAs: 'Office of Examples',
			onReview: () => look(authority, '42-review-request'),
		});
		await look(authority, '43-request');
		await openRequest(holder, asked.link);
		await look(holder, '44-review-present', 'present');
		await holder.press('Share');
		await expect(holder.heading('Shared')).toBeVisible();
		await look(holder, '45-shared');
		await expect(authority.page.getByRole('heading', { name: 'Verified', exact: true })).toBeVisible();
		await look(authority, '46-verdict', 'verify');
		const none = await askForClaims(authority, 'Employee badge', ['Given name'], { askAs: 'Office of Examples' });
		await openRequest(holder, none.link);
		await look(holder, '47-nothing-matches');
	});

	await test.step('the log, settings and the lock', async () => {
		await holder.go('Activity');
		await look(holder, '50-activity');
		await holder.page.getByRole('main').getByText('Shared with Office of Examples').first().click();
		await look(holder, '51-activity-entry');
		await holder.press('Lock');
		await expect(holder.heading('Unlock your wallet')).toBeVisible();
		await look(holder, '52-locked');
		await holder.unlock('a wrong passphrase');
		await expect(holder.page.getByText('This passphrase is not the right one.')).toBeVisible();
		await look(holder, '53-wrong-passphrase');
	});
	expect([...authority.problems, ...holder.problems]).toEqual([]);
});
