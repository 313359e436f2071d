import type { Json, JsonObject } from '@holdfast/kernel';
import { CredentialError, malformed } from './errors.ts';
import { digestText, isSdAlg, type SdAlg } from './hash.ts';
import { Budget, checkName, isArray, isObject, member, parseJson } from './json.ts';
import { checkSize, decodeJws, decodeText, type Jws } from './jws.ts';
import { LIMITS } from './limits.ts';
import type { ClaimPath } from './model.ts';

// SD-JWT (RFC 9901) as a structure: splitting, and the processing of disclosures of §7.1. It is written out here
// instead of taken from @sd-jwt/core, which accepts what §7.1 says MUST be rejected (digests that occur twice,
// disclosures that nothing refers to, a `...` object with other members, a name that is there already).

/** A compact SD-JWT, split. Nothing is verified yet. */
export interface SdJwtParts {
	readonly jws: Jws;
	/** Disclosures as transmitted, in order. */
	readonly disclosures: readonly string[];
	readonly kbJwt?: string;
	/** Everything up to and including the last `~`: what `sd_hash` covers (§4.3.1). */
	readonly presented: string;
	readonly budget: Budget;
}

export const looksLikeSdJwt = (raw: string): boolean => raw.includes('~');

/** Splits `<issuer-signed JWT>~<disclosure>~…~[<KB-JWT>]` (§4). */
export function splitSdJwt(raw: string): SdJwtParts {
	checkSize(raw);
	const last = raw.lastIndexOf('~');
	if (last < 0) throw malformed('This is not an SD-JWT: it has no ~ after the signed part.');
	const [compact = '', ...disclosures] = raw.slice(0, last).split('~');
	if (disclosures.length > LIMITS.disclosures) throw new CredentialError('credential/too-large', 'The credential has more disclosures than Holdfast reads.');
	const budget = new Budget();
	const jws = decodeJws(compact, "The issuer's signed part", budget);
	const kbJwt = raw.slice(last + 1);
	return { jws, disclosures, presented: raw.slice(0, last + 1), budget, ...(kbJwt === '' ? {} : { kbJwt }) };
}

/** `_sd_alg` (§4.1.1). Absent means sha-256; anything outside the allow list is refused. */
export function sdAlgOf(payload: JsonObject): SdAlg {
	const name = Object.hasOwn(payload, '_sd_alg') ? payload._sd_alg : 'sha-256';
	if (!isSdAlg(name)) throw new CredentialError('credential/unsupported-alg', 'The credential uses a hash algorithm that Holdfast does not accept.');
	return name;
}

/** A disclosure that the issuer's signature covers, put in its place. */
export interface PlacedDisclosure {
	readonly path: ClaimPath;
	/** After processing what is below it. */
	readonly value: Json;
	readonly digest: string;
	readonly encoded: string;
}

export type SdProblemKind = 'shape' | 'reserved' | 'duplicate' | 'unreferenced';
export interface SdProblem {
	readonly kind: SdProblemKind;
	readonly reason: string;
}

export interface Unpacked {
	/** The processed payload: digests replaced by what was disclosed, `_sd` and `_sd_alg` removed. */
	readonly payload: JsonObject;
	readonly placed: readonly PlacedDisclosure[];
	readonly problems: readonly SdProblem[];
	/** Digests without a disclosure: claims kept back, or decoys. */
	readonly undisclosed: number;
}

/** Claims that an SD-JWT VC must not make selectively disclosable (SD-JWT VC §2.2.2.2). */
const NEVER_HIDDEN: ReadonlySet<string> = new Set(['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status', 'aud', '_sd_alg']);

type Decoded = { readonly encoded: string; readonly digest: string; readonly name?: string; readonly value: Json };

/**
 * Processes disclosures as RFC 9901 §7.1 says, and goes on where it can, so that a report can tell every problem.
 * A result with problems must not be used as a credential.
 */
