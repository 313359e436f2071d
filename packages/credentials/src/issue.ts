import type { Json, JsonObject } from '@holdfast/kernel';
import { numericDate } from './checks.ts';
import { CredentialError } from './errors.ts';
import { isArray, isObject, parseJson, selectPath } from './json.ts';
import { keyFits } from './jws.ts';
import type { ClaimPath, IssueInput } from './model.ts';
import { isReference } from './status/claim.ts';

const invalid = (message: string): CredentialError => new CredentialError('credential/invalid-input', message);

/** Names that registered claims and the SD-JWT structure use; a claim about the subject cannot have them. */
const TAKEN: ReadonlySet<string> = new Set(['iss', 'iat', 'nbf', 'exp', 'aud', 'jti', 'cnf', 'vct', 'vct#integrity', 'status', '_sd_alg']);
const STRUCTURAL: ReadonlySet<string> = new Set(['_sd', '...', '_sd_decoy', '__proto__']);

/** Refuses what could not be read back. Throws `credential/invalid-input`. */
export function checkIssueInput(input: IssueInput): void {
	if (!input.issuer) throw invalid('An issuer is needed: a DID or an https address.');
	if (!input.type) throw invalid('A credential type is needed.');
	if (!keyFits(input.signer.alg, input.signer.publicJwk)) throw invalid('The issuing key does not fit its signature algorithm.');
	for (const time of [input.issuedAt, input.validFrom, input.validUntil]) {
		if (time !== undefined && (!Number.isSafeInteger(time) || numericDate(time) === undefined)) throw invalid('A time must be in whole seconds since 1970.');
	}
	if (input.validUntil !== undefined && input.validUntil <= (input.validFrom ?? input.issuedAt)) throw invalid('The credential would end before it begins.');
	if (input.status && !isReference(input.status)) throw invalid('A status needs a web address of its list and an entry of it.');
	for (const name of Object.keys(input.claims)) {
		if (TAKEN.has(name)) throw invalid('A claim uses a name that is reserved for the credential itself.');
	}
	checkNames(input.claims);
	// The same limits as for reading, so that nothing is issued that nobody can read.
	parseJson(JSON.stringify(input.claims));
}

function checkNames(value: Json): void {
	if (isArray(value)) {
		for (const item of value) checkNames(item);
	} else if (isObject(value)) {
		for (const [name, item] of Object.entries(value)) {
			// @sd-jwt/core looks names up in plain objects: a claim called `constructor` would be lost without a word.
			if (STRUCTURAL.has(name) || name in Object.prototype) throw invalid('A claim uses a name that cannot be used.');
			checkNames(item);
		}
	}
}

/** Every path below `claims` that exists: each claim at each level, each list element. */
function* everyPath(value: Json, path: ClaimPath = []): Generator<ClaimPath> {
	if (path.length > 0) yield path;
	if (isArray(value)) for (const [index, item] of value.entries()) yield* everyPath(item, [...path, index]);
	else if (isObject(value)) for (const [name, item] of Object.entries(value)) yield* everyPath(item, [...path, name]);
}

/** Concrete disclosable paths: `null` spelled out, paths that this credential does not have left out. */
export function disclosablePaths(claims: JsonObject, disclosable: IssueInput['disclosable']): ClaimPath[] {
	if (disclosable === undefined || disclosable === 'all') return [...everyPath(claims)];
	return disclosable.flatMap((path) => expand(claims, path));
}

function expand(root: Json, path: ClaimPath): ClaimPath[] {
	const at = path.indexOf(null);
	if (at < 0) return path.length > 0 && selectPath(root, path).length > 0 ? [path] : [];
	const before = path.slice(0, at);
	const list = selectPath(root, before)[0];
	if (!isArray(list)) return [];
	return list.flatMap((_item, index) => expand(root, [...before, index, ...path.slice(at + 1)]));
}
