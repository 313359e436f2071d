import { base64urlDecode, base64urlEncode, type Jwk, sha256, utf8, utf8Decode, verifyJws } from '@holdfast/crypto';
import { p256 } from '@noble/curves/nist.js';
import { readDate } from './dates.ts';
import { ZkSdJwtError } from './errors.ts';
import { memberOf, type PlacedMember, type PlacedValue, placeJson } from './json-places.ts';
import type { AnsweringClaim, CircuitName, Statement } from './model.ts';
import { type PublicInputs, publicInputsOf } from './statement.ts';

/** Blocks of SHA-256 that each circuit reads of the issuer's signing input. */
export const BLOCKS: { readonly [name in CircuitName]: number } = { small: 24, medium: 46 };
const DISCLOSURE_BYTES = 128;
/** A block's padding is at least one byte and eight of length. */
const PADDING = 9;

/** The circuit's secret structure: `Secret` in circuits/sd-jwt/lib/src/lib.nr. */
export interface SecretInputs {
	readonly signed: number[];
	readonly issuer_signature: number[];
	readonly payload_start: { readonly group: number; readonly phase: number };
	readonly places: {
		readonly vct: number;
		readonly exp: number;
		readonly exp_digits: number;
		readonly cnf: number;
		readonly jwk: number;
		readonly x: number;
		readonly y: number;
		readonly parent: number;
		readonly parent_length: number;
		readonly sd: number;
		readonly digest: number;
		readonly spaces: boolean[];
	};
	readonly disclosure: number[];
	readonly disclosure_places: { readonly salt_end: number; readonly name_length: number; readonly spaces: boolean[] };
	readonly holder_signature: number[];
}

export interface CircuitInputs {
	readonly circuit: CircuitName;
	readonly said: PublicInputs;
	readonly secret: SecretInputs;
}

const layout = (): ZkSdJwtError => new ZkSdJwtError('zk-sd-jwt/unsupported-layout', 'The credential is written in a way that this kind of proof cannot read.');
const unsupported = (message: string): ZkSdJwtError => new ZkSdJwtError('zk-sd-jwt/unsupported-credential', message);

/** One of two forms of each ECDSA signature: the circuits take the one with the smaller s. */
export function lowS(signature: Uint8Array): Uint8Array {
	if (signature.length !== 64) throw unsupported('A signature of ES256 has 64 bytes.');
	const parsed = p256.Signature.fromBytes(signature, 'compact');
	return parsed.hasHighS() ? new p256.Signature(parsed.r, p256.Point.Fn.ORDER - parsed.s).toBytes('compact') : signature;
}

interface Credential {
	readonly signed: Uint8Array;
	readonly signature: Uint8Array;
	readonly payloadAt: number;
	readonly payload: Uint8Array;
	readonly root: PlacedValue;
	readonly disclosures: readonly string[];
}

function readCredential(text: string): Credential {
	const [jwt = '', ...rest] = text.split('~');
	const parts = jwt.split('.');
	const [header, payload, signature] = parts;
	if (parts.length !== 3 || !header || !payload || !signature || rest.length === 0) throw unsupported('This is not an SD-JWT credential.');
	try {
		const head = JSON.parse(new TextDecoder().decode(base64urlDecode(header))) as { alg?: unknown };
		if (head.alg !== 'ES256') throw unsupported('Only a credential that its issuer signed with ES256 can be proven this way.');
		const bytes = base64urlDecode(payload);
		// What follows the last ~ is a key binding JWT or nothing.
		return {
			signed: utf8(`${header}.${payload}`),
			signature: base64urlDecode(signature),
			payloadAt: header.length + 1,
			payload: bytes,
			root: placeJson(bytes),
			disclosures: rest.slice(0, -1),
		};
	} catch (error) {
		if (error instanceof ZkSdJwtError) throw error;
		throw unsupported('This is not an SD-JWT credential.');
	}
}

/** A position that the circuit takes, and whether a space follows the colon of the name there. */
interface Key {
	readonly at: number;
	readonly space: boolean;
}

