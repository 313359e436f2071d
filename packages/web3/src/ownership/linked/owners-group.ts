import { failed, group, passed, type ReportNode, warning } from '@holdfast/kernel';
import { GROUP_LIMIT, SemaphoreGroup } from '@holdfast/semaphore';
import type { Hex } from 'viem';
import { LinkedError, type LinkedErrorCode } from './errors.ts';
import { groupIdOf, type OwnerSet } from './owner-set.ts';
import { isSignedByOwner, readLink, type SignedLink } from './statement.ts';

/** What has to be found out on the chain for one statement. */
export interface OwnershipQuestion extends OwnerSet {
	readonly tokenId: bigint;
	readonly owner: Hex;
}

/**
 * Finds out whether `owner` owned the token at the block. `passed` and `warning` say yes, `failed` no; `skipped`, or anything thrown, that
 * it could not be found out. The difference counts: whoever takes an unreachable node for a "no" has another group than everybody
 * else, and a proof that others accept fails there.
 */
export type ProveOwner = (question: OwnershipQuestion, options: { readonly signal?: AbortSignal }) => Promise<ReportNode>;

export interface RebuildInput {
	readonly set: OwnerSet;
	/** Parsed JSON of signed statements, from anywhere, in any order. All who prove or verify need the same ones. */
	readonly links: readonly unknown[];
	/** Seconds since the epoch at which statements must be unexpired. Everybody needs the same: the start of a vote, not one's own clock. */
	readonly at: number;
	readonly proveOwner: ProveOwner;
	/** Questions under way at a time. Default 8. */
	readonly parallel?: number;
	readonly signal?: AbortSignal;
	readonly onProgress?: (done: number, of: number) => void;
}

/** A statement that does not count, by its place in the list, and why. */
export interface RefusedLink {
	readonly index: number;
	readonly report: ReportNode;
}

/** Linked owners, as anybody can rebuild them. Made by {@link rebuildGroup} alone. */
export interface OwnersGroup {
	readonly set: OwnerSet;
	readonly groupId: Hex;
	readonly members: SemaphoreGroup;
	/** Accounts that a proof may come from. Fewer than members where an account linked several of its tokens to different identities. */
	readonly owners: number;
	/** When the first and the last statement in it expire; seconds since the epoch. */
	readonly expires: { readonly first: bigint; readonly last: bigint };
	readonly report: ReportNode;
	readonly refused: readonly RefusedLink[];
}

/** Below this, an answer is too easily guessed to be called anonymous. */
export const SMALL_CROWD = 20;

/**
 * Rebuilds a group from statements, trusting nobody for it: each must be for this group, unexpired, signed by its owner's key, and the owner
 * must have had the token at the group's block. Of several for one token, the one that expires last counts, and of those the one with
 * the smallest commitment; a commitment that stands for several tokens is one member. Members are in the order of their tokens, so the
 * same statements in any order give the same root.
 *
 * A statement that is refused is listed with its reason and does not fail the group, since anybody can publish anything.
 *
 * Throws `linked/not-checked` where an ownership could not be found out, `linked/too-many`, `linked/aborted`, `linked/bad-value`.
 */
export async function rebuildGroup(input: RebuildInput): Promise<OwnersGroup> {
	const { set, links } = input;
	const groupId = groupIdOf(set);
	if (links.length > GROUP_LIMIT) throw new LinkedError('linked/too-many', `A group is rebuilt from at most ${GROUP_LIMIT} statements.`);
	const { accepted, refused } = await judgeAll(input, groupId);
	const { counting, superseded } = onePerToken(accepted);
	const members = await membersOf(counting, input.signal);
	const owners = new Set(counting.map(({ link }) => link.statement.owner)).size;
	const expiries = counting.map(({ link }) => link.statement.expiresAt);
	const all = [...refused, ...superseded].sort((a, b) => a.index - b.index);
	return {
		set,
		groupId,
		members,
		owners,
		expires: { first: expiries.reduce((a, b) => (b < a ? b : a), expiries[0] ?? 0n), last: expiries.reduce((a, b) => (b > a ? b : a), 0n) },
		report: reportOf(set, counting, all, owners, members),
		refused: all,
	};
}

