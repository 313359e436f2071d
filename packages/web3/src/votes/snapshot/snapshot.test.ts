import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deriveKey, hexDecode, utf8Decode } from '@holdfast/crypto';
import { HoldfastError, systemClock, systemRandom } from '@holdfast/kernel';
import { createGuardedFetch } from '@holdfast/net';
import fc from 'fast-check';
import type { Address } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accountAddress } from '../../accounts/account.ts';
import { reviewTypedData, type SeedKeys, signReviewed, type VoteAccount, type Voting } from '../../firewall/index.ts';
import { TestSnapshotHub, type VoteEnvelope } from '../../testing/index.ts';
import { digestOf, typedData } from '../../typed-data/index.ts';
import type { Choice, Proposal, SnapshotRef, VoteReceipt } from '../adapter.ts';
import { aliasAllowances, aliasMessage, createSnapshotAdapter } from './adapter.ts';
import { snapshotChoice, votingOf } from './choice.ts';
import { createShutter } from './shutter.node.ts';

// snapshot.js is what Snapshot's own sequencer checks with. It is loaded as CommonJS, which needs half a second.
interface SnapshotJs {
	readonly schemas: { readonly vote: object };
	readonly utils: {
		validateSchema(schema: object, data: object): true | unknown[];
		getHash(data: object): string;
		verify(address: string, sig: string, data: object): Promise<boolean>;
		readonly voting: Readonly<Record<string, { isValidChoice(choice: unknown, choices: readonly string[]): boolean }>>;
	};
}
const require = createRequire(import.meta.url);
const oracle = require('@snapshot-labs/snapshot.js') as SnapshotJs;
const hashedTypes = JSON.parse(readFileSync(require.resolve('@snapshot-labs/snapshot.js/src/sign/hashedTypes.json'), 'utf8')) as Record<string, string>;

/** What Snapshot's sequencer checks of a message (ingestor.ts, writer/vote.ts), by snapshot.js itself. Undefined where all is well. */
async function snapshotJsCheck({ address, sig, data }: VoteEnvelope, proposal: Record<string, unknown> | undefined): Promise<string | undefined> {
	const type = hashedTypes[createHash('sha256').update(JSON.stringify(data.types)).digest('hex')];
	// The sequencer takes RevokeAlias, which this release of snapshot.js does not list yet.
	if (type === undefined) return Object.keys(data.types)[0] === 'RevokeAlias' ? undefined : 'wrong types';
	if (!(await oracle.utils.verify(address, sig, data))) return 'wrong signature';
	if (!type.startsWith('vote')) return undefined;
	const { choice: wire, reason, app, metadata } = data.message;
	const secret = proposal?.privacy === 'shutter';
	const choice = type === 'vote-string' && !secret ? JSON.parse(String(wire)) : wire;
	const schema = oracle.utils.validateSchema(oracle.schemas.vote, {
		proposal: data.message.proposal,
		choice,
		reason,
		app,
		metadata: JSON.parse(String(metadata)),
	});
	if (schema !== true) return 'wrong vote format';
	// What a ciphertext holds is looked at when the vote closes.
	if (secret) return type === 'vote-string' && /^0x[0-9a-f]+$/.test(String(wire)) ? undefined : 'not encrypted';
	return oracle.utils.voting[String(proposal?.type)]?.isValidChoice(choice, proposal?.choices as string[]) ? undefined : 'invalid choice';
}

const fetch = createGuardedFetch({ allowLoopback: true });
const seed = hexDecode('22'.repeat(32));
const keys: SeedKeys = { seedKey: (options) => deriveKey(seed, options) };
const CONTEXT = { kind: 'dao', space: 'example.eth' } as const;
const voter = accountAddress(CONTEXT, keys);
const hub = new TestSnapshotHub({ space: 'example.eth', clock: systemClock, check: snapshotJsCheck });
const adapter = createSnapshotAdapter({ fetch, clock: systemClock });
let ref: SnapshotRef;
let account: VoteAccount;
beforeAll(async () => {
	ref = { system: 'snapshot', ...(await hub.start()) };
	const dao = await adapter.describe(ref);
	account = { address: voter, context: CONTEXT, index: 0, dao: dao.name, allowances: dao.allowances(voter) };
});
afterAll(() => hub.stop());
beforeEach(() => {
	hub.lie = (proposal) => proposal;
	hub.power = 12.5;
});

