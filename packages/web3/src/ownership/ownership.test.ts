import { type BlockHeader, createStateSource, customNetwork, type StateSource } from '@holdfast/chain';
import { deriveKey } from '@holdfast/crypto';
import { type Anvil, contractArtifact, startAnvil, type TestContract } from '@holdfast/devchain';
import { findCheck, firstFailure, systemClock, walkReport } from '@holdfast/kernel';
import { createGuardedFetch } from '@holdfast/net';
import fc from 'fast-check';
import {
	type Abi,
	createWalletClient,
	encodeFunctionData,
	type Hex,
	hexToBytes,
	http,
	isAddressEqual,
	keccak256,
	publicActions,
	stringToHex,
	testActions,
} from 'viem';
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reviewTypedData, type SeedKeys, signReviewed } from '../firewall/index.ts';
import {
	blockByHand,
	blocksFromNodes,
	checkEvidence,
	collectionAccount,
	DELEGATE_REGISTRY,
	describeCollection,
	findOwnership,
	grantCall,
	nonceBytes,
	OWNERSHIP_RIGHTS,
	type OwnershipBundle,
	OwnershipError,
	type OwnershipExpectation,
	ownedTokens,
	ownerAtBlock,
	ownershipDigest,
	ownershipStatement,
	ownershipTypedData,
	readBundle,
	signOwnership,
	type Token,
	verifyOwnership,
	writeBundle,
} from './index.ts';
import { LIMITS } from './limits.ts';
import type { ProveOwner } from './linked/index.ts';
import { TOKEN_BOUND_REGISTRY, tokenBinding } from './token-bound.ts';

// The accounts of anvil's published phrase: worthless elsewhere.
const deployer = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
const holder = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d');
const stranger = privateKeyToAccount('0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a');

const abiOf = (name: TestContract): Abi => contractArtifact(name).abi as Abi;

let anvil: Anvil;
let source: StateSource;
let chain: ReturnType<typeof connect>;
const at: Record<string, Hex> = {};

const connect = (rpcUrl: string) =>
	createWalletClient({ account: deployer, chain: { ...foundry, id: 31337 }, transport: http(rpcUrl), pollingInterval: 5 })
		.extend(publicActions)
		.extend(testActions({ mode: 'anvil' }));

async function deploy(name: TestContract, ...args: readonly unknown[]): Promise<Hex> {
	const { bytecode } = contractArtifact(name);
	const hash = await chain.deployContract({ abi: abiOf(name), bytecode, args });
	const { contractAddress } = await chain.waitForTransactionReceipt({ hash });
	if (!contractAddress) throw new Error('not deployed');
	return contractAddress;
}

async function send(name: TestContract, to: Hex, functionName: string, ...args: readonly unknown[]): Promise<void> {
	const hash = await chain.sendTransaction({ to, data: encodeFunctionData({ abi: abiOf(name), functionName, args }) });
	await chain.waitForTransactionReceipt({ hash });
}

async function tokenBoundAccount(collection: Hex, tokenId: bigint): Promise<Hex> {
	const call = {
		abi: abiOf('TokenBoundRegistry'),
		address: TOKEN_BOUND_REGISTRY,
		functionName: 'createAccount',
		args: [at.boundImplementation, `0x${'00'.repeat(32)}`, 31337n, collection, tokenId],
	} as const;
	const { result } = await chain.simulateContract(call);
	await send('TokenBoundRegistry', TOKEN_BOUND_REGISTRY, 'createAccount', ...call.args);
	return result as Hex;
}

