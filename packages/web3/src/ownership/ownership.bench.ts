import { createStateSource, customNetwork } from '@holdfast/chain';
import { contractArtifact, deployContract, sendToContract, startAnvil } from '@holdfast/devchain';
import { systemClock } from '@holdfast/kernel';
import { createGuardedFetch } from '@holdfast/net';
import { benchReport, measure } from '@holdfast/testkit';
import { type Abi, createPublicClient, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { test } from 'vitest';
import {
	blockByHand,
	findOwnership,
	nonceBytes,
	type OwnershipExpectation,
	ownershipStatement,
	signOwnership,
	type Token,
	verifyOwnership,
	writeBundle,
} from './index.ts';

// A proof beside the question that a verifier would otherwise put to a node it trusts: viem's ownerOf, over the same loopback node.
const ROUNDS = 20;

test('ownership', { timeout: 300_000 }, async () => {
	const anvil = await startAnvil();
	try {
		const holder = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d');
		const collection = await deployContract(anvil, 'PackedCollection');
		// A large batch: the owner stands in one slot, and is found by reading backwards.
		await sendToContract(anvil, 'PackedCollection', collection, 'mint', holder.address, 100);
		const plain = await deployContract(anvil, 'PlainCollection');
		for (let id = 1; id <= 50; id++) await sendToContract(anvil, 'PlainCollection', plain, 'mint', holder.address, id);

		const source = createStateSource(customNetwork({ chainId: 31337, name: 'Local', rpcUrl: anvil.rpcUrl }), createGuardedFetch({ allowLoopback: true }));
		const client = createPublicClient({ transport: http(anvil.rpcUrl) });
		const verifier = 'club.example';
		const nonce = nonceBytes('n');
		const cases: readonly (readonly [string, Token])[] = [
			['one slot (OpenZeppelin)', { chainId: 31337, standard: 'erc721', collection: plain, tokenId: 25n }],
			['51 slots (ERC721A)', { chainId: 31337, standard: 'erc721', collection, tokenId: 50n }],
		];
		for (const [name, token] of cases) {
			const present = async () => {
				const found = await findOwnership({ source, token, holder: holder.address });
				const statement = ownershipStatement({ found, verifier, nonce, purpose: '', clock: systemClock });
				return writeBundle(await signOwnership({ found, statement, sign: (data) => holder.signTypedData(data) }));
			};
			const bundle = await present();
			const { statement } = JSON.parse(bundle) as { statement: { blockHash: `0x${string}` } };
			const expected: OwnershipExpectation = { now: systemClock, verifier, nonce, ...token, blocks: blockByHand(statement.blockHash) };
			const { report } = await verifyOwnership(bundle, expected);
			if (report.result === 'failed') throw new Error(report.reason);
			const { abi } = contractArtifact(token.collection === plain ? 'PlainCollection' : 'PackedCollection');
			const asked = await measure(ROUNDS, () =>
				client.readContract({ address: token.collection, abi: abi as Abi, functionName: 'ownerOf', args: [token.tokenId] }),
			);
			const verified = await measure(ROUNDS, () => verifyOwnership(bundle, expected));
			const presented = await measure(ROUNDS, present);
			const beside = 'viem ownerOf, one request to a trusted node';
			benchReport(
				`Owning a token: ${name}`,
				[
					{ what: beside, times: asked },
					{ what: 'verify, nobody asked', times: verified, beside },
					{ what: 'present: reads with proofs, and signature', times: presented, beside },
				],
				{ 'bundle, bytes': bundle.length },
			);
		}
	} finally {
		await anvil.stop();
	}
});