const code = async (work: Promise<unknown>): Promise<string> => {
	try {
		await work;
	} catch (error) {
		if (error instanceof HoldfastError) return error.code;
		throw error;
	}
	return 'none';
};

const relayerOf = ({ answer }: VoteReceipt) => answer?.relayer?.address;

/** From a choice to a receipt, as the wallet does it. */
async function vote(
	proposal: Proposal,
	choice: Choice,
	{ reason = '', as = account }: { reason?: string; as?: VoteAccount } = {},
): Promise<{ receipt: VoteReceipt; sentence: string }> {
	const voterOf = (as.allowances[0]?.pins.from ?? as.address) as Address;
	const draft = await adapter.draft(ref, proposal, { voter: voterOf, choice, reason });
	const { struct: _struct, ...wire } = draft.typedData;
	const review = reviewTypedData(as, { typedData: wire, proposal: draft.words }, systemClock);
	const signature = signReviewed(review, keys);
	const answer = await adapter.submit?.(ref, { typedData: review.typedData, signer: as.address, signature });
	if (!answer) throw new Error('no answer');
	return {
		sentence: review.sentence,
		receipt: { ref, proposalId: proposal.id, signer: as.address, voter: voterOf, typedData: review.typedData, signature, state: 'sent', answer },
	};
}

describe('every voting system, from choice to receipt, accepted by snapshot.js', () => {
	const CHOICES = ['Yes', 'No', 'Later'];
	const cases: [type: string, choice: Choice, sentence: string][] = [
		['single-choice', { kind: 'one', option: 1 }, 'Vote “Yes” on “single-choice”'],
		['basic', { kind: 'one', option: 3 }, 'Vote “Later” on “basic”'],
		['approval', { kind: 'several', options: [3, 1] }, 'Vote “Later”, “Yes” on “approval”'],
		['ranked-choice', { kind: 'ranked', options: [2, 3, 1] }, 'Vote 1. “No”, 2. “Later”, 3. “Yes” on “ranked-choice”'],
		['weighted', { kind: 'weights', weights: { 2: 1, 1: 3 } }, 'Vote 75% “Yes”, 25% “No” on “weighted”'],
		['quadratic', { kind: 'weights', weights: { 3: 2, 1: 2, 2: 0 } }, 'Vote 50% “Yes”, 50% “Later” on “quadratic”'],
	];
	test.each(cases)('%s', async (type, choice, sentence) => {
		const id = await hub.propose({ title: type, choices: CHOICES, type });
		const proposal = await adapter.proposal(ref, id);
		expect(proposal).toMatchObject({ obstacle: null, state: 'open', voting: votingOf(type), report: { result: 'passed' } });
		expect(proposal.counting ?? '').toEqual(type === 'quadratic' ? expect.stringContaining('square root') : '');
		const { receipt, sentence: said } = await vote(proposal, choice, { reason: 'Because' });
		expect(said).toBe(sentence);
		const sent = hub.received.at(-1) as VoteEnvelope;
		expect(oracle.utils.getHash(sent.data)).toBe(receipt.answer?.id);
		expect(await adapter.check(ref, receipt)).toMatchObject({
			state: 'counted',
			words: 'The hub counts this vote with a power of 12.5.',
			report: { result: 'passed' },
		});
		expect(await adapter.standing(ref, proposal, voter)).toEqual({ power: '12.5', voted: /^Vote (.*) on/.exec(sentence)?.[1], obstacle: null });
	});

	test('a choice is taken here exactly when snapshot.js counts it, or we are stricter', () => {
		const type = fc.constantFrom('single-choice', 'basic', 'approval', 'ranked-choice', 'weighted', 'quadratic');
		const some = fc.oneof(
			fc.record({ kind: fc.constant('one' as const), option: fc.integer({ min: -1, max: 5 }) }),
			fc.record({ kind: fc.constantFrom('several' as const, 'ranked' as const), options: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 5 }) }),
			fc.record({
				kind: fc.constant('weights' as const),
				weights: fc.dictionary(fc.constantFrom('0', '1', '2', '3', '4', 'x', '__proto__'), fc.oneof(fc.integer({ min: -1, max: 3 }), fc.constant(Number.NaN))),
			}),
		);
		fc.assert(
			fc.property(type, some, fc.integer({ min: 1, max: 4 }), (system, choice, count) => {
				let ours: unknown;
				try {
					ours = snapshotChoice(votingOf(system) as Voting, count, choice);
				} catch (error) {
					expect(error).toMatchObject({ code: 'vote/bad-choice' });
					return;
				}
				expect(
					oracle.utils.voting[system]?.isValidChoice(
						ours,
						Array.from({ length: count }, (_, index) => `Option ${index}`),
					),
				).toBe(true);
			}),
			{ numRuns: 500 },
		);
	});

	test('snapshot.js refuses the same envelope with its keys in another order: the order is part of the format', async () => {
		const sent = hub.received.at(-1) as VoteEnvelope;
		expect(await snapshotJsCheck(sent, { type: 'quadratic', choices: CHOICES })).toBeUndefined();
		const types = { Vote: (sent.data.types.Vote ?? []).map(({ name, type }) => ({ type, name })) };
		expect(await snapshotJsCheck({ ...sent, data: { ...sent.data, types } }, { type: 'quadratic', choices: CHOICES })).toBe('wrong types');
	});
});

