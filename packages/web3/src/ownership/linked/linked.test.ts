import { fileURLToPath } from 'node:url';
import { createStateSource, customNetwork } from '@holdfast/chain';
import { deriveKey } from '@holdfast/crypto';
import { type Anvil, deployContract, sendToContract, startAnvil } from '@holdfast/devchain';
import { findCheck, firstFailure, passed, type ReportNode, skipped, systemRandom, warning } from '@holdfast/kernel';
import { createGuardedFetch } from '@holdfast/net';
import {
	createSemaphoreProver,
	createSemaphoreVerifier,
	type SemaphoreIdentity,
	type SemaphoreProver,
	type SemaphoreVerifier,
	semaphoreArtifactsInFolder,
} from '@holdfast/semaphore';
import fc from 'fast-check';
import { type Hex, hexToBigInt, hexToBytes, keccak256, numberToHex, stringToBytes, toHex } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reviewTypedData, type SeedKeys, signReviewed, type VoteAccount } from '../../firewall/index.ts';
import { typedData } from '../../typed-data/index.ts';
import { collectionAccount } from '../account.ts';
import { ownerAtBlock } from '../owner-at-block.ts';
import { OWNERSHIP_DOMAIN } from '../statement.ts';
import { withLink } from './account.ts';
import { type AnonymousChoice, choiceText, proveChoice, readChoice } from './choice.ts';
import { countsAt, definitionText, readDefinition } from './definition.ts';
import { identityFor, messageOf, scopeOf } from './meaning.ts';
import { groupIdOf, type OwnerSet } from './owner-set.ts';
import { type OwnersGroup, type ProveOwner, type RebuildInput, rebuildGroup } from './owners-group.ts';
import { PUBLISHED_LIMITS, publishedLine, readPublished } from './published.ts';
import { type LinkStatement, linkJson, linkStatement, linkTypedData, readLink } from './statement.ts';
import { type NullifierStore, verifyChoice } from './verify.ts';

const SET: OwnerSet = { chainId: 31337, collection: '0x5fbdb2315678afecb367f032d93f642f64180aa3', blockNumber: 1_234_567n };
const AT = 1_790_000_000;
const EXPIRES = BigInt(AT + 90 * 86_400);
const GROUP = { ...SET, blockHash: `0x${'ab'.repeat(32)}`, expiresAt: EXPIRES } as const;
const PURPOSE = 'proposal 12';
const CHOICES = ['For', 'Against', 'Abstain'];
const LONG = 300_000;

interface Owner {
	readonly account: PrivateKeyAccount;
	/** As names are registered: a hash, which would be recognised anywhere. */
	readonly tokenId: bigint;
	readonly identity: SemaphoreIdentity;
}

const hashOf = (text: string): Hex => keccak256(stringToBytes(text));
const ownerAt = (i: number): Owner => ({
	account: privateKeyToAccount(hashOf(`owner ${i}`)),
	tokenId: hexToBigInt(hashOf(`token ${i}`)),
	identity: identityFor(hexToBytes(hashOf(`seed ${i}`)), SET),
});

/** A real signature over what `change` makes of an honest statement. */
async function linkOf({ account, tokenId, identity }: Owner, change: Partial<LinkStatement> = {}, signer: PrivateKeyAccount = account) {
	const statement = { ...linkStatement(SET, { owner: account.address, tokenId, commitment: identity.commitment, expiresAt: EXPIRES }), ...change };
	return linkJson({ statement, signature: await signer.signTypedData(linkTypedData(statement)) });
}

/** Looks owners up in a table, as a node would in the state of the block. */
const ownersIn =
	(owners: readonly Owner[]): ProveOwner =>
	async ({ chainId, collection, blockNumber, tokenId, owner }) => {
		const leaf = { check: 'owner', title: 'Owner' };
		const held = owners.find((each) => each.tokenId === tokenId)?.account.address.toLowerCase();
		if (chainId !== SET.chainId || collection !== SET.collection || blockNumber !== SET.blockNumber) {
			return skipped({ ...leaf, reason: 'The table is of another block.', code: 'ownership/unknown-block' });
		}
		return held === owner
			? passed({ ...leaf, reason: 'The collection names this account.' })
			: { ...leaf, result: 'failed', reason: 'The collection names another account.', code: 'ownership/not-owner' };
	};

function store(): NullifierStore & { readonly size: () => number } {
	const kept = new Map<string, string>();
	return {
		size: () => kept.size,
		claim: async ({ scope, nullifier, message }) => {
			const key = `${scope} ${nullifier}`;
			const earlier = kept.get(key);
			if (earlier === undefined) kept.set(key, message);
			return earlier;
		},
	};
}