beforeAll(async () => {
	anvil = await startAnvil();
	chain = connect(anvil.rpcUrl);
	source = createStateSource(customNetwork({ chainId: 31337, name: 'Local', rpcUrl: anvil.rpcUrl }), createGuardedFetch({ allowLoopback: true }));
	at.plain = await deploy('PlainCollection');
	const implementation = await deploy('UpgradeableCollection');
	at.upgradeable = await deploy(
		'CollectionProxy',
		implementation,
		encodeFunctionData({ abi: abiOf('UpgradeableCollection'), functionName: 'initialize', args: [] }),
	);
	at.packed = await deploy('PackedCollection');
	at.assembly = await deploy('AssemblyCollection');
	at.editions = await deploy('Editions');
	at.boundImplementation = await deploy('TokenBoundAccount');
	at.contractHolder = await deploy('SigningAccount', holder.address);
	at.escrow = await deploy('Escrow', holder.address);
	at.blockHash = await deploy('BlockHashCollection');
	at.endless = await deploy('EndlessCollection');
	const registryCode = await chain.getCode({ address: await deploy('TokenBoundRegistry') });
	await chain.setCode({ address: TOKEN_BOUND_REGISTRY, bytecode: registryCode ?? '0x' });
	at.otherRegistry = await deploy('DelegateRegistryStandIn');
	await chain.setCode({ address: DELEGATE_REGISTRY, bytecode: (await chain.getCode({ address: at.otherRegistry })) ?? '0x' });

	for (let id = 1n; id <= 3n; id++) await send('PlainCollection', at.plain, 'mint', holder.address, id);
	await send('PlainCollection', at.plain, 'mint', stranger.address, 9n);
	await send('PlainCollection', at.plain, 'mint', at.escrow, 10n);
	await send('PlainCollection', at.plain, 'mint', at.contractHolder, 11n);
	await send('UpgradeableCollection', at.upgradeable, 'mint', holder.address, 7n);
	await send('PackedCollection', at.packed, 'mint', stranger.address, 3n);
	await send('PackedCollection', at.packed, 'mint', holder.address, 20n);
	await send('AssemblyCollection', at.assembly, 'mint', holder.address, (1n << 255n) + 5n);
	await send('Editions', at.editions, 'mint', holder.address, 4n, 2n);
	at.bound = await tokenBoundAccount(at.plain, 1n);
	await send('PackedCollection', at.packed, 'mint', at.bound, 1n);
	await send('Editions', at.editions, 'mint', at.bound, 5n, 1n);
	at.boundTwice = await tokenBoundAccount(at.packed, 23n);
	await send('PlainCollection', at.plain, 'mint', at.boundTwice, 12n);
}, 60_000);
afterAll(() => anvil?.stop());

const erc721 = (collection: string, tokenId: bigint): Token => ({ chainId: 31337, standard: 'erc721', collection: at[collection] as Hex, tokenId });
const erc1155 = (tokenId: bigint): Token => ({ ...erc721('editions', tokenId), standard: 'erc1155' });
const VERIFIER = 'decentralized_identifier:did:web:club.example';
const PURPOSE = 'To open the members’ page';
const nonce = nonceBytes('n-1');

async function bundle(token: Token, options: { holder?: Hex; signer?: LocalAccount; account?: Hex; owner?: Hex } = {}): Promise<OwnershipBundle> {
	const signer = options.signer ?? holder;
	const found = await findOwnership({
		source,
		token,
		holder: options.holder ?? signer.address,
		...(options.account === undefined ? {} : { account: options.account }),
		...(options.owner === undefined ? {} : { owner: options.owner }),
	});
	return signOwnership({
		found,
		statement: ownershipStatement({ found, verifier: VERIFIER, nonce, purpose: PURPOSE, clock: systemClock }),
		sign: (data) => signer.signTypedData(data),
	});
}

const expectation = ({ chainId, collection, standard, tokenId }: Token): OwnershipExpectation => ({
	now: systemClock,
	verifier: VERIFIER,
	nonce,
	chainId,
	collection,
	standard,
	tokenId,
	purpose: PURPOSE,
	blocks: blocksFromNodes('Local', [source]),
});

/** The code of the check that failed first; null where all hold. */
async function refusal(proof: OwnershipBundle, token: Token, change: Partial<OwnershipExpectation> = {}): Promise<string | null> {
	const { report } = await verifyOwnership(writeBundle(proof), { ...expectation(token), ...change });
	return firstFailure(report)?.code ?? null;
}

