import { readFileSync } from 'node:fs';
import { deriveKey, hexDecode, type KeyPair, SecretBytes } from '@holdfast/crypto';
import { HoldfastError } from '@holdfast/kernel';
import fc from 'fast-check';
import { type Address, getAddress, maxUint256, recoverTypedDataAddress, zeroAddress } from 'viem';
import { describe, expect, test } from 'vitest';
import { accountAddress } from '../accounts/account.ts';
import { type AccountContext, accountPath, contextName } from '../accounts/context.ts';
import { collectionAccount } from '../ownership/account.ts';
import { type Domain, digestOf, parseTypedData, type StructId, structs, type TypedData, typedData } from '../typed-data/index.ts';
import {
	type Allowance,
	addressOf,
	type ProposalWords,
	type Review,
	type ReviewRequest,
	reviewTypedData,
	type SeedKeys,
	SigningRefused,
	signReviewed,
	type VoteAccount,
} from './index.ts';

const NOW = Date.UTC(2026, 10, 26);
const clock = { now: () => NOW };
const seedKeys = (seed: Uint8Array): SeedKeys => ({ seedKey: (options) => deriveKey(seed, options) });
const keys = seedKeys(hexDecode('11'.repeat(32)));
const GOVERNOR: Address = getAddress(`0x${'90f1'.padStart(40, '0')}`);
const TOKEN: Address = getAddress(`0x${'7041'.padStart(40, '0')}`);
const FRIEND: Address = getAddress(`0x${'5afe'.padStart(40, '0')}`);
const context: AccountContext = { kind: 'dao', chainId: 1, contract: GOVERNOR };
const address = accountAddress(context, keys);
const PROPOSAL = `0x${'11'.repeat(32)}`;

const snapshotDomain: Domain = { name: 'snapshot', version: '0.1.4' };
const full = (name: string, version: string, verifyingContract: Address = GOVERNOR): Domain => ({ name, version, chainId: 1, verifyingContract });
const allow = (struct: StructId, domain: Domain, pins: Allowance['pins'] = {}): Allowance => ({ struct, domain, pins });

/** One account that may sign everything once, as no real one does: each kind in its own domain. */
const account: VoteAccount = {
	address,
	context,
	index: 0,
	dao: 'Example DAO',
	allowances: [
		...(['snapshot-vote-single', 'snapshot-vote-array', 'snapshot-vote-string'] as const).map((id) =>
			allow(id, snapshotDomain, { from: address, space: 'example.eth' }),
		),
		allow('snapshot-alias', snapshotDomain, { from: address, alias: FRIEND }),
		allow('snapshot-revoke-alias', snapshotDomain, { from: address, alias: FRIEND }),
		allow('snapshot-x-vote', full('snapshot-x', '1.0.0'), { voter: address, space: TOKEN }),
		allow('governor-ballot', full('MyGovernor', '1'), { voter: address }),
		allow('governor-extended-ballot', full('MyGovernor', '1'), { voter: address }),
		allow('governor-override-ballot', full('MyGovernor', '1'), { voter: address }),
		allow('bravo-ballot', { name: 'Compound Governor Bravo', chainId: 1, verifyingContract: GOVERNOR }),
		allow('alpha-ballot', { name: 'Compound Governor Alpha', chainId: 1, verifyingContract: GOVERNOR }),
		allow('delegation', full('Vote', '1', TOKEN)),
		allow('baal-vote', full('Vote', '4'), { voter: address, name: 'Shares' }),
		allow('baal-delegation', full('delegation', '4', TOKEN), { name: 'Shares' }),
		allow('safe-tx', { chainId: 1, verifyingContract: FRIEND }),
		allow('safe-message', { chainId: 1, verifyingContract: FRIEND }),
	],
};

const options = (first: number, ...labels: string[]) => labels.map((label, index) => ({ value: index + first, label }));
const words = (change: Partial<ProposalWords> = {}): ProposalWords => ({
	id: PROPOSAL,
	title: 'Raise the quorum',
	options: options(1, 'Yes', 'No', 'Later'),
	voting: 'one',
	...change,
});
const onChain = words({ id: '7', options: options(0, 'Against', 'For', 'Abstain') });
const snapshotVote = (choice: unknown, change: Record<string, unknown> = {}) => ({
	from: address,
	space: 'example.eth',
	timestamp: NOW / 1000,
	proposal: PROPOSAL,
	choice,
	reason: '',
	app: 'holdfast',
	metadata: '{}',
	...change,
});

