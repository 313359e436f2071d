import { type Clock, displayText, epochSeconds, failed, group, passed, type ReportNode, warning } from '@holdfast/kernel';
import type { GuardedFetch } from '@holdfast/net';
import type { Address, Hex } from 'viem';
import { z } from 'zod';
import { choiceWords } from '../../firewall/choices.ts';
import type { Allowance, ProposalWords } from '../../firewall/review.ts';
import { digestOf, type TypedData, typedData } from '../../typed-data/index.ts';
import type {
	Ballots,
	CountCheck,
	DaoDescription,
	Draft,
	Proposal,
	ProposalState,
	ProposalSummary,
	SnapshotRef,
	Standing,
	VoteAdapter,
	VoteReceipt,
} from '../adapter.ts';
import { VoteError } from '../errors.ts';
import { snapshotChoice, structFor, votingOf, wireChoice } from './choice.ts';
import { envelope, isReceipt } from './envelope.ts';
import { Hub, type HubVote, json } from './hub.ts';
import { checkProposal } from './signed.ts';

export interface SnapshotPorts {
	readonly fetch: GuardedFetch;
	readonly clock: Clock;
	/** Encrypts a choice for a proposal until its vote closes (Shutter). Without it, such votes are refused with the reason. */
	readonly encrypt?: (plain: string, proposalId: Hex) => Promise<Hex>;
}

const DOMAIN = { name: 'snapshot', version: '0.1.4' } as const;
/** snapshot.js, voting/quadratic.ts. */
const QUADRATIC =
	'Quadratic: what each voter gives a choice counts by its square root, and the sum of these roots is squared. So many voters with little power weigh more than one with much.';

/** At most 24 characters (snapshot.js, vote schema). Shown beside the vote, to everybody. */
const APP = 'holdfast';
const VOTE_STRUCTS = ['snapshot-vote-single', 'snapshot-vote-array', 'snapshot-vote-string'] as const;

/** How long a session key is in force (apps/sequencer/src/helpers/alias.ts). */
export const ALIAS_LIFE_MS = 90 * 86_400_000;
/** How old a message may be when it is handed in (the sequencer's limit). */
export const MESSAGE_LIFE_MS = 6 * 86_400_000;

const noSuchProposal = () => new VoteError('vote/no-such-proposal', 'This proposal is not in this space.');

/** What an account, or its session key, may sign in a space. */
export const snapshotAllowances = (space: string, voter: Address): Allowance[] =>
	VOTE_STRUCTS.map((struct) => ({ struct, domain: DOMAIN, pins: { from: voter, space } }));

/** What an account may sign to let a session key vote for it, and to end that. */
export const aliasAllowances = (owner: Address, alias: Address): Allowance[] =>
	(['snapshot-alias', 'snapshot-revoke-alias'] as const).map((struct) => ({ struct, domain: DOMAIN, pins: { from: owner, alias } }));

/** A session key's beginning or end, to be reviewed and signed by its owner, and submitted like a vote. */
export const aliasMessage = (act: 'begin' | 'end', owner: Address, alias: Address, clock: Clock): TypedData =>
	typedData(act === 'begin' ? 'snapshot-alias' : 'snapshot-revoke-alias', DOMAIN, { from: owner, alias, timestamp: epochSeconds(clock) });

export interface SnapshotAdapter extends VoteAdapter<SnapshotRef> {
	readonly submit: NonNullable<VoteAdapter<SnapshotRef>['submit']>;
	/** The network on which the space asks contracts about their signatures (EIP-1271); null where the hub names none. */
	network(ref: SnapshotRef): Promise<number | null>;
	/** The session keys of an account that the hub lists and that are in force. */
	aliases(ref: SnapshotRef, owner: Address): Promise<readonly { readonly address: Address /** Milliseconds since the epoch. */; readonly begunAt: number }[]>;
}

