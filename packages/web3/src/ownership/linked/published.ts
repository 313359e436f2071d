import { HoldfastError } from '@holdfast/kernel';
import { evidenceJson, readEvidence } from '../bundle.ts';
import type { OwnershipEvidence } from '../evidence.ts';
import { LIMITS } from '../limits.ts';
import { LinkedError } from './errors.ts';
import { linkJson, type SignedLink } from './statement.ts';

/** What a list of published statements may cost: anybody can add to it. */
export const PUBLISHED_LIMITS = {
	/** Characters. With evidence a statement has 12,000 on a small chain, without it 500. */
	text: 32 * 1024 * 1024,
	lines: 10_000,
} as const;

/** A list of statements, one for each line of JSON. */
export interface PublishedLinks {
	/** For `rebuildGroup`. A line that is no JSON is null, and refused there. */
	readonly links: readonly unknown[];
	/** By the token's number, in decimal. Not checked. */
	readonly evidence: ReadonlyMap<string, readonly ClaimedOwner[]>;
}

/** Evidence, and whose ownership the line that has it claims. */
export interface ClaimedOwner {
	readonly owner: string;
	readonly evidence: OwnershipEvidence;
}

/** A statement as it is published: its members, and as `evidence` what proves the ownership to whoever trusts the block's hash. */
export const publishedLine = (link: SignedLink, evidence?: OwnershipEvidence): string =>
	JSON.stringify({ ...linkJson(link), ...(evidence === undefined ? {} : { evidence: evidenceJson(evidence) }) });

/** Reads lines of {@link publishedLine}; empty and repeated ones are passed over. Throws `linked/too-large`, `linked/too-many`. */
export function readPublished(text: string): PublishedLinks {
	if (text.length > PUBLISHED_LIMITS.text) throw new LinkedError('linked/too-large', 'This list of statements is too long to read.');
	const lines = new Set(
		text
			.split('\n')
			.map((line) => line.trim())
			.filter((line) => line !== ''),
	);
	if (lines.size > PUBLISHED_LIMITS.lines) {
		throw new LinkedError('linked/too-many', `A list has at most ${PUBLISHED_LIMITS.lines} statements.`);
	}
	const evidence = new Map<string, ClaimedOwner[]>();
	const links = [...lines].map((line) => {
		const { link, proof } = readLine(line);
		const { tokenId, owner } = (link ?? {}) as { readonly tokenId?: unknown; readonly owner?: unknown };
		if (proof !== undefined && typeof tokenId === 'string' && typeof owner === 'string') {
			const known = evidence.get(tokenId);
			if (known) known.push({ owner, evidence: proof });
			else evidence.set(tokenId, [{ owner, evidence: proof }]);
		}
		return link;
	});
	return { links, evidence };
}

function readLine(line: string): { readonly link: unknown; readonly proof?: OwnershipEvidence } {
	if (line.length > LIMITS.text) return { link: null };
	let json: unknown;
	try {
		json = JSON.parse(line);
	} catch {
		return { link: null };
	}
	if (typeof json !== 'object' || json === null || Array.isArray(json) || !Object.hasOwn(json, 'evidence')) return { link: json };
	const { evidence, ...link } = json as { readonly evidence: unknown };
	try {
		return { link, proof: readEvidence(evidence) };
	} catch (error) {
		if (!(error instanceof HoldfastError)) throw error;
		// The statement may hold all the same: its ownership is found out in another way.
		return { link };
	}
}