/** `eth_signTypedData_v4`'s parameter. */
const wire = (data: TypedData): Record<string, unknown> => {
	const { struct: _struct, ...rest } = JSON.parse(JSON.stringify(data)) as TypedData;
	return rest;
};
const domainOf = (id: StructId): Domain => account.allowances.find((each) => each.struct === id)?.domain ?? {};
const request = (id: StructId, message: Record<string, unknown>, rest: Omit<ReviewRequest, 'typedData'> = {}): ReviewRequest => ({
	typedData: wire(typedData(id, domainOf(id), message)),
	...rest,
});
const soon = NOW / 1000 + 3600;
const safeTx = {
	to: TOKEN,
	value: '0',
	data: '0x1234',
	operation: 0,
	safeTxGas: '0',
	baseGas: '0',
	gasPrice: '0',
	gasToken: zeroAddress,
	refundReceiver: zeroAddress,
	nonce: '3',
};

/** The Safe at FRIEND votes: what it is said to sign, and what the message is the digest of. */
const safeVote = (said: Record<string, unknown> = {}, hashed: Record<string, unknown> = said, safe: Address = FRIEND): ReviewRequest => {
	const vote = (change: Record<string, unknown>) => typedData('snapshot-vote-single', snapshotDomain, snapshotVote(1, { from: FRIEND, ...change }));
	const pins = { from: safe, space: 'example.eth' };
	const asVoter: VoteAccount = { ...account, address: safe, allowances: [allow('snapshot-vote-single', snapshotDomain, pins)] };
	return request('safe-message', { message: digestOf(vote(hashed)) }, { proposal: words(), about: { typedData: wire(vote(said)), account: asVoter } });
};
const { proposal: _unread, ...unread } = safeVote();
const aboutTransaction: ReviewRequest = {
	...safeVote(),
	about: { typedData: wire(typedData('safe-tx', domainOf('safe-tx'), safeTx)), account: { ...account, address: FRIEND, allowances: [] } },
};