/** Snapshot, off chain: votes are signed messages that a hub collects. */
export function createSnapshotAdapter({ fetch, clock, encrypt }: SnapshotPorts): SnapshotAdapter {
	const now = () => clock.now();

	const wordsOf = (proposal: Proposal): ProposalWords => ({
		id: proposal.id,
		title: proposal.title,
		options: proposal.options,
		voting: proposal.voting,
		secretUntilClose: proposal.secretUntilClose,
	});

	const submit: SnapshotAdapter['submit'] = async (ref, vote) => {
		const response = await fetch(ref.sequencerUrl, {
			method: 'POST',
			headers: { 'content-type': 'application/json', accept: 'application/json' },
			body: JSON.stringify(envelope(vote)),
			timeoutMs: 20_000,
		});
		const body = await json(response);
		const refusal = zRefusal.safeParse(body);
		if (refusal.success) {
			const said = refusal.data.error_description ?? refusal.data.error;
			throw new VoteError('vote/refused', `The voting service did not take it. It says: “${displayText(typeof said === 'string' ? said : 'no reason', 200)}”`);
		}
		const answer = zAnswer.safeParse(body);
		if (!answer.success || response.status !== 200) throw badAnswer(response.status);
		// The id is the digest: another one would be the receipt of something else.
		if (answer.data.id !== digestOf(vote.typedData)) throw badAnswer(response.status);
		return { id: answer.data.id, ipfs: answer.data.ipfs ?? null, relayer: answer.data.relayer ?? null };
	};

	return {
		system: 'snapshot',

		context: ({ space }) => ({ kind: 'dao', space }),

		describe: async (ref): Promise<DaoDescription> => {
			const space = await new Hub(fetch, ref).space(ref.space);
			if (space?.id !== ref.space) throw new VoteError('vote/no-such-dao', 'There is no such space on this hub. Check its name, for example name.eth.');
			const { voting, strategies } = space;
			const hours = (seconds: number | null | undefined) => (seconds ? `${Math.round(seconds / 360) / 10} hours` : 'Set by each proposal');
			return {
				name: displayText(space.name ?? ref.space, 120) || ref.space,
				facts: [
					{ label: 'Delay before voting', value: hours(voting?.delay) },
					{ label: 'Voting lasts', value: hours(voting?.period) },
					{ label: 'Quorum', value: voting?.quorum ? String(voting.quorum) : 'None' },
				],
				allowances: (voter) => snapshotAllowances(ref.space, voter),
				power: {
					words: `Counted when a proposal begins, by: ${(strategies ?? []).map(({ name }) => displayText(name, 60)).join(', ') || 'nothing that the hub names'}${space.symbol ? ` (${displayText(space.symbol, 20)})` : ''}.`,
				},
			};
		},

		proposals: async (ref, { open, first }): Promise<readonly ProposalSummary[]> => {
			const hub = new Hub(fetch, ref);
			const listed = open
				? (await Promise.all((['active', 'pending'] as const).map((state) => hub.proposals(ref.space, state, first)))).flat()
				: await hub.proposals(ref.space, 'all', first);
			return listed
				.filter(({ space }) => space.id === ref.space)
				.map(({ id, title, start, end }) => ({
					id,
					title: displayText(title, 300),
					state: stateOf(start, end, now()),
					startsAt: start * 1000,
					endsAt: end * 1000,
				}));
		},

		proposal: async (ref, id): Promise<Proposal> => {
			const hub = new Hub(fetch, ref);
			const shown = await hub.proposal(id);
			if (shown?.id !== id || shown.space.id !== ref.space) throw noSuchProposal();
			const { content, report } = await checkProposal(hub, fetch, ref, shown);
			const { title, body, choices, type, start, end, privacy } = content ?? {
				...shown,
				body: shown.body ?? '',
				type: shown.type ?? '',
				privacy: shown.privacy ?? '',
			};
			const voting = votingOf(type);
			const state = stateOf(start, end, now());
			const secret = privacy === 'shutter';
			const scores = shown.scores ?? [];
			return {
				id,
				title: displayText(title, 300),
				body,
				author: shown.author,
				state,
				startsAt: start * 1000,
				endsAt: end * 1000,
				ends: '',
				voting: voting ?? 'one',
				...(type === 'quadratic' ? { counting: QUADRATIC } : {}),
				options: choices.map((label, index) => ({ value: index + 1, label: displayText(label, 300) || `Option ${index + 1}` })),
				secretUntilClose: secret,
				takesReason: !secret,
				calls: [],
				report,
				tally: scores.length === choices.length ? scores.map((score, index) => ({ value: index + 1, power: String(score ?? 0) })) : null,
				obstacle: obstacleOf({ checked: content !== undefined, voting: voting !== undefined, state, privacy, canEncrypt: encrypt !== undefined, id }),
			};
		},

		standing: async (ref, proposal, voter): Promise<Standing> => {
			const hub = new Hub(fetch, ref);
			const [power, votes] = await Promise.all([hub.power(ref.space, proposal.id, voter), hub.votes(proposal.id, voter)]);
			const voted = votes.find((vote) => vote.voter.toLowerCase() === voter.toLowerCase());
			return {
				power: power ? String(power.vp) : null,
				voted: voted ? votedWords(wordsOf(proposal), voted) : null,
				obstacle: power && power.vp <= 0 ? 'This account has no voting power in this proposal, so its vote would not be taken.' : null,
			};
		},

		ballots: async (ref, proposal): Promise<Ballots> => {
			const hub = new Hub(fetch, ref);
			const [votes, space] = await Promise.all([hub.weightiest(proposal.id), hub.space(ref.space)]);
			// Snapshot's power is a decimal number; six digits behind the point are kept.
			const units = (power: number): bigint => BigInt(Math.round(Math.max(0, Math.min(power, 1e15)) * 1e6));
			const cast = proposal.tally?.reduce((sum, { power }) => sum + units(Number(power)), 0n) ?? null;
			const quorum = space?.voting?.quorum;
			return { votes: votes.map(({ voter, vp }) => ({ voter, weight: units(vp ?? 0) })), total: cast, counted: cast, quorum: quorum ? units(quorum) : null };
		},

		draft: async (ref, proposal, { voter, choice, reason }): Promise<Draft> => {
			if (proposal.obstacle !== null) throw new VoteError('vote/not-open', proposal.obstacle);
			if (proposal.secretUntilClose && reason !== '') throw new VoteError('vote/not-supported', 'A reason cannot be given while the choice is secret.');
			const chosen = snapshotChoice(proposal.voting, proposal.options.length, choice);
			// What a secret choice holds is JSON for every kind, so that it can be read again when the vote closes.
			const plainChoice = JSON.stringify(chosen);
			const wire = proposal.secretUntilClose ? await encrypted(plainChoice, proposal.id) : wireChoice(chosen);
			const message = { from: voter, space: ref.space, timestamp: epochSeconds(clock), proposal: proposal.id, choice: wire, reason, app: APP, metadata: '{}' };
			return {
				typedData: typedData(structFor(proposal.voting, proposal.secretUntilClose), DOMAIN, message),
				words: wordsOf(proposal),
				...(proposal.secretUntilClose ? { plainChoice } : {}),
			};
		},

		submit,

		check: async (ref, receipt): Promise<CountCheck> => {
			const hub = new Hub(fetch, ref);
			const id = digestOf(receipt.typedData);
			const relayer = receipt.answer?.relayer;
			const signed: ReportNode = relayer
				? (await isReceipt(receipt.signature, relayer))
					? passed({
							check: 'vote/receipt',
							title: 'Receipt',
							reason: 'The service’s relayer signed that it took this vote.',
							evidence: { relayer: relayer.address },
						})
					: warning({
							check: 'vote/receipt',
							title: 'Receipt',
							reason: 'The receipt is not the signature of the relayer that it names.',
							code: 'vote/bad-receipt',
						})
				: warning({ check: 'vote/receipt', title: 'Receipt', reason: 'There is no receipt from the service’s relayer.', code: 'vote/no-receipt' });
			const found = await hub.vote(id);
			if (found?.id === id) return counted(receipt, found, signed);
			const others = await hub.votes(receipt.proposalId, receipt.voter);
			const later = others.find((vote) => vote.id !== id && vote.voter.toLowerCase() === receipt.voter.toLowerCase());
			if (later)
				return outcome('replaced', 'A later vote of this account took its place.', [
					signed,
					warning({ check: 'vote/listed', title: 'In the count', reason: 'The hub lists another vote of this account.', code: 'vote/replaced' }),
				]);
			return outcome('not-counted', 'The hub does not list this vote.', [
				signed,
				failed({ check: 'vote/listed', title: 'In the count', reason: 'The hub does not list it.', code: 'vote/not-listed' }),
			]);
		},

		network: async (ref) => {
			const named = (await new Hub(fetch, ref).space(ref.space))?.network;
			return named && /^\d{1,15}$/.test(named) ? Number(named) : null;
		},

		aliases: async (ref, owner) => {
			const listed = await new Hub(fetch, ref).aliases(owner);
			return listed
				.filter(({ address, created }) => address.toLowerCase() === owner.toLowerCase() && created * 1000 > now() - ALIAS_LIFE_MS)
				.map(({ alias, created }) => ({ address: alias as Address, begunAt: created * 1000 }));
		},
	};

	async function encrypted(plain: string, proposalId: string): Promise<Hex> {
		if (!encrypt) throw new VoteError('vote/not-supported', NO_SHUTTER);
		return await encrypt(plain, proposalId as Hex);
	}
}