describe('what the hub says is held against what was signed', () => {
	test('a lying hub: other choices, other title, another space', async () => {
		const id = await hub.propose({ title: 'Raise the quorum', choices: ['Yes', 'No'] });
		for (const lie of [{ choices: ['No', 'Yes'] }, { title: 'Lower the quorum' }, { body: 'x' }, { type: 'approval' }]) {
			hub.lie = (proposal) => ({ ...proposal, ...lie });
			const proposal = await adapter.proposal(ref, id);
			expect(proposal.report).toMatchObject({ result: 'failed', code: 'vote/other-content' });
			expect(await code(vote(proposal, { kind: 'one', option: 1 }))).toBe('vote/not-open');
		}
		hub.lie = (proposal) => ({ ...proposal, space: { id: 'other.eth' } });
		expect(await code(adapter.proposal(ref, id))).toBe('vote/no-such-proposal');
	});

	test('times are those that were signed, whatever the hub says', async () => {
		const id = await hub.propose({ title: 'Over', choices: ['Yes', 'No'], start: -7200, end: -60 });
		hub.lie = (proposal) => ({ ...proposal, end: Number(proposal.end) + 86_400 });
		expect(await adapter.proposal(ref, id)).toMatchObject({ state: 'closed', obstacle: 'Voting is closed.' });
	});

	test('another proposal’s text under the id, and a text that is gone', async () => {
		const id = await hub.propose({ title: 'One', choices: ['Yes', 'No'] });
		const other = await hub.propose({ title: 'Other', choices: ['Yes', 'No'] });
		const otherFile = hub.lie;
		hub.lie = (proposal) => (proposal.id === id ? { ...proposal, ipfs: 'bafkreiunknownfileunknownfileunknownfile' } : otherFile(proposal));
		expect((await adapter.proposal(ref, id)).report).toMatchObject({ result: 'failed', code: 'vote/not-checked' });
		hub.lie = (proposal) => proposal;
		const shown = await adapter.proposal(ref, other);
		expect(shown.report.result).toBe('passed');
		hub.forget(other);
		expect((await adapter.proposal(ref, other)).obstacle).toContain('could not be checked');
	});

	test('another proposal’s message under the id, shown as it is there', async () => {
		const id = await hub.propose({ title: 'Asked about', choices: ['Yes', 'No'] });
		const other = hub.shown(await hub.propose({ title: 'Signed too', choices: ['No', 'Yes'] }));
		hub.lie = (proposal) => (proposal.id === id ? { ...other, id } : proposal);
		const proposal = await adapter.proposal(ref, id);
		expect(proposal).toMatchObject({ title: 'Signed too', report: { result: 'failed', code: 'vote/other-content' } });
		expect(proposal.obstacle).toContain('could not be checked');
	});

	test('a proposal that was signed for another space', async () => {
		const id = await hub.propose({ title: 'Elsewhere', choices: ['Yes', 'No'], space: 'other.eth' });
		expect((await adapter.proposal(ref, id)).report).toMatchObject({ result: 'failed', code: 'vote/other-space' });
	});

	test('an edit by the author is taken with a caution, one by anybody else is not', async () => {
		const id = await hub.propose({ title: 'First', choices: ['Yes', 'No'] });
		await hub.edit(id, { title: 'Second', choices: ['Yes', 'No', 'Maybe'] });
		const edited = await adapter.proposal(ref, id);
		expect(edited).toMatchObject({ title: 'Second', obstacle: null, report: { result: 'warning', code: 'vote/edited' } });
		expect((await vote(edited, { kind: 'one', option: 3 })).sentence).toBe('Vote “Maybe” on “Second”');
		const stranger = privateKeyToAccount(generatePrivateKey());
		for (const wrong of [{ by: stranger }, { by: stranger, from: stranger.address }, { from: stranger.address }]) {
			const forged = await hub.propose({ title: 'Third', choices: ['Yes', 'No'] });
			await hub.edit(forged, { choices: ['No', 'Yes'] }, wrong);
			expect(await adapter.proposal(ref, forged)).toMatchObject({ report: { result: 'failed', code: 'vote/not-checked' } });
		}
	});

	test('ways of voting and of secrecy that are not known are said to be so', async () => {
		const copeland = await hub.propose({ title: 'Pairs', choices: ['A', 'B'], type: 'copeland' });
		expect((await adapter.proposal(ref, copeland)).obstacle).toContain('way of voting');
		const shutter = await hub.propose({ title: 'Secret', choices: ['A', 'B'], privacy: 'shutter' });
		const secret = await adapter.proposal(ref, shutter);
		expect(secret.obstacle).toContain('Shutter');
		expect(await code(adapter.draft(ref, secret, { voter, choice: { kind: 'one', option: 1 }, reason: '' }))).toBe('vote/not-open');
	});

	test('open proposals, and those to come', async () => {
		const later = await hub.propose({ title: 'Later', choices: ['A', 'B'], start: 3600, end: 7200 });
		const listed = await adapter.proposals(ref, { open: true, first: 50 });
		expect(listed.find(({ id }) => id === later)?.state).toBe('pending');
		expect(listed.some(({ title }) => title === 'Over')).toBe(false);
		expect((await adapter.proposals(ref, { open: false, first: 50 })).some(({ title }) => title === 'Over')).toBe(true);
	});
});