const shuffled = <T>(list: readonly T[], seed = 'shuffle'): T[] =>
	list
		.map((each, i) => [hashOf(`${seed} ${i}`), each] as const)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, each]) => each);

const code = (report: ReportNode): string | undefined => firstFailure(report)?.code;
const failure = async (run: () => unknown): Promise<unknown> => {
	try {
		await run();
	} catch (error) {
		return (error as { code?: string }).code;
	}
	return 'nothing thrown';
};

let prover: SemaphoreProver;
let verifyMembership: SemaphoreVerifier;

beforeAll(async () => {
	const artifacts = await semaphoreArtifactsInFolder(fileURLToPath(new URL('../../../../../circuits/semaphore/', import.meta.url)));
	prover = createSemaphoreProver({ artifacts, random: systemRandom });
	verifyMembership = await createSemaphoreVerifier(artifacts);
}, LONG);

afterAll(() => prover.close());

const few = Array.from({ length: 25 }, (_, i) => ownerAt(i));
const rebuild = (links: readonly unknown[], change: Partial<RebuildInput> = {}) =>
	rebuildGroup({ set: SET, links, at: AT, proveOwner: ownersIn(few), ...change });
const clockAt = (seconds: number) => ({ now: () => seconds * 1000 });
const judge = (text: unknown, owners: OwnersGroup, change: Partial<Parameters<typeof verifyChoice>[0]> = {}) =>
	verifyChoice({ text, owners, purposeId: PURPOSE, choices: CHOICES, verifyMembership, nullifiers: store(), now: clockAt(AT + 3600), ...change });

test('a thousand owners link; one chooses; a stranger rebuilds the group and accepts it once, and cannot see whose it is', { timeout: LONG }, async () => {
	const owners = Array.from({ length: 1000 }, (_, i) => ownerAt(i));
	const links = await Promise.all(owners.map((owner) => linkOf(owner)));
	// Somebody publishes what does not hold.
	const [first, second] = [owners[0] as Owner, owners[1] as Owner];
	const noise = [{ spam: true }, await linkOf(first, { owner: second.account.address }), await linkOf({ ...first, tokenId: second.tokenId })];
	const proveOwner = ownersIn(owners);

	const me = owners[618] as Owner;
	let progress = 0;
	const mine = await rebuildGroup({
		set: SET,
		links: [...links, ...noise],
		at: AT,
		proveOwner,
		onProgress: (done, of) => {
			progress = done / of;
		},
	});
	expect(progress).toBe(1);
	const sent = choiceText(await proveChoice({ owners: mine, identity: me.identity, purposeId: PURPOSE, choice: 'For', prover }));

	// From the published JSON, in another order.
	const theirs = await rebuildGroup({ set: SET, links: shuffled(JSON.parse(JSON.stringify([...noise, ...links]))), at: AT, proveOwner });
	expect(theirs.members.root).toBe(mine.members.root);
	expect([theirs.members.size, theirs.owners, theirs.refused.length]).toEqual([1000, 1000, 3]);
	const nullifiers = store();
	const verdict = await judge(sent, theirs, { nullifiers });
	expect(verdict).toMatchObject({ choice: 'For', report: { result: 'passed' } });
	expect(findCheck(verdict.report, 'linked/crowd')?.evidence).toEqual({ owners: '1000' });
	expect(verdict.report.evidence?.unproven).toContain('still has the token');

	// Once: again the same, then another choice, with another proof each.
	const again = await proveChoice({ owners: mine, identity: me.identity, purposeId: PURPOSE, choice: 'For', prover });
	expect(code((await judge(choiceText(again), theirs, { nullifiers })).report)).toBe('linked/already-counted');
	const other = await proveChoice({ owners: mine, identity: me.identity, purposeId: PURPOSE, choice: 'Against', prover });
	const refused = await judge(choiceText(other), theirs, { nullifiers });
	expect(code(refused.report)).toBe('linked/double-use');
	expect(refused).not.toHaveProperty('choice');
	// For another purpose it is a first one again, and nothing shows that it is the same owner's.
	const elsewhere = await proveChoice({ owners: mine, identity: me.identity, purposeId: 'proposal 13', choice: 'Against', prover });
	expect((await judge(choiceText(elsewhere), theirs, { nullifiers, purposeId: 'proposal 13' })).report.result).toBe('passed');
	expect(elsewhere.proof.nullifier).not.toBe(other.proof.nullifier);

	// No byte of what is sent is an owner's address, a token or a commitment, in whatever form; a statement has all of them.
	const published = JSON.stringify(links[618]);
	const forms = bytesOf(sent);
	for (const owner of owners) {
		const traces = tracesOf(owner);
		expect(traces.filter((trace) => inBytes(forms, trace))).toEqual([]);
		if (owner === me) expect(traces.filter((trace) => published.includes(trace.text)).length).toBeGreaterThanOrEqual(3);
	}
	// What is searched for would be found.
	expect(tracesOf(me).every((trace) => inBytes(bytesOf(JSON.stringify({ ...JSON.parse(sent), planted: trace.text })), trace))).toBe(true);
	expect(inBytes(bytesOf(JSON.stringify({ points: [String(me.tokenId)] })), { text: 'absent', bytes: numberToHex(me.tokenId, { size: 32 }).slice(2) })).toBe(
		true,
	);
});