const zRefusal = z.object({ error: z.unknown().refine((value) => value !== undefined), error_description: z.unknown().optional() });
const zAnswer = z.object({
	id: z.string().max(100),
	ipfs: z.string().max(200).nullish(),
	relayer: z.object({ address: z.string().max(100), receipt: z.string().max(400) }).nullish(),
});

const badAnswer = (status: number) =>
	new VoteError('vote/bad-answer', 'The voting service’s answer cannot be read, so the vote may or may not have been taken. Check that it counted.', {
		status,
	});

const NO_SHUTTER = 'This vote keeps choices encrypted until it closes (Shutter), which this installation cannot do.';

function obstacleOf(facts: { checked: boolean; voting: boolean; state: ProposalState; privacy: string; canEncrypt: boolean; id: string }): string | null {
	if (!facts.checked)
		return 'What the hub shows could not be checked against what the proposal’s author signed, so nothing is signed about it. Try again later, or use another hub or gateway.';
	if (!facts.voting) return 'Holdfast does not know this way of voting.';
	if (facts.state === 'pending') return 'Voting has not begun yet.';
	if (facts.state !== 'open') return 'Voting is closed.';
	if (facts.privacy === '') return null;
	if (facts.privacy !== 'shutter') return 'Holdfast does not know how this vote keeps choices secret.';
	if (!facts.canEncrypt) return NO_SHUTTER;
	return /^0x[0-9a-f]{64}$/.test(facts.id) ? null : 'This proposal is of an old kind, for which a choice cannot be encrypted.';
}