describe('every layout, without knowing it', () => {
	test.each<[string, () => Token]>([
		['OpenZeppelin', () => erc721('plain', 2n)],
		['OpenZeppelin behind an ERC-1967 proxy', () => erc721('upgradeable', 7n)],
		['ERC721A, read backwards', () => erc721('packed', 19n)],
		['solady', () => erc721('assembly', (1n << 255n) + 5n)],
		['ERC-1155', () => erc1155(4n)],
	])('%s', async (_name, token) => {
		const proof = await bundle(token());
		const { report, statement } = await verifyOwnership(writeBundle(proof), expectation(token()));
		expect(firstFailure(report)).toBeUndefined();
		// A chain of a few blocks has none that it promises to keep.
		expect([...walkReport(report)].flatMap(({ code }) => code ?? [])).toEqual(['ownership/not-final', 'ownership/not-final', 'ownership/not-final']);
		expect(statement?.holder).toBe(holder.address);
		expect(readBundle(writeBundle(proof))).toEqual({ ...proof, evidence: { ...proof.evidence } });
	});

	test('a token of an account that belongs to a token (ERC-6551), and through two of them', async () => {
		const once = erc721('packed', 23n);
		const direct = await verifyOwnership(writeBundle(await bundle(once)), expectation(once));
		expect(direct).toMatchObject({ report: { result: 'warning' }, through: [at.bound] });
		const twice = erc721('plain', 12n);
		const nested = await verifyOwnership(writeBundle(await bundle(twice)), expectation(twice));
		expect(nested.through).toHaveLength(2);
		const editions = erc1155(5n);
		const named = await bundle(editions, { account: at.bound as Hex });
		expect(await refusal(named, editions)).toBeNull();
		await expect(bundle(editions)).rejects.toMatchObject({ code: 'ownership/not-owner' });
	});

	test('a contract that owns a token and signs by its own code (ERC-1271)', async () => {
		const token = erc721('plain', 11n);
		const proof = await bundle(token, { holder: at.contractHolder as Hex });
		const { report } = await verifyOwnership(writeBundle(proof), expectation(token));
		expect(firstFailure(report)).toBeUndefined();
		expect(findCheck(report, 'signature')?.reason).toMatch(/contract/);
		const other = await bundle(token, { holder: at.contractHolder as Hex, signer: stranger });
		expect(await refusal(other, token)).toBe('ownership/bad-signature');
	});
});

describe('what the node tells for choosing', () => {
	test('what a contract is', async () => {
		expect(await describeCollection(source, at.plain as Hex)).toEqual({ standard: 'erc721', name: 'Plain Collection' });
		expect(await describeCollection(source, at.packed as Hex)).toEqual({ standard: 'erc721', name: 'Packed Collection' });
		expect(await describeCollection(source, at.editions as Hex)).toEqual({ standard: 'erc1155', name: undefined });
		expect(await describeCollection(source, at.escrow as Hex)).toEqual({ standard: undefined, name: undefined });
		await expect(describeCollection(source, holder.address)).rejects.toMatchObject({ code: 'ownership/no-contract' });
	});

	test('which tokens an account has, from all blocks or from windows of them', async () => {
		const ids = async (collection: string, standard: 'erc721' | 'erc1155', from: StateSource = source) => {
			const { tokens, complete } = await ownedTokens(from, { contract: at[collection] as Hex, standard }, holder.address);
			return { ids: tokens.map(({ tokenId }) => Number(tokenId)), complete };
		};
		expect(await ids('plain', 'erc721')).toEqual({ ids: [1, 2, 3], complete: true });
		expect(await ids('packed', 'erc721')).toEqual({ ids: Array.from({ length: 20 }, (_, index) => index + 3), complete: true });
		expect(await ids('editions', 'erc1155')).toEqual({ ids: [4], complete: true });
		let asked = 0;
		const narrow: StateSource = { ...source, logs: async (filter) => (asked++ === 0 ? null : source.logs(filter)) };
		expect(await ids('plain', 'erc721', narrow)).toEqual({ ids: [1, 2, 3], complete: true });
		const blind: StateSource = { ...source, logs: async () => null };
		expect(await ids('plain', 'erc721', blind)).toEqual({ ids: [], complete: false });
	});
});