interface Accepted {
	readonly index: number;
	readonly link: SignedLink;
	/** What proveOwner said. */
	readonly ownership: ReportNode;
}

async function judgeAll(input: RebuildInput, groupId: Hex): Promise<{ accepted: readonly Accepted[]; refused: readonly RefusedLink[] }> {
	const { links, parallel = 8, signal, onProgress } = input;
	const accepted: Accepted[] = [];
	const refused: RefusedLink[] = [];
	const owner = askedOnce(input);
	let next = 0;
	let done = 0;
	let broken = false;
	const work = async (): Promise<void> => {
		while (next < links.length && !broken) {
			const index = next++;
			throwIfAborted(signal);
			const judged = await judge(links[index], input, groupId, owner);
			if ('link' in judged) accepted.push({ index, ...judged });
			else refused.push({ index, report: judged });
			onProgress?.(++done, links.length);
		}
	};
	await Promise.all(
		Array.from({ length: Math.max(1, parallel) }, () =>
			work().catch((error: unknown) => {
				broken = true;
				throw error;
			}),
		),
	);
	return { accepted, refused };
}

const LINK = { check: 'linked/statement', title: 'Statement of an owner' };
const refuse = (code: LinkedErrorCode, reason: string): ReportNode => failed({ ...LINK, code, reason });

/** From the cheapest check to the dearest. */
async function judge(
	json: unknown,
	{ set, at }: RebuildInput,
	groupId: Hex,
	owner: (link: SignedLink) => Promise<ReportNode>,
): Promise<ReportNode | Omit<Accepted, 'index'>> {
	let link: SignedLink;
	try {
		link = readLink(json);
	} catch (error) {
		if (!(error instanceof LinkedError)) throw error;
		return refuse(error.code, error.message);
	}
	const { statement } = link;
	if (statement.groupId !== groupId) return refuse('linked/wrong-group', 'The statement is for another group.');
	if (statement.blockNumber !== set.blockNumber) return refuse('linked/wrong-block', 'The statement names another block than its group has.');
	if (statement.expiresAt <= BigInt(Math.floor(at))) return refuse('linked/expired', 'The statement had expired.');
	if (!(await isSignedByOwner(link))) return refuse('linked/bad-signature', 'The owner’s key did not sign this statement.');
	const ownership = await owner(link);
	if (ownership.result === 'failed') {
		return { ...refuse('linked/not-owner', `The account did not own the token at this block. ${ownership.reason}`), children: [ownership] };
	}
	return { link, ownership };
}

/** The same question is asked once, however many statements there are. */
function askedOnce({ set, proveOwner, signal }: RebuildInput): (link: SignedLink) => Promise<ReportNode> {
	const answers = new Map<string, Promise<ReportNode>>();
	const ask = async (tokenId: bigint, owner: Hex): Promise<ReportNode> => {
		let report: ReportNode;
		try {
			report = await proveOwner({ ...set, tokenId, owner }, signal ? { signal } : {});
		} catch (cause) {
			throwIfAborted(signal);
			throw notChecked(cause);
		}
		if (report.result === 'skipped') throw notChecked(report.code);
		return report;
	};
	return ({ statement: { tokenId, owner } }) => {
		const key = `${tokenId} ${owner}`;
		const answer = answers.get(key) ?? ask(tokenId, owner);
		answers.set(key, answer);
		return answer;
	};
}

const notChecked = (cause: unknown): LinkedError =>
	new LinkedError(
		'linked/not-checked',
		'Who owned a token at this block could not be found out, so the group is not known yet. Try again, or with another node.',
		{
			cause,
		},
	);

function throwIfAborted(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new LinkedError('linked/aborted', 'Rebuilding the group was stopped.');
}

