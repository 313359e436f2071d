import {
	assertAnswers,
	type BbsRequest,
	type Bound,
	issue,
	issuerPublicKey,
	parse,
	parseIssued,
	publicKeyFromMultibase,
	publicKeyToMultibase,
	requestBlind,
	unblind,
	verify,
} from '@holdfast/bbs';
import type { SecretBytes } from '@holdfast/crypto';
import { type Json, type JsonObject, passed } from '@holdfast/kernel';
import { type StatementRequest, ZkError } from '@holdfast/zk';
import { z } from 'zod';
import { trustIn } from '../parties.node.ts';
import type { Session } from '../session.node.ts';
import { issuerMark, ownToken, readToken, vouchedFor, withIssuerSecret } from './key-token.node.ts';
import { BBS, BBS_REQUEST_CLAIM, BBS_USE } from './names.ts';
import type { Attested, ProofContext, ProofRoute } from './route.node.ts';

// Route 3: the issuer signs the date claims blindly with BBS, the wallet proves bounds with Bulletproofs++. No setup has
// to be trusted. The nonce of the blind request is the thumbprint of the key that the credential is bound to: the key
// proof around it is fresh and signed by that key, and the same request after a crash has to be the same bytes.

const KID = 'bbs-1';

const zAdded = z.strictObject({ issued: z.string().max(16_384), key_token: z.string().max(8192) });

const jwkOf = (publicKey: Uint8Array): JsonObject => ({ kty: 'Multikey', kid: KID, publicKeyMultibase: publicKeyToMultibase(publicKey) });
const keyIn = (jwk: JsonObject): Uint8Array => {
	if (jwk.kty !== 'Multikey' || typeof jwk.publicKeyMultibase !== 'string') throw new ZkError('zk/bad-key', 'The issuer’s key for proofs is not one.');
	return publicKeyFromMultibase(jwk.publicKeyMultibase);
};

/** The token for an issuer's BBS key; made before an offer, since metadata carries it. */
export const ownBbsToken = (session: Session, did: string, signer: Parameters<typeof ownToken>[3]): Promise<string> =>
	ownToken(session, BBS_USE, did, signer, () => withIssuerSecret(session, BBS_USE, did, (secret) => jwkOf(issuerPublicKey(secret))));

const holderSecret = (session: Session): SecretBytes => session.vault.seedSecret({ purpose: 'proofs/bbs-holder', context: '' });
/** The salt of one credential, always the same for its key: nothing has to be kept between asking and receiving. */
const saltOf = (session: Session, holderKid: string): Uint8Array => {
	const secret = session.vault.seedSecret({ purpose: 'proofs/bbs-salt', context: holderKid });
	try {
		return secret.use((bytes) => Uint8Array.from(bytes));
	} finally {
		secret.wipe();
	}
};

/** What the wallet's key proof says: a request for a blind signature under the key that `token` is for. Throws what {@link vouchedFor} throws. */
export async function bbsRequestFor(session: Session, token: string, mark: string, holderKid: string): Promise<JsonObject> {
	const { issuer } = readToken(token);
	if (issuerMark(issuer) !== mark) throw new ZkError('zk/issuer-key-not-found', 'The issuer gave the key of another issuer.');
	const { jwk } = await vouchedFor(session, token, { issuer, kid: KID });
	const secret = holderSecret(session);
	try {
		const salt = saltOf(session, holderKid);
		const random = { bytes: (length: number) => salt.slice(0, length) };
		const { request } = requestBlind(await session.proofs.bbs(), { issuer, publicKey: keyIn(jwk), nonce: holderKid }, { secret, random });
		return { [BBS_REQUEST_CLAIM]: request };
	} finally {
		secret.wipe();
	}
}

function read(added: Json): { readonly issued: string; readonly keyToken: string } {
	const parsed = zAdded.safeParse(added);
	if (!parsed.success) throw new ZkError('zk/malformed', 'What the issuer added for proofs cannot be read.');
	return { issued: parsed.data.issued, keyToken: parsed.data.key_token };
}

