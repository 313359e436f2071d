import type { GuardedFetch } from '@holdfast/net';
import { z } from 'zod';
import type { SnapshotRef } from '../adapter.ts';
import { VoteError } from '../errors.ts';

// The part of Snapshot's GraphQL schema that is read. What comes is hostile: lengths are bounded here, text is cleaned where it is shown.

const zId = z.string().max(200);
const zSeconds = z.number().int().min(0).max(1e12);

export const zSpace = z.object({
	id: zId,
	name: z.string().max(500).nullish(),
	network: z.string().max(40).nullish(),
	symbol: z.string().max(100).nullish(),
	strategies: z
		.array(z.object({ name: z.string().max(200), network: z.string().max(40).nullish() }))
		.max(64)
		.nullish(),
	voting: z
		.object({ delay: z.number().nullish(), period: z.number().nullish(), quorum: z.number().nullish(), privacy: z.string().max(40).nullish() })
		.nullish(),
});

export const zListed = z.object({ id: zId, title: z.string().max(2000), start: zSeconds, end: zSeconds, space: z.object({ id: zId }) });

export const zProposal = z.object({
	id: zId,
	ipfs: z.string().max(200).nullish(),
	author: z.string().max(200),
	title: z.string().max(2000),
	body: z.string().max(400_000).nullish(),
	choices: z.array(z.string().max(2000)).min(1).max(500),
	type: z.string().max(40).nullish(),
	privacy: z.string().max(40).nullish(),
	created: zSeconds,
	updated: zSeconds.nullish(),
	start: zSeconds,
	end: zSeconds,
	scores: z.array(z.number().nullable()).max(500).nullish(),
	space: z.object({ id: zId }),
});
export type HubProposal = z.infer<typeof zProposal>;

export const zVote = z.object({
	id: zId,
	ipfs: z.string().max(200).nullish(),
	voter: z.string().max(200),
	created: zSeconds,
	choice: z.json(),
	vp: z.number().nullish(),
	proposal: z.object({ id: zId }).nullish(),
});
export type HubVote = z.infer<typeof zVote>;

export const zMessage = z.object({ id: zId, ipfs: z.string().max(200).nullish(), type: z.string().max(40), timestamp: zSeconds });
export const zAlias = z.object({ address: zId, alias: zId, created: zSeconds });

const MAX_BYTES = 2 << 20;

const PROPOSAL_FIELDS = 'id ipfs author title body choices type privacy created updated start end scores space { id }';
const VOTE_FIELDS = 'id ipfs voter created choice vp proposal { id }';

/** Snapshot's hub, read only. Each method says what the hub learns by it. */
export class Hub {
	readonly #fetch: GuardedFetch;
	readonly #url: string;

	constructor(fetch: GuardedFetch, { hubUrl }: Pick<SnapshotRef, 'hubUrl'>) {
		this.#fetch = fetch;
		this.#url = hubUrl;
	}

	/** Learns the space. */
	space(id: string) {
		return this.#one(
			'query($id: String!) { it: space(id: $id) { id name network symbol strategies { name network } voting { delay period quorum privacy } } }',
			{ id },
			zSpace,
		);
	}

	/** Learns the space. */
	proposals(space: string, state: 'active' | 'pending' | 'all', first: number) {
		return this.#many(
			'query($first: Int!, $where: ProposalWhere) { it: proposals(first: $first, where: $where, orderBy: "created", orderDirection: desc) { id title start end space { id } } }',
			{ first, where: { space, ...(state === 'all' ? {} : { state }) } },
			zListed,
		);
	}

	/** Learns the proposal. */
	proposal(id: string) {
		return this.#one(`query($id: String!) { it: proposal(id: $id) { ${PROPOSAL_FIELDS} } }`, { id }, zProposal);
	}

	/** Edits of proposals in a space since a time. Learns the space. */
	edits(space: string, since: number) {
		return this.#many(
			'query($where: MessageWhere) { it: messages(first: 100, where: $where, orderBy: "timestamp", orderDirection: desc) { id ipfs type timestamp } }',
			{ where: { space, type: 'update-proposal', timestamp_gte: since } },
			zMessage,
		);
	}

	/** Learns that somebody asks about this vote. */
	vote(id: string) {
		return this.#one(`query($id: String!) { it: vote(id: $id) { ${VOTE_FIELDS} } }`, { id }, zVote);
	}

	/** Learns that somebody asks about this voter in this proposal. */
	votes(proposal: string, voter: string) {
		return this.#many(
			`query($where: VoteWhere) { it: votes(first: 5, where: $where, orderBy: "created", orderDirection: desc) { ${VOTE_FIELDS} } }`,
			{ where: { proposal, voter } },
			zVote,
		);
	}

	/** The weightiest votes. Learns the proposal. */
	weightiest(proposal: string) {
		return this.#many(
			`query($where: VoteWhere) { it: votes(first: 1000, where: $where, orderBy: "vp", orderDirection: desc) { ${VOTE_FIELDS} } }`,
			{ where: { proposal } },
			zVote,
		);
	}

	/** Learns that somebody asks about this voter in this proposal. */
	power(space: string, proposal: string, voter: string) {
		return this.#one(
			'query($voter: String!, $space: String!, $proposal: String) { it: vp(voter: $voter, space: $space, proposal: $proposal) { vp } }',
			{ voter, space, proposal },
			z.object({ vp: z.number() }),
		);
	}

	/** Session keys of an account that are in force. Learns the account. */
	aliases(address: string) {
		return this.#many('query($where: AliasWhere) { it: aliases(first: 100, where: $where) { address alias created } }', { where: { address } }, zAlias);
	}

	async #one<T>(query: string, variables: object, schema: z.ZodType<T>): Promise<T | undefined> {
		return (await this.#ask(query, variables, schema.nullable())) ?? undefined;
	}

	async #many<T>(query: string, variables: object, schema: z.ZodType<T>): Promise<T[]> {
		// One bad entry among others is left out rather than hiding all.
		const list = await this.#ask(query, variables, z.array(z.unknown()).max(1000).nullable());
		return (list ?? []).flatMap((each) => {
			const read = schema.safeParse(each);
			return read.success ? [read.data] : [];
		});
	}

	async #ask<T>(query: string, variables: object, schema: z.ZodType<T>): Promise<T> {
		const response = await this.#fetch(this.#url, {
			method: 'POST',
			headers: { 'content-type': 'application/json', accept: 'application/json' },
			body: JSON.stringify({ query, variables }),
			maxBytes: MAX_BYTES,
		});
		if (response.status === 429) throw new VoteError('vote/too-many-requests', 'The voting service asks for a pause. Try again in a minute.');
		const answer = z.object({ data: z.object({ it: schema }) }).safeParse(await json(response));
		if (!answer.success)
			throw new VoteError('vote/bad-answer', 'The voting service answered in a way that Holdfast cannot read. Check its address.', { status: response.status });
		return answer.data.data.it as T;
	}
}

/** The body as JSON; undefined where it is none. */
export async function json(response: Response): Promise<unknown> {
	try {
		return JSON.parse(await response.text());
	} catch {
		return undefined;
	}
}
