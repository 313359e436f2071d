import { startTestChain } from '@holdfast/web3/testing/chain';
import { encodeFunctionData, type Hex, zeroAddress } from 'viem';
import { look } from '../support/looks.ts';
import { expect, test } from '../support/test.ts';

const ETHER = 10n ** 18n;
const AUDITOR = '0x00000000000000000000000000000000000A0d17';
const THIEF = '0x6666666666666666666666666666666666666666';

test('a drain that a proposal hides is flagged; a vote with lent power is signed, carried to the chain by somebody else, and counts', async ({ start }) => {
	test.setTimeout(120_000);
	const chain = await startTestChain();
	try {
		const token = await chain.deploy('VotesToken', 'Harbour', false);
		const money = await chain.deploy('VotesToken', 'Harbour money', false);
		const timelock = await chain.deploy('TimelockController', 0n, [], [zeroAddress], chain.relayer.address);
		const governor = await chain.deploy('SimpleGovernor', token.address, timelock.address, 1_000, 4n, 0);
		await chain.send(money, 'mint', timelock.address, 1_000n * ETHER);

		const wallet = await start('voter');
		await wallet.onboard();
		const main = wallet.page.getByRole('main');
		await wallet.ask('networks.save', { chainId: chain.anvil.chainId, name: 'Harbour chain', rpcUrl: chain.anvil.rpcUrl, ethrRegistry: null });

		await wallet.go('Votes');
		await wallet.button('Follow a DAO').first().click();
		await wallet.page.getByRole('tab', { name: 'Contract' }).click();
		await wallet.choose('Network', /Harbour chain/);
		await wallet.page.getByRole('textbox', { name: 'Contract' }).fill(governor.address);
		await wallet.press('Look it up');
		await expect(wallet.heading('Simple DAO')).toBeVisible();
		await wallet.press('Follow');
		await expect(wallet.heading('Simple DAO')).toBeVisible();
		const [dao] = await wallet.ask('votes.daos', {});
		if (!dao) throw new Error('not followed');

		// The power stays where it is, and is lent to the wallet's account, which has nothing to lose.
		await chain.send(token, 'mint', chain.relayer.address, 100n * ETHER);
		await chain.send(token, 'delegate', dao.account);
		const pay = (to: string, amount: bigint): Hex => encodeFunctionData({ abi: money.abi, functionName: 'transfer', args: [to, amount] });
		// The text is about the first call only.
		const calls = [pay(AUDITOR, 50n * ETHER), pay(THIEF, 940n * ETHER)];
		await chain.send(governor, 'propose', [money.address, money.address], [0n, 0n], calls, `# Pay the auditor\n\n50 for ${AUDITOR}.`);
		await chain.mine(3);

		await wallet.go('Votes');
		await wallet.press('Open Simple DAO');
		await wallet.press('Read: Pay the auditor');
		await expect(wallet.heading('Pay the auditor')).toBeVisible();
		await expect(main).toContainText('99% of the treasury’s VOTE would leave it (990 VOTE).');
		await expect(main).toContainText(`Sends 940 VOTE to ${THIEF}`);
		await expect(main).toContainText(`${THIEF} gets something, and the text names other addresses only.`);
		await wallet.press('Look up your voting power');
		await expect(main).toContainText('100');
		await look(wallet, '80-drain');

		await main.getByText('Against', { exact: true }).click();
		await wallet.press('Review vote');
		await expect(wallet.heading('Review your vote')).toBeVisible();
		await expect(main).toContainText('Vote “Against” on “Pay the auditor”');
		await look(wallet, '81-ballot');
		await wallet.press('Sign');
		await expect(main).toContainText('Your vote is signed');
		await wallet.press('Check that it counted');
		await expect(main).toContainText('Nobody has sent it yet.');

		// Somebody else brings it onto the chain, and pays for it.
		const [vote] = await wallet.ask('votes.list', {});
		await chain.relayer.send({ chainId: chain.anvil.chainId, to: vote?.relay?.to as Hex, data: vote?.relay?.data as Hex });
		await chain.mine(1);
		await wallet.press('Check that it counted');
		await expect(main).toContainText('The contract counted Against with 100');
		await look(wallet, '82-counted');

		await wallet.go('Votes');
		await wallet.press('Open Simple DAO');
		await wallet.press('Read: Pay the auditor');
		await expect(main).toContainText('decides alone');
		await look(wallet, '83-who-decides');
		expect(wallet.problems).toEqual([]);
	} finally {
		await chain.stop();
	}
});
