import { displayText, type Json, type JsonObject } from '@holdfast/kernel';
import { type DcqlCredentialQuery, PROOF_FORMAT } from '@holdfast/oid4vc';
import { ageAsked, type MemberStatement, readStatementRequest, revocationAgeOf, type Statement, type StatementRequest, ZkError } from '@holdfast/zk';
import { GROTH16, HONK, PROOF_SYSTEMS, type ProofSystem, QUERY_MEMBER } from './names.ts';
import { EU_COUNTRIES, nameOfSet } from './sets.ts';

/** A credential query (OpenID4VP 1.0 §6.1) for a proof instead of claims, by one of these systems, the first preferred. */
export const proofQuery = (id: string, vct: string, request: StatementRequest, systems: readonly ProofSystem[]): JsonObject => ({
	id,
	format: PROOF_FORMAT,
	meta: { vct_values: [vct], [QUERY_MEMBER]: { request: request as unknown as Json, proof_systems: [...systems] } },
});

export interface ProofQuery {
	readonly request: StatementRequest;
	/** Those that both sides know, in the verifier's order; at least one. */
	readonly systems: readonly ProofSystem[];
}

/** Sets, marks and places in an issuer's revocation tree are for attestations alone; UltraHonk has no circuit for sets and revocation. */
export const canProve = (system: ProofSystem, { statement, notRevoked, scope }: StatementRequest): boolean =>
	system === GROTH16 || (statement.kind === 'bound' && notRevoked !== true && (scope === undefined || system === HONK));

const LONGEST_VALUE = 100;
const LONGEST_SET = 1000;
const LONGEST_PURPOSE = 120;

/** Whether all that a person has to read before they agree can be shown, whole and as it is. */
function canBeTold({ statement, scope }: StatementRequest): boolean {
	const asItIs = (text: string, longest: number): boolean => displayText(text, longest) === text;
	if (scope !== undefined && !(asItIs(scope.purpose, LONGEST_PURPOSE) && asItIs(scope.epoch ?? '', LONGEST_PURPOSE))) return false;
	if (statement.kind !== 'member') return true;
	return statement.set.every((value) => asItIs(String(value), LONGEST_VALUE)) && statement.set.join(', ').length <= LONGEST_SET;
}

/** What a query for a proof asks. Undefined where this wallet cannot answer or check it, whatever the reason. */
export function readProofQuery(query: DcqlCredentialQuery): ProofQuery | undefined {
	if (query.format !== PROOF_FORMAT) return undefined;
	const member = query.meta?.[QUERY_MEMBER] as { request?: unknown; proof_systems?: unknown } | undefined;
	const named: readonly unknown[] = Array.isArray(member?.proof_systems) ? member.proof_systems.slice(0, 16) : [];
	const known = named.flatMap((name) => PROOF_SYSTEMS.find((each) => each === name) ?? []);
	if (!member || known.length === 0) return undefined;
	try {
		const request = readStatementRequest(member.request);
		// Statements about two credentials have no screens yet: what cannot be shown is not answered.
		if (request.statement.kind === 'same-holder' || !canBeTold(request)) return undefined;
		const systems = known.filter((system) => canProve(system, request));
		return systems.length === 0 ? undefined : { request, systems };
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

export interface LearnedWords {
	/** `Over 18`. */
	readonly label: string;
	/** `Yes`, or what is learned where a yes says too little. */
	readonly value: string;
	/** The same for whoever has verified it, where that is something else. */
	readonly verified?: string;
}

export interface StatementWords {
	/** What is learned, line by line. */
	readonly learned: readonly LearnedWords[];
	/** Continues "A proof …": `that the holder is over 18`. */
	readonly clause: string;
}

const nameOf = (path: readonly (string | number | null)[]): string =>
	displayText(
		path
			.filter((part) => typeof part === 'string')
			.join(' › ')
			.replaceAll('_', ' ') || 'claim',
		120,
	);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A span of time in the largest unit that fits: `1 hour`, `2 days`, `90 minutes`. */
function spanWords(seconds: number): string {
	const units = [
		['day', 86_400],
		['hour', 3600],
		['minute', 60],
		['second', 1],
	] as const;
	const [unit, length] = units.find(([, each]) => seconds % each === 0) ?? units[3];
	return `${seconds / length} ${unit}${seconds === length ? '' : 's'}`;
}

/**
 * What is asked in words. An age is told as one only where the cutoff is exactly that of whole years on `today` (YYYYMMDD);
 * any other is told as the date it is, since a verifier that moves the cutoff about closes in on the birth date.
 */
export function statementWords(request: StatementRequest, today: number): StatementWords {
	const { line, clause } = claimWords(request.statement, today);
	const more = [...(request.notRevoked === true ? [revocationWords(revocationAgeOf(request))] : []), ...(request.scope ? [markWords(request.scope)] : [])];
	return { learned: [line, ...more.map((each) => each.line)], clause: [clause, ...more.map((each) => each.clause)].join(', and ') };
}

interface Told {
	readonly line: LearnedWords;
	readonly clause: string;
}

function revocationWords(seconds: number): Told {
	const age = spanWords(seconds);
	return {
		line: { label: 'Not revoked', value: `By the issuer’s list, at most ${age} old` },
		clause: `that the issuer has not revoked the document, by a list at most ${age} old`,
	};
}

function markWords({ purpose, epoch }: NonNullable<StatementRequest['scope']>): Told {
	const what = `“${purpose}”${epoch === undefined ? '' : ` (${epoch})`}`;
	return {
		line: {
			label: `A mark for ${what}`,
			value: 'This verifier can tell when you come again for this purpose, but not who you are',
			verified: 'This holder’s first time',
		},
		clause: `a mark by which this verifier, and no other, can tell when the same holder comes again for ${what}`,
	};
}

function claimWords(statement: Statement, today: number): Told {
	const years = ageAsked(statement, today);
	if (years !== undefined) return { line: { label: `Over ${years}`, value: 'Yes' }, clause: `that the holder is over ${years}` };
	if (statement.kind === 'bound') {
		const name = nameOf(statement.claim);
		const range =
			statement.op === 'between' ? `from ${statement.from} to ${statement.to}` : `${statement.op === '<=' ? 'at most' : 'at least'} ${statement.value}`;
		return { line: { label: capital(name), value: displayText(capital(range), 120) }, clause: displayText(`that the ${name} is ${range}`, 200) };
	}
	if (statement.kind === 'member') {
		return memberWords(statement);
	}
	return { line: { label: 'Same holder', value: 'Yes' }, clause: 'that two documents have one holder' };
}

function memberWords({ claim, set }: MemberStatement): Told {
	const named = nameOfSet(set);
	if (named === EU && JSON.stringify(claim) === NATIONALITIES)
		return { line: { label: 'Citizen of the EU', value: 'Yes' }, clause: 'that the holder is a citizen of a country of the EU' };
	const name = nameOf(claim);
	const values = named ?? set.map(String).join(', ');
	return claim.includes(null)
		? { line: { label: capital(name), value: `At least one of them is one of: ${values}` }, clause: `that at least one of the ${name} is one of: ${values}` }
		: { line: { label: capital(name), value: `One of: ${values}` }, clause: `that the ${name} is one of: ${values}` };
}

const EU = nameOfSet(EU_COUNTRIES);
const NATIONALITIES = JSON.stringify(['nationalities', null]);