const honest: readonly (readonly [name: string, request: ReviewRequest, sentence: string])[] = [
	['one option', request('snapshot-vote-single', snapshotVote(2), { proposal: words() }), 'Vote “No” on “Raise the quorum”'],
	[
		'several options',
		request('snapshot-vote-array', snapshotVote([1, 3]), { proposal: words({ voting: 'several' }) }),
		'Vote “Yes”, “Later” on “Raise the quorum”',
	],
	[
		'no option at all',
		request('snapshot-vote-array', snapshotVote([]), { proposal: words({ voting: 'several' }) }),
		'Vote None of the options on “Raise the quorum”',
	],
	[
		'an order',
		request('snapshot-vote-array', snapshotVote([2, 1, 3]), { proposal: words({ voting: 'ranked' }) }),
		'Vote 1. “No”, 2. “Yes”, 3. “Later” on “Raise the quorum”',
	],
	[
		'shares',
		request('snapshot-vote-string', snapshotVote('{"1":60,"2":20}'), { proposal: words({ voting: 'weights' }) }),
		'Vote 75% “Yes”, 25% “No” on “Raise the quorum”',
	],
	[
		'a secret choice',
		request('snapshot-vote-string', snapshotVote('0xabcd'), { proposal: words({ secretUntilClose: true }), plainChoice: '3' }),
		'Vote “Later” on “Raise the quorum”',
	],
	[
		'a session key',
		request('snapshot-alias', { from: address, alias: FRIEND, timestamp: NOW / 1000 }),
		'Let a session key vote for this account in Example DAO',
	],
	[
		'the end of a session key',
		request('snapshot-revoke-alias', { from: address, alias: FRIEND, timestamp: NOW / 1000 }),
		'End a session key of this account in Example DAO',
	],
	[
		'Snapshot X',
		request(
			'snapshot-x-vote',
			{ space: TOKEN, voter: address, proposalId: '7', choice: 1, userVotingStrategies: [{ index: 0, params: '0x' }], voteMetadataURI: '' },
			{ proposal: onChain },
		),
		'Vote “For” on “Raise the quorum”',
	],
	[
		'a governor',
		request('governor-ballot', { proposalId: '7', support: 1, voter: address, nonce: '0' }, { proposal: onChain }),
		'Vote “For” on “Raise the quorum”',
	],
	[
		'a governor, with a reason',
		request('governor-extended-ballot', { proposalId: '7', support: 0, voter: address, nonce: '0', reason: 'Too early', params: '0x' }, { proposal: onChain }),
		'Vote “Against” on “Raise the quorum”',
	],
	[
		'a governor, in fractions',
		request(
			'governor-extended-ballot',
			{
				proposalId: '7',
				support: 255,
				voter: address,
				nonce: '0',
				reason: 'split',
				params: `0x${'0a'.padStart(32, '0')}${'14'.padStart(32, '0')}${'32'.padStart(32, '0')}`,
			},
			{ proposal: onChain },
		),
		'Vote 62.5% “Abstain”, 25% “For”, 12.5% “Against” on “Raise the quorum”',
	],
	[
		'over a delegate',
		request('governor-override-ballot', { proposalId: '7', support: 0, voter: address, nonce: '0', reason: '' }, { proposal: onChain }),
		'Vote “Against” on “Raise the quorum”',
	],
	['Bravo', request('bravo-ballot', { proposalId: '7', support: 2 }, { proposal: onChain }), 'Vote “Abstain” on “Raise the quorum”'],
	['Alpha', request('alpha-ballot', { proposalId: '7', support: true }, { proposal: onChain }), 'Vote “For” on “Raise the quorum”'],
	[
		'Baal',
		request('baal-vote', { name: 'Shares', voter: address, expiry: soon, nonce: '0', proposalId: 7, support: false }, { proposal: onChain }),
		'Vote “Against” on “Raise the quorum”',
	],
	['a delegation', request('delegation', { delegatee: FRIEND, nonce: '0', expiry: soon }), `Let ${FRIEND} vote with your power in Example DAO`],
	['a delegation to oneself', request('delegation', { delegatee: address, nonce: '0', expiry: soon }), 'Use your own voting power in Example DAO'],
	[
		'the end of a delegation',
		request('baal-delegation', { name: 'Shares', delegatee: zeroAddress, nonce: '0', expiry: soon }),
		'Take back your voting power in Example DAO',
	],
	['a Safe’s transaction', request('safe-tx', safeTx, { actions: ['Sends 5 USDC to Ada'] }), 'Approve a transaction of Example DAO'],
	['a Safe’s vote on Snapshot', safeVote(), 'Vote “Yes” on “Raise the quorum”, in the name of Example DAO'],
];

const review = (input: ReviewRequest, who: VoteAccount = account): Review => reviewTypedData(who, input, clock);
const refusal = (input: ReviewRequest, who: VoteAccount = account): string => {
	try {
		review(input, who);
	} catch (error) {
		if (error instanceof HoldfastError) return error.code;
		throw error;
	}
	return 'accepted';
};

describe('honest requests', () => {
	test('cover every struct', () => {
		const covered = new Set(honest.map(([, { typedData: data }]) => parseTypedData(data).struct));
		// Proofs of ownership are no votes: ownership/ownership.test.ts, ownership/linked/linked.test.ts.
		const votes = Object.keys(structs).filter((id) => !['nft-ownership', 'nft-delegate', 'link-identity'].includes(id));
		expect([...covered].sort()).toEqual(votes.sort());
	});

	test.each(honest)('%s: said in words, and signed as it was said', async (_name, input, sentence) => {
		const made = review(input);
		expect(made.sentence).toBe(sentence);
		expect(made.lines.find(({ label }) => label === 'DAO')?.value).toContain('Example DAO');
		const signature = signReviewed(made, keys);
		const signed = { ...(input.typedData as object), signature } as unknown as Parameters<typeof recoverTypedDataAddress>[0];
		expect(await recoverTypedDataAddress(signed)).toBe(address);
	});

	test('who votes, what about, why, and how long it stays valid', () => {
		const lines = Object.fromEntries(
			review(request('baal-vote', { name: 'Shares', voter: address, expiry: soon, nonce: '4', proposalId: 7, support: true }, { proposal: onChain })).lines.map(
				({ label, value }) => [label, value],
			),
		);
		expect(lines).toMatchObject({ Voter: address, 'Your choice': '“For”', Proposal: 'Raise the quorum', Valid: 'Until 2026-11-26 01:00 UTC', Counter: '4' });
		const ballot = review(
			request(
				'governor-extended-ballot',
				{ proposalId: '7', support: 0, voter: address, nonce: '0', reason: 'Too early', params: '0x' },
				{ proposal: onChain },
			),
		);
		expect(ballot.lines).toContainEqual({ label: 'Reason', value: 'Too early' });
		expect(ballot.lines.find(({ label }) => label === 'Valid')?.value).toContain('no expiry');
	});

	test('a long expiry and foreign code are pointed out', () => {
		expect(review(request('delegation', { delegatee: FRIEND, nonce: '0', expiry: maxUint256 })).warnings.join()).toContain('more than 30 days');
		expect(review(request('safe-tx', { ...safeTx, operation: 1 }, { actions: ['?'] })).warnings.join()).toContain('foreign code');
	});
});

