import { base64urlDecode, base64urlEncode, hexEncode, type Signer, sha256, utf8, utf8Decode, verifyJws } from '@holdfast/crypto';
import type { JsonObject } from '@holdfast/kernel';
import { ZkError } from '@holdfast/zk';
import { z } from 'zod';
import type { Session } from '../session.node.ts';
import { KEY_TOKEN_TYPE } from './names.ts';

// The keys that proofs need are on curves that most DID documents have no name or room for. So an issuer vouches for
// such a key with the one that its DID names, in a token that is the same for all its holders: one for each of them
// would be a name tag.

const MAX_TOKEN = 8192;

const zHeader = z.object({ typ: z.literal(KEY_TOKEN_TYPE), alg: z.enum(['EdDSA', 'ES256', 'ES256K']), kid: z.string().max(4096).optional() });
const zPayload = z.strictObject({ iss: z.string().min(1).max(2048), jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.json())).length(1) }) });

/** A key of this wallet's issuer `did`, from the seed. `use` says for which proofs. */
export function withIssuerSecret<T>(session: Session, use: string, did: string, work: (secret: Uint8Array) => T): T {
	const secret = session.vault.seedSecret({ purpose: `proofs/${use}`, context: did });
	try {
		return secret.use(work);
	} finally {
		secret.wipe();
	}
}

const settingOf = (use: string, did: string): string => `proofs/key-token/${use}/${did}`;

/** The token of one of this wallet's issuers, if it was made. */
export const keptToken = (session: Session, use: string, did: string): string | undefined => session.vault.settings.get(settingOf(use, did), z.string());

/** Names an issuer's DID in few characters. */
export const issuerMark = (did: string): string => hexEncode(sha256(utf8(did))).slice(0, 12);

/** The tokens of this wallet's issuers by their marks, for metadata. */
export const keptTokens = (session: Session, use: string): JsonObject =>
	Object.fromEntries(
		session.vault.dids.list().flatMap(({ did }) => {
			const token = keptToken(session, use, did);
			return token === undefined ? [] : [[issuerMark(did), token]];
		}),
	);

/** The token of one of this wallet's issuers. Signed once, kept, and from then on always the same. */
export async function ownToken(session: Session, use: string, did: string, signer: Signer, jwk: () => JsonObject): Promise<string> {
	const known = keptToken(session, use, did);
	if (known !== undefined) return known;
	const encode = (value: JsonObject): string => base64urlEncode(utf8(JSON.stringify(value)));
	const header = { typ: KEY_TOKEN_TYPE, alg: signer.alg, ...(signer.kid === undefined ? {} : { kid: signer.kid }) };
	const input = `${encode(header)}.${encode({ iss: did, jwks: { keys: [jwk()] } })}`;
	const token = `${input}.${base64urlEncode(await signer.sign(utf8(input)))}`;
	session.vault.settings.set(settingOf(use, did), token);
	return token;
}

export interface KeyToken {
	readonly issuer: string;
	/** The key as the issuer writes it; for the caller to read strictly. */
	readonly jwk: JsonObject;
	readonly header: z.infer<typeof zHeader>;
	readonly signingInput: string;
	readonly signature: Uint8Array;
}

/** Reads a token; its signature is for {@link vouchedFor} to check. Throws `zk/malformed`. */
export function readToken(token: string): KeyToken {
	const parts = token.length <= MAX_TOKEN ? token.split('.') : [];
	const [head, body, signature] = parts;
	try {
		if (parts.length !== 3 || !head || !body || !signature) throw new Error('not three parts');
		const header = zHeader.parse(JSON.parse(utf8Decode(base64urlDecode(head))));
		const { iss, jwks } = zPayload.parse(JSON.parse(utf8Decode(base64urlDecode(body))));
		return { issuer: iss, jwk: jwks.keys[0] ?? {}, header, signingInput: `${head}.${body}`, signature: base64urlDecode(signature) };
	} catch (cause) {
		throw new ZkError('zk/malformed', 'What the issuer says of its key for proofs cannot be read.', { cause });
	}
}

/** The key in a token, once the key that `issuer` names by itself has vouched for it. Throws `zk/issuer-key-not-found` and what resolving throws. */
export async function vouchedFor(
	session: Session,
	token: string,
	expected: { readonly issuer: string; readonly kid?: string },
): Promise<{ readonly jwk: JsonObject; readonly how: string }> {
	const read = readToken(token);
	const { alg, kid } = read.header;
	if (read.issuer !== expected.issuer || read.jwk.kid !== expected.kid) throw notVouched();
	const { jwk, how } = await session.keys.issuer.resolve({
		issuer: read.issuer,
		header: { typ: KEY_TOKEN_TYPE, alg, ...(kid === undefined ? {} : { kid }) },
		alg,
		format: 'dc+sd-jwt',
		...(kid === undefined ? {} : { kid }),
	});
	if (!verifyJws(alg, jwk, utf8(read.signingInput), read.signature)) throw notVouched();
	return { jwk: read.jwk, how: `vouched for by the issuer: ${how}` };
}

const notVouched = (): ZkError => new ZkError('zk/issuer-key-not-found', 'The issuer does not vouch for the key that this was attested with.');