describe('nobody proves what is not theirs', () => {
	test('a stranger’s token, a token that is not there, what an escrow keeps for others', async () => {
		await expect(bundle(erc721('plain', 9n))).rejects.toMatchObject({ code: 'ownership/not-owner' });
		await expect(bundle(erc721('plain', 99n))).rejects.toMatchObject({ code: 'ownership/no-such-token' });
		await expect(bundle(erc721('plain', 10n))).rejects.toMatchObject({ code: 'ownership/not-owner' });
		await expect(bundle(erc1155(6n))).rejects.toMatchObject({ code: 'ownership/not-owner' });
	});

	test('an account is bound to a token only where the registry made it', async () => {
		const code = (await chain.getCode({ address: at.bound as Hex })) as Hex;
		expect(tokenBinding(at.bound as Hex, code)).toMatchObject({ chainId: 31337n, tokenId: 1n });
		expect(tokenBinding(at.escrow as Hex, code)).toBeNull();
		expect(tokenBinding(at.bound as Hex, `${code.slice(0, -2)}02` as Hex)).toBeNull();
	});

	test('a contract that needs more than state, or never ends', async () => {
		await expect(bundle(erc721('blockHash', 1n), { signer: deployer })).rejects.toMatchObject({ code: 'ownership/unproven' });
		await expect(bundle(erc721('endless', 1n))).rejects.toMatchObject({ code: 'ownership/too-much-work' });
		// STATICCALL to the precompile that checks blobs (EIP-4844), which needs a library of its own.
		at.blobs = `0x${'b10b'.padEnd(40, '0')}`;
		await chain.setCode({ address: at.blobs, bytecode: '0x6000600060c06000600a5afa00' });
		await chain.mine({ blocks: 1 });
		await expect(bundle(erc721('blobs', 1n))).rejects.toMatchObject({ code: 'ownership/cannot-run' });
	});
});

