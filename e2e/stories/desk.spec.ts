import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIdentity, startService } from '../support/issuing.ts';
import { look } from '../support/looks.ts';
import { expect, test } from '../support/test.ts';

test('a table with mistakes: mended, issued, collected by one, withdrawn; the check turns red and says how old its knowledge is', async ({ start, folder }) => {
	test.setTimeout(180_000);
	// What the file dialog answers, one after the other: the table, then the folder for the links.
	const table = join(folder, 'staff.csv');
	const out = join(folder, 'out');
	mkdirSync(out);
	writeFileSync(table, 'Vorname,Family name,Employer,Personalnummer,Shoe size\nAda,Byron,Works,1,38\nBea,,Works,2,39\nCy,Smith,Works,3,40\n');
	const answers = join(folder, 'answers.json');
	writeFileSync(
		answers,
		JSON.stringify([
			{ canceled: false, filePaths: [table] },
			{ canceled: false, filePaths: [out] },
			{ canceled: false, filePaths: [out] },
			{ canceled: false, filePaths: [out] },
		]),
	);
	process.env.HOLDFAST_DIALOG_ANSWERS = answers;
	const office = await start('office');
	const holderAnswers = join(folder, 'holder-answers.json');
	writeFileSync(holderAnswers, JSON.stringify([{ canceled: false, filePaths: [out] }]));
	process.env.HOLDFAST_DIALOG_ANSWERS = holderAnswers;
	const holder = await start('holder');
	await Promise.all([office.onboard(), holder.onboard()]);
	await createIdentity(office, 'did:jwk', 'Office of Examples');
	await startService(office, 'Issue');

	const second = await holder.ask('dids.create', { method: 'did:jwk', alias: 'Second pair of eyes' });
	await test.step('three rows or more need somebody else’s approval', async () => {
		await office.go('Issue');
		await office.page.getByRole('tab', { name: 'Approvals' }).click();
		await office.field('Tables of so many rows or more').fill('3');
		await office.field('Name of who approves').fill('Bea');
		await office.field('Their DID').fill(second.did);
		await office.press('Add to the list');
		await look(office, '57-approval-rule');
		await office.press('Keep the rule');
		await expect(office.page.getByText('The rule is kept')).toBeVisible();
		await office.page.getByRole('tab', { name: 'New document' }).click();
	});

	await test.step('choose, say what is what, check', async () => {
		await office.press('From a table: Employee badge');
		await expect(office.heading('Employee badge from a table')).toBeVisible();
		await office.press('Choose a file');
		await expect(office.page.getByText('Shoe size').first()).toBeVisible();
		await look(office, '60-columns');
		await office.press('Check every row');
		await expect(office.page.getByRole('heading', { name: '1 row needs another look' })).toBeVisible();
		await expect(office.page.getByRole('list', { name: 'Wrong rows' })).toContainText('Line 3');
		expect(await office.ask('issue.offers', {})).toHaveLength(0);
		await look(office, '61-wrong-rows');
	});

	await test.step('mend the cell, look at a document, issue', async () => {
		await office.press('Mend line 3');
		await office.page.getByRole('dialog').getByRole('textbox', { name: 'Family name' }).fill('Example');
		await office.press('Check again');
		await expect(office.page.getByRole('heading', { name: 'Every row is in order' })).toBeVisible();
		await expect(office.button('Make offers')).toBeDisabled();
		await office.press('Write the request for them');
		await expect.poll(() => readdirSync(out).filter((each) => each.startsWith('approve-')).length).toBe(1);
		const file = (start: string) => {
			const found = readdirSync(out).find((each) => each.startsWith(start)) ?? '';
			return { name: found, mimeType: 'application/jwt', buffer: readFileSync(join(out, found)) };
		};
		await holder.go('Issue');
		await holder.page.getByRole('tab', { name: 'Approvals' }).click();
		await holder.page.getByRole('main').locator('input[type=file]').first().setInputFiles(file('approve-'));
		await expect(holder.page.getByRole('main')).toContainText('3 × Employee badge');
		await holder.choose('Approve as', /Second pair of eyes/);
		await look(holder, '58-approve');
		await holder.press('Approve and save the file');
		await expect(holder.page.getByText('Your approval is written')).toBeVisible();
		await office.page.getByRole('main').locator('input[type=file]').setInputFiles(file('approved-'));
		await expect(office.page.getByText('Bea has approved it')).toBeVisible();
		await look(office, '59-approved');
		await office.press('Make offers');
		await office.page.getByRole('alertdialog', { name: 'Offer 3 documents?' }).getByRole('button', { name: 'Make offers' }).click();
		await expect(office.page.getByRole('heading', { name: 'Issued', exact: true })).toBeVisible();
		await look(office, '62-issued');
		await office.press('Save links for mail merge');
		await expect(office.page.getByText('The file was written')).toBeVisible();
		await office.press('Save QR codes as PDF');
		await expect.poll(() => readdirSync(out).filter((each) => each.endsWith('.pdf'))).toEqual(['staff-codes.pdf']);
		expect(readFileSync(join(out, 'staff-codes.pdf'), 'latin1')).toMatch(/^%PDF-[\s\S]*%%EOF\s*$/);
	});

	const name = readdirSync(out).find((each) => each.endsWith('.csv')) ?? '';
	const lines = readFileSync(join(out, name), 'utf8').split('\r\n');
	const link = lines.find((line) => line.includes('Bea Example'))?.match(/openid-credential-offer:[^,]+/)?.[0] ?? '';
	await holder.actor.receive(link);
	const [card] = await holder.ask('credentials.list', {});
	const { raw } = await holder.ask('credentials.get', { id: card?.id ?? '' });

	const check = async () => {
		await office.go('Verify');
		await office.page.getByRole('tab', { name: 'Check a document' }).click();
		await office.page.getByRole('textbox', { name: 'Document as text' }).fill(raw);
		await office.press('Check document');
	};
	await test.step('the check is green, and says when the issuer’s list was signed', async () => {
		await check();
		await expect(office.page.getByText('The issuer has not withdrawn it.').first()).toBeVisible();
	});

	await test.step('revoke in the register', async () => {
		await office.go('Issue');
		await office.page.getByRole('tab', { name: 'Register' }).click();
		const row = office.page.getByRole('list', { name: 'Issued documents' }).getByRole('listitem').filter({ hasText: 'Bea Example' });
		await row.getByText('Bea Example').click();
		await look(office, '63-register');
		await office.press('Revoke');
		const dialog = office.page.getByRole('alertdialog', { name: 'Revoke 1 document?' });
		await expect(dialog).toContainText('Employee badge: Bea Example');
		await look(office, '64-revoke');
		await dialog.getByRole('button', { name: 'Revoke 1 document' }).click();
		await expect(row.getByText('Revoked', { exact: true })).toBeVisible();
	});

	await test.step('the check is red, and tells the age of its knowledge', async () => {
		await check();
		await expect(office.page.getByText(/The issuer has withdrawn this credential\. The issuer’s list is of .*ago/).first()).toBeVisible();
		await look(office, '65-withdrawn');
	});

	await test.step('a kind of document of one’s own, with its look while it is made', async () => {
		await office.go('Issue');
		await office.press('Make a kind of document');
		await office.page.getByRole('textbox', { name: 'Name (English)' }).fill('Club member');
		await office.page.getByRole('textbox', { name: 'Field 1 (English)' }).fill('Member since');
		await expect(office.page.getByText('Called member_since in the document')).toBeVisible();
		await look(office, '66-kind');
		await office.press('Save kind of document');
		await expect(office.page.getByRole('button', { name: 'From a table: Club member' })).toBeVisible();
	});
	delete process.env.HOLDFAST_DIALOG_ANSWERS;
	expect([...office.problems, ...holder.problems]).toEqual([]);
});