interface Trace {
	readonly text: string;
	/** Hexadecimal. */
	readonly bytes: string;
}

const tracesOf = ({ account, tokenId, identity }: Owner): Trace[] => {
	const number = (value: bigint): Trace[] => {
		const bytes = numberToHex(value, { size: 32 }).slice(2);
		return [
			{ text: String(value), bytes },
			{ text: bytes, bytes },
		];
	};
	const address = account.address.slice(2).toLowerCase();
	return [{ text: address, bytes: address }, { text: String(BigInt(account.address)), bytes: address }, ...number(tokenId), ...number(identity.commitment)];
};

/** What is sent as text, as its bytes in hexadecimal, and each number in it as bytes in hexadecimal. */
function bytesOf(json: string): readonly string[] {
	const numbers = [...json.matchAll(/\d{20,}/g)].map(([digits]) => BigInt(digits).toString(16).padStart(64, '0'));
	return [json.toLowerCase(), toHex(json).slice(2), ...numbers];
}

const inBytes = (forms: readonly string[], { text, bytes }: Trace): boolean => forms.some((form) => form.includes(text) || form.includes(bytes));

describe('statements', () => {
	test('are typed data of exactly this type, which a collection and a block are bound into', async () => {
		const [name, fields] = Object.entries(linkTypedData({} as LinkStatement).types)[0] ?? ['', []];
		expect(`${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`).toBe(
			'LinkIdentity(address owner,uint256 commitment,bytes32 groupId,uint256 tokenId,uint256 blockNumber,uint64 expiresAt)',
		);
		const ids = [SET, { ...SET, chainId: 1 }, { ...SET, collection: few[0]?.account.address as Hex }, { ...SET, blockNumber: 1n }].map(groupIdOf);
		expect(new Set(ids).size).toBe(4);
		// An address has one group whichever way it is written.
		expect(groupIdOf({ ...SET, collection: '0x5FbDB2315678afecb367f032d93F642f64180aa3' })).toBe(ids[0]);
		for (const bad of [{ chainId: 0 }, { chainId: 1.5 }, { blockNumber: -1n }, { collection: '0x12' as Hex }]) {
			expect(await failure(() => groupIdOf({ ...SET, ...bad }))).toBe('linked/bad-value');
		}
	});

	test('come back from their JSON, and from nothing that is spelt otherwise', async () => {
		const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
		const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toHex(bytes));
		const statement = fc.record({
			owner: hex(20),
			commitment: fc.bigInt({ min: 1n, max: 1n << 253n }),
			groupId: hex(32),
			tokenId: uint(256),
			blockNumber: uint(256),
			expiresAt: uint(64),
		});
		fc.assert(
			fc.property(statement, hex(65), (each, signature) => {
				const link = { statement: each, signature };
				expect(readLink(JSON.parse(JSON.stringify(linkJson(link))))).toEqual(link);
			}),
		);
		const good = await linkOf(few[0] as Owner);
		for (const change of [
			{ owner: (few[0] as Owner).account.address },
			{ owner: `${good.owner}00` },
			{ commitment: '0' },
			{ commitment: `0${good.commitment}` },
			{ commitment: '21888242871839275222246405745257275088548364400416034343698204186575808495617' },
			{ tokenId: `0x${BigInt(good.tokenId as string).toString(16)}` },
			{ tokenId: String(1n << 256n) },
			{ expiresAt: String(1n << 64n) },
			{ blockNumber: 7 },
			{ signature: '0x' },
			{ groupId: undefined },
			{ more: '1' },
		]) {
			expect(await failure(() => readLink({ ...good, ...change }))).toBe('linked/malformed');
		}
		for (const bad of [null, [], 'text', {}]) expect(await failure(() => readLink(bad))).toBe('linked/malformed');
		fc.assert(
			fc.property(fc.jsonValue(), (json) => {
				expect(() => readLink(json)).toThrow(expect.objectContaining({ code: 'linked/malformed' }));
			}),
		);
	});
});

