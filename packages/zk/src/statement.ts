import type { ClaimPath } from '@holdfast/credentials';
import { type EncodedValue, encodeValue, HIGHEST } from './claims.ts';
import { dateText, isDay, latestBirth } from './dates.ts';
import { ZkError } from './errors.ts';
import { hashToField } from './field.ts';
import { hasOnly, isRecord, isText, type JsonRecord } from './json.ts';
import { type MerklePath, merklePath, merkleRoot } from './merkle.ts';
import type { AttestedKind, BoundStatement, CircuitId, MemberStatement, NullifierScope, Statement, StatementRequest } from './model.ts';

/** Seconds that a list of revoked credentials may be old where the verifier does not say. */
const DEFAULT_REVOCATION_AGE_SEC = 86_400;
/** A year: no verifier that asks for a list at all means an older one. */
const MAX_REVOCATION_AGE_SEC = 31_536_000;

/** The oldest list of revoked credentials that this request accepts, in seconds. */
export const revocationAgeOf = ({ maxRevocationAgeSec }: StatementRequest): number => maxRevocationAgeSec ?? DEFAULT_REVOCATION_AGE_SEC;

/** Leaves of a set: circuits/member.circom has depth 5. */
export const MAX_SET = 32;

const bad = (message: string): ZkError => new ZkError('zk/bad-statement', message);

/** "At least `years` years old on `today`" (YYYYMMDD), about a birth date. See `latestBirth` for 29 February. */
export function overAge(years: number, today: number, claim: ClaimPath = ['birthdate']): BoundStatement {
	return { kind: 'bound', claim, op: '<=', value: dateText(latestBirth(years, today)) };
}

/**
 * The age that a bound asks about on `today`, if it is one of whole years; for showing "over 18" to the holder. Any other
 * cutoff must be shown as the date it is: a verifier that moves the cutoff around learns the birth date by bisection.
 */
export function ageAsked(statement: Statement, today: number): number | undefined {
	if (statement.kind !== 'bound' || statement.op !== '<=' || typeof statement.value !== 'string') return undefined;
	for (let years = 0; years <= 150; years++) {
		if (today - years * 10_000 < 1_01_01) return undefined;
		if (dateText(latestBirth(years, today)) === statement.value) return years;
	}
	return undefined;
}

export interface Bounds {
	readonly kind: 'date' | 'integer';
	readonly low: bigint;
	readonly high: bigint;
}

/** The bounds as the circuit compares them. Throws `zk/bad-statement`. */
export function boundsOf(statement: BoundStatement): Bounds {
	const from = statement.op === 'between' ? ordered(statement.from) : statement.op === '>=' ? ordered(statement.value) : undefined;
	const to = statement.op === 'between' ? ordered(statement.to) : statement.op === '<=' ? ordered(statement.value) : undefined;
	const kind = from?.kind ?? to?.kind;
	if (kind === undefined || (to !== undefined && to.kind !== kind)) throw bad('The bounds must be two dates or two numbers.');
	const low = from?.value ?? 0n;
	const high = to?.value ?? HIGHEST[kind];
	if (low > high) throw bad('The lower bound is above the upper one.');
	return { kind, low, high };
}

function ordered(value: string | number): { readonly kind: 'date' | 'integer'; readonly value: bigint } {
	const encoded = encodeValue(value);
	if (encoded?.kind === 'date' || encoded?.kind === 'integer') return { kind: encoded.kind, value: encoded.value };
	throw bad('A bound must be a real date or a whole number.');
}

export interface PublicSet {
	readonly kind: AttestedKind;
	readonly root: bigint;
	/** The path to a value, or `undefined` where it is not in the set. */
	path(value: bigint): MerklePath | undefined;
}

/** The set as a tree of 32 leaves: sorted, without repetitions, filled up with its last value. Throws `zk/bad-statement`. */
export function publicSet(statement: MemberStatement): PublicSet {
	const encoded = statement.set.map((value): EncodedValue => {
		const each = encodeValue(value);
		if (each === undefined) throw bad('A value of the set cannot be compared.');
		return each;
	});
	const kind = encoded[0]?.kind;
	if (kind === undefined || encoded.length > MAX_SET || encoded.some((each) => each.kind !== kind)) throw bad(`A set has 1 to ${MAX_SET} values of one kind.`);
	const values = [...new Set(encoded.map((each) => each.value))].sort((a, b) => (a < b ? -1 : 1));
	const leaves = Array.from({ length: MAX_SET }, (_, index) => values[Math.min(index, values.length - 1)] ?? 0n);
	return {
		kind,
		root: merkleRoot(leaves),
		path(value) {
			const index = leaves.indexOf(value);
			return index === -1 ? undefined : merklePath(leaves, index);
		},
	};
}

