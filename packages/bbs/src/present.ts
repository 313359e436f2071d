import * as library from '@docknetwork/crypto-wasm';
import type { KeyBytes } from '@holdfast/crypto';
import { dateToInteger, dayOf } from './calendar.ts';
import { scalarToBytes } from './ciphersuite.ts';
import type { Claim } from './claims.ts';
import { type BbsCredential, messagesOf, parse, swapExponent } from './credential.ts';
import type { Engine } from './engine.ts';
import { BbsError } from './errors.ts';
import { compactProof, presentationLayout } from './layout.ts';
import { writePresentation } from './presentation.ts';
import { type BbsRequest, checkRequest, pseudonymBase, rangeOf, requestHash } from './request.ts';
import { holderScalars } from './secrets.ts';
import { buildStatement } from './statement.ts';

export interface PresentInput {
	readonly credential: string;
	/** The same 32 bytes as at issuance. */
	readonly secret: KeyBytes;
	/** As the wallet read it from the protocol; the audience as the wallet has established it. */
	readonly request: BbsRequest;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

/**
 * Whether the credential can answer: throws a coded error if not (`bbs/wrong-type`, `bbs/claim-missing`,
 * `bbs/statement-false`, `bbs/expired`, `bbs/bad-request`), at once and without proving. A wallet calls it to choose among credentials, and shows the reason only to its own person.
 */
export function assertAnswers(credential: BbsCredential, request: BbsRequest, now: number): void {
	checkRequest(request);
	if (!request.types.includes(credential.type)) throw new BbsError('bbs/wrong-type', 'The verifier asks for another kind of credential.');
	if (credential.expires < dayOf(now)) throw new BbsError('bbs/expired', 'This credential is no longer valid. Ask its issuer for a new one.');
	for (const name of request.disclose) claimOf(credential, name);
	for (const bound of request.bounds) {
		const claim = claimOf(credential, bound.claim);
		if (claim.kind !== bound.kind)
			throw new BbsError('bbs/claim-missing', 'This credential does not have what was asked for in a form that can be proven.', {
				data: { claim: bound.claim },
			});
		const value = typeof claim.value === 'number' ? claim.value : claim.value === null ? undefined : dateToInteger(String(claim.value));
		const { min, max } = rangeOf(bound);
		if (value === undefined || value < min || value > max) {
			throw new BbsError('bbs/statement-false', 'What the verifier wants to have proven is not true of this credential. Nothing was sent.', {
				data: { claim: bound.claim },
			});
		}
	}
}

function claimOf(credential: BbsCredential, name: string): Claim {
	const claim = credential.claims.find((each) => each.name === name);
	if (!claim) throw new BbsError('bbs/claim-missing', 'This credential does not have what was asked for.', { data: { claim: name } });
	return claim;
}

/**
 * Answers a request. About 0.65 s for each bound, the validity included; blocks its thread, so it belongs in
 * a worker. Every call gives other bytes. Throws as {@link assertAnswers} does, and `bbs/wrong-holder` where
 * the secret is not the one in the credential.
 */
export function present(engine: Engine, input: PresentInput): string {
	const { request } = input;
	const credential = parse(input.credential);
	assertAnswers(credential, request, input.now);
	const holder = holderScalars(input.secret, credential.salt);
	const link = scalarToBytes(holder.link);
	const base = pseudonymBase(request);
	const shown = {
		issuer: credential.issuer,
		keyId: credential.keyId,
		type: credential.type,
		schema: credential.schema,
		disclosed: credential.claims.filter(({ name }) => request.disclose.includes(name)).map(({ name, value }) => ({ name, value })),
		day: dayOf(input.now),
		requestHash: requestHash(request),
		...(base ? { pseudonym: library.pedersenCommitmentG1([base], [link]) } : {}),
	};
	const params = engine.params(credential.schema.length);
	const messages = messagesOf(params, credential, holder);
	const ordered = params.h.map((_, place) => messages.get(place) ?? new Uint8Array());
	const signature = swapExponent(credential.signature);
	// Proving would succeed with a wrong secret and give a proof that does not verify: find out here.
	if (!library.bbsVerifyConstantTime(ordered, signature, credential.publicKey, params, false).verified) {
		throw new BbsError('bbs/wrong-holder', 'This credential was issued for another wallet’s secret, or it is damaged.');
	}
	const statement = buildStatement(engine, 'holder', request, shown, credential.publicKey);
	const message = (place: number): Uint8Array => messages.get(place) ?? new Uint8Array();
	const witnesses = [
		library.generatePoKBBSSignatureWitness(signature, new Map(statement.hidden.map((place) => [place, message(place)])), false),
		...statement.kinds.map((kind, at) => {
			const value = message(statement.places[at] ?? -1);
			return kind === 'bound' ? library.generateBoundCheckBppWitness(value) : library.generatePedersenCommitmentWitness([value]);
		}),
	];
	let proof: Uint8Array;
	try {
		proof = library.generateCompositeProofG1WithDeconstructedProofSpec(
			statement.statements,
			statement.equalities,
			statement.setup,
			witnesses,
			statement.context,
		);
	} catch (cause) {
		throw new BbsError('bbs/engine-failed', 'The proof could not be made.', { cause });
	}
	return writePresentation({ ...shown, proof: compactProof(presentationLayout(statement.hidden.length, statement.kinds), proof) });
}