describe('refusals, each for its own reason', () => {
	const ballot = { proposalId: '7', support: 1, voter: address, nonce: '0' };
	const asked = (message: Record<string, unknown>, domain: Domain = domainOf('governor-ballot')): ReviewRequest => ({
		typedData: wire(typedData('governor-ballot', domain, message)),
		proposal: onChain,
	});
	const extended = (change: Record<string, unknown>) =>
		request('governor-extended-ballot', { ...ballot, reason: '', params: '0x', ...change }, { proposal: onChain });
	const only = (...ids: StructId[]): VoteAccount => ({ ...account, allowances: account.allowances.filter(({ struct }) => ids.includes(struct)) });
	const cases: [string, ReviewRequest, string, VoteAccount?][] = [
		['a kind that the account was not made for', asked(ballot), 'signing/not-for-this-account', only('snapshot-vote-single')],
		['another chain', asked(ballot, { ...full('MyGovernor', '1'), chainId: 10 }), 'signing/other-application'],
		['another contract', asked(ballot, full('MyGovernor', '1', TOKEN)), 'signing/other-application'],
		['another name', asked(ballot, full('MyGovernor ', '1')), 'signing/other-application'],
		['another version', asked(ballot, full('MyGovernor', '2')), 'signing/other-application'],
		['another voter', asked({ ...ballot, voter: FRIEND }), 'signing/other-value'],
		['another space', request('snapshot-vote-single', snapshotVote(1, { space: 'other.eth' }), { proposal: words() }), 'signing/other-value'],
		['another person’s vote', request('snapshot-vote-single', snapshotVote(1, { from: FRIEND }), { proposal: words() }), 'signing/other-value'],
		[
			'the same voter written otherwise',
			request('snapshot-vote-single', snapshotVote(1, { from: address.toLowerCase() }), { proposal: words() }),
			'signing/other-value',
		],
		['another session key', request('snapshot-alias', { from: address, alias: TOKEN, timestamp: 1 }), 'signing/other-value'],
		['another proposal', request('governor-ballot', { ...ballot, proposalId: '8' }, { proposal: onChain }), 'signing/other-proposal'],
		['an unknown proposal', request('governor-ballot', ballot), 'signing/no-words'],
		['no such option', asked({ ...ballot, support: 3 }), 'signing/not-an-option'],
		['no such option on Snapshot', request('snapshot-vote-single', snapshotVote(0), { proposal: words() }), 'signing/not-an-option'],
		['an option twice', request('snapshot-vote-array', snapshotVote([1, 1]), { proposal: words({ voting: 'several' }) }), 'signing/not-an-option'],
		['an order that is not whole', request('snapshot-vote-array', snapshotVote([1, 2]), { proposal: words({ voting: 'ranked' }) }), 'signing/not-an-option'],
		['shares of no option', request('snapshot-vote-string', snapshotVote('{"4":1}'), { proposal: words({ voting: 'weights' }) }), 'signing/not-an-option'],
		['shares of nothing', request('snapshot-vote-string', snapshotVote('{"1":0}'), { proposal: words({ voting: 'weights' }) }), 'signing/not-an-option'],
		['negative shares', request('snapshot-vote-string', snapshotVote('{"1":2,"2":-1}'), { proposal: words({ voting: 'weights' }) }), 'signing/not-an-option'],
		[
			'shares with a key twice',
			request('snapshot-vote-string', snapshotVote('{"1":1,"1":9}'), { proposal: words({ voting: 'weights' }) }),
			'signing/hidden-content',
		],
		['text for a list', request('snapshot-vote-string', snapshotVote('[1,2]'), { proposal: words({ voting: 'weights' }) }), 'signing/not-an-option'],
		['a list where one is asked', request('snapshot-vote-array', snapshotVote([1]), { proposal: words() }), 'signing/not-an-option'],
		[
			'a plain choice where a secret one was announced',
			request('snapshot-vote-single', snapshotVote(1), { proposal: words({ secretUntilClose: true }) }),
			'signing/not-an-option',
		],
		[
			'a ciphertext that nobody here made',
			request('snapshot-vote-string', snapshotVote('0xabcd'), { proposal: words({ secretUntilClose: true }) }),
			'signing/no-words',
		],
		[
			'a reason beside a secret choice',
			request('snapshot-vote-string', snapshotVote('0xabcd', { reason: 'x' }), { proposal: words({ secretUntilClose: true }), plainChoice: '1' }),
			'signing/hidden-content',
		],
		['metadata', request('snapshot-vote-single', snapshotVote(1, { metadata: '{"a":1}' }), { proposal: words() }), 'signing/hidden-content'],
		[
			'a reason with invisible characters',
			request('snapshot-vote-single', snapshotVote(1, { reason: 'good\u202e' }), { proposal: words() }),
			'signing/hidden-content',
		],
		[
			'a reason too long to show',
			request('snapshot-vote-single', snapshotVote(1, { reason: 'x'.repeat(2001) }), { proposal: words() }),
			'signing/hidden-content',
		],
		['parameters that are not shown', extended({ params: '0x00' }), 'signing/hidden-content'],
		['fractions of another length', extended({ support: 255, params: '0x00' }), 'signing/no-words'],
		['fractions of nothing', extended({ support: 255, params: `0x${'00'.repeat(48)}` }), 'signing/not-an-option'],
		['a delegation that is over', request('delegation', { delegatee: FRIEND, nonce: '0', expiry: NOW / 1000 }), 'signing/expired'],
		['a Safe’s transaction that nobody put into words', request('safe-tx', safeTx), 'signing/no-words'],
		['a Safe’s transaction that pays whoever sends it', request('safe-tx', { ...safeTx, gasPrice: '1' }, { actions: ['x'] }), 'signing/no-words'],
		['a Safe’s transaction with gas of its own', request('safe-tx', { ...safeTx, safeTxGas: '1' }, { actions: ['x'] }), 'signing/no-words'],
		['a Safe’s transaction with a fee of its own', request('safe-tx', { ...safeTx, baseGas: '777' }, { actions: ['x'] }), 'signing/no-words'],
		['a Safe’s transaction of an unknown kind', request('safe-tx', { ...safeTx, operation: 2 }, { actions: ['x'] }), 'signing/no-words'],
		['a Safe’s message about nothing', request('safe-message', { message: '0x1234' }, { actions: ['Votes “Yes”'] }), 'signing/no-words'],
		['a Safe’s message that is the digest of another vote', safeVote({ choice: 2 }, { choice: 1 }), 'signing/no-words'],
		['a Safe’s message about a proposal that nobody read', unread, 'signing/no-words'],
		['a vote in another space in the name of a Safe', safeVote({ space: 'other.eth' }), 'signing/other-value'],
		['a vote of somebody else in the name of a Safe', safeVote({ from: address }), 'signing/other-value'],
		['a vote of another Safe', safeVote({ from: TOKEN }, { from: TOKEN }, TOKEN), 'signing/other-value'],
		['a Safe’s message about what the Safe is not asked for', aboutTransaction, 'signing/not-for-this-account'],
		[
			'metadata on Snapshot X',
			request(
				'snapshot-x-vote',
				{ space: TOKEN, voter: address, proposalId: '7', choice: 1, userVotingStrategies: [], voteMetadataURI: 'ipfs://x' },
				{ proposal: onChain },
			),
			'signing/hidden-content',
		],
	];
	test.each(cases)('%s', (_name, input, code, who) => expect(refusal(input, who)).toBe(code));
});