describe('the group', () => {
	test('leaves out each statement that does not hold, and says why', { timeout: LONG }, async () => {
		const [a, b, c] = few as [Owner, Owner, Owner];
		const cases: [string, unknown][] = [
			['linked/malformed', { ...(await linkOf(a)), tokenId: 'x' }],
			['linked/wrong-group', await linkOf(a, { groupId: groupIdOf({ ...SET, chainId: 1 }) })],
			['linked/wrong-block', await linkOf(a, { blockNumber: SET.blockNumber + 1n })],
			['linked/expired', await linkOf(a, { expiresAt: BigInt(AT) })],
			['linked/bad-signature', await linkOf(a, {}, b.account)],
			// Signed for one commitment, published with another.
			['linked/bad-signature', { ...(await linkOf(a)), commitment: String(b.identity.commitment) }],
			['linked/bad-signature', { ...(await linkOf(a)), expiresAt: String(EXPIRES + 1n) }],
			// An honest signature of somebody who does not own the token.
			['linked/not-owner', await linkOf({ ...a, tokenId: b.tokenId })],
			['linked/not-owner', await linkOf({ ...a, tokenId: 5n })],
		];
		const { refused, members, owners, report } = await rebuild([...cases.map(([, link]) => link), await linkOf(c)]);
		expect(refused.map(({ index, report: { code: why } }) => [index, why])).toEqual(cases.map(([why], i) => [i, why]));
		expect(members.members).toEqual([c.identity.commitment]);
		expect(owners).toBe(1);
		expect(findCheck(report, 'linked/statements')?.evidence).toMatchObject({ 'linked/bad-signature': '3', 'linked/not-owner': '2' });
		expect(findCheck(refused[7]?.report as ReportNode, 'owner')?.code).toBe('ownership/not-owner');
		// The same one second before it expires.
		expect((await rebuild([await linkOf(a, { expiresAt: BigInt(AT) })], { at: AT - 1 })).members.size).toBe(1);
	});

	test('has one commitment for each token, the one that lasts longest, and one member for each commitment', { timeout: LONG }, async () => {
		const [a, b] = few as [Owner, Owner];
		const changed = identityFor(new Uint8Array(32).fill(9), SET);
		const renewed = await linkOf({ ...a, identity: changed }, { expiresAt: EXPIRES + 1n });
		const { members, refused } = await rebuild([await linkOf(a), renewed, await linkOf(a)]);
		expect(members.members).toEqual([changed.commitment]);
		expect(refused.map(({ index, report }) => [index, report.code])).toEqual([
			[0, 'linked/superseded'],
			[2, 'linked/superseded'],
		]);
		// Two of equal length: the smaller commitment, whichever comes first.
		const both = [await linkOf(a), await linkOf({ ...a, identity: changed })];
		const smaller = a.identity.commitment < changed.commitment ? a.identity.commitment : changed.commitment;
		for (const links of [both, both.toReversed()]) expect((await rebuild(links)).members.members).toEqual([smaller]);
		// An account with two tokens and one identity is one member; with two identities two members, but one account to hide among.
		const second = { ...b, account: a.account };
		const table = ownersIn([a, second]);
		const once = await rebuild([await linkOf(a), await linkOf({ ...second, identity: a.identity })], { proveOwner: table });
		expect([once.members.size, once.owners]).toEqual([1, 1]);
		const twice = await rebuild([await linkOf(a), await linkOf(second)], { proveOwner: table });
		expect([twice.members.size, twice.owners]).toEqual([2, 1]);
		// Who has no right to the token cannot push the owner out of it by a later date.
		const pushed = await rebuild([await linkOf(a), await linkOf({ ...b, tokenId: a.tokenId }, { expiresAt: EXPIRES + 9n })]);
		expect(pushed.members.members).toEqual([a.identity.commitment]);
	});

	test('has the same root from the same statements in any order, however often each comes', { timeout: LONG }, async () => {
		const links = await Promise.all(few.slice(0, 8).map((owner) => linkOf(owner)));
		links.push(
			await linkOf({ ...(few[0] as Owner), identity: (few[1] as Owner).identity }, { expiresAt: EXPIRES + 5n }),
			await linkOf({ ...(few[2] as Owner), tokenId: 1n }),
		);
		const { members } = await rebuild(links);
		expect(members.size).toBe(7);
		await fc.assert(
			fc.asyncProperty(fc.shuffledSubarray([...links, ...links], { minLength: 20 }), fc.integer({ min: 1, max: 5 }), async (order, parallel) => {
				expect((await rebuild(order, { parallel })).members.root).toBe(members.root);
			}),
			{ numRuns: 15 },
		);
	});

	test('is not built at all where an ownership could not be found out', { timeout: LONG }, async () => {
		const links = await Promise.all(few.slice(0, 6).map((owner) => linkOf(owner)));
		const last = (few[5] as Owner).tokenId;
		const table = ownersIn(few);
		const except =
			(answer: () => ReportNode): ProveOwner =>
			async (question, options) =>
				question.tokenId === last ? answer() : table(question, options);
		const unreachable = except(() => {
			throw new Error('connect ECONNREFUSED');
		});
		const unknown = except(() => skipped({ check: 'owner', title: 'Owner', reason: 'No state of this block.', code: 'ownership/unknown-block' }));
		for (const proveOwner of [unreachable, unknown]) expect(await failure(() => rebuild(links, { proveOwner }))).toBe('linked/not-checked');
		// A caution about an ownership is passed on.
		const byHand = except(() => warning({ check: 'owner', title: 'Owner', reason: 'The block was typed in.', code: 'ownership/block-not-checked' }));
		const { report, members } = await rebuild(links, { proveOwner: byHand });
		expect(members.size).toBe(6);
		expect(findCheck(report, 'linked/owners')).toMatchObject({ result: 'warning', code: 'ownership/block-not-checked' });
	});

	test('asks once for each account and token, stops when it is told to, and takes no more than a tree holds', { timeout: LONG }, async () => {
		const a = few[0] as Owner;
		const asked: bigint[] = [];
		const table = ownersIn(few);
		const counting: ProveOwner = async (question, options) => {
			asked.push(question.tokenId);
			return table(question, options);
		};
		await rebuild([await linkOf(a), await linkOf(a, { expiresAt: EXPIRES + 1n })], { proveOwner: counting });
		expect(asked).toEqual([a.tokenId]);

		const stop = new AbortController();
		const links = await Promise.all(few.slice(0, 6).map((owner) => linkOf(owner)));
		const stopped = rebuild(links, { signal: stop.signal, parallel: 1, onProgress: () => stop.abort(), proveOwner: counting });
		expect(await failure(() => stopped)).toBe('linked/aborted');
		expect(asked.length).toBe(2);
		expect(await failure(() => rebuild({ length: 2 ** 20 + 1 } as unknown[]))).toBe('linked/too-many');
	});

	test('of few is called too small, of none is none', { timeout: LONG }, async () => {
		const links = await Promise.all(few.map((owner) => linkOf(owner)));
		const crowd = async (count: number) => findCheck((await rebuild(links.slice(0, count))).report, 'linked/crowd');
		expect(await crowd(0)).toMatchObject({ result: 'failed', code: 'linked/no-members' });
		expect(await crowd(19)).toMatchObject({ result: 'warning', code: 'linked/small-crowd', evidence: { owners: '19' } });
		expect(await crowd(20)).toMatchObject({ result: 'passed' });
	});
});

