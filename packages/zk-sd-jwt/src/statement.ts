import { base64urlDecode, jwkToPublicKey, utf8 } from '@holdfast/crypto';
import { ZkSdJwtError } from './errors.ts';
import type { Statement } from './model.ts';

const MAX_NAME = 31;
const MAX_VCT = 124;
const bad = (message: string): ZkSdJwtError => new ZkSdJwtError('zk-sd-jwt/bad-statement', message);

/** The statement as the circuits' public structure takes it: `Public` in circuits/sd-jwt/lib/src/lib.nr. */
export interface PublicInputs {
	readonly issuer_x: number[];
	readonly issuer_y: number[];
	readonly request_hash: number[];
	readonly vct_length: string;
	readonly vct: string[];
	readonly now: string;
	readonly cutoff: string;
	readonly is_flag: boolean;
	readonly claim: string;
	readonly parent: string;
}

/** Bytes as one number, the first one highest. Names are told apart by it, because none holds NUL. */
const pack = (bytes: Uint8Array): bigint => bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);

const hex = (value: bigint): string => `0x${value.toString(16)}`;

function packName(name: string): string {
	const bytes = utf8(name);
	// A quote, a backslash or a control character would be written with an escape, which no circuit reads.
	if (bytes.length === 0 || bytes.length > MAX_NAME || /["\\\p{Cc}]/u.test(name)) throw bad('This name of a claim cannot be asked for in a proof.');
	return hex(pack(bytes));
}

/** The coordinates of a P-256 key; refuses everything else, points off the curve included. */
export function p256Coordinates(jwk: Statement['issuer']): { x: Uint8Array; y: Uint8Array } {
	if (jwk.kty !== 'EC' || jwk.crv !== 'P-256' || jwk.y === undefined) throw bad('Only a P-256 key of an issuer can be used in this proof.');
	try {
		jwkToPublicKey(jwk);
	} catch (cause) {
		throw new ZkSdJwtError('zk-sd-jwt/bad-statement', "The issuer's key is not a point of P-256.", { cause });
	}
	return { x: base64urlDecode(jwk.x), y: base64urlDecode(jwk.y) };
}

export function publicInputsOf(statement: Statement): PublicInputs {
	const { x, y } = p256Coordinates(statement.issuer);
	const vct = utf8(statement.vct);
	if (vct.length === 0 || vct.length > MAX_VCT || /["\\\p{Cc}]/u.test(statement.vct)) throw bad('This type of a credential cannot be named in a proof.');
	if (!Number.isSafeInteger(statement.now) || statement.now < 0) throw bad('The time of a proof is a number of seconds.');
	if (!Number.isInteger(statement.cutoff) || statement.cutoff < 0 || statement.cutoff > 9999_12_31) throw bad('The cutoff is a day, as YYYYMMDD.');
	if (statement.requestHash.length !== 32) throw bad('The hash of a request has 32 bytes.');
	const padded = new Uint8Array(MAX_VCT);
	padded.set(vct);
	return {
		issuer_x: [...x],
		issuer_y: [...y],
		request_hash: [...statement.requestHash],
		vct_length: hex(BigInt(vct.length)),
		vct: [0, 1, 2, 3].map((part) => hex(pack(padded.subarray(part * 31, part * 31 + 31)))),
		now: hex(BigInt(statement.now)),
		cutoff: hex(BigInt(statement.cutoff)),
		is_flag: statement.claim.kind === 'flag',
		claim: packName(statement.claim.name),
		parent: statement.claim.parent === undefined ? '0x0' : packName(statement.claim.parent),
	};
}

/** The public inputs in the order of the circuit's structure, 32 bytes each: what a proof is verified against. */
export function publicFields(inputs: PublicInputs): Uint8Array[] {
	const field = (value: bigint | number | string): Uint8Array => {
		const out = new Uint8Array(32);
		let rest = BigInt(value);
		for (let i = 31; rest > 0n; i--) {
			out[i] = Number(rest & 0xffn);
			rest >>= 8n;
		}
		return out;
	};
	return [
		...inputs.issuer_x,
		...inputs.issuer_y,
		...inputs.request_hash,
		inputs.vct_length,
		...inputs.vct,
		inputs.now,
		inputs.cutoff,
		inputs.is_flag ? 1 : 0,
		inputs.claim,
		inputs.parent,
	].map(field);
}
