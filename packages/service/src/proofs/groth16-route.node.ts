import type { Json, JsonObject } from '@holdfast/kernel';
import {
	type Attestation,
	type BabyJubjubJwk,
	checkAttestation,
	circuitInputs,
	dayOf,
	decodeField,
	encodeField,
	type HolderOpening,
	holderBlinding,
	holderCommitment,
	holderSecret,
	issueAttestation,
	issuerJwk,
	issuerPublicKey,
	type PreparedStatement,
	type ProvingCredential,
	preparedFromBytes,
	preparedToBytes,
	presentPrepared,
	readAttestation,
	readIssuerKey,
	revocationAgeOf,
	type StatementRequest,
	ZkError,
} from '@holdfast/zk';
import { z } from 'zod';
import { ServiceError } from '../errors.ts';
import { trustIn } from '../parties.node.ts';
import type { Session } from '../session.node.ts';
import { ownToken, readToken, vouchedFor, withIssuerSecret } from './key-token.node.ts';
import { ATTESTATION_USE, COMMITMENT_CLAIM, GROTH16 } from './names.ts';
import type { AttestedSystem } from './prover.node.ts';
import { fetchList, keptList, readListAddress } from './revocations.node.ts';
import type { Attested, ProofContext, ProofRoute, RouteVerification } from './route.node.ts';

// Route 1: the issuer attests the claims on Baby Jubjub, the wallet proves statements about them with Groth16.

const KID = 'zk-1';

const zAdded = z.strictObject({ attestation: z.unknown(), key_token: z.string().max(8192), revocations: z.string().max(2048).optional() });

/** What the wallet proves with: one secret, and a blinding for each credential's key, so that issuers cannot link commitments. All follow from the seed. */
function opening(session: Session, holderKid: string): HolderOpening {
	const seed = session.vault.seedSecret({ purpose: 'proofs/holder', context: '' });
	try {
		return seed.use((bytes) => ({ secret: holderSecret(bytes, 'wallet'), blinding: holderBlinding(bytes, holderKid) }));
	} finally {
		seed.wipe();
	}
}

/** What the wallet's key proof says: the commitment that the attestation shall be bound to. */
export const commitmentFor = (session: Session, holderKid: string): JsonObject => ({
	[COMMITMENT_CLAIM]: encodeField(holderCommitment(opening(session, holderKid))),
});

function read(added: Json): { readonly attestation: Attestation; readonly keyToken: string; readonly revocations?: string } {
	const parsed = zAdded.safeParse(added);
	if (!parsed.success) throw new ZkError('zk/malformed', 'What the issuer added for proofs cannot be read.');
	const { attestation, key_token, revocations } = parsed.data;
	return { attestation: readAttestation(attestation), keyToken: key_token, ...(revocations === undefined ? {} : { revocations }) };
}

const keyIn = (jwk: JsonObject) => readIssuerKey(jwk as unknown as BabyJubjubJwk);

function provingCredential(session: Session, { parsed, holderKid, added }: Attested): ProvingCredential {
	const { attestation, keyToken } = read(added);
	return { attestation, claims: parsed.claims, issuer: parsed.issuer, issuerKey: keyIn(readToken(keyToken).jwk), holder: opening(session, holderKid) };
}

/** As {@link provingCredential}, with the issuer's list where the request wants it: fetched now, or the one that was fetched when it was looked at. */
async function credentialFor(session: Session, attested: Attested, request: StatementRequest, which: 'fetched' | 'kept'): Promise<ProvingCredential> {
	const credential = provingCredential(session, attested);
	const { revocations } = read(attested.added);
	const address = revocations === undefined ? undefined : readListAddress(revocations, credential.issuer);
	if (request.notRevoked !== true || address === undefined) return credential;
	const kept = which === 'kept' ? await keptList(session, address, credential.issuerKey) : undefined;
	return { ...credential, revocation: kept ?? (await fetchList(session, address, credential.issuerKey, revocationAgeOf(request))) };
}

/** What is asked but for revocation, which needs the issuer's list. */
const withoutRevocation = ({ statement, types, scope }: StatementRequest): StatementRequest => ({
	statement,
	types,
	...(scope === undefined ? {} : { scope }),
});

