import { type Anvil, deployContract, putContract, sendToContract, sendTransaction, startAnvil } from '@holdfast/devchain';
import { lists, openRequest } from '../support/holding.ts';
import { look } from '../support/looks.ts';
import { expect, test } from '../support/test.ts';

let anvil: Anvil;
test.beforeAll(async () => {
	anvil = await startAnvil();
});
test.afterAll(() => anvil.stop());

test('a token is received into an account of its own, and shown to a club that asks for one', async ({ start }) => {
	test.setTimeout(180_000);
	const [club, holder] = await Promise.all([start('club'), start('holder')]);
	await Promise.all([club.onboard(), holder.onboard()]);
	const network = { chainId: 31337, name: 'Local', rpcUrl: anvil.rpcUrl, ethrRegistry: null };
	await Promise.all([club.ask('networks.save', network), holder.ask('networks.save', network)]);
	const contract = await deployContract(anvil, 'PlainCollection');

	await test.step('the collection gets an account, and a token arrives', async () => {
		await holder.go('Assets');
		await holder.press('Add a collection');
		await holder.field('Contract').fill('0x1234');
		await expect(holder.button('Add collection')).toBeDisabled();
		await holder.field('Contract').fill(contract);
		await look(holder, '70-add-collection');
		await holder.press('Add collection');
		await expect(holder.heading('Plain Collection')).toBeVisible();
		const [added] = await holder.ask('assets.list', {});
		await expect(holder.page.getByRole('main')).toContainText(added?.account ?? '');
		await holder.press('Look up tokens');
		await expect(holder.page.getByText('This account owns no token')).toBeVisible();
		await sendToContract(anvil, 'PlainCollection', contract, 'mint', added?.account, 12);
		// So that the network keeps the block in which it arrived.
		await anvil.mine(70);
		await holder.press('Look again');
		await expect(holder.page.getByText('Token 12', { exact: true })).toBeVisible();
		await look(holder, '71-collection');
	});

	await test.step('the club asks, in a form', async () => {
		await club.ask('dids.create', { method: 'did:jwk', alias: 'Harbour Club' });
		await club.actor.serve('verifier');
		await club.go('Verify');
		await club.press('Ask for a document');
		await club.page.getByRole('tab', { name: 'Ownership of a token' }).click();
		await club.press('Continue');
		await expect(club.page.getByText('A contract’s address is 0x')).toBeVisible();
		await club.field('Contract').fill(contract);
		await club.field(/^Reason/).fill('To open the members’ page');
		await club.choose('Ask as', /Harbour Club/);
		await look(club, '72-ask-ownership');
		await club.press('Continue');
		await expect(club.heading('Review your request')).toBeVisible();
		await expect(club.page.getByRole('main')).toContainText(`a token of the collection ${contract} on Local`);
		await club.press('Approve');
	});

	await test.step('the holder reads what is shown and what is not, and agrees', async () => {
		// By the code on the club’s screen.
		await openRequest(holder, await club.page.getByRole('img', { name: 'QR code of the request' }).screenshot());
		expect(await lists(holder)).toEqual({ learn: ['Token', 'Address'], hidden: ['Your other accounts', 'Who you are'] });
		await look(holder, '73-review-ownership');
		await holder.press('Share');
		await expect(holder.heading('Shared')).toBeVisible();
	});

	await test.step('the club’s own node confirms it', async () => {
		await expect(club.page.getByRole('heading', { name: 'Verified', exact: true })).toBeVisible();
		await expect(club.page.getByText(`Owns token 12 of the collection ${contract} on Local`)).toBeVisible();
		await look(club, '74-verdict-ownership');
		const [seen] = await club.ask('verify.list', {});
		expect(seen?.verdict?.report.result).toBe('passed');
	});

	await test.step('and once more by hand, for a door that has no link', async () => {
		await holder.go('Assets');
		await holder.press('Open Plain Collection');
		await holder.press('Look up tokens');
		await holder.press('Prove that you own token 12');
		await holder.field('Who asks').fill('club.example');
		await holder.field('Their code').fill('door-1');
		await holder.press('Continue');
		await expect(holder.heading('Review what you sign')).toBeVisible();
		await look(holder, '76-review-statement');
		await holder.press('Approve');
		await expect(holder.heading('Your proof')).toBeVisible();
		const text = await holder.field('Proof').inputValue();
		const verdict = await club.ask('verify.check', { text, nonce: 'door-1', audience: 'club.example' });
		expect(verdict.accepted, verdict.sentence).toBe(true);
		expect((await club.ask('verify.check', { text, nonce: 'door-1', audience: 'other.example' })).accepted).toBe(false);
	});
	await test.step('a token that stays in another wallet, whose owner allows it', async () => {
		const owner = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
		await putContract(anvil, 'DelegateRegistryStandIn', '0x00000000000000447e69651d841bD8D104Bed493');
		await sendToContract(anvil, 'PlainCollection', contract, 'mint', owner, 40);
		await holder.go('Assets');
		await holder.press('Open Plain Collection');
		await holder.field('Address of the wallet').fill(owner);
		await holder.press('Add this wallet');
		await holder.press(`Look what ${owner} has`);
		const main = holder.page.getByRole('main');
		await expect(main).toContainText('Its owner has to allow it');
		await look(holder, '78-wallet-elsewhere');
		const [collection] = await holder.ask('assets.list', {});
		const [wallet] = await holder.ask('assets.wallets', { id: collection?.id ?? '' });
		await sendTransaction(anvil, wallet?.grant ?? { to: '', data: '' });
		await holder.press(`Look what ${owner} has`);
		await expect(main).toContainText('Lets this account act for it');
		await holder.press(`Prove token 40 of ${owner}`);
		await holder.field('Who asks').fill('club.example');
		await holder.field('Their code').fill('door-2');
		await holder.press('Continue');
		await expect(main).toContainText('Prove that you may act for the owner of token 40');
		await look(holder, '79-review-delegate');
		await holder.press('Discard');
	});
	await test.step('an owner takes part without being named, and is counted once', async () => {
		await club.ask('assets.add', { chainId: 31337, contract });
		await club.go('Assets');
		await club.press('Open Plain Collection');
		await club.press('Take part without being named');
		await club.page.getByRole('tab', { name: 'Start a group' }).click();
		await club.page.getByRole('main').getByRole('button', { name: 'Start a group' }).click();
		const group = await club.field('New group').inputValue();

		await holder.go('Assets');
		await holder.press('Open Plain Collection');
		await holder.press('Take part without being named');
		await holder.field('Group').fill(group);
		await holder.field('Your token’s number').fill('12');
		await look(holder, '77-take-part');
		await holder.press('Continue');
		await expect(holder.page.getByText('It never shows which choice it makes.')).toBeVisible();
		await look(holder, '78-review-link');
		await holder.press('Approve');
		const statements = await holder.field('Statement').inputValue();
		await holder.press('Done');
		await holder.page.getByRole('tab', { name: 'Choose', exact: true }).click();
		await holder.field('Statements').fill(statements);
		await holder.press('Rebuild the group');
		await expect(holder.page.getByRole('main')).toContainText('who made a choice can be guessed');
		await holder.field('What it is about').fill('Proposal 12');
		await holder.field('Your choice').fill('For');
		await look(holder, '79-choose');
		await holder.press('Continue');
		await look(holder, '80-review-choice');
		await holder.press('Approve');
		const text = await holder.field('Proof of your choice').inputValue();

		await club.page.getByRole('tab', { name: 'Check a choice' }).click();
		await club.page.locator('input[type=file]').setInputFiles({ name: 'statements.jsonl', mimeType: 'text/plain', buffer: Buffer.from(statements) });
		await expect(club.page.getByText('statements.jsonl')).toBeVisible();
		await club.press('Rebuild the group');
		await club.field('What you asked about').fill('Proposal 12');
		await club.field('The choice that was sent').fill(text);
		await club.press('Check and count');
		await expect(club.page.getByRole('heading', { name: 'Counted: For' })).toBeVisible();
		await look(club, '81-counted');
		await club.press('Check and count');
		await expect(club.page.getByRole('heading', { name: 'Not counted' })).toBeVisible();
	});
	expect([...club.problems, ...holder.problems]).toEqual([]);
});
