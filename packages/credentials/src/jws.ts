import { base64urlDecode, base64urlEncode, type Jwk, type JwsAlg, type Signer, utf8, utf8Decode, verifyJws } from '@holdfast/crypto';
import type { JsonObject } from '@holdfast/kernel';
import { CredentialError, malformed } from './errors.ts';
import { Budget, isObject, parseJson, stringMember } from './json.ts';
import { LIMITS } from './limits.ts';

/** Signature algorithms that are accepted, each with the curve its key must be on. `none` and HMAC cannot be expressed. */
const CURVES: { readonly [alg in JwsAlg]: Jwk['crv'] } = { ES256: 'P-256', ES256K: 'secp256k1', EdDSA: 'Ed25519' };

export const isJwsAlg = (alg: unknown): alg is JwsAlg => typeof alg === 'string' && Object.hasOwn(CURVES, alg);

/** Whether `jwk` may verify `alg` signatures: right curve, and neither `alg` nor `use` of the key forbids it. */
export const keyFits = (alg: JwsAlg, jwk: Jwk): boolean =>
	jwk.crv === CURVES[alg] && (jwk.alg === undefined || jwk.alg === alg) && (jwk.use === undefined || jwk.use === 'sig');

/** A compact JWS (RFC 7515 §7.1) that was decoded, not verified. */
export interface Jws {
	readonly header: JsonObject;
	readonly payload: JsonObject;
	readonly signingInput: string;
	readonly signature: Uint8Array;
}

export function decodeBytes(text: string, what: string): Uint8Array {
	try {
		return base64urlDecode(text);
	} catch (cause) {
		throw malformed(`${what} is not valid base64url.`, cause);
	}
}

export function decodeText(text: string, what: string): string {
	const bytes = decodeBytes(text, what);
	try {
		return utf8Decode(bytes);
	} catch (cause) {
		throw malformed(`${what} is not valid UTF-8.`, cause);
	}
}

export function checkSize(raw: unknown): asserts raw is string {
	if (typeof raw !== 'string' || raw.length === 0) throw malformed('There is no credential to read.');
	if (raw.length > LIMITS.input) throw new CredentialError('credential/too-large', 'The credential is larger than 1 MiB, which is more than Holdfast reads.');
}

/** Decodes a compact JWS whose payload is a JSON object. `what` names it in errors. */
export function decodeJws(compact: string, what: string, budget: Budget = new Budget()): Jws {
	const parts = compact.split('.', 4);
	const [protectedPart, payloadPart, signaturePart] = parts;
	if (parts.length !== 3 || !protectedPart || !payloadPart || signaturePart === undefined) throw malformed(`${what} is not a signed token of three parts.`);
	const header = parseJson(decodeText(protectedPart, what), budget);
	const payload = parseJson(decodeText(payloadPart, what), budget);
	if (!isObject(header) || !isObject(payload)) throw malformed(`${what} does not hold a JSON object.`);
	return { header, payload, signingInput: `${protectedPart}.${payloadPart}`, signature: decodeBytes(signaturePart, what) };
}

/** False for a wrong signature, for a key that does not fit and for whatever cannot be a signature. */
export function verifySignature(jws: Jws, alg: JwsAlg, jwk: Jwk): boolean {
	if (!keyFits(alg, jwk)) return false;
	try {
		return verifyJws(alg, jwk, utf8(jws.signingInput), jws.signature);
	} catch {
		// A malformed key or signature verifies nothing.
		return false;
	}
}

export async function signCompact(header: JsonObject, payload: JsonObject, signer: Signer): Promise<string> {
	const input = `${encodeJson(header)}.${encodeJson(payload)}`;
	return `${input}.${base64urlEncode(await signer.sign(utf8(input)))}`;
}

export const encodeJson = (value: JsonObject): string => base64urlEncode(utf8(JSON.stringify(value)));

export const headerKid = (header: JsonObject): string | undefined => stringMember(header, 'kid');