/** The statement as BBS asks it. Undefined where it cannot be. */
function requestOf({ statement, types }: StatementRequest, context: ProofContext): BbsRequest | undefined {
	if (statement.kind !== 'bound' || statement.claim.length !== 1 || typeof statement.claim[0] !== 'string') return undefined;
	const [from, to] =
		statement.op === 'between' ? [statement.from, statement.to] : statement.op === '>=' ? [statement.value, undefined] : [undefined, statement.value];
	if (typeof (from ?? to) !== 'string') return undefined;
	const bound: Bound = {
		claim: statement.claim[0],
		kind: 'date',
		...(from === undefined ? {} : { min: String(from) }),
		...(to === undefined ? {} : { max: String(to) }),
	};
	const { nonce, audience, responseUri, query } = context;
	return { nonce, audience, responseUri, types: types.slice(0, 8), disclose: [], bounds: [bound], query };
}

const required = (request: StatementRequest, context: ProofContext): BbsRequest => {
	const asked = requestOf(request, context);
	if (!asked) throw new ZkError('zk/bad-statement', 'This kind of statement cannot be proven from it.');
	return asked;
};

/** The credential in the form that is proven from, checked. Throws `bbs/*`. */
async function credentialOf(session: Session, { parsed, holderKid, added }: Attested, secret: SecretBytes): Promise<string> {
	const { issued, keyToken } = read(added);
	const publicKey = keyIn(readToken(keyToken).jwk);
	const context = { issuer: parsed.issuer, publicKey, nonce: holderKid };
	return unblind(await session.proofs.bbs(), { issued, salt: saltOf(session, holderKid), secret, context });
}

const NOBODY: ProofContext = { nonce: 'before it is known', audience: 'nobody', responseUri: 'nowhere', query: 'none' };

export const bbsRoute: ProofRoute = {
	system: BBS,
	member: 'bbs',

	async attest(session, { did, signer, type, claims, dates, until, holderKid, proofClaims }) {
		const request = proofClaims[BBS_REQUEST_CLAIM];
		if (typeof request !== 'string' || dates.length === 0) return undefined;
		const engine = await session.proofs.bbs();
		const issued = withIssuerSecret(session, BBS_USE, did, (key) =>
			issue(engine, {
				key,
				issuer: did,
				keyId: KID,
				type,
				// Every credential of the type has the same claims, with or without a value: which ones there are is always shown.
				claims: dates.map((name) => ({ name, kind: 'date', value: (claims[name] as string | undefined) ?? null })),
				expires: until,
				request,
				nonce: holderKid,
			}),
		);
		return { issued, key_token: await ownBbsToken(session, did, signer) };
	},

	async check(session, attested) {
		const { keyToken } = read(attested.added);
		await vouchedFor(session, keyToken, { issuer: attested.parsed.issuer, kid: KID });
		const secret = holderSecret(session);
		try {
			const credential = parse(await credentialOf(session, attested, secret));
			if (credential.type !== attested.parsed.type || credential.claims.some(({ name, value }) => value !== (attested.parsed.claims[name] ?? null))) {
				throw new ZkError('zk/attestation-mismatch', 'What the issuer added for proofs says something else than the document.');
			}
		} finally {
			secret.wipe();
		}
		return passed({ check: 'bbs', title: 'For proofs', reason: 'What the issuer added for proofs fits the document and this wallet.' });
	},

	assertProvable(session, { added }, request) {
		// The signature was checked when it came; what it says can be read without the secret.
		assertAnswers(parseIssued(read(added).issued), required(request, NOBODY), session.clock.now());
	},

	async prove(session, attested, request, context, signal) {
		const secret = holderSecret(session);
		try {
			const credential = await credentialOf(session, attested, secret);
			return await session.proofs.presentBbs({ credential, secret, request: required(request, context), now: session.clock.now() }, signal);
		} finally {
			secret.wipe();
		}
	},

	keyToken: ({ added }) => read(added).keyToken,

	async verify(session, proof, keyToken, request, context) {
		const result = await verify(await session.proofs.bbs(), {
			presentation: proof,
			request: required(request, context),
			now: session.clock.now(),
			keys: {
				resolve: async ({ issuer, keyId }) => {
					const { jwk, how } = await vouchedFor(session, keyToken, { issuer, kid: keyId });
					return { publicKey: keyIn(jwk), how };
				},
			},
			trust: ({ issuer }) => trustIn(session.vault, issuer),
		});
		return { report: result.report, issuer: result.issuer ?? '', type: result.type ?? '' };
	},
};