describe('choices that stay secret until the vote closes', () => {
	const encrypting = createSnapshotAdapter({ fetch, clock: systemClock, encrypt: createShutter(systemRandom) });

	test('are encrypted for Shutter, said in words from what was encrypted, and taken', async () => {
		const proposal = await encrypting.proposal(
			ref,
			await hub.propose({ title: 'Secret', choices: ['A', 'B', 'C'], type: 'ranked-choice', privacy: 'shutter' }),
		);
		expect(proposal).toMatchObject({ obstacle: null, secretUntilClose: true, takesReason: false });
		const choice = { kind: 'ranked', options: [3, 1, 2] } as const;
		expect(await code(encrypting.draft(ref, proposal, { voter, choice, reason: 'x' }))).toBe('vote/not-supported');
		const draft = await encrypting.draft(ref, proposal, { voter, choice, reason: '' });
		expect(draft.typedData.message.choice).toMatch(/^0x[0-9a-f]{384}$/);
		const { struct: _struct, ...wire } = draft.typedData;
		const review = reviewTypedData(account, { typedData: wire, proposal: draft.words, plainChoice: draft.plainChoice ?? '' }, systemClock);
		expect(review.sentence).toBe('Vote 1. “C”, 2. “A”, 3. “B” on “Secret”');
		expect(review.warnings.join()).toContain('That you voted is public at once');
		const signature = signReviewed(review, keys);
		const answer = await encrypting.submit?.(ref, { typedData: review.typedData, signer: voter, signature });
		const receipt: VoteReceipt = {
			ref,
			proposalId: proposal.id,
			signer: voter,
			voter,
			typedData: review.typedData,
			signature,
			state: 'sent',
			...(answer ? { answer } : {}),
		};
		expect((await encrypting.check(ref, receipt)).state).toBe('counted');
		// The same choice twice does not look the same.
		const again = await encrypting.draft(ref, proposal, { voter, choice, reason: '' });
		expect(again.typedData.message.choice).not.toBe(draft.typedData.message.choice);
	});

	test('can be opened with the keypers’ key for the proposal, and hold the JSON that Snapshot reads', async () => {
		// An eon's public key, an epoch and its secret key, from the vectors of Shutter's library.
		const eonKey =
			'0x2ce57f0f9f70f9a4bbfec9cd960676444f233cdaf7990284bb137060711e5b9712688d25c30a04f9cb284a8460d0b693fcb91d1396553c334f409a68793ba576069dff311b8de28f84427f14cd6fcf128382f3c3f5a14b45cff92b126683fb640da0c77301b911d930e2831862cfd4a135877156cb47589e98f4dce800e9ae89';
		const epoch = '0xfa20cd60ab83994636f2e900b2ee943581e5f3c2b98aa9684fd4ac7fffe56696';
		const decryptionKey = '0a155af1ade8b835f6c1fdae9220ad7d0e52b3dec88454f35cb66376b2cb28370a221b3180119df2730a93dfcd82996fc424416dd7857a57b80328b511656da8';
		const sealed = await createShutter(systemRandom, undefined, eonKey)('{"1":60,"2":40}', epoch);
		const shutter = require('@shutter-network/shutter-crypto') as { init(): Promise<void>; decrypt(message: Uint8Array, key: Uint8Array): Promise<Uint8Array> };
		await shutter.init();
		expect(utf8Decode(await shutter.decrypt(hexDecode(sealed.slice(2)), hexDecode(decryptionKey)))).toBe('{"1":60,"2":40}');
	});

	test('are not signed where they cannot be encrypted', async () => {
		const broken = createSnapshotAdapter({ fetch, clock: systemClock, encrypt: createShutter(systemRandom, new URL('data:text/javascript,process.exit(1)')) });
		const proposal = await broken.proposal(ref, await hub.propose({ title: 'Broken', choices: ['A', 'B'], privacy: 'shutter' }));
		expect(await code(broken.draft(ref, proposal, { voter, choice: { kind: 'one', option: 1 }, reason: '' }))).toBe('vote/not-encrypted');
	});
});