/** A proof from the attestation, by one of the two systems that can make one. */
export const prepared = async (
	session: Session,
	attested: Attested,
	request: StatementRequest,
	signal: AbortSignal,
	system: AttestedSystem = GROTH16,
): Promise<PreparedStatement> =>
	session.proofs.prepare({ request, credentials: [await credentialFor(session, attested, request, 'kept')], now: session.clock, signal }, system);

/** The verdict on a proof from an attestation, by the same system. */
export async function verifyAttested(
	session: Session,
	system: AttestedSystem,
	{
		proof,
		keyToken,
		request,
		context,
	}: { readonly proof: string; readonly keyToken: string; readonly request: StatementRequest; readonly context: ProofContext },
): Promise<RouteVerification> {
	const { report, issuers, nullifier } = await session.proofs.verify(
		{
			presentation: proof,
			request,
			context,
			now: session.clock,
			keys: {
				resolve: async ({ issuer, kid }) => {
					const { jwk, how } = await vouchedFor(session, keyToken, { issuer, ...(kid === undefined ? {} : { kid }) });
					return { key: keyIn(jwk), how };
				},
			},
			trust: ({ issuer }) => trustIn(session.vault, issuer),
		},
		system,
	);
	return { report, issuer: issuers[0]?.issuer ?? '', type: issuers[0]?.type ?? '', ...(nullifier === undefined ? {} : { nullifier }) };
}

export const groth16Route: ProofRoute = {
	system: GROTH16,
	member: 'attestation',

	async attest(session, { did, signer, type, claims, from, until, revocable, proofClaims }) {
		const commitment = proofClaims[COMMITMENT_CLAIM];
		if (commitment === undefined) return undefined;
		let holder: bigint;
		try {
			holder = decodeField(commitment);
		} catch (cause) {
			// A credential without what the wallet asked for would be a silent loss.
			throw new ServiceError('issue/bad-commitment', 'The wallet’s commitment for proofs cannot be read.', {}, cause);
		}
		try {
			const attestation = withIssuerSecret(session, ATTESTATION_USE, did, (signingKey) =>
				issueAttestation({
					signingKey,
					kid: KID,
					type,
					claims,
					holderCommitment: holder,
					validFrom: from,
					validUntil: until,
					...(revocable ? { revocationId: revocable.place() } : {}),
					random: session.random,
				}),
			);
			const jwk = () => withIssuerSecret(session, ATTESTATION_USE, did, (secret) => issuerJwk(issuerPublicKey(secret), KID)) as unknown as JsonObject;
			return {
				attestation: attestation as unknown as Json,
				key_token: await ownToken(session, ATTESTATION_USE, did, signer, jwk),
				...(revocable ? { revocations: revocable.list } : {}),
			};
		} catch (error) {
			// Nothing in this document can be proven about: it is issued without.
			if (error instanceof ZkError && error.code === 'zk/no-such-claim') return undefined;
			throw error;
		}
	},

	async check(session, { parsed, holderKid, added }) {
		const { attestation, keyToken } = read(added);
		const { jwk } = await vouchedFor(session, keyToken, { issuer: parsed.issuer, ...(attestation.kid === undefined ? {} : { kid: attestation.kid }) });
		return checkAttestation({
			attestation,
			issuerKey: keyIn(jwk),
			claims: parsed.claims,
			type: parsed.type,
			holder: opening(session, holderKid),
			now: session.clock,
		});
	},

	async assertProvable(session, attested, request) {
		// Building the circuit's inputs refuses what is not true.
		const today = dayOf(session.clock);
		circuitInputs(withoutRevocation(request), [provingCredential(session, attested)], today, 0n);
		if (request.notRevoked !== true) return;
		// Only for what could be proven otherwise is the issuer's server asked, which learns that somebody is about to.
		circuitInputs(request, [await credentialFor(session, attested, request, 'fetched')], today, 0n);
	},

	// Through a one-time key, as if it had been made ahead: so a verifier cannot tell which were, and when.
	prove: async (session, attested, request, context, signal) => presentPrepared(await prepared(session, attested, request, signal), context),

	async prepare(session, attested, request, signal) {
		const made = await prepared(session, attested, request, signal);
		try {
			return preparedToBytes(made);
		} finally {
			made.key.privateKey.wipe();
		}
	},

	present: (bytes, context) => presentPrepared(preparedFromBytes(bytes), context),

	keyToken: ({ added }) => read(added).keyToken,

	verify: (session, proof, keyToken, request, context) => verifyAttested(session, GROTH16, { proof, keyToken, request, context }),
};
