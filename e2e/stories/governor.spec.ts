import { systemClock } from '@holdfast/kernel';
import { TestSnapshotHub } from '@holdfast/web3/testing';
import { startTestChain } from '@holdfast/web3/testing/chain';
import { encodeFunctionData, type Hex, hashTypedData, parseAbi, zeroAddress } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { look } from '../support/looks.ts';
import { expect, test } from '../support/test.ts';

const ETHER = 10n ** 18n;
const AUDITOR = '0x00000000000000000000000000000000000A0d17';
const THIEF = '0x6666666666666666666666666666666666666666';

const EIP1271 = parseAbi(['function isValidSignature(bytes32, bytes) view returns (bytes4)']);

const SAFE_TX = [
	'address to',
	'uint256 value',
	'bytes data',
	'uint8 operation',
	'uint256 safeTxGas',
	'uint256 baseGas',
	'uint256 gasPrice',
	'address gasToken',
	'address refundReceiver',
	'uint256 nonce',
].map((member) => ({ type: member.split(' ')[0] ?? '', name: member.split(' ')[1] ?? '' }));

/** What another owner of a Safe hands over: a transaction, and their signature of it. */
async function safeFile(owner: PrivateKeyAccount, { chainId, safe, nonce, to, data }: { chainId: number; safe: Hex; nonce: number; to: string; data: Hex }) {
	const message = {
		to: to as Hex,
		value: '0',
		data,
		operation: 0,
		safeTxGas: '0',
		baseGas: '0',
		gasPrice: '0',
		gasToken: zeroAddress,
		refundReceiver: zeroAddress,
		nonce: String(nonce),
	};
	const typedData = { domain: { chainId, verifyingContract: safe }, types: { SafeTx: SAFE_TX }, primaryType: 'SafeTx', message } as const;
	const signature = await owner.signTypedData(typedData as unknown as Parameters<PrivateKeyAccount['signTypedData']>[0]);
	return JSON.stringify({ format: 'holdfast/safe-signatures', version: 1, typedData, signatures: [{ owner: owner.address, signature, byContract: false }] });
}