describe('attacks, each refused for its own reason', () => {
	const token = () => erc721('plain', 2n);
	let proof: OwnershipBundle;
	beforeAll(async () => {
		proof = await bundle(token());
	});

	const resigned = async (change: Partial<OwnershipBundle['statement']>, signer = holder): Promise<OwnershipBundle> => {
		const statement = { ...proof.statement, ...change };
		return { ...proof, statement, signature: await signer.signTypedData(ownershipTypedData(statement)) };
	};
	const withAccounts = (accounts: OwnershipBundle['evidence']['accounts']): OwnershipBundle => ({ ...proof, evidence: { ...proof.evidence, accounts } });

	test('replay', async () => {
		const used = new Set<Hex>();
		const useNonce = (each: Hex) => !used.has(each) && Boolean(used.add(each));
		expect(await refusal(proof, token(), { useNonce, verifier: 'another' })).toBe('ownership/wrong-verifier');
		expect(used.size).toBe(0);
		expect(await refusal(proof, token(), { useNonce })).toBeNull();
		expect(await refusal(proof, token(), { useNonce })).toBe('ownership/replayed');
	});

	test('another verifier, another request, another purpose', async () => {
		expect(await refusal(proof, token(), { verifier: 'decentralized_identifier:did:web:other.example' })).toBe('ownership/wrong-verifier');
		expect(await refusal(proof, token(), { nonce: nonceBytes('n-2') })).toBe('ownership/wrong-nonce');
		expect(await refusal(proof, token(), { purpose: 'To enter a draw' })).toBe('ownership/wrong-purpose');
	});

	test('expired, from the future, good for ever', async () => {
		const later = (sec: number) => ({ now: () => Date.now() + sec * 1000 });
		expect(await refusal(proof, token(), { now: later(400) })).toBe('ownership/expired');
		expect(await refusal(proof, token(), { now: later(-400) })).toBe('ownership/not-yet-valid');
		expect(await refusal(await resigned({ expiresAt: proof.statement.issuedAt + 100_000n }), token())).toBe('ownership/too-long-lived');
	});

	test('a block that is not the network’s, is not the header’s, or is too old', async () => {
		expect(await refusal(proof, token(), { blocks: blockByHand(`0x${'11'.repeat(32)}`) })).toBe('ownership/unknown-block');
		expect(await refusal(await resigned({ blockHash: `0x${'11'.repeat(32)}` }), token())).toBe('ownership/wrong-block');
		expect(await refusal(proof, token(), { maxBlockAgeSec: 100 })).toBe('ownership/stale-block');
		const forged = proof.evidence.header.replace(proof.evidence.header.slice(100, 110), 'ffffffffff') as Hex;
		expect(await refusal({ ...(await resigned({ blockHash: keccak256(forged) })), evidence: { ...proof.evidence, header: forged } }, token())).toBe(
			'ownership/unknown-block',
		);
	});

	test('nodes that disagree, or cannot be asked', async () => {
		const lying = {
			block: async () => ({ rlp: '0x' as Hex, header: { ...((await source.block('latest'))?.header as BlockHeader), hash: `0x${'22'.repeat(32)}` as Hex } }),
		};
		const silent = { block: () => Promise.reject(new OwnershipError('ownership/block-not-checked', 'no')) };
		expect(await refusal(proof, token(), { blocks: blocksFromNodes('Local', [source, lying]) })).toBe('ownership/nodes-disagree');
		expect(await refusal(proof, token(), { blocks: blocksFromNodes('Local', [silent]) })).toBe('ownership/block-not-checked');
		expect(await refusal(proof, token(), { blocks: blocksFromNodes('Local', []) })).toBe('ownership/block-not-checked');
		expect(await refusal(proof, token(), { blocks: blocksFromNodes('Local', [{ block: async () => null }]) })).toBe('ownership/unknown-block');
		const { report } = await verifyOwnership(writeBundle(proof), { ...expectation(token()), blocks: blocksFromNodes('Local', [silent, source]) });
		expect(findCheck(report, 'block/trust')).toMatchObject({ result: 'warning', reason: expect.stringContaining('Of 2 nodes') });
		const agreed = await verifyOwnership(writeBundle(proof), { ...expectation(token()), blocks: blocksFromNodes('Local', [source, source]) });
		expect(findCheck(agreed.report, 'block/trust')).toMatchObject({ result: 'passed', reason: expect.stringContaining('2 nodes') });
	});

	test('another token, network, collection or standard', async () => {
		expect(await refusal(proof, { ...token(), tokenId: 3n })).toBe('ownership/wrong-token');
		expect(await refusal(proof, { ...token(), chainId: 1 })).toBe('ownership/wrong-network');
		expect(await refusal(proof, erc721('assembly', 2n))).toBe('ownership/wrong-collection');
		expect(await refusal(proof, { ...token(), standard: 'erc1155' })).toBe('ownership/wrong-collection');
		// The evidence is for token 2: the owner of 3 or of 9 stands in no slot of it.
		expect(await refusal(await resigned({ tokenId: 3n }), { ...token(), tokenId: 3n })).toBe('ownership/unproven');
		// A whole collection may be asked for.
		const { tokenId: _any, ...any } = expectation(token());
		expect((await verifyOwnership(writeBundle(proof), any)).report.result).toBe('warning');
	});

	test('a holder swapped for another, and a purpose edited after signing', async () => {
		expect(await refusal(await resigned({ holder: stranger.address }, stranger), token())).toBe('ownership/not-owner');
		expect(await refusal({ ...proof, statement: { ...proof.statement, holder: stranger.address } }, token())).toBe('ownership/bad-signature');
		const edited = { ...proof, statement: { ...proof.statement, purpose: 'To enter a draw' } };
		expect(await refusal(edited, token(), { purpose: 'To enter a draw' })).toBe('ownership/bad-signature');
		expect(await refusal({ ...proof, signature: '0x' }, token())).toBe('ownership/bad-signature');
	});

	test('tampered nodes, unproven slots, wrong code', async () => {
		const [account, ...rest] = proof.evidence.accounts;
		if (!account?.code) throw new Error('no code in the proof');
		expect(proof.evidence.accounts).toHaveLength(1);
		const flip = (hex: Hex): Hex => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}` as Hex;
		const bad = (nodes: readonly Hex[]): Hex[] => nodes.map((node, index) => (index === nodes.length - 1 ? flip(node) : node));
		expect(await refusal(withAccounts([{ ...account, accountProof: bad(account.accountProof) }, ...rest]), token())).toBe('ownership/bad-proof');
		const storageProof = account.storageProof.map(({ slot, proof: nodes }) => ({ slot, proof: bad(nodes) }));
		expect(await refusal(withAccounts([{ ...account, storageProof }]), token())).toBe('ownership/bad-proof');
		expect(await refusal(withAccounts([{ ...account, storageProof: account.storageProof.map(({ slot }) => ({ slot, proof: [] })) }]), token())).toBe(
			'ownership/bad-proof',
		);
		expect(await refusal(withAccounts([{ ...account, storageProof: [] }]), token())).toBe('ownership/unproven');
		expect(await refusal(withAccounts([]), token())).toBe('ownership/unproven');
		const { code: _code, ...codeless } = account;
		expect(await refusal(withAccounts([codeless]), token())).toBe('ownership/unproven');
		expect(await refusal(withAccounts([{ ...account, code: flip(account.code) }]), token())).toBe('ownership/wrong-code');
		expect(await refusal(withAccounts([{ ...account, code: (await chain.getCode({ address: at.endless as Hex })) as Hex }]), token())).toBe(
			'ownership/wrong-code',
		);
		expect(await refusal(withAccounts([account, account]), token())).toBe('ownership/malformed');
		// The stranger's slot under the holder's: a proof is for its own slot.
		const other = await bundle(erc721('plain', 9n), { signer: stranger });
		const foreign = other.evidence.accounts[0]?.storageProof[0];
		const own = account.storageProof[0];
		if (!foreign || !own) throw new Error('no slot in the proof');
		expect(await refusal(withAccounts([{ ...account, storageProof: [{ slot: foreign.slot, proof: own.proof }] }]), { ...token() })).toBe('ownership/bad-proof');
	});

	test('anything else that is sent', async () => {
		const text = writeBundle(proof);
		const reason = async (input: string) => firstFailure((await verifyOwnership(input, expectation(token()))).report)?.code;
		for (const input of ['', '{', 'null', '[]', '{"v":1}', text.replace('"v":1', '"v":2'), text.replace('{', '{"more":1,')]) {
			expect(await reason(input)).toBe('ownership/malformed');
		}
		expect(await reason(' '.repeat(LIMITS.text + 1))).toBe('ownership/too-large');
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: text.length - 1 }), fc.constantFrom('0', '"', 'f', '[', '9', ''), async (index, replacement) => {
				const changed = `${text.slice(0, index)}${replacement}${text.slice(index + 1)}`;
				const { report } = await verifyOwnership(changed, expectation(token()));
				// Hexadecimal digits mean the same in either case; nothing else may change and pass.
				if (changed.toLowerCase() !== text.toLowerCase()) expect(report.result).toBe('failed');
			}),
			{ numRuns: 60 },
		);
	});
});

test('the digest is EIP-712’s, as another implementation computes it', async () => {
	const proof = await bundle(erc721('plain', 1n));
	const { TypedDataEncoder } = await import('ethers');
	const { domain, types, message } = ownershipTypedData(proof.statement);
	expect(ownershipDigest(proof.statement)).toBe(TypedDataEncoder.hash(domain, types as never, message));
	expect(keccak256(stringToHex(TypedDataEncoder.from(types as never).encodeType('NFTOwnershipPresentation')))).toMatchInlineSnapshot(
		`"0xb1c3052cb1c7b9f77a64ee0c242ee961bf097ec92d194087abed6c77bd948c37"`,
	);
});

test('the wallet’s account for a collection signs through the firewall, and for that collection alone', async () => {
	const seed = hexToBytes(`0x${'22'.repeat(32)}`);
	const keys: SeedKeys = { seedKey: (options) => deriveKey(seed, options) };
	const account = collectionAccount({ chainId: 31337, contract: at.plain as Hex, name: 'Plain Collection' }, keys);
	await send('PlainCollection', at.plain as Hex, 'mint', account.address, 50n);
	const token = erc721('plain', 50n);
	const found = await findOwnership({ source, token, holder: account.address });
	const proof = await signOwnership({
		found,
		statement: ownershipStatement({ found, verifier: VERIFIER, nonce, purpose: PURPOSE, clock: systemClock }),
		sign: async (typedData) => {
			const review = reviewTypedData(account, { typedData }, systemClock);
			expect(review.sentence).toBe('Prove that you own token 50 of Plain Collection');
			expect(Object.fromEntries(review.lines.map(({ label, value }) => [label, value]))).toMatchObject({
				Owner: account.address,
				'Shown to': VERIFIER,
				For: PURPOSE,
			});
			expect(review.digest).toBe(ownershipDigest(typedData.message));
			return signReviewed(review, keys);
		},
	});
	expect(await refusal(proof, token)).toBeNull();

	const refused = (change: Partial<OwnershipBundle['statement']>) => {
		const typedData = ownershipTypedData({ ...proof.statement, ...change });
		return () => reviewTypedData(account, { typedData }, systemClock);
	};
	const code = (expected: string) => expect.objectContaining({ code: expected });
	expect(refused({ collection: at.packed as Hex })).toThrowError(code('signing/other-value'));
	expect(refused({ holder: holder.address })).toThrowError(code('signing/other-value'));
	expect(refused({ chainId: 1n })).toThrowError(code('signing/other-value'));
	expect(refused({ expiresAt: proof.statement.issuedAt - 1n })).toThrowError(code('signing/expired'));
	expect(refused({ verifier: 'club\u202eexample' })).toThrowError(code('signing/hidden-content'));
	expect(refused({ purpose: 'To\u200benter' })).toThrowError(code('signing/hidden-content'));
});

test('evidence without a statement, for those who bind it to something else', async () => {
	const token = erc721('plain', 2n);
	const { evidence, statement } = await bundle(token);
	await expect(checkEvidence(evidence, statement.blockHash, token, holder.address)).resolves.toMatchObject({ ownership: { through: [] } });
	await expect(checkEvidence(evidence, statement.blockHash, token, stranger.address)).rejects.toMatchObject({ code: 'ownership/not-owner' });
	await expect(checkEvidence(evidence, `0x${'33'.repeat(32)}`, token, holder.address)).rejects.toMatchObject({ code: 'ownership/wrong-block' });

	// For groups of owners: yes, no, and "could not be found out", which is thrown.
	const ask: ProveOwner = ownerAtBlock(source);
	const question = { ...token, blockNumber: statement.blockNumber, owner: holder.address };
	expect((await ask(question, {})).result).toBe('passed');
	expect(await ask({ ...question, owner: stranger.address }, {})).toMatchObject({ result: 'failed', code: 'ownership/not-owner' });
	await expect(ask({ ...question, blockNumber: 1_000_000n }, {})).rejects.toMatchObject({ code: 'ownership/unknown-block' });
	await expect(ask({ ...question, chainId: 1 }, {})).rejects.toMatchObject({ code: 'ownership/wrong-network' });
});

// Last: it makes so many blocks that the first ones count as settled.
describe('acting for an owner whose wallet stays where it is (delegate.xyz)', () => {
	// The owner is the chain's deployer, whose transactions everything here is; the holder is let act for it.
	const owner = deployer.address;
	const give = async (functionName: string, ...args: readonly unknown[]) => send('DelegateRegistryStandIn', DELEGATE_REGISTRY, functionName, ...args);
	const rights = OWNERSHIP_RIGHTS;
	const all = `0x${'00'.repeat(32)}`;
	const token = () => erc721('plain', 70n);
	const accepting = { delegates: true };

	beforeAll(async () => {
		await send('PlainCollection', at.plain as Hex, 'mint', owner, 70n);
		await send('PlainCollection', at.plain as Hex, 'mint', owner, 71n);
		await send('Editions', at.editions as Hex, 'mint', owner, 70n, 2n);
	});

	test('the grant that the wallet asks for makes the proof, until it is taken back', async () => {
		await expect(bundle(token(), { owner })).rejects.toMatchObject({ code: 'ownership/not-delegated' });
		const grant = grantCall(token(), holder.address, true);
		await chain.waitForTransactionReceipt({ hash: await chain.sendTransaction(grant) });
		const proof = await bundle(token(), { owner });
		const { report, owner: named } = await verifyOwnership(writeBundle(proof), { ...expectation(token()), ...accepting });
		expect(firstFailure(report)).toBeUndefined();
		expect([named, report.reason]).toEqual([owner, 'The holder acted for the owner of this token at this block.']);
		expect(findCheck(report, 'delegation')?.reason).toMatch(/delegate.xyz/);
		expect(findCheck(report, 'owner')?.reason).toContain(owner);
		expect(readBundle(writeBundle(proof))).toEqual(proof);
		// A verifier that did not ask for it does not get it.
		expect(await refusal(proof, token())).toBe('ownership/delegate');
		// The owner's other token of the collection, and of another kind; nobody else's token.
		expect(await refusal(await bundle(erc721('plain', 71n), { owner }), erc721('plain', 71n), accepting)).toBeNull();
		await expect(bundle(erc721('plain', 9n), { owner })).rejects.toMatchObject({ code: 'ownership/not-owner' });
		await chain.waitForTransactionReceipt({ hash: await chain.sendTransaction(grantCall(token(), holder.address, false)) });
		await expect(bundle(token(), { owner })).rejects.toMatchObject({ code: 'ownership/not-delegated' });
	});

	test('grants of all rights, of one token, of an amount; and those that do not fit', async () => {
		const editions = { ...erc1155(70n) };
		for (const [functionName, args, off] of [
			['delegateAll', [holder.address, all], false],
			['delegateAll', [holder.address, rights], false],
			['delegateERC721', [holder.address, at.plain, 70n, rights], false],
			['delegateERC721', [holder.address, at.plain, 70n, all], false],
		] as const) {
			await give(functionName, ...args, true);
			expect(await refusal(await bundle(token(), { owner }), token(), accepting)).toBeNull();
			await give(functionName, ...args, off);
		}
		await give('delegateERC1155', holder.address, at.editions, 70n, rights, 1n);
		expect(await refusal(await bundle(editions, { owner }), editions, accepting)).toBeNull();
		for (const [functionName, args] of [
			['delegateAll', [stranger.address, all]],
			['delegateAll', [holder.address, stringToHex('something else', { size: 32 })]],
			['delegateContract', [holder.address, at.packed, rights]],
			['delegateERC721', [holder.address, at.plain, 71n, rights]],
		] as const) {
			await give(functionName, ...args, true);
			await expect(bundle(token(), { owner })).rejects.toMatchObject({ code: 'ownership/not-delegated' });
		}
		// Another registry says nothing, whoever it favours.
		await send('DelegateRegistryStandIn', at.otherRegistry as Hex, 'delegateAll', holder.address, all, true);
		await expect(bundle(token(), { owner })).rejects.toMatchObject({ code: 'ownership/not-delegated' });
	});

	test('a proof that was changed', async () => {
		await give('delegateERC721', holder.address, at.plain, 70n, rights, true);
		const proof = await bundle(token(), { owner });
		const changed = (evidence: Partial<OwnershipBundle['evidence']>) => ({ ...proof, evidence: { ...proof.evidence, ...evidence } });
		// For whom the holder acts is signed: it cannot be changed, left out, or added to an owner's own statement.
		const { owner: _owner, ...without } = proof.statement;
		for (const statement of [{ ...proof.statement, owner: stranger.address }, without]) {
			const { report } = await verifyOwnership(writeBundle({ ...proof, statement }), { ...expectation(token()), ...accepting });
			expect(findCheck(report, 'signature')?.code).toBe('ownership/bad-signature');
		}
		const own = await bundle(erc721('plain', 2n));
		const { report } = await verifyOwnership(writeBundle({ ...own, statement: { ...own.statement, owner } }), {
			...expectation(erc721('plain', 2n)),
			...accepting,
		});
		expect(findCheck(report, 'signature')?.code).toBe('ownership/bad-signature');
		expect(() => readBundle(JSON.stringify({ ...JSON.parse(writeBundle(proof)), owner }))).toThrow('not a proof of ownership');
		const registry = proof.evidence.accounts.filter(({ address }) => !isAddressEqual(address, DELEGATE_REGISTRY));
		expect(await refusal(changed({ accounts: registry }), token(), accepting)).toBe('ownership/unproven');
		const accounts = proof.evidence.accounts.map((each) =>
			isAddressEqual(each.address, DELEGATE_REGISTRY)
				? { ...each, storageProof: each.storageProof.map((entry) => ({ ...entry, proof: entry.proof.map((node) => `${node.slice(0, -2)}00` as Hex) })) }
				: each,
		);
		expect(await refusal(changed({ accounts }), token(), accepting)).toBe('ownership/bad-proof');
		// Signed by somebody who may not act for the owner.
		const other = await signOwnership({
			found: await findOwnership({ source, token: token(), holder: holder.address, owner }),
			statement: { ...proof.statement, holder: stranger.address },
			sign: (data) => stranger.signTypedData(data),
		});
		expect(await refusal(other, token(), accepting)).toMatch(/ownership\/(unproven|not-delegated)/);
		// Evidence that somebody may act for an owner is none that they own it.
		await expect(checkEvidence(proof.evidence, proof.statement.blockHash, token(), holder.address)).rejects.toMatchObject({ code: 'ownership/not-owner' });
	});
});