describe('a choice', () => {
	let owners: OwnersGroup;
	let sent: AnonymousChoice;

	beforeAll(async () => {
		owners = await rebuild(await Promise.all(few.map((owner, i) => linkOf(owner, { expiresAt: EXPIRES + BigInt(i) }))));
		sent = await proveChoice({ owners, identity: (few[3] as Owner).identity, purposeId: PURPOSE, choice: 'For', prover });
	}, LONG);

	test('is refused for another group, purpose or list of choices, and for any change', { timeout: LONG }, async () => {
		const text = choiceText(sent);
		const nullifiers = store();
		const why = async (change: Partial<AnonymousChoice>, other: Partial<Parameters<typeof verifyChoice>[0]> = {}) => {
			const verdict = await judge(choiceText({ ...sent, ...change }), owners, { nullifiers, ...other });
			expect(verdict).not.toHaveProperty('choice');
			return code(verdict.report);
		};
		const smaller = await rebuild(await Promise.all(few.slice(0, 24).map((owner) => linkOf(owner))));
		expect(await why({}, { owners: smaller })).toBe('semaphore/wrong-group');
		const elsewhere = { ...SET, blockNumber: 5n };
		expect(await why({}, { owners: { ...owners, set: elsewhere, groupId: groupIdOf(elsewhere) } })).toBe('linked/wrong-group');
		expect(await why({ groupId: groupIdOf(elsewhere) })).toBe('linked/wrong-group');
		expect(await why({}, { purposeId: 'proposal 13' })).toBe('linked/wrong-purpose');
		// With the words changed to fit, the proof does not.
		expect(await why({ purposeId: 'proposal 13' }, { purposeId: 'proposal 13' })).toBe('semaphore/wrong-scope');
		expect(await why({ choice: 'Against' })).toBe('semaphore/wrong-message');
		expect(await why({ choice: 'Against', proof: { ...sent.proof, message: String(messageOf('Against')) } })).toBe('groth16/invalid');
		expect(await why({ proof: { ...sent.proof, nullifier: '7' } })).toBe('groth16/invalid');
		expect(await why({}, { choices: ['Yes', 'No'] })).toBe('linked/wrong-choice');
		expect(await why({}, { now: clockAt(Number(EXPIRES) + 24) })).toBe('linked/expired');
		// None of those used up the owner's choice.
		expect(nullifiers.size()).toBe(0);
		expect((await judge(text, owners, { nullifiers })).report.result).toBe('passed');
		expect(nullifiers.size()).toBe(1);
	});

	test('passes with a caution where some statements have expired, or the crowd is small', { timeout: LONG }, async () => {
		const late = await judge(choiceText(sent), owners, { now: clockAt(Number(EXPIRES)) });
		expect(late).toMatchObject({ choice: 'For', report: { result: 'warning', code: 'linked/partly-expired' } });
		expect((await judge(choiceText(sent), owners, { now: clockAt(Number(EXPIRES) - 1) })).report.result).toBe('passed');
		const alone = await rebuild([await linkOf(few[3] as Owner)]);
		const lonely = await proveChoice({ owners: alone, identity: (few[3] as Owner).identity, purposeId: PURPOSE, choice: 'For', prover });
		expect((await judge(choiceText(lonely), alone)).report).toMatchObject({ result: 'warning', code: 'linked/small-crowd' });
	});

	test('of somebody who is not linked is not made, and one with too long a text neither', async () => {
		const base = { owners, identity: (few[3] as Owner).identity, purposeId: PURPOSE, choice: 'For', prover };
		expect(await failure(() => proveChoice({ ...base, identity: ownerAt(99).identity }))).toBe('linked/not-linked');
		for (const bad of ['', 'x'.repeat(1025), '\ud800']) {
			expect(await failure(() => proveChoice({ ...base, choice: bad }))).toBe('linked/bad-value');
			expect(await failure(() => proveChoice({ ...base, purposeId: bad }))).toBe('linked/bad-value');
		}
		expect(scopeOf(owners.groupId, 'a')).not.toBe(scopeOf(groupIdOf({ ...SET, chainId: 1 }), 'a'));
	});

	test('is not counted where the store fails, and the store’s failure is not hidden', async () => {
		const nullifiers: NullifierStore = {
			claim: async () => {
				throw Object.assign(new Error('disk full'), { code: 'vault/full' });
			},
		};
		expect(await failure(() => judge(choiceText(sent), owners, { nullifiers }))).toBe('vault/full');
	});

	test('that cannot be read is refused, whatever it is', async () => {
		const json = JSON.parse(choiceText(sent));
		expect(readChoice(JSON.stringify(json))).toEqual(sent);
		for (const bad of [
			undefined,
			7,
			'',
			'null',
			'[]',
			'{',
			JSON.stringify({ ...json, v: 2 }),
			JSON.stringify({ ...json, more: 1 }),
			JSON.stringify({ ...json, groupId: json.groupId.toUpperCase() }),
			JSON.stringify({ ...json, choice: '' }),
			JSON.stringify({ ...json, purposeId: 1 }),
			JSON.stringify({ ...json, proof: null }),
			' '.repeat(16_384) + JSON.stringify(json),
		]) {
			expect(code((await judge(bad, owners)).report)).toBe('linked/malformed');
		}
	});
});