describe('one thousand altered requests', () => {
	const uint = (name: string) => ({ name, type: 'uint256' });
	const addr = (name: string) => ({ name, type: 'address' });
	/** What drainers ask for, each under its own name; the attack names it Vote or Ballot. */
	const DRAINERS = {
		permit: [addr('owner'), addr('spender'), uint('value'), uint('nonce'), uint('deadline')],
		daiPermit: [addr('holder'), addr('spender'), uint('nonce'), uint('expiry'), { name: 'allowed', type: 'bool' }],
		permit2: [{ name: 'details', type: 'PermitDetails' }, addr('spender'), uint('sigDeadline')],
		seaport: [
			addr('offerer'),
			addr('zone'),
			{ name: 'offer', type: 'OfferItem[]' },
			{ name: 'orderType', type: 'uint8' },
			uint('startTime'),
			uint('endTime'),
			uint('salt'),
			uint('counter'),
		],
	};
	const HELPERS = {
		PermitDetails: [addr('token'), { name: 'amount', type: 'uint160' }, { name: 'expiration', type: 'uint48' }, { name: 'nonce', type: 'uint48' }],
		OfferItem: [{ name: 'itemType', type: 'uint8' }, addr('token'), uint('identifierOrCriteria'), uint('startAmount'), uint('endAmount')],
	};
	const sample = (type: string): unknown => {
		if (type === 'address') return FRIEND;
		if (type === 'bool') return true;
		if (type.endsWith('[]')) return [sample(type.slice(0, -2))];
		const helper = HELPERS[type as keyof typeof HELPERS];
		return helper ? Object.fromEntries(helper.map((field) => [field.name, sample(field.type)])) : '1';
	};
	interface Wire {
		domain: Record<string, unknown>;
		types: Record<string, { name: string; type: string }[]>;
		primaryType: string;
		message: Record<string, unknown>;
	}

	const mutate = (base: Wire, kind: string, index: number, text: string): Wire | undefined => {
		const data = structuredClone(base);
		const fields = data.types[data.primaryType] ?? [];
		const field = fields[index % fields.length];
		if (!field) return undefined;
		switch (kind) {
			case 'renamed field': {
				const value = data.message[field.name];
				delete data.message[field.name];
				field.name = `${field.name}${text}`;
				data.message[field.name] = value;
				return data;
			}
			case 'renamed in the types only':
				field.name = `x${text}`;
				return data;
			case 'extra field':
				fields.push({ name: `extra${text}`, type: 'uint256' });
				data.message[`extra${text}`] = '1';
				return data;
			case 'extra field in the message only':
				data.message[`extra${text}`] = '1';
				return data;
			case 'reordered':
				fields.push(...fields.splice(0, (index % (fields.length - 1 || 1)) + 1));
				return fields.length > 1 ? data : undefined;
			case 'other type':
				field.type = field.type === 'uint256' ? 'int256' : 'uint256';
				return data;
			case 'unused struct':
				data.types[`Also${text}`] = [{ name: 'a', type: 'uint256' }];
				return data;
			case 'other domain': {
				const names = Object.keys(data.domain);
				const name = names[index % names.length] ?? '';
				data.domain[name] = name === 'chainId' ? 2 + index : name === 'verifyingContract' ? `0x${String(index % 10).repeat(40)}` : `${text}${index}`;
				return data;
			}
			case 'extra domain field':
				data.domain[['salt', 'chainId', 'verifyingContract', 'version'].find((name) => !Object.hasOwn(data.domain, name)) ?? 'salt'] = 1;
				return data;
			case 'fewer domain fields':
				delete data.domain[Object.keys(data.domain)[index % Object.keys(data.domain).length] ?? ''];
				return data;
			default: {
				// A drainer's struct in the vote's domain, under the vote's name.
				const drainer = Object.values(DRAINERS)[index % 4] ?? DRAINERS.permit;
				const used = Object.entries(HELPERS).filter(([name]) => drainer.some(({ type }) => type.startsWith(name)));
				data.primaryType = index % 3 === 0 ? 'Vote' : index % 3 === 1 ? 'Ballot' : data.primaryType;
				data.types = { [data.primaryType]: structuredClone(drainer), ...Object.fromEntries(used) };
				data.message = Object.fromEntries(drainer.map(({ name, type }) => [name, sample(type)]));
				// Half of them in the drainer's own domain, half in the vote's.
				if (index % 2 === 0) data.domain = { name: 'Permit2', chainId: 1, verifyingContract: TOKEN };
				return data;
			}
		}
	};
	const KINDS = [
		'renamed field',
		'renamed in the types only',
		'extra field',
		'extra field in the message only',
		'reordered',
		'other type',
		'unused struct',
		'other domain',
		'extra domain field',
		'fewer domain fields',
		'drainer',
	];

	test('are all refused, where the honest ones that they come from are accepted', () => {
		for (const [name, input] of honest) expect(refusal(input), name).toBe('accepted');
		const codes = new Map<string, number>();
		let run = 0;
		fc.assert(
			fc.property(fc.constantFrom(...honest), fc.constantFrom(...KINDS), fc.nat(1000), fc.stringMatching(/^[a-z]{1,6}$/), ([, input], kind, index, text) => {
				const altered = mutate(input.typedData as Wire, kind, index, text);
				fc.pre(altered !== undefined);
				run++;
				const code = refusal({ ...input, typedData: altered });
				codes.set(code, (codes.get(code) ?? 0) + 1);
				expect(code).toMatch(/^(?:signing|typed-data)\//);
			}),
			{ numRuns: 1000, seed: 7 },
		);
		expect(run).toBeGreaterThanOrEqual(1000);
		// Not all by one accidental check.
		for (const code of ['typed-data/unknown-struct', 'typed-data/bad-domain', 'typed-data/bad-value', 'signing/other-application'])
			expect(codes.get(code), code).toBeGreaterThan(20);
	});
});

describe('signing', () => {
	const input = honest[0]?.[1] as ReviewRequest;

	test('once for each review', () => {
		const made = review(input);
		signReviewed(made, keys);
		expect(() => signReviewed(made, keys)).toThrow(SigningRefused);
	});

	test('never what was not reviewed: a copy, a changed copy, a made-up review', () => {
		const made = review(input);
		for (const forged of [{ ...made }, structuredClone(made), { ...made, digest: `0x${'00'.repeat(32)}` as const }]) {
			expect(() => signReviewed(forged, keys)).toThrow(expect.objectContaining({ code: 'signing/not-reviewed' }));
		}
		expect(() => Object.assign(made.typedData.message, { choice: 1 })).toThrow(TypeError);
	});

	test('never with the key of another account, whatever is changed after the review', () => {
		const mine = structuredClone(account) as { -readonly [K in keyof VoteAccount]: VoteAccount[K] };
		const made = reviewTypedData(mine, input, clock);
		mine.index = 1;
		expect(signReviewed(made, keys)).toMatch(/^0x[0-9a-f]{130}$/);
		const misplaced = reviewTypedData({ ...account, index: 1 }, input, clock);
		expect(() => signReviewed(misplaced, keys)).toThrow(expect.objectContaining({ code: 'signing/wrong-key' }));
	});

	test('what is signed is written anew: nothing of the caller’s object is kept', () => {
		const sly = structuredClone(input.typedData) as { message: Record<string, unknown> };
		const made = review({ ...input, typedData: sly });
		sly.message.choice = 1;
		expect(made.typedData.message.choice).toBe(2);
	});
});

describe('an account for each context', () => {
	const vector = JSON.parse(readFileSync(new URL('../../test/account-vectors.json', import.meta.url), 'utf8')) as {
		readonly seedHex: string;
		readonly accounts: readonly {
			readonly context: AccountContext;
			readonly index: number;
			readonly name: string;
			readonly path: string;
			readonly address: Address;
		}[];
	};

	test('paths and addresses stay what they are: a phrase finds its accounts again', () => {
		const from = seedKeys(hexDecode(vector.seedHex));
		for (const { context: where, index, name, path, address: expected } of vector.accounts) {
			expect({ name: contextName(where), path: accountPath(where, index), address: accountAddress(where, from, index) }).toEqual({
				name,
				path,
				address: expected,
			});
		}
	});

	test('the spelling of an address makes no other account; chain, kind, space and index do', () => {
		const upper: AccountContext = { kind: 'dao', chainId: 1, contract: `0x${GOVERNOR.slice(2).toUpperCase()}` };
		expect(accountPath(upper)).toBe(accountPath(context));
		const contexts: AccountContext[] = [
			context,
			{ ...context, chainId: 10 },
			{ ...context, kind: 'collection' },
			{ ...context, contract: TOKEN },
			{ kind: 'dao', space: 'a.eth' },
			{ kind: 'dao', space: 'b.eth' },
		];
		expect(new Set([...contexts.map((each) => accountPath(each)), accountPath(context, 1)]).size).toBe(contexts.length + 1);
	});

	test('nonsense is no context', () => {
		for (const bad of [
			{ kind: 'dao', space: 'a b' },
			{ kind: 'dao', space: '' },
			{ kind: 'dao', chainId: 0, contract: GOVERNOR },
			{ kind: 'dao', chainId: 1, contract: '0x12' },
		] as AccountContext[]) {
			expect(() => accountPath(bad)).toThrow(expect.objectContaining({ code: 'vote/bad-context' }));
		}
	});

	test('no byte of a vote or a proof of ownership in one context holds an address or a key of another, over 50 wallets', () => {
		const contexts: AccountContext[] = [context, { kind: 'dao', space: 'example.eth' }, { kind: 'collection', chainId: 1, contract: TOKEN }];
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (seed) => {
				// Derived once each: the rest of the test is about what is signed.
				const derived = new Map(contexts.map((where) => [accountPath(where), deriveKey(seed, { type: 'Secp256k1', path: accountPath(where) })]));
				const own = contexts.map((where) => {
					const { publicKey, privateKey } = derived.get(accountPath(where)) as KeyPair;
					const voter = addressOf({ publicKey });
					const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
					return { where, voter, marks: [voter.slice(2).toLowerCase(), hex(publicKey).slice(2), privateKey.use(hex)] };
				});
				const wallet: SeedKeys = {
					seedKey: ({ path }) => {
						const { privateKey, ...rest } = derived.get(path) as KeyPair;
						return { ...rest, privateKey: privateKey.use((bytes) => SecretBytes.copy(bytes)) };
					},
				};
				const bytesOf = (index: 0 | 1): string => {
					const { where, voter } = own[index] as (typeof own)[number];
					const ballot = index === 0;
					const struct = ballot ? 'governor-ballot' : 'snapshot-vote-single';
					const domain = domainOf(struct);
					const pins = ballot ? { voter } : { from: voter, space: 'example.eth' };
					const made = reviewTypedData(
						{ address: voter, context: where, index: 0, dao: 'Example DAO', allowances: [{ struct, domain, pins }] },
						{
							typedData: wire(typedData(struct, domain, ballot ? { proposalId: '7', support: 1, voter, nonce: '0' } : snapshotVote(1, { from: voter }))),
							proposal: ballot ? onChain : words(),
						},
						clock,
					);
					return JSON.stringify({ made, signature: signReviewed(made, wallet) }).toLowerCase();
				};
				const ownership = (): string => {
					const account = collectionAccount({ chainId: 1, contract: TOKEN, name: 'Cats' }, wallet);
					const allowance = account.allowances[0] as Allowance;
					const message = {
						...allowance.pins,
						tokenId: '7',
						blockNumber: '1',
						blockHash: `0x${'11'.repeat(32)}`,
						verifier: 'redirect_uri:https://club.example/r',
						nonce: `0x${'22'.repeat(32)}`,
						issuedAt: NOW / 1000,
						expiresAt: soon,
						purpose: 'entry',
					};
					const made = reviewTypedData(account, { typedData: wire(typedData(allowance.struct, allowance.domain, message)) }, clock);
					return JSON.stringify({ made, signature: signReviewed(made, wallet) }).toLowerCase();
				};
				for (const index of [0, 1, 2] as const) {
					const sent = index === 2 ? ownership() : bytesOf(index);
					expect(sent).toContain(own[index]?.marks[0]);
					for (const other of own.filter((each) => each !== own[index])) for (const mark of other.marks) expect(sent).not.toContain(mark);
				}
			}),
			{ numRuns: 50 },
		);
	}, 30_000);
});
