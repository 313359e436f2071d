import { concat, utf8 } from '@holdfast/crypto';
import { dateToInteger, isDate } from './calendar.ts';
import { API_ID, messageToScalar } from './ciphersuite.ts';
import { array, frame, malformed } from './compact.ts';
import { BbsError } from './errors.ts';
import { LIMITS } from './limits.ts';

/**
 * `date`: `YYYY-MM-DD`, a real day, signed as the integer YYYYMMDD.
 * `integer`: 0 to 2^52−1, signed as itself.
 * `text` and `boolean`: signed as the draft's hash of their bytes.
 * `null` says that the issuer has no value. A date without one is signed as 0, which no bound reaches.
 */
export type ClaimKind = 'date' | 'integer' | 'text' | 'boolean';
export type ClaimValue = string | number | boolean | null;

export interface Claim {
	readonly name: string;
	readonly kind: ClaimKind;
	readonly value: ClaimValue;
}

/** Names and kinds, sorted by name: what every credential of one type should share, because it is shown. */
export type ClaimSchema = readonly { readonly name: string; readonly kind: ClaimKind }[];

/** As JSON members are named; a nested one with dots: `address.locality`. */
const NAME = /^[a-zA-Z][a-zA-Z0-9_.-]{0,63}$/;
export const isClaimName = (name: unknown): name is string => typeof name === 'string' && NAME.test(name);
const KINDS: readonly ClaimKind[] = ['date', 'integer', 'text', 'boolean'];

export const isInteger = (value: unknown): value is number =>
	typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= LIMITS.integer && !Object.is(value, -0);

/** Whether `value` is one that a claim of this kind may have. */
export function isValue(kind: ClaimKind, value: unknown): value is ClaimValue {
	switch (kind) {
		case 'integer':
			return isInteger(value);
		case 'date':
			return value === null || isDate(value);
		case 'boolean':
			return value === null || typeof value === 'boolean';
		case 'text':
			// Half of a surrogate pair has no UTF-8: two texts would be signed as one.
			return value === null || (typeof value === 'string' && value.isWellFormed() && utf8(value).length <= LIMITS.text);
	}
}

/** The claims sorted by name. Throws `bbs/bad-claim`. */
export function sortClaims(claims: readonly Claim[]): Claim[] {
	if (claims.length === 0 || claims.length > LIMITS.claims) throw new BbsError('bbs/bad-claim', `A credential of this form has 1 to ${LIMITS.claims} claims.`);
	const sorted = claims.map(({ name, kind, value }) => ({ name, kind, value })).sort((a, b) => (a.name < b.name ? -1 : 1));
	sorted.forEach((claim, at) => {
		if (!isClaimName(claim.name) || !KINDS.includes(claim.kind) || !isValue(claim.kind, claim.value) || sorted[at - 1]?.name === claim.name) {
			throw new BbsError('bbs/bad-claim', 'A claim has a name, a kind or a value that this form of credential does not have.');
		}
	});
	return sorted;
}

/** Reads `[[name, kind], …]`, strictly sorted. Throws `bbs/malformed`. */
export function readSchema(json: unknown): ClaimSchema {
	const schema = array(json, LIMITS.claims).map((entry) => {
		const [name, kind] = array(entry, 2);
		if (!isClaimName(name) || !KINDS.includes(kind as ClaimKind)) throw malformed();
		return { name, kind: kind as ClaimKind };
	});
	if (schema.length === 0 || schema.some(({ name }, at) => at > 0 && name <= (schema[at - 1]?.name ?? ''))) throw malformed();
	return schema;
}

export const writeSchema = (schema: ClaimSchema): [string, ClaimKind][] => schema.map(({ name, kind }) => [name, kind]);

/** The scalar that is signed for a claim. Its place, name and kind are in the header (header below). */
export function claimScalar(kind: ClaimKind, value: ClaimValue): bigint {
	if (typeof value === 'number') return BigInt(value);
	if (kind === 'date') return value === null ? 0n : BigInt(dateToInteger(String(value)));
	if (value === null) return messageToScalar(Uint8Array.of(0), API_ID);
	if (typeof value === 'boolean') return messageToScalar(Uint8Array.of(1, value ? 1 : 0), API_ID);
	return messageToScalar(concat(Uint8Array.of(2), utf8(value)), API_ID);
}

/** The header that the signature covers (draft §3.5): all that every presentation shows. */
export const headerBytes = (header: { readonly issuer: string; readonly keyId: string; readonly type: string; readonly schema: ClaimSchema }): Uint8Array =>
	frame('holdfast-bbs-credential/1', header.issuer, header.keyId, header.type, ...header.schema.flatMap(({ name, kind }) => [name, kind]));
