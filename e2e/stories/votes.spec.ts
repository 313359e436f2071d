import { systemClock } from '@holdfast/kernel';
import { TestSnapshotHub } from '@holdfast/web3/testing';
import { look } from '../support/looks.ts';
import { expect, test } from '../support/test.ts';

const BODY = `# Why

Too few votes decide too much. See [the study](https://studies.example/quorum) and [**our page**](https://evil.example/x).

- 4% today
- 8% from now on

![chart](https://spy.example/pixel.png)`;

test('a DAO is followed, a vote is read, chosen, reviewed and signed, and its receipt says that it counted', async ({ start }) => {
	test.setTimeout(180_000);
	const hub = new TestSnapshotHub({ space: 'harbour.eth', clock: systemClock });
	try {
		const { hubUrl, sequencerUrl, gatewayUrl } = await hub.start();
		await hub.propose({ title: 'Raise the quorum to 8%', body: BODY, choices: ['For', 'Against', 'Abstain'], type: 'basic' });
		await hub.propose({ title: 'Who keeps the keys', choices: ['Ada', 'Grace'], privacy: 'shutter' });
		await hub.propose({ title: 'Where the money goes', choices: ['Boats', 'Lights', 'Ropes'], type: 'ranked-choice' });
		const wallet = await start('voter');
		await wallet.onboard();
		const main = wallet.page.getByRole('main');

		await wallet.go('Votes');
		await expect(main).toContainText('You follow no DAO yet');
		await wallet.button('Follow a DAO').first().click();
		await expect(wallet.heading('Follow a DAO')).toBeVisible();
		await wallet.field('Space').fill('harbour.eth');
		await wallet.press('Servers');
		await wallet.field('Hub').fill(hubUrl);
		await wallet.field('Sequencer').fill(sequencerUrl);
		await wallet.field('IPFS gateway').fill(gatewayUrl);
		await look(wallet, '70-follow');
		await wallet.press('Look it up');
		await expect(wallet.heading('Example DAO')).toBeVisible();
		await expect(main).toContainText('Only protects its key');
		await look(wallet, '71-follow-review');
		await wallet.press('Follow');

		await wallet.press('Read: Raise the quorum to 8%');
		await expect(wallet.heading('Raise the quorum to 8%')).toBeVisible();
		// Where a link leads stands beside it; no picture is loaded.
		await expect(main).toContainText('the study (studies.example)');
		await expect(main).toContainText('our page (evil.example)');
		await expect(main.locator('img')).toHaveCount(0);
		await wallet.press('Look up your voting power');
		await expect(main).toContainText('12.5');
		await look(wallet, '72-proposal');
		await main.getByText('Against', { exact: true }).click();
		await wallet.field(/^Reason/).fill('The poor vote less');
		await wallet.press('Review vote');
		await expect(wallet.heading('Review your vote')).toBeVisible();
		await expect(main).toContainText('Vote “Against” on “Raise the quorum to 8%”');
		await expect(main).toContainText('The poor vote less');
		await look(wallet, '73-vote-review');
		await wallet.press(/^Sign and send to 127\.0\.0\.1/);

		await expect(wallet.heading('Your vote')).toBeVisible();
		await expect(main).toContainText('Your vote was taken');
		await wallet.press('Check that it counted');
		await expect(main).toContainText('The hub counts this vote with a power of 12.5.');
		await look(wallet, '74-receipt');
		expect(hub.votes).toHaveLength(1);
		expect(hub.votes[0]).toMatchObject({ choice: 2 });

		// By keyboard: an order, and only the signature.
		await wallet.go('Votes');
		await wallet.press('Open Example DAO');
		await wallet.press('Read: Where the money goes');
		await wallet.button('Move up: Lights').focus();
		await wallet.page.keyboard.press('Enter');
		await look(wallet, '75-order');
		await wallet.press('Review vote');
		await expect(main).toContainText('1. “Lights”, 2. “Boats”, 3. “Ropes”');
		await wallet.press('Sign only');
		await expect(main).toContainText('Your vote is signed');
		expect(hub.votes).toHaveLength(1);

		// A choice that stays secret until the vote closes leaves as a ciphertext.
		await wallet.go('Votes');
		await wallet.press('Open Example DAO');
		await wallet.press('Read: Who keeps the keys');
		await main.getByText('Grace', { exact: true }).click();
		await wallet.press('Review vote');
		await expect(main).toContainText('Vote “Grace” on “Who keeps the keys”');
		await expect(main).toContainText('What you voted becomes public when the vote closes.');
		await wallet.press(/^Sign and send to 127\.0\.0\.1/);
		await expect(main).toContainText('Your vote was taken');
		expect(hub.votes.at(-1)?.choice).toMatch(/^0x[0-9a-f]{384}$/);

		// A hub that shows other words than those that were signed gets no vote.
		hub.lie = (proposal) => ({ ...proposal, choices: ['Against', 'For', 'Abstain'] });
		await wallet.go('Votes');
		await wallet.press('Open Example DAO');
		await wallet.press('Read: Raise the quorum to 8%');
		await expect(main).toContainText('could not be checked against what the proposal’s author signed');
		await expect(wallet.button('Review vote')).toHaveCount(0);
		await look(wallet, '76-lying-hub');

		hub.lie = (proposal) => proposal;

		// The voting power is in another wallet, which signs there that a key made here votes for it.
		const owner = hub.author;
		await wallet.go('Votes');
		await wallet.press('Open Example DAO');
		await wallet.press('My voting power is in another wallet');
		await wallet.press('Make a session key');
		await expect(main).toContainText('Write the whole address');
		await wallet.field('Account with the voting power').fill(owner.address);
		await wallet.press('Make a session key');
		await expect(main).toContainText('Let a session key vote for this account in Example DAO');
		await expect(main).toContainText('hides nothing');
		await wallet.field('Signature of that account').fill(await owner.signMessage({ message: 'something else' }));
		await wallet.press(/^Check and send to 127\.0\.0\.1/);
		await expect(main).toContainText('Nothing was sent.');
		await look(wallet, '77-session-key');
		const asked = async () => owner.signTypedData(JSON.parse(await wallet.field('To be signed').inputValue()));
		await wallet.field('Signature of that account').fill(await asked());
		await wallet.press(/^Check and send to 127\.0\.0\.1/);
		await expect(main).toContainText('In use');
		await wallet.button('End it').scrollIntoViewIfNeeded();
		await look(wallet, '78-session-key-in-use');
		await wallet.press('Read: Raise the quorum to 8%');
		await main.getByText('Against', { exact: true }).click();
		await wallet.press('Review vote');
		await expect(main).toContainText('Signed by session key');
		await wallet.press(/^Sign and send to 127\.0\.0\.1/);
		await expect(main).toContainText('Your vote was taken');
		expect(hub.votes.at(-1)).toMatchObject({ voter: owner.address });
		await wallet.go('Votes');
		await wallet.press('Open Example DAO');
		await wallet.press('End it');
		await expect(main).toContainText('End a session key of this account in Example DAO');
		await wallet.field('Signature of that account').fill(await asked());
		await wallet.press(/^Check and send to 127\.0\.0\.1/);
		await expect(wallet.button('My voting power is in another wallet')).toBeVisible();

		await wallet.go('Votes');
		await wallet.page.getByRole('tab', { name: 'Your votes' }).click();
		await expect(wallet.page.getByRole('list', { name: 'Your votes' }).getByRole('listitem')).toHaveCount(4);
		expect(wallet.problems).toEqual([]);
	} finally {
		await hub.stop();
	}
});