/** In the order of tokens. */
function onePerToken(accepted: readonly Accepted[]): { readonly counting: readonly Accepted[]; readonly superseded: readonly RefusedLink[] } {
	const best = new Map<bigint, Accepted>();
	for (const each of accepted) {
		const other = best.get(each.link.statement.tokenId);
		if (other === undefined || before(each, other)) best.set(each.link.statement.tokenId, each);
	}
	const order = ({ link: a }: Accepted, { link: b }: Accepted): number => (a.statement.tokenId < b.statement.tokenId ? -1 : 1);
	return {
		counting: [...best.values()].sort(order),
		superseded: accepted
			.filter((each) => best.get(each.link.statement.tokenId) !== each)
			.map(({ index }) => ({ index, report: refuse('linked/superseded', 'Another statement for the same token counts: one commitment for each token.') })),
	};
}

/** Whether `a` counts rather than `b`, for one token. What is left equal says the same, so the earlier one in the list is as good. */
function before({ index: i, link: { statement: a } }: Accepted, { index: j, link: { statement: b } }: Accepted): boolean {
	if (a.expiresAt !== b.expiresAt) return a.expiresAt > b.expiresAt;
	if (a.commitment !== b.commitment) return a.commitment < b.commitment;
	return i < j;
}

/** Hashes go in slices, so that the thread stays free for what else there is. */
const SLICE = 256;

async function membersOf(counting: readonly Accepted[], signal: AbortSignal | undefined): Promise<SemaphoreGroup> {
	const commitments = [...new Set(counting.map(({ link }) => link.statement.commitment))];
	const members = new SemaphoreGroup();
	for (let at = 0; at < commitments.length; at += SLICE) {
		throwIfAborted(signal);
		members.add(commitments.slice(at, at + SLICE));
		await new Promise((resolve) => setTimeout(resolve, 0));
	}
	return members;
}

function reportOf(set: OwnerSet, counting: readonly Accepted[], refused: readonly RefusedLink[], owners: number, members: SemaphoreGroup): ReportNode {
	const doubtful = counting.filter(({ ownership }) => ownership.result === 'warning');
	const reasons = Map.groupBy(refused, ({ report }) => report.code ?? '');
	const ownership = { check: 'linked/owners', title: 'Owners' };
	const found = `Each account owned its token at block ${set.blockNumber}, and signed for its commitment.`;
	return group(
		{
			check: 'linked/group',
			title: 'Group of owners',
			passed: `${members.size} linked owners of the collection.`,
			failed: 'There is no such group.',
		},
		[
			passed({
				check: 'linked/statements',
				title: 'Statements',
				reason: `${counting.length} statements count, ${refused.length} do not.`,
				evidence: {
					members: String(members.size),
					owners: String(owners),
					...Object.fromEntries([...reasons].map(([code, each]) => [code, String(each.length)])),
				},
			}),
			doubtful[0]
				? warning({
						...ownership,
						reason: `${found} For ${doubtful.length} of them: ${doubtful[0].ownership.reason}`,
						code: doubtful[0].ownership.code ?? 'linked/not-checked',
					})
				: passed({ ...ownership, reason: found }),
			crowdOf(owners),
		],
	);
}

function crowdOf(owners: number): ReportNode {
	const leaf = { check: 'linked/crowd', title: 'Crowd', evidence: { owners: String(owners) } };
	if (owners === 0) return failed({ ...leaf, reason: 'No owner has linked an identity.', code: 'linked/no-members' });
	if (owners < SMALL_CROWD) {
		return warning({
			...leaf,
			reason: `Only ${owners} ${owners === 1 ? 'account has' : 'accounts have'} linked an identity: who made a proof can be guessed. From ${SMALL_CROWD} on it is called a crowd here.`,
			code: 'linked/small-crowd',
		});
	}
	return passed({ ...leaf, reason: `The proof may come from any of ${owners} accounts, as far as they belong to different people.` });
}
