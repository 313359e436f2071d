import { sha256, utf8 } from '@holdfast/crypto';
import { birthCutoff, dateToInteger, FIRST_DATE, isDate, LAST_DATE } from './calendar.ts';
import { API_ID, hashToCurve } from './ciphersuite.ts';
import { isClaimName, isInteger } from './claims.ts';
import { frame } from './compact.ts';
import { BbsError } from './errors.ts';
import { LIMITS } from './limits.ts';

/** A claim proven to lie between `min` and `max`, both included, without being shown. At least one of them. */
export type Bound =
	| { readonly claim: string; readonly kind: 'date'; readonly min?: string; readonly max?: string }
	| { readonly claim: string; readonly kind: 'integer'; readonly min?: number; readonly max?: number };

/**
 * What a verifier asks. Both sides hold it: the verifier made it, the wallet read it out of the protocol's
 * request. It is never taken from a presentation. All of it is bound into the proof.
 */
export interface BbsRequest {
	/** Fresh for each request, at least 16 characters. */
	readonly nonce: string;
	/** The verifier, as the wallet has established it: `client_id` of OpenID4VP. */
	readonly audience: string;
	/** Where the answer goes: `response_uri`. */
	readonly responseUri: string;
	/** Accepted types of the credential, 1 to 8. */
	readonly types: readonly string[];
	/** Claims to be shown. */
	readonly disclose: readonly string[];
	/** At most one for a claim, none for a claim that is shown. */
	readonly bounds: readonly Bound[];
	/** Asks for a pseudonym: the same for this audience and purpose, unlinkable to any other. */
	readonly pseudonym?: { readonly purpose: string };
	/** The protocol's own query, or its hash, as sent: bound, not read. */
	readonly query?: string;
}

/** "At least `years` old on `today`", as a bound on a birth date. The verifier computes it, with its own day. */
export const overAge = (claim: string, years: number, today: string): Bound => ({ claim, kind: 'date', max: birthCutoff(today, years) });

/** Checks a request's form. Throws `bbs/bad-request`. */
export function checkRequest(request: BbsRequest): void {
	const bad = (): BbsError => new BbsError('bbs/bad-request', 'The request asks for something that cannot be answered with this kind of credential.');
	const text = (value: unknown, limit: number = LIMITS.identifier): boolean =>
		typeof value === 'string' && value !== '' && value.isWellFormed() && utf8(value).length <= limit;
	if (!text(request.nonce) || request.nonce.length < 16) throw bad();
	if (!text(request.audience) || !text(request.responseUri)) throw bad();
	if (request.types.length === 0 || request.types.length > LIMITS.types || !request.types.every((type) => text(type))) throw bad();
	if (request.pseudonym && !text(request.pseudonym.purpose)) throw bad();
	if (request.query !== undefined && !text(request.query, LIMITS.query)) throw bad();
	const names = [...request.disclose, ...request.bounds.map(({ claim }) => claim)];
	if (request.disclose.length > LIMITS.claims || request.bounds.length > LIMITS.bounds || !names.every(isClaimName)) throw bad();
	if (new Set(names).size !== names.length) throw bad();
	for (const bound of request.bounds) {
		const valid = bound.kind === 'date' ? isDate : isInteger;
		if (bound.min === undefined && bound.max === undefined) throw bad();
		if ([bound.min, bound.max].some((value) => value !== undefined && !valid(value))) throw bad();
		const { min, max } = rangeOf(bound);
		if (min > max) throw bad();
	}
}

/** The bound as integers, both included. A side that was left open reaches to the last date or integer there is. */
export function rangeOf(bound: Bound): { readonly min: number; readonly max: number } {
	if (bound.kind === 'date') {
		return { min: bound.min === undefined ? FIRST_DATE : dateToInteger(bound.min), max: bound.max === undefined ? LAST_DATE : dateToInteger(bound.max) };
	}
	return { min: bound.min ?? 0, max: bound.max ?? LIMITS.integer };
}

/** "Valid on `day`" as a bound on the last day of validity. */
export const validityRange = (day: string): { readonly min: number; readonly max: number } => ({ min: dateToInteger(day), max: LAST_DATE });

/** SHA-256 over all that was asked, by whom, where the answer goes, and the nonce. */
export function requestHash(request: BbsRequest): Uint8Array {
	const list = (values: readonly string[]): Uint8Array => frame(...values);
	return sha256(
		frame(
			'holdfast-bbs-request/1',
			request.nonce,
			request.audience,
			request.responseUri,
			list(request.types),
			list(request.disclose),
			frame(...request.bounds.map((bound) => list([bound.claim, bound.kind, String(rangeOf(bound).min), String(rangeOf(bound).max)]))),
			request.pseudonym ? list([request.pseudonym.purpose]) : list([]),
			request.query === undefined ? list([]) : list([request.query]),
		),
	);
}

/**
 * The base of a pseudonym: a point from audience and purpose by hashing, so that nobody knows how the bases
 * of two verifiers relate (OP of draft-irtf-cfrg-bbs-per-verifier-linkability). undefined where none is asked.
 */
export const pseudonymBase = (request: BbsRequest): Uint8Array | undefined =>
	request.pseudonym &&
	hashToCurve(frame('holdfast-bbs-scope/1', request.audience, request.pseudonym.purpose), new Uint8Array([...API_ID, ...utf8('PSEUDONYM_')]));