/** The public input for a scope: 0 for none. */
export const scopeHash = (scope: NullifierScope | undefined): bigint =>
	scope === undefined ? 0n : hashToField('holdfast/scope/1', scope.verifier, scope.purpose, scope.epoch ?? '');

/** The circuit that proves what is asked. */
export function circuitFor(request: StatementRequest): CircuitId {
	if (request.statement.kind !== 'bound') return request.statement.kind;
	return request.notRevoked === true ? 'bound-revocable' : 'bound';
}

const isClaimPath = (value: unknown): value is ClaimPath =>
	Array.isArray(value) && value.length >= 1 && value.length <= 8 && value.every((part) => part === null || isText(part, 1024));

/** Reads a statement from a request, strictly. Throws `zk/bad-statement`. */
export function readStatement(json: unknown): Statement {
	if (!isRecord(json)) throw bad('The statement cannot be read.');
	switch (json.kind) {
		case 'bound':
			return readBound(json);
		case 'member':
			return readMember(json);
		case 'same-holder':
			if (!hasOnly(json, ['kind'])) break;
			return { kind: 'same-holder' };
	}
	throw bad('Holdfast does not know this kind of statement.');
}

const isBound = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

function readBound(json: JsonRecord): BoundStatement {
	const { claim, op } = json;
	if (!isClaimPath(claim)) throw bad('The statement names no claim.');
	let statement: BoundStatement | undefined;
	if (op === 'between' && hasOnly(json, ['kind', 'claim', 'op', 'from', 'to']) && isBound(json.from) && isBound(json.to)) {
		statement = { kind: 'bound', claim: [...claim], op, from: json.from, to: json.to };
	} else if ((op === '>=' || op === '<=') && hasOnly(json, ['kind', 'claim', 'op', 'value']) && isBound(json.value)) {
		statement = { kind: 'bound', claim: [...claim], op, value: json.value };
	}
	if (statement === undefined) throw bad('The bounds of the statement cannot be read.');
	boundsOf(statement);
	return statement;
}

function readMember(json: JsonRecord): MemberStatement {
	const { claim, set } = json;
	if (!hasOnly(json, ['kind', 'claim', 'set']) || !isClaimPath(claim) || !Array.isArray(set) || set.length > MAX_SET)
		throw bad('The set of the statement cannot be read.');
	const statement: MemberStatement = { kind: 'member', claim: [...claim], set: [...set] };
	publicSet(statement);
	return statement;
}

/** Reads what a verifier asks for, strictly. Throws `zk/bad-statement`. */
export function readStatementRequest(json: unknown): StatementRequest {
	if (!isRecord(json) || !hasOnly(json, ['statement', 'types'], ['notRevoked', 'maxRevocationAgeSec', 'scope']))
		throw bad('The request for a statement cannot be read.');
	const { types, notRevoked, maxRevocationAgeSec, scope } = json;
	const statement = readStatement(json.statement);
	if (!Array.isArray(types) || types.length < 1 || types.length > 16 || !types.every((type) => isText(type, 2048)))
		throw bad('The request names no type of credential.');
	if (statement.kind === 'same-holder' && types.length !== 2) throw bad('A statement about two credentials names two types.');
	if (notRevoked !== undefined && typeof notRevoked !== 'boolean') throw bad('The request for a statement cannot be read.');
	if (notRevoked === true && statement.kind !== 'bound') throw bad('Non-revocation can only be asked for together with a bound.');
	if (maxRevocationAgeSec !== undefined && (notRevoked !== true || !isRevocationAge(maxRevocationAgeSec)))
		throw bad('The age that a list of revoked credentials may have cannot be read.');
	return {
		statement,
		types: [...types],
		...(notRevoked === undefined ? {} : { notRevoked }),
		...(maxRevocationAgeSec === undefined ? {} : { maxRevocationAgeSec }),
		...(scope === undefined ? {} : { scope: readScope(scope) }),
	};
}

const isRevocationAge = (value: unknown): value is number =>
	typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_REVOCATION_AGE_SEC;

function readScope(json: unknown): NullifierScope {
	if (!isRecord(json) || !hasOnly(json, ['verifier', 'purpose'], ['epoch'])) throw bad('The scope of the nullifier cannot be read.');
	const { verifier, purpose, epoch } = json;
	if (!isText(verifier, 2048) || !isText(purpose, 256) || (epoch !== undefined && !isText(epoch, 64))) throw bad('The scope of the nullifier cannot be read.');
	return { verifier, purpose, ...(epoch === undefined ? {} : { epoch }) };
}

/** Whether a day may be the date of a proof. */
export const isProofDay = (value: bigint): boolean => value <= 9999_12_31n && isDay(Number(value));