describe('receipts', () => {
	test('a later vote takes the place of an earlier one; a vote that was dropped or changed is noticed', async () => {
		const proposal = await adapter.proposal(ref, await hub.propose({ title: 'Twice', choices: ['Yes', 'No'] }));
		const first = (await vote(proposal, { kind: 'one', option: 1 })).receipt;
		const second = (await vote(proposal, { kind: 'one', option: 2 })).receipt;
		expect((await adapter.check(ref, first)).state).toBe('replaced');
		expect((await adapter.check(ref, second)).state).toBe('counted');
		const row = hub.votes.at(-1) as unknown as { choice: unknown };
		row.choice = 1;
		expect(await adapter.check(ref, second)).toMatchObject({ state: 'not-counted', report: { code: 'vote/other-content' } });
		Object.assign(row, { choice: 2, voter: relayerOf(second) });
		expect(await adapter.check(ref, second)).toMatchObject({ state: 'not-counted', report: { code: 'vote/other-content' } });
		hub.votes.splice(0);
		expect(await adapter.check(ref, second)).toMatchObject({ state: 'not-counted', report: { code: 'vote/not-listed' } });
	});

	test('a receipt of somebody else is not taken for the relayer’s', async () => {
		const proposal = await adapter.proposal(ref, await hub.propose({ title: 'Receipt', choices: ['Yes', 'No'] }));
		const { receipt } = await vote(proposal, { kind: 'one', option: 1 });
		const relayer = { address: voter, receipt: receipt.answer?.relayer?.receipt ?? '' };
		const forged = { ...receipt, answer: { id: receipt.answer?.id ?? '', ipfs: null, relayer } };
		expect(await adapter.check(ref, forged)).toMatchObject({ state: 'counted', report: { result: 'warning', code: 'vote/bad-receipt' } });
	});

	test('what the service says when it refuses is told, cleaned; an answer about another vote is not believed', async () => {
		const proposal = await adapter.proposal(ref, await hub.propose({ title: 'Refused', choices: ['Yes', 'No'] }));
		const draft = await adapter.draft(ref, proposal, { voter, choice: { kind: 'one', option: 1 }, reason: '' });
		const wrong = adapter.submit?.(ref, {
			typedData: draft.typedData,
			signer: voter,
			signature: await privateKeyToAccount(generatePrivateKey()).sign({ hash: digestOf(draft.typedData) }),
		});
		await expect(wrong).rejects.toMatchObject({ code: 'vote/refused', message: expect.stringContaining('“wrong signature”') });
		const answers = (body: unknown, status = 200) =>
			createSnapshotAdapter({ clock: systemClock, fetch: async () => new Response(JSON.stringify(body), { status }) }).submit?.(ref, {
				typedData: draft.typedData,
				signer: voter,
				signature: '0x',
			});
		expect(await code(answers({ id: `0x${'00'.repeat(32)}` }) as Promise<unknown>)).toBe('vote/bad-answer');
		expect(await code(answers({ id: digestOf(draft.typedData) }, 500) as Promise<unknown>)).toBe('vote/bad-answer');
		expect(await code(answers('nonsense') as Promise<unknown>)).toBe('vote/bad-answer');
	});

	test('no voting power is said before the vote', async () => {
		hub.power = 0;
		const proposal = await adapter.proposal(ref, await hub.propose({ title: 'Power', choices: ['Yes', 'No'] }));
		expect((await adapter.standing(ref, proposal, voter)).obstacle).toContain('no voting power');
	});
});