function keyOf(member: PlacedMember, payload: Uint8Array): Key {
	const afterName = member.at + utf8(member.name).length + 2;
	const gap = member.value.at - afterName;
	// `"name":value` or `"name": value`, the name without escapes.
	if (payload[afterName - 1] !== 0x22 || payload[afterName] !== 0x3a || (gap !== 1 && !(gap === 2 && payload[afterName + 1] === 0x20))) throw layout();
	return { at: member.at, space: gap === 2 };
}

interface Disclosed {
	readonly encoded: string;
	readonly name: string;
	readonly value: unknown;
	readonly places: SecretInputs['disclosure_places'];
}

/** Reads `["salt", "name", value]` strictly as the circuit does; `undefined` for everything else. */
function readDisclosure(encoded: string): Disclosed | undefined {
	let text: string;
	try {
		text = utf8Decode(base64urlDecode(encoded));
	} catch {
		return undefined;
	}
	const match = /^\["([^"\\]+)",( ?)"([^"\\]+)",( ?)("[^"\\]*"|true)\]$/.exec(text);
	if (!match) return undefined;
	const [, salt = '', first, name = '', second, value = ''] = match;
	return {
		encoded,
		name,
		value: JSON.parse(value),
		places: { salt_end: 2 + utf8(salt).length, name_length: utf8(name).length, spaces: [first === ' ', second === ' '] },
	};
}

/** Whether the credential has this claim where it is asked for, in a form that can be proven. Says nothing about its value. */
export function canAnswer(credential: string, claim: AnsweringClaim): boolean {
	try {
		findClaim(readCredential(credential), claim);
		return true;
	} catch (error) {
		if (error instanceof ZkSdJwtError) return false;
		throw error;
	}
}

function findClaim(credential: Credential, claim: AnsweringClaim): { parent?: PlacedMember; sd: PlacedMember; digest: PlacedValue; disclosed: Disclosed } {
	const missing = (): ZkSdJwtError => new ZkSdJwtError('zk-sd-jwt/no-such-claim', 'The credential does not have the claim that was asked for.');
	const parent = claim.parent === undefined ? undefined : memberOf(credential.root, claim.parent);
	if (claim.parent !== undefined && parent?.value.kind !== 'object') throw missing();
	const sd = memberOf(parent ? parent.value : credential.root, '_sd');
	if (sd?.value.kind !== 'array') throw missing();
	for (const encoded of credential.disclosures) {
		const digest = base64urlEncode(sha256(utf8(encoded)));
		const item = sd.value.items.find((each) => each.text === digest);
		const disclosed = item && readDisclosure(encoded);
		if (!item || !disclosed || disclosed.name !== claim.name) continue;
		if (encoded.length > DISCLOSURE_BYTES - PADDING) throw new ZkSdJwtError('zk-sd-jwt/too-large', 'The claim is longer than this kind of proof can read.');
		return { sd, digest: item, disclosed, ...(parent ? { parent } : {}) };
	}
	throw missing();
}

function checkValue(disclosed: Disclosed, statement: Statement): void {
	const tooYoung = (): ZkSdJwtError => new ZkSdJwtError('zk-sd-jwt/not-old-enough', 'The credential does not show the age that was asked for.');
	if (statement.claim.kind === 'flag') {
		if (disclosed.value !== true) throw tooYoung();
		return;
	}
	const date = typeof disclosed.value === 'string' ? readDate(disclosed.value) : undefined;
	if (date === undefined) throw new ZkSdJwtError('zk-sd-jwt/unsupported-claim', 'The date in the credential is not a full date.');
	if (date > statement.cutoff) throw tooYoung();
}

/** The smallest circuit that reads this much. */
export function circuitFor(bytes: number): CircuitName {
	const name = (['small', 'medium'] as const).find((each) => bytes <= BLOCKS[each] * 64 - PADDING);
	if (!name) throw new ZkSdJwtError('zk-sd-jwt/too-large', 'The credential is larger than this kind of proof can read.');
	return name;
}

/**
 * What the circuit is given, for a statement that holds. Checks everything that the circuit checks first, so that a wallet can
 * say why there is no proof: `zk-sd-jwt/not-old-enough`, `/expired`, `/wrong-holder` and so on.
 *
 * `credential` is the SD-JWT with its disclosures, `holderSignature` the ES256 signature over `message` by the key in `cnf.jwk`.
 */
export function circuitInputs(credential: string, statement: Statement, holder: { message: Uint8Array; signature: Uint8Array }): CircuitInputs {
	const said = publicInputsOf(statement);
	const read = readCredential(credential);
	if (!verifyJws('ES256', statement.issuer, read.signed, read.signature)) {
		throw new ZkSdJwtError('zk-sd-jwt/wrong-issuer', 'The credential was not signed with the key that the statement names.');
	}
	const vct = memberOf(read.root, 'vct');
	if (vct?.value.text !== statement.vct) throw new ZkSdJwtError('zk-sd-jwt/wrong-type', 'The credential is not of the type that the statement names.');
	const exp = memberOf(read.root, 'exp');
	if (exp?.value.kind !== 'number') throw new ZkSdJwtError('zk-sd-jwt/no-expiry', 'The credential says no time at which it expires, so that cannot be proven.');
	const expText = new TextDecoder().decode(read.payload.subarray(exp.value.at, exp.value.end));
	if (!/^\d{10,11}$/.test(expText)) throw layout();
	if (Number(expText) < statement.now) throw new ZkSdJwtError('zk-sd-jwt/expired', 'The credential has expired.');
	const found = findClaim(read, statement.claim);
	checkValue(found.disclosed, statement);

	const cnf = memberOf(read.root, 'cnf');
	const jwk = memberOf(cnf?.value, 'jwk');
	const x = memberOf(jwk?.value, 'x');
	const y = memberOf(jwk?.value, 'y');
	if (!cnf || !jwk || !x || !y) throw unsupported('The credential is not bound to a P-256 key of its holder.');
	const holderKey: Jwk = { kty: 'EC', crv: 'P-256', x: x.value.text ?? '', y: y.value.text ?? '' };
	const signedHash = sha256(holder.message);
	if (!signedHash.every((byte, i) => byte === statement.requestHash[i]) || !verifyJws('ES256', holderKey, holder.message, holder.signature)) {
		throw new ZkSdJwtError('zk-sd-jwt/wrong-holder', 'The request was not signed with the key that the credential is bound to.');
	}

	const group = Math.floor(read.payloadAt / 4);
	const at = (position: number): number => 3 * group + position;
	const key = (member: PlacedMember): Key => keyOf(member, read.payload);
	const keys = { vct: key(vct), exp: key(exp), cnf: key(cnf), jwk: key(jwk), x: key(x), y: key(y), sd: key(found.sd) };
	const parent = found.parent && key(found.parent);
	const circuit = circuitFor(read.signed.length);
	return {
		circuit,
		said,
		secret: {
			signed: padded(read.signed, BLOCKS[circuit] * 64),
			issuer_signature: [...lowS(read.signature)],
			payload_start: { group, phase: read.payloadAt % 4 },
			places: {
				vct: at(keys.vct.at),
				exp: at(keys.exp.at),
				exp_digits: expText.length,
				cnf: at(keys.cnf.at),
				jwk: at(keys.jwk.at),
				x: at(keys.x.at),
				y: at(keys.y.at),
				parent: at(parent?.at ?? keys.sd.at),
				parent_length: utf8(statement.claim.parent ?? '').length,
				sd: at(keys.sd.at),
				digest: at(found.digest.at),
				spaces: [keys.vct, keys.exp, keys.cnf, keys.jwk, keys.x, keys.y, parent ?? keys.sd, keys.sd].map((each) => each.space),
			},
			disclosure: padded(utf8(found.disclosed.encoded), DISCLOSURE_BYTES),
			disclosure_places: found.disclosed.places,
			holder_signature: [...lowS(holder.signature)],
		},
	};
}

function padded(bytes: Uint8Array, length: number): number[] {
	const out = new Array<number>(length).fill(0);
	bytes.forEach((byte, i) => {
		out[i] = byte;
	});
	return out;
}
