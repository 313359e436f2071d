import { displayText, type Json, type JsonObject } from '@holdfast/kernel';
import { type DcqlCredentialQuery, PROOF_FORMAT } from '@holdfast/oid4vc';
import { ageAsked, readStatementRequest, type Statement, type StatementRequest, ZkError } from '@holdfast/zk';
import { PROOF_SYSTEM, QUERY_MEMBER } from './names.ts';

/** A credential query (OpenID4VP 1.0 §6.1) for a proof instead of claims. */
export const proofQuery = (id: string, vct: string, request: StatementRequest): JsonObject => ({
	id,
	format: PROOF_FORMAT,
	meta: { vct_values: [vct], [QUERY_MEMBER]: { request: request as unknown as Json, proof_systems: [PROOF_SYSTEM] } },
});

/** What a query for a proof asks. Undefined where this wallet cannot answer or check it, whatever the reason. */
export function readProofQuery(query: DcqlCredentialQuery): StatementRequest | undefined {
	if (query.format !== PROOF_FORMAT) return undefined;
	const member = query.meta?.[QUERY_MEMBER] as { request?: unknown; proof_systems?: unknown } | undefined;
	if (!Array.isArray(member?.proof_systems) || !member.proof_systems.includes(PROOF_SYSTEM)) return undefined;
	try {
		const request = readStatementRequest(member.request);
		// Statements about two credentials, and marks that recognise a holder, have no screens yet: what cannot be shown is not answered.
		return request.statement.kind === 'same-holder' || request.scope !== undefined || request.notRevoked === true ? undefined : request;
	} catch (error) {
		if (error instanceof ZkError) return undefined;
		throw error;
	}
}

/** A query as the same text on both sides: members sorted (as RFC 8785), so that a proof can be tied to it. */
export const canonical = (value: unknown): string =>
	JSON.stringify(value, (_name, each: unknown) =>
		typeof each === 'object' && each !== null && !Array.isArray(each)
			? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
			: each,
	);

export interface StatementWords {
	/** `Over 18`. */
	readonly label: string;
	/** `Yes`, or what is learned where a yes says too little. */
	readonly value: string;
	/** Continues "A proof …": `that the holder is over 18`. */
	readonly clause: string;
}

const nameOf = (path: readonly (string | number | null)[]): string =>
	displayText(String(path.findLast((part) => typeof part === 'string') ?? 'claim').replaceAll('_', ' '), 60);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A statement in words. An age is told as one only where the cutoff is exactly that of whole years on `today` (YYYYMMDD);
 * any other is told as the date it is, since a verifier that moves the cutoff about closes in on the birth date.
 */
export function statementWords(statement: Statement, today: number): StatementWords {
	const years = ageAsked(statement, today);
	if (years !== undefined) return { label: `Over ${years}`, value: 'Yes', clause: `that the holder is over ${years}` };
	if (statement.kind === 'bound') {
		const name = nameOf(statement.claim);
		const range =
			statement.op === 'between' ? `from ${statement.from} to ${statement.to}` : `${statement.op === '<=' ? 'at most' : 'at least'} ${statement.value}`;
		return { label: capital(name), value: displayText(capital(range), 120), clause: displayText(`that the ${name} is ${range}`, 200) };
	}
	if (statement.kind === 'member') {
		const name = nameOf(statement.claim);
		const set = displayText(statement.set.join(', '), 200);
		return { label: capital(name), value: `One of: ${set}`, clause: `that the ${name} is one of: ${set}` };
	}
	return { label: 'Same holder', value: 'Yes', clause: 'that two documents have one holder' };
}