test('a drain that a proposal hides is flagged; a vote with lent power is signed, carried to the chain by somebody else, and counts', async ({ start }) => {
	test.setTimeout(120_000);
	const chain = await startTestChain();
	const hub = new TestSnapshotHub({ space: 'harbour.eth', clock: systemClock });
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

		// Somebody else's words for the same calls stand beside what is read from them.
		await wallet.go('Votes');
		await wallet.page.getByRole('tab', { name: 'Descriptions of contracts' }).click();
		const description = {
			context: { contract: { deployments: [{ chainId: chain.anvil.chainId, address: money.address }] } },
			metadata: { owner: 'Harbour office' },
			display: {
				formats: {
					'transfer(address to,uint256 amount)': {
						intent: 'Pay somebody',
						fields: [{ path: 'amount', label: 'Amount', format: 'tokenAmount', params: { tokenPath: '@.to' } }],
					},
				},
			},
		};
		const described = { name: 'calldata-money.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(description)) };
		await main.locator('input[type=file]').setInputFiles(described);
		await expect(main).toContainText('Says that it is from Harbour office');
		await look(wallet, '88-descriptions');
		await wallet.page.getByRole('tab', { name: 'DAOs' }).click();
		await wallet.press('Open Simple DAO');
		await wallet.press('Read: Pay the auditor');
		await expect(main).toContainText('In the words of a file that you added, said to be from Harbour office.');
		await expect(main).toContainText(`Sends 940 VOTE to ${THIEF}`);
		await look(wallet, '89-described', 'votes');

		// A Safe whose founder takes the wallet's account in, so that both have to sign.
		const founder = privateKeyToAccount(`0x${'5a'.repeat(32)}`);
		const safe = await chain.safe([founder.address], 1);
		await chain.send(money, 'mint', safe.address, 100n * ETHER);
		await wallet.go('Votes');
		await wallet.button('Follow a DAO').first().click();
		await wallet.page.getByRole('tab', { name: 'Contract' }).click();
		await wallet.choose('Network', /Harbour chain/);
		await wallet.choose('Kind', /^Safe/);
		await wallet.page.getByRole('textbox', { name: 'Contract' }).fill(safe.address);
		await look(wallet, '84-follow-safe');
		await wallet.press('Look it up');
		await expect(main).toContainText('1 of 1 owners');
		await wallet.press('Follow');
		const council = (await wallet.ask('votes.daos', {})).find(({ system }) => system === 'safe');
		if (!council) throw new Error('not followed');
		const fromFounder = (nonce: number, to: string, data: Hex) => safeFile(founder, { chainId: chain.anvil.chainId, safe: safe.address, nonce, to, data });
		const { proposalId: adding } = await wallet.ask('safe.takeFile', {
			daoId: council.id,
			text: await fromFounder(0, safe.address, encodeFunctionData({ abi: safe.abi, functionName: 'addOwnerWithThreshold', args: [council.account, 2n] })),
		});
		const ready = await wallet.ask('safe.state', { daoId: council.id, proposalId: adding });
		await chain.relayer.send(ready.execution as { chainId: number; to: Hex; data: Hex });

		const payment = await fromFounder(1, money.address, pay(AUDITOR, 5n * ETHER));
		await expect(main).toContainText('Where its transactions come from');
		await look(wallet, '85-safe');
		await main.locator('input[type=file]').setInputFiles({ name: 'payment.json', mimeType: 'application/json', buffer: Buffer.from(payment) });
		await expect(main).toContainText(`Sends 5 VOTE to ${AUDITOR}`);
		await expect(main).toContainText('1 of 2');
		await main.getByText('Approve', { exact: true }).click();
		await look(wallet, '86-safe-payment');
		await wallet.press('Review approval');
		await expect(main).toContainText('Approve a transaction of Safe');
		await look(wallet, '87-safe-review');
		await wallet.press('Sign');
		await expect(main).toContainText('Your vote is signed');
		const [approval] = await wallet.ask('votes.list', {});
		const { execution } = await wallet.ask('safe.state', { daoId: council.id, proposalId: approval?.proposalId ?? '' });
		await chain.relayer.send(execution as { chainId: number; to: Hex; data: Hex });
		await wallet.press('Check that it counted');
		await expect(main).toContainText('The Safe has carried out this transaction.');

		// The Safe votes on Snapshot: begun here, signed by the founder in a file, handed in as the Safe's.
		const { hubUrl, sequencerUrl, gatewayUrl } = await hub.start();
		hub.network = String(chain.anvil.chainId);
		hub.contract = async (address, digest, signature) => {
			const said = await chain.client.readContract({ address, abi: EIP1271, functionName: 'isValidSignature', args: [digest, signature] }).catch(() => null);
			return said === '0x1626ba7e';
		};
		await hub.propose({ title: 'Paint the harbour', choices: ['Blue', 'Green'] });
		const { id: seen } = await wallet.ask('votes.look', { ref: { system: 'snapshot', space: 'harbour.eth', hubUrl, sequencerUrl, gatewayUrl } });
		await wallet.ask('votes.follow', { id: seen });
		await wallet.go('Votes');
		await wallet.press('Open Example DAO');
		await wallet.press('Read: Paint the harbour');
		await main.getByRole('radio', { name: /^Safe 0x/ }).focus();
		await wallet.page.keyboard.press('Space');
		await main.getByText('Green', { exact: true }).click();
		await look(wallet, '90-vote-as-safe');
		await wallet.press('Review vote');
		await expect(main).toContainText(/Vote “Green” on “Paint the harbour”, in the name of Safe 0x/);
		await look(wallet, '91-safe-vote-review');
		await wallet.press('Sign');
		await expect(wallet.heading('Paint the harbour')).toBeVisible();
		await expect(main).toContainText('1 of 2');
		await expect(main).toContainText('More owners have to sign first.');
		await look(wallet, '92-safe-vote');
		const [began] = await wallet.ask('votes.list', {});
		const digest = began?.safe?.messageId as Hex;
		const file = {
			format: 'holdfast/safe-signatures',
			version: 1,
			typedData: {
				domain: { chainId: chain.anvil.chainId, verifyingContract: safe.address },
				types: { SafeMessage: [{ name: 'message', type: 'bytes' }] },
				primaryType: 'SafeMessage',
				message: { message: began?.proposalId },
			},
			about: JSON.parse(began?.receipt ?? '').typedData,
			signatures: [{ owner: founder.address, signature: await founder.sign({ hash: digest }), byContract: false }],
		};
		const { types, primaryType, domain, message } = file.about;
		file.typedData.message.message = hashTypedData({ types, primaryType, domain, message });
		await wallet.press('Safe');
		await expect(main).toContainText('A vote in harbour.eth');
		await main.locator('input[type=file]').setInputFiles({ name: 'vote.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) });
		await expect(main).toContainText('Enough owners have signed');
		await look(wallet, '93-safe-vote-ready');
		await wallet.press(/^Send to 127\.0\.0\.1/);
		await expect(main).toContainText('Your vote was taken');
		await wallet.press('Check that it counted');
		await expect(main).toContainText('The hub counts this vote');
		expect(hub.votes).toMatchObject([{ voter: safe.address, choice: 2 }]);
		expect(wallet.problems).toEqual([]);
	} finally {
		await hub.stop();
		await chain.stop();
	}
});
