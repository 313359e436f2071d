import { base64urlEncode, concat } from '@holdfast/crypto';
import { dateToInteger, isDate } from './calendar.ts';
import { API_ID, calculateDomain, ORDER, scalarToBytes } from './ciphersuite.ts';
import { type Claim, type ClaimSchema, claimScalar, headerBytes, isValue, readSchema, writeSchema } from './claims.ts';
import { array, bytesOf, identifier, malformed, readCompact, record, writeCompact } from './compact.ts';
import type { SignatureParams } from './engine.ts';
import { PUBLIC_KEY_LENGTH } from './keys.ts';

/** What every credential of an issuer and type has in common; every presentation shows it. */
export interface Header {
	/** A DID or https URL. */
	readonly issuer: string;
	/** The verification method in the issuer's DID document: `did:web:example.org#bbs-1`. */
	readonly keyId: string;
	/** The type, as `vct` of SD-JWT VC. */
	readonly type: string;
	readonly schema: ClaimSchema;
}

/** What an issuer hands out: signed over a holder's commitment, so of no use to anybody else. */
export interface IssuedCredential extends Header {
	readonly publicKey: Uint8Array;
	/** The last day on which it is valid. Never shown, only proven to be late enough. */
	readonly expires: string;
	/** Sorted by name, in the order of `schema`. */
	readonly claims: readonly Claim[];
	/** A || e, 80 bytes (draft §4.2.4.1). */
	readonly signature: Uint8Array;
}

/** What a holder keeps. Useless without the holder's secret, which is not in it. */
export interface BbsCredential extends IssuedCredential {
	/** With the holder's secret, gives the blinding of this credential. */
	readonly salt: Uint8Array;
}

export const SALT_LENGTH = 32;
export const SIGNATURE_LENGTH = 80;
const ISSUED = 'bbs-issued-1';
const CREDENTIAL = 'bbs-credential-1';
const FIELDS = ['iss', 'kid', 'typ', 'key', 'exp', 'claims', 'values', 'sig'] as const;

const writeFields = (credential: IssuedCredential) => ({
	iss: credential.issuer,
	kid: credential.keyId,
	typ: credential.type,
	key: base64urlEncode(credential.publicKey),
	exp: credential.expires,
	claims: writeSchema(credential.schema),
	values: credential.claims.map(({ value }) => value),
	sig: base64urlEncode(credential.signature),
});

function readFields(json: Record<(typeof FIELDS)[number], unknown>): IssuedCredential {
	const schema = readSchema(json.claims);
	const values = array(json.values, schema.length);
	const expires = json.exp;
	if (values.length !== schema.length || !isDate(expires)) throw malformed();
	const claims = schema.map(({ name, kind }, at) => {
		const value = values[at];
		if (!isValue(kind, value)) throw malformed();
		return { name, kind, value };
	});
	const signature = bytesOf(json.sig, SIGNATURE_LENGTH);
	if (exponentOf(signature) === undefined) throw malformed();
	return {
		issuer: identifier(json.iss),
		keyId: identifier(json.kid),
		type: identifier(json.typ),
		schema,
		publicKey: bytesOf(json.key, PUBLIC_KEY_LENGTH),
		expires,
		claims,
		signature,
	};
}

export const writeIssued = (credential: IssuedCredential): string => writeCompact(ISSUED, writeFields(credential));
export const parseIssued = (text: string): IssuedCredential => readCompact(ISSUED, text, (json) => readFields(record(json, FIELDS)), writeIssued);

export const writeCredential = (credential: BbsCredential): string =>
	writeCompact(CREDENTIAL, { ...writeFields(credential), salt: base64urlEncode(credential.salt) });

/** Reads a credential: form and values, not the signature. Throws `bbs/malformed` or `bbs/too-large`. */
export const parse = (text: string): BbsCredential =>
	readCompact(
		CREDENTIAL,
		text,
		(json) => {
			const fields = record(json, [...FIELDS, 'salt']);
			return { ...readFields(fields), salt: bytesOf(fields.salt, SALT_LENGTH) };
		},
		writeCredential,
	);

/** e of a signature, 0 < e < r (draft §4.2.4.2). */
function exponentOf(signature: Uint8Array): bigint | undefined {
	let e = 0n;
	for (const byte of signature.subarray(48)) e = (e << 8n) | BigInt(byte);
	return e > 0n && e < ORDER ? e : undefined;
}

/** Between the draft's form of a signature and the library's: e with the most significant byte first, or last. */
export const swapExponent = (signature: Uint8Array): Uint8Array => concat(signature.subarray(0, 48), signature.slice(48).reverse());

/** The message at place 0: the header, the issuer's key and the generators, hashed (draft §4.2.1). */
export const domainOf = (params: SignatureParams, publicKey: Uint8Array, header: Header): bigint =>
	calculateDomain(publicKey, params.h, headerBytes(header), API_ID);

/** Places of the messages: 0 domain, 1 holder's secret, 2 blinding, 3 expiry, 4… claims sorted by name. */
export function messagesOf(
	params: SignatureParams,
	credential: IssuedCredential,
	holder?: { readonly link: bigint; readonly blinding: bigint },
): Map<number, Uint8Array> {
	const scalars: [number, bigint][] = [[0, domainOf(params, credential.publicKey, credential)]];
	if (holder) scalars.push([1, holder.link], [2, holder.blinding]);
	scalars.push([3, BigInt(dateToInteger(credential.expires))]);
	credential.claims.forEach(({ kind, value }, at) => {
		scalars.push([4 + at, claimScalar(kind, value)]);
	});
	return new Map(scalars.map(([place, scalar]) => [place, scalarToBytes(scalar)]));
}
