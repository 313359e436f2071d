import { failed, group, passed, type ReportNode, warning } from '@holdfast/kernel';
import type { GuardedFetch } from '@holdfast/net';
import { type Hex, recoverAddress } from 'viem';
import { z } from 'zod';
import { hashLoose } from '../../typed-data/index.ts';
import type { SnapshotRef } from '../adapter.ts';
import { type Hub, type HubProposal, json } from './hub.ts';

/** What decides a vote, as the proposal's author signed it. */
export interface SignedProposal {
	readonly title: string;
	readonly body: string;
	readonly choices: readonly string[];
	readonly type: string;
	/** Seconds since the epoch. */
	readonly start: number;
	readonly end: number;
	readonly privacy: string;
}

export interface CheckedProposal {
	/** Undefined where what the hub says could not be held against what was signed. */
	readonly content: SignedProposal | undefined;
	readonly report: ReportNode;
}

const zFields = z.array(z.strictObject({ name: z.string().max(64), type: z.string().max(64) })).max(64);
const zEnvelope = z.object({
	address: z.string(),
	sig: z.string(),
	data: z.object({
		domain: z.strictObject({ name: z.literal('snapshot'), version: z.literal('0.1.4') }),
		types: z.record(z.string(), zFields),
		message: z.record(z.string(), z.unknown()),
	}),
});
const zSeconds = z
	.union([
		z.number(),
		z
			.string()
			.regex(/^\d{1,12}$/)
			.transform(Number),
	])
	.pipe(z.number().int().min(0));
const zSigned = z.object({
	space: z.string(),
	title: z.string(),
	body: z.string(),
	choices: z.array(z.string()).min(1).max(500),
	type: z.string(),
	privacy: z.string().optional(),
});
const zProposalMessage = zSigned.extend({ from: z.string(), start: zSeconds, end: zSeconds });
const zUpdateMessage = zSigned.extend({ from: z.string(), proposal: z.string(), timestamp: zSeconds });

const MAX_BYTES = 512 << 10;
const MAX_EDITS = 20;

interface Signed {
	readonly address: string;
	readonly sig: Hex;
	readonly digest: Hex;
	readonly message: Record<string, unknown>;
}

/**
 * Holds what a hub says about a proposal against what its author signed. The id of a proposal is the EIP-712 digest of that message, so
 * that a hub, a gateway and the network together cannot show other words for an id. One thing escapes the id: Snapshot lets an author
 * edit a proposal before voting starts, and the id stays. Then the edit, a message of its own, is looked for and its signature checked.
 */
export async function checkProposal(hub: Hub, fetch: GuardedFetch, ref: SnapshotRef, shown: HubProposal): Promise<CheckedProposal> {
	const original = await fetchSigned(fetch, ref, shown.ipfs, 'Proposal');
	const known = original && original.digest === shown.id ? zProposalMessage.safeParse(original.message) : undefined;
	if (!original || !known?.success) {
		return missing(
			original
				? failed({
						check: 'proposal/id',
						title: 'What its author signed',
						reason: 'What was found under this id is not what its author signed.',
						code: 'vote/other-content',
					})
				: failed({
						check: 'proposal/id',
						title: 'What its author signed',
						reason: 'What its author signed cannot be fetched now, so the words above cannot be checked.',
						code: 'vote/not-checked',
					}),
		);
	}
	const { from, ...signed } = known.data;
	const idCheck = passed({
		check: 'proposal/id',
		title: 'What its author signed',
		reason: 'The proposal’s id is the digest of this very text, so nobody can show other words under it.',
		evidence: { author: from },
	});
	if (signed.space !== ref.space || shown.space.id !== ref.space) {
		return missing(failed({ check: 'proposal/space', title: 'Space', reason: 'It was signed for another space.', code: 'vote/other-space' }));
	}
	const base: SignedProposal = { ...signed, privacy: signed.privacy ?? shown.privacy ?? '' };
	const edited = shown.updated !== null && shown.updated !== undefined && shown.updated > 0;
	if (!edited && sameAs(base, shown)) return { content: base, report: report([idCheck]) };
	if (!edited) {
		return missing(
			failed({ check: 'proposal/content', title: 'Content', reason: 'The hub shows other words than those that were signed.', code: 'vote/other-content' }),
		);
	}
	const edit = await findEdit(hub, fetch, ref, shown, from);
	if (!edit) {
		return missing(
			failed({
				check: 'proposal/edit',
				title: 'Edit',
				reason: 'It was edited after it was signed, and the author’s signature of the edit was not found.',
				code: 'vote/not-checked',
			}),
		);
	}
	return {
		// Start and end cannot be edited.
		content: { ...edit, start: base.start, end: base.end, privacy: edit.privacy ?? base.privacy },
		report: report([
			idCheck,
			warning({
				check: 'proposal/edit',
				title: 'Edit',
				reason: 'Its author edited it before voting began, and signed the edit. Its id still belongs to the first text; a hub could hide a later edit.',
				code: 'vote/edited',
			}),
		]),
	};
}