describe('with accounts of the wallet, on a chain', () => {
	const seeds = [1, 2].map((byte) => new Uint8Array(32).fill(byte));
	const keysOf = (seed: Uint8Array): SeedKeys => ({ seedKey: (options) => deriveKey(seed, options) });
	let anvil: Anvil;
	let set: OwnerSet;
	let accounts: VoteAccount[];
	let source: ReturnType<typeof createStateSource>;
	const clock = clockAt(AT);

	beforeAll(async () => {
		anvil = await startAnvil();
		source = createStateSource(customNetwork({ chainId: 31337, name: 'Local', rpcUrl: anvil.rpcUrl }), createGuardedFetch({ allowLoopback: true }));
		const collection = await deployContract(anvil, 'PlainCollection');
		accounts = seeds.map((seed) => collectionAccount({ chainId: 31337, contract: collection, name: 'Harbour Club' }, keysOf(seed)));
		for (const [i, { address }] of accounts.entries()) await sendToContract(anvil, 'PlainCollection', collection, 'mint', address, i + 1);
		set = { chainId: 31337, collection, blockNumber: BigInt(await anvil.blockNumber()) };
		// After the group's block.
		await sendToContract(anvil, 'PlainCollection', collection, 'mint', accounts[0]?.address, 3);
	}, LONG);
	afterAll(() => anvil?.stop());

	const messageOf = (who: number, tokenId: bigint, change: Record<string, unknown> = {}) => ({
		owner: accounts[who]?.address,
		commitment: String(identityFor(seeds[who] as Uint8Array, set).commitment),
		groupId: groupIdOf(set),
		tokenId: String(tokenId),
		blockNumber: String(set.blockNumber),
		expiresAt: Number(EXPIRES),
		...change,
	});
	const linking = (who: number): VoteAccount => withLink(accounts[who] as VoteAccount, set, identityFor(seeds[who] as Uint8Array, set));
	function review(who: number, tokenId: bigint, change: Record<string, unknown> = {}, account = linking(who)) {
		const { struct: _, ...asked } = typedData('link-identity', OWNERSHIP_DOMAIN, messageOf(who, tokenId, change));
		return reviewTypedData(account, { typedData: asked }, clock);
	}
	function signed(who: number, tokenId: bigint) {
		const link = { owner: accounts[who]?.address as Hex, tokenId, commitment: identityFor(seeds[who] as Uint8Array, set).commitment, expiresAt: EXPIRES };
		return linkJson({ statement: linkStatement(set, link), signature: signReviewed(review(who, tokenId), keysOf(seeds[who] as Uint8Array)) });
	}
	const grouped = (links: readonly unknown[], of = set, node = source) => rebuildGroup({ set: of, links, at: AT, proveOwner: ownerAtBlock(node) });

	test('a link is shown in words, signed, found true by the collection’s own code, and chosen with', { timeout: LONG }, async () => {
		const shown = review(0, 1n);
		expect(shown.sentence).toBe('Take part in anonymous choices of Harbour Club’s owners, with token 1');
		expect(shown.lines.map(({ label }) => label)).toEqual(['Collection', 'Token', 'Owner', 'Anonymous identity', 'As of block', 'Valid']);
		expect(shown.warnings.join()).toContain('publishes for good that this address');
		// The second one's token, one that there was not yet, and one that there never was.
		const owners = await grouped([signed(0, 1n), signed(1, 2n), signed(0, 2n), signed(0, 3n), signed(0, 99n)]);
		expect(owners.refused.map(({ index, report }) => [index, report.code])).toEqual([2, 3, 4].map((index) => [index, 'linked/not-owner']));
		expect([owners.members.size, owners.owners]).toEqual([2, 2]);
		const identity = identityFor(seeds[1] as Uint8Array, set);
		const sent = choiceText(await proveChoice({ owners, identity, purposeId: PURPOSE, choice: 'Against', prover }));
		expect((await judge(sent, owners)).choice).toBe('Against');
	});

	test('there is no group of a block, a chain or a node that cannot be relied on', { timeout: LONG }, async () => {
		const later = { ...set, blockNumber: set.blockNumber + 1000n };
		const statement = linkStatement(later, { owner: (few[0] as Owner).account.address, tokenId: 1n, commitment: 5n, expiresAt: EXPIRES });
		const link = linkJson({ statement, signature: await (few[0] as Owner).account.signTypedData(linkTypedData(statement)) });
		expect(await failure(() => grouped([link], later))).toBe('linked/not-checked');
		expect(await failure(() => grouped([signed(0, 1n)], set, { ...source, chainId: 1 }))).toBe('linked/not-checked');
		// A node that answers for another block than it was asked for, and one that makes up what it cannot prove.
		const other = { ...source, block: () => source.block(1n) };
		expect(await failure(() => grouped([signed(0, 1n)], set, other))).toBe('linked/not-checked');
		const liar = { ...source, proof: async (...asked: Parameters<typeof source.proof>) => ({ ...(await source.proof(...asked)), accountProof: [] }) };
		expect(await failure(() => grouped([signed(0, 1n)], set, liar))).toBe('linked/not-checked');
	});

	test('an account links its own identity, in the group that was asked for, and nothing else', () => {
		const refusal = (run: () => unknown): unknown => {
			try {
				run();
			} catch (error) {
				return (error as { code?: string }).code;
			}
			return 'nothing thrown';
		};
		const free: VoteAccount = { ...linking(0), allowances: [{ struct: 'link-identity', domain: OWNERSHIP_DOMAIN, pins: {} }] };
		const dao: VoteAccount = { ...free, context: { kind: 'dao', chainId: 31337, contract: set.collection } };
		const cases: [string, () => unknown][] = [
			['signing/not-for-this-account', () => review(0, 1n, {}, accounts[0])],
			['signing/other-value', () => review(0, 1n, { commitment: '7' })],
			['signing/other-value', () => review(0, 1n, { owner: accounts[1]?.address })],
			['signing/other-value', () => review(0, 1n, { groupId: `0x${'12'.repeat(32)}` })],
			['signing/other-value', () => review(0, 1n, { blockNumber: '1' })],
			['signing/expired', () => review(0, 1n, { expiresAt: AT })],
			// Whatever an account may sign, a hash that stands for something else is not shown as this collection.
			['signing/other-value', () => review(0, 1n, { groupId: `0x${'12'.repeat(32)}` }, free)],
			['signing/no-words', () => review(0, 1n, {}, dao)],
			['linked/bad-value', () => withLink(accounts[0] as VoteAccount, { ...set, chainId: 1 }, { commitment: 5n })],
			['linked/bad-value', () => withLink(dao, set, { commitment: 5n })],
		];
		for (const [code, run] of cases) expect(refusal(run)).toBe(code);
		expect(review(0, 1n, { expiresAt: AT + 400 * 86_400 }).warnings.join()).toContain('more than a year');
	});
});

