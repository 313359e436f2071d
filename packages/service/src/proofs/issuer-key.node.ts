import { base64urlDecode, base64urlEncode, type Signer, utf8, utf8Decode, verifyJws } from '@holdfast/crypto';
import type { JsonObject } from '@holdfast/kernel';
import { type BabyJubjubJwk, type IssuerPublicKey, issuerJwk, issuerPublicKey, readIssuerKey, ZkError } from '@holdfast/zk';
import { z } from 'zod';
import type { Session } from '../session.node.ts';
import { KEY_TOKEN_TYPE } from './names.ts';

// An issuer's attestation key is on a curve that DID documents have no name for, and a did:jwk has no room for a second
// key. So the issuer vouches for it with the key that its DID names, in a token that is the same for all its holders.

export const ATTESTATION_KID = 'zk-1';
const MAX_TOKEN = 8192;

const zHeader = z.object({ typ: z.literal(KEY_TOKEN_TYPE), alg: z.enum(['EdDSA', 'ES256', 'ES256K']), kid: z.string().max(4096).optional() });
const zPayload = z.strictObject({ iss: z.string().min(1).max(2048), jwks: z.strictObject({ keys: z.array(z.unknown()).length(1) }) });

/** Runs `work` with the secret key with which the issuer of this wallet attests. */
export function withAttestationKey<T>(session: Session, did: string, work: (secret: Uint8Array) => T): T {
	const secret = session.vault.seedSecret({ purpose: 'zk-attestation-key', context: did });
	try {
		return secret.use(work);
	} finally {
		secret.wipe();
	}
}

/** The token of one of this wallet's issuers. Signed once, kept and always the same: one for each holder would be a name tag. */
export async function ownKeyToken(session: Session, did: string, signer: Signer): Promise<string> {
	const name = `zk/key-token/${did}`;
	const known = session.vault.settings.get(name, z.string());
	if (known !== undefined) return known;
	const jwk = withAttestationKey(session, did, (secret) => issuerJwk(issuerPublicKey(secret), ATTESTATION_KID));
	const encode = (value: JsonObject): string => base64urlEncode(utf8(JSON.stringify(value)));
	const header = { typ: KEY_TOKEN_TYPE, alg: signer.alg, ...(signer.kid === undefined ? {} : { kid: signer.kid }) };
	const input = `${encode(header)}.${encode({ iss: did, jwks: { keys: [jwk as unknown as JsonObject] } })}`;
	const token = `${input}.${base64urlEncode(await signer.sign(utf8(input)))}`;
	session.vault.settings.set(name, token);
	return token;
}

interface ReadToken {
	readonly issuer: string;
	readonly key: IssuerPublicKey;
	readonly kid: string | undefined;
	readonly header: z.infer<typeof zHeader>;
	readonly signingInput: string;
	readonly signature: Uint8Array;
}

const unreadable = (cause?: unknown): ZkError => new ZkError('zk/malformed', 'What the issuer says of its attestation key cannot be read.', { cause });

/** Reads a key token; the signature is for {@link keyOfIssuer} to check. Throws `zk/malformed`, `zk/bad-key`. */
export function readKeyToken(token: string): ReadToken {
	const parts = token.length <= MAX_TOKEN ? token.split('.') : [];
	const [head, body, signature] = parts;
	if (parts.length !== 3 || !head || !body || !signature) throw unreadable();
	try {
		const header = zHeader.parse(JSON.parse(utf8Decode(base64urlDecode(head))));
		const { iss, jwks } = zPayload.parse(JSON.parse(utf8Decode(base64urlDecode(body))));
		const jwk = jwks.keys[0] as BabyJubjubJwk;
		return { issuer: iss, key: readIssuerKey(jwk), kid: jwk.kid, header, signingInput: `${head}.${body}`, signature: base64urlDecode(signature) };
	} catch (cause) {
		throw cause instanceof ZkError ? cause : unreadable(cause);
	}
}

/** The attestation key that `issuer` vouches for, with the key that its own identifier leads to. Throws `zk/issuer-key-not-found` and what resolving throws. */
export async function keyOfIssuer(
	session: Session,
	token: string,
	expected: { readonly issuer: string; readonly kid?: string },
): Promise<{ readonly key: IssuerPublicKey; readonly how: string }> {
	const read = readKeyToken(token);
	if (read.issuer !== expected.issuer || read.kid !== expected.kid) throw notVouched();
	const { alg, kid } = read.header;
	const { jwk, how } = await session.keys.issuer.resolve({
		issuer: read.issuer,
		header: { typ: KEY_TOKEN_TYPE, alg, ...(kid === undefined ? {} : { kid }) },
		alg,
		format: 'dc+sd-jwt',
		...(kid === undefined ? {} : { kid }),
	});
	if (!verifyJws(alg, jwk, utf8(read.signingInput), read.signature)) throw notVouched();
	return { key: read.key, how: `vouched for by the issuer: ${how}` };
}

const notVouched = (): ZkError => new ZkError('zk/issuer-key-not-found', 'The issuer does not vouch for the key that this was attested with.');