const report = (children: readonly ReportNode[]): ReportNode =>
	group({ check: 'proposal', title: 'The proposal', passed: 'It is what its author signed.', failed: 'It could not be checked.' }, children);

const missing = (node: ReportNode): CheckedProposal => ({ content: undefined, report: report([node]) });

async function findEdit(hub: Hub, fetch: GuardedFetch, ref: SnapshotRef, shown: HubProposal, author: string) {
	const edits = await hub.edits(ref.space, shown.created);
	for (const { ipfs } of edits.slice(0, MAX_EDITS)) {
		const signed = await fetchSigned(fetch, ref, ipfs, 'UpdateProposal');
		const message = signed && zUpdateMessage.safeParse(signed.message);
		if (!signed || !message?.success || message.data.proposal !== shown.id || message.data.space !== ref.space) continue;
		// An edit's content is bound by the author's signature alone. A contract's or a session key's cannot be checked here.
		if (message.data.from.toLowerCase() !== author.toLowerCase() || (await signerOf(signed)) !== author.toLowerCase()) continue;
		if (sameAs(message.data, shown)) return message.data;
	}
	return undefined;
}

async function signerOf({ digest, sig }: Signed): Promise<string | undefined> {
	try {
		return (await recoverAddress({ hash: digest, signature: sig })).toLowerCase();
	} catch {
		return undefined;
	}
}

function sameAs(signed: Pick<SignedProposal, 'title' | 'body' | 'choices' | 'type'>, shown: HubProposal): boolean {
	return (
		signed.title === shown.title &&
		signed.body === (shown.body ?? '') &&
		signed.type === (shown.type ?? 'single-choice') &&
		JSON.stringify(signed.choices) === JSON.stringify(shown.choices)
	);
}

/** The envelope behind a content id, with its digest computed anew; undefined where there is none that could be read. */
async function fetchSigned(fetch: GuardedFetch, ref: SnapshotRef, ipfs: string | null | undefined, primaryType: string): Promise<Signed | undefined> {
	if (!ipfs || !/^[A-Za-z0-9]{20,120}$/.test(ipfs)) return undefined;
	try {
		const response = await fetch(`${ref.gatewayUrl.replace(/\/?$/, '/')}${ipfs}`, { headers: { accept: 'application/json' }, maxBytes: MAX_BYTES });
		const read = zEnvelope.safeParse(await json(response));
		if (!read.success || !read.data.data.types[primaryType]) return undefined;
		const { domain, types, message } = read.data.data;
		const { EIP712Domain: _domain, ...rest } = types;
		return { address: read.data.address, sig: read.data.sig as Hex, digest: hashLoose({ domain, types: rest, primaryType, message }), message };
	} catch {
		// Whatever is wrong with a stranger's file, it is not what was looked for.
		return undefined;
	}
}