test('a group and a list of statements are read as they were written, and nothing else is', async () => {
	const definition = (change: object = {}) => JSON.stringify({ ...JSON.parse(definitionText(GROUP)), ...change });
	expect(readDefinition(definition())).toEqual(GROUP);
	expect(countsAt(GROUP)).toBe(Number(EXPIRES) - 1);
	for (const change of [
		{ v: 2 },
		{ more: 1 },
		{ group: 'other' },
		{ chainId: 0 },
		{ chainId: 1.5 },
		{ collection: '0x12' },
		{ blockNumber: 5 },
		{ blockNumber: '05' },
		{ blockHash: '0x12' },
		{ expiresAt: -1 },
		{ expiresAt: 1e15 },
		{ expiresAt: '1' },
	]) {
		expect(() => readDefinition(definition(change)), JSON.stringify(change)).toThrowError(expect.objectContaining({ code: 'linked/malformed' }));
	}
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.json(), fc.jsonValue()), (text) => {
			expect(() => readDefinition(text)).toThrowError(expect.objectContaining({ code: 'linked/malformed' }));
		}),
	);

	const lines = await Promise.all(few.slice(0, 3).map((owner) => linkOf(owner)));
	const evidence = { header: '0x00', accounts: [] } as const;
	const [first] = lines;
	const text = publishedLine(readLink(first), evidence);
	const read = readPublished(['', text, text, ...lines.map((line) => JSON.stringify(line)), '{"evidence":{}}', 'x'].join('\n'));
	expect(read.links).toEqual([first, ...lines, {}, null]);
	expect([...read.evidence]).toEqual([[first?.tokenId, [{ owner: first?.owner, evidence }]]]);
	expect((await rebuild(read.links)).members.size).toBe(3);
	fc.assert(
		fc.property(
			fc.array(
				fc.oneof(
					fc.string(),
					fc.json(),
					fc.record({ tokenId: fc.jsonValue(), owner: fc.jsonValue(), evidence: fc.jsonValue() }).map((each) => JSON.stringify(each)),
				),
			),
			(any) => {
				const { links, evidence: found } = readPublished(any.join('\n'));
				expect(links.length).toBeLessThanOrEqual(any.join('\n').split('\n').length);
				expect(found.size).toBe(0);
			},
		),
	);
	expect(() => readPublished(Array.from({ length: 10_001 }, (_, i) => i).join('\n'))).toThrowError(expect.objectContaining({ code: 'linked/too-many' }));
	expect(() => readPublished(' '.repeat(PUBLISHED_LIMITS.text + 1))).toThrowError(expect.objectContaining({ code: 'linked/too-large' }));
});