export function unpack(parts: SdJwtParts, alg: SdAlg): Unpacked {
	const problems: SdProblem[] = [];
	const problem = (kind: SdProblemKind, reason: string): void => {
		if (problems.length < 32) problems.push({ kind, reason });
	};

	const byDigest = new Map<string, Decoded>();
	for (const [index, encoded] of parts.disclosures.entries()) {
		const decoded = decodeDisclosure(encoded, alg, parts.budget);
		if (typeof decoded === 'string') problem('shape', `Disclosure ${index + 1} ${decoded}`);
		else if (byDigest.has(decoded.digest)) problem('duplicate', `Disclosure ${index + 1} repeats an earlier one.`);
		else byDigest.set(decoded.digest, decoded);
	}

	const placed: PlacedDisclosure[] = [];
	const seen = new Set<string>();
	let undisclosed = 0;

	/** The disclosure for a digest found in the payload, once. */
	const take = (digest: Json | undefined): Decoded | undefined => {
		if (typeof digest !== 'string') {
			problem('shape', 'A digest in the credential is not text.');
			return undefined;
		}
		if (seen.has(digest)) {
			problem('duplicate', 'The same digest occurs twice in the credential.');
			return undefined;
		}
		seen.add(digest);
		if (seen.size > LIMITS.digests) throw new CredentialError('credential/too-large', 'The credential has more digests than Holdfast reads.');
		const found = byDigest.get(digest);
		if (!found) undisclosed += 1;
		return found;
	};

	const place = (disclosure: Decoded, path: ClaimPath, depth: number): Json => {
		const at = placed.length;
		const entry = { path, digest: disclosure.digest, encoded: disclosure.encoded };
		placed.push({ ...entry, value: null });
		const value = build(disclosure.value, path, depth);
		placed[at] = { ...entry, value };
		return value;
	};

	const build = (value: Json, path: ClaimPath, depth: number): Json => {
		if (depth > LIMITS.depth) throw malformed('The credential is nested deeper than Holdfast reads.');
		if (isArray(value)) return buildArray(value, path, depth);
		return isObject(value) ? buildObject(value, path, depth) : value;
	};

	const buildArray = (items: readonly Json[], path: ClaimPath, depth: number): Json[] => {
		const out: Json[] = [];
		for (const item of items) {
			if (!isObject(item) || !Object.hasOwn(item, '...')) {
				out.push(build(item, [...path, out.length], depth + 1));
				continue;
			}
			if (Object.keys(item).length !== 1) problem('shape', 'A hidden list element carries more than its digest.');
			const disclosure = take(item['...']);
			if (!disclosure) continue;
			if (disclosure.name !== undefined) problem('shape', 'A list element was disclosed with a name.');
			else out.push(place(disclosure, [...path, out.length], depth + 1));
		}
		return out;
	};

	const buildObject = (object: JsonObject, path: ClaimPath, depth: number): JsonObject => {
		const out: Record<string, Json> = {};
		const top = path.length === 0;
		for (const [name, item] of Object.entries(object)) {
			if (name === '_sd' || (top && name === '_sd_alg')) continue;
			if (name === '...' || name === '_sd_alg') problem('reserved', 'The credential uses a reserved name in the wrong place.');
			else out[name] = build(item, [...path, name], depth + 1);
		}
		const digests = member(object, '_sd');
		if (digests === undefined) return out;
		if (!isArray(digests)) {
			problem('shape', 'The list of digests (_sd) is not a list.');
			return out;
		}
		for (const digest of digests) {
			const disclosure = take(digest);
			if (!disclosure) continue;
			const { name } = disclosure;
			if (name === undefined) problem('shape', 'A claim was disclosed without a name.');
			else if (Object.hasOwn(object, name) || Object.hasOwn(out, name)) problem('duplicate', 'A disclosed claim has a name that is already there.');
			else if (top && NEVER_HIDDEN.has(name)) problem('reserved', 'A claim that must always be visible was put in a disclosure.');
			else out[name] = place(disclosure, [...path, name], depth + 1);
		}
		return out;
	};

	const payload = buildObject(parts.jws.payload, [], 0);
	const unreferenced = [...byDigest.keys()].filter((digest) => !seen.has(digest)).length;
	if (unreferenced > 0) {
		problem(
			'unreferenced',
			unreferenced === 1 ? 'One disclosure is not covered by the signature.' : `${unreferenced} disclosures are not covered by the signature.`,
		);
	}
	return { payload, placed, problems, undisclosed };
}

/** A disclosure (§4.2.1, §4.2.2), or what is wrong with it. */
function decodeDisclosure(encoded: string, alg: SdAlg, budget: Budget): Decoded | string {
	let content: Json;
	try {
		content = parseJson(decodeText(encoded, 'A disclosure'), budget);
	} catch (error) {
		if (error instanceof CredentialError) return 'cannot be read.';
		throw error;
	}
	if (!isArray(content) || content.length < 2 || content.length > 3 || typeof content[0] !== 'string') return 'does not have the shape of a disclosure.';
	const digest = digestText(alg, encoded);
	if (content.length === 2) return { encoded, digest, value: content[1] ?? null };
	const name = content[1];
	if (typeof name !== 'string') return 'has a name that is not text.';
	if (name === '_sd' || name === '...') return 'uses a reserved name.';
	checkName(name);
	return { encoded, digest, name, value: content[2] ?? null };
}
