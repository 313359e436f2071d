import { ADA_ID } from '@holdfast/testkit';
import { lists, openRequest } from '../support/holding.ts';
import { look } from '../support/looks.ts';
import { serveBehind } from '../support/services.ts';
import { readings, tap } from '../support/tap.ts';
import { expect, test } from '../support/test.ts';

test('over 18 without a birth date: asked, proven, and shown to be enough', async ({ start }) => {
	test.setTimeout(180_000);
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
	expect([...door.problems, ...holder.problems]).toEqual([]);
	await line.close();
});