const stateOf = (start: number, end: number, nowMs: number): ProposalState => (nowMs < start * 1000 ? 'pending' : nowMs < end * 1000 ? 'open' : 'closed');

function votedWords(proposal: ProposalWords, { choice }: HubVote): string {
	try {
		return choiceWords(proposal, choice);
	} catch {
		return 'A choice that is still encrypted, or that Holdfast cannot read';
	}
}

function counted(receipt: VoteReceipt, found: HubVote, signed: ReportNode): CountCheck {
	const mine = receipt.typedData.message.choice;
	const secret = typeof mine === 'string' && mine.startsWith('0x');
	const same = JSON.stringify(found.choice) === JSON.stringify(mine) || JSON.stringify(found.choice) === mine || sameShares(found.choice, mine);
	const voter = found.voter.toLowerCase() === receipt.voter.toLowerCase();
	if (!voter || (!same && !secret) || (found.proposal && found.proposal.id !== receipt.proposalId)) {
		return outcome('not-counted', 'The hub lists a vote under this id that is not what you signed.', [
			signed,
			failed({ check: 'vote/listed', title: 'In the count', reason: 'The hub lists another choice, voter or proposal.', code: 'vote/other-content' }),
		]);
	}
	const power = found.vp === null || found.vp === undefined ? '' : ` with a power of ${found.vp}`;
	return outcome('counted', `The hub counts this vote${power}.`, [
		signed,
		passed({
			check: 'vote/listed',
			title: 'In the count',
			reason: `The hub lists it${power}${secret && !same ? '; its choice is encrypted until the vote closes' : ''}.`,
		}),
	]);
}

/** Shares come back as an object, whose keys may be in another order than in the JSON that was signed. */
function sameShares(found: unknown, mine: unknown): boolean {
	if (typeof found !== 'object' || found === null || typeof mine !== 'string') return false;
	try {
		const sorted = (value: object) => JSON.stringify(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)));
		return sorted(found) === sorted(JSON.parse(mine) as object);
	} catch {
		return false;
	}
}

const outcome = (state: CountCheck['state'], words: string, nodes: readonly ReportNode[]): CountCheck => ({
	state,
	words,
	report: group({ check: 'vote', title: 'The vote', passed: words, failed: words }, nodes),
});