test('a session key votes for the account until it is revoked', async () => {
	const session = accountAddress(CONTEXT, keys, 1);
	const owner: VoteAccount = { ...account, allowances: [...account.allowances, ...aliasAllowances(voter, session)] };
	const send = async (act: 'begin' | 'end') => {
		const { struct: _struct, ...wire } = aliasMessage(act, voter, session, systemClock);
		const review = reviewTypedData(owner, { typedData: wire }, systemClock);
		const signature = signReviewed(review, keys);
		return await adapter.submit?.(ref, { typedData: review.typedData, signer: voter, signature });
	};
	const proposal = await adapter.proposal(ref, await hub.propose({ title: 'By session key', choices: ['Yes', 'No'] }));
	const asSession: VoteAccount = { ...account, address: session, index: 1 };
	expect(await code(vote(proposal, { kind: 'one', option: 1 }, { as: asSession }))).toBe('vote/refused');
	await send('begin');
	expect(await adapter.aliases(ref, voter)).toEqual([{ address: session, begunAt: expect.any(Number) }]);
	const { receipt } = await vote(proposal, { kind: 'one', option: 1 }, { as: asSession });
	expect(receipt).toMatchObject({ signer: session, voter });
	expect((await adapter.check(ref, receipt)).state).toBe('counted');
	await send('end');
	expect(await adapter.aliases(ref, voter)).toEqual([]);
	// The session key signs nothing else: not for itself, and no other session key.
	const own = typedData('snapshot-vote-single', { name: 'snapshot', version: '0.1.4' }, { ...receipt.typedData.message, from: session });
	const { struct: _struct, ...wire } = own;
	expect(() => reviewTypedData(asSession, { typedData: wire }, systemClock)).toThrow(expect.objectContaining({ code: 'signing/other-value' }));
});

test('a hub that answers nonsense, or not at all', async () => {
	const answering = (body: string, status = 200) => createSnapshotAdapter({ clock: systemClock, fetch: async () => new Response(body, { status }) });
	expect(await code(answering('<html>').describe(ref))).toBe('vote/bad-answer');
	expect(await code(answering('{"data":{"it":{"id":7}}}').describe(ref))).toBe('vote/bad-answer');
	expect(await code(answering('{"data":{"it":null}}').describe(ref))).toBe('vote/no-such-dao');
	expect(await code(answering('{}', 429).describe(ref))).toBe('vote/too-many-requests');
	expect(await code(adapter.describe({ ...ref, space: 'nobody.eth' }))).toBe('vote/no-such-dao');
	expect(await code(adapter.proposal(ref, `0x${'00'.repeat(32)}`))).toBe('vote/no-such-proposal');
});
