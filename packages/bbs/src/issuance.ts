import * as library from '@docknetwork/crypto-wasm';
import { base64urlEncode, type KeyBytes } from '@holdfast/crypto';
import { displayText, failed, group, passed, type Random, type ReportNode } from '@holdfast/kernel';
import { dayOf, isDate } from './calendar.ts';
import { isPoint, scalarToBytes } from './ciphersuite.ts';
import { type Claim, sortClaims } from './claims.ts';
import { bytesOf, frame, identifier, readCompact, record, writeCompact } from './compact.ts';
import {
	type BbsCredential,
	type IssuedCredential,
	messagesOf,
	parse,
	parseIssued,
	SALT_LENGTH,
	swapExponent,
	writeCredential,
	writeIssued,
} from './credential.ts';
import type { Engine, SignatureParams } from './engine.ts';
import { BbsError } from './errors.ts';
import { checkPublicKey, issuerPublicKey, issuerScalar } from './keys.ts';
import { commitmentLayout, compactLength, compactProof, expandProof } from './layout.ts';
import { holderScalars } from './secrets.ts';

/** Who signs, and for which request: what a commitment's proof is bound to. */
export interface IssuanceContext {
	readonly issuer: string;
	readonly publicKey: Uint8Array;
	/** Chosen by the issuer, at least 16 bytes, used once: `c_nonce` of OpenID4VCI. */
	readonly nonce: string;
}

export interface BlindRequest {
	/** For the issuer: a commitment to the holder's secret and a proof of knowing what is in it. */
	readonly request: string;
	/** The holder keeps it until {@link unblind}. Not a secret. */
	readonly salt: Uint8Array;
}

const REQUEST = 'bbs-request-1';
const POINT = 48;

const readRequest = (text: string) =>
	readCompact(
		REQUEST,
		text,
		(json) => {
			const fields = record(json, ['commitment', 'proof']);
			return { commitment: bytesOf(fields.commitment, POINT), proof: bytesOf(fields.proof, compactLength(commitmentLayout())) };
		},
		writeRequest,
	);
const writeRequest = (value: { readonly commitment: Uint8Array; readonly proof: Uint8Array }): string =>
	writeCompact(REQUEST, { commitment: base64urlEncode(value.commitment), proof: base64urlEncode(value.proof) });

/** What the challenge of the commitment's proof covers. */
function commitmentContext(context: IssuanceContext, commitment: Uint8Array): Uint8Array {
	if (context.nonce.length < 16) throw new BbsError('bbs/bad-request', 'The issuer gave a nonce that is too short.');
	return frame('holdfast-bbs-commitment/1', identifier(context.issuer), checkPublicKey(context.publicKey), context.nonce, commitment);
}

/** H_1 and H_2: the same for any number of claims. */
const commitmentBases = (params: SignatureParams): Uint8Array[] => params.h.slice(1, 3);

/**
 * Commits to the holder's secret, so that the issuer can sign it without learning it (as Blind BBS,
 * draft-irtf-cfrg-bbs-blind-signatures, with our generators). `secret`: 32 bytes, for one person the same for
 * all credentials whose pseudonyms should agree.
 */
export function requestBlind(engine: Engine, context: IssuanceContext, holder: { readonly secret: KeyBytes; readonly random: Random }): BlindRequest {
	const salt = holder.random.bytes(SALT_LENGTH);
	const { link, blinding } = holderScalars(holder.secret, salt);
	const bases = commitmentBases(engine.params(0));
	const scalars = [scalarToBytes(link), scalarToBytes(blinding)];
	const commitment = library.pedersenCommitmentG1(bases, scalars);
	const proof = library.generateCompositeProofG1WithDeconstructedProofSpec(
		[library.generatePedersenCommitmentG1Statement(bases, commitment)],
		[],
		[],
		[library.generatePedersenCommitmentWitness(scalars)],
		commitmentContext(context, commitment),
	);
	return { request: writeRequest({ commitment, proof: compactProof(commitmentLayout(), proof) }), salt };
}

export interface IssueInput {
	/** 32 or more secret bytes: what {@link issuerPublicKey} was made from. */
	readonly key: KeyBytes;
	readonly issuer: string;
	readonly keyId: string;
	readonly type: string;
	/** The same names and kinds for every credential of a type: they are shown, so a rare set would be a name tag. */
	readonly claims: readonly Claim[];
	/** Last day of validity, `YYYY-MM-DD`. Hidden, but give many holders the same one. */
	readonly expires: string;
	/** From the holder, made for this nonce. */
	readonly request: string;
	readonly nonce: string;
}

/** Signs the claims and the holder's commitment. Throws `bbs/bad-commitment` where its proof does not hold. */
export function issue(engine: Engine, input: IssueInput): string {
	const claims = sortClaims(input.claims);
	if (!isDate(input.expires)) throw new BbsError('bbs/bad-claim', 'The day of expiry is not a date of the calendar.');
	const publicKey = issuerPublicKey(input.key);
	const { commitment } = checkedCommitment(engine, { issuer: input.issuer, publicKey, nonce: input.nonce }, input.request);
	const params = engine.params(claims.length);
	const unsigned: IssuedCredential = {
		issuer: identifier(input.issuer),
		keyId: identifier(input.keyId),
		type: identifier(input.type),
		schema: claims.map(({ name, kind }) => ({ name, kind })),
		publicKey,
		expires: input.expires,
		claims,
		signature: new Uint8Array(),
	};
	const secretKey = scalarToBytes(issuerScalar(input.key));
	try {
		const signature = library.bbsBlindSignConstantTime(commitment, messagesOf(params, unsigned), secretKey, params, false);
		return writeIssued({ ...unsigned, signature: swapExponent(signature) });
	} finally {
		secretKey.fill(0);
	}
}

function checkedCommitment(engine: Engine, context: IssuanceContext, request: string): { readonly commitment: Uint8Array } {
	const { commitment, proof } = readRequest(request);
	const bad = (cause?: unknown) => new BbsError('bbs/bad-commitment', 'The wallet did not prove that it knows the secret that it wants signed.', { cause });
	if (!isPoint(commitment, 'G1')) throw bad();
	const bases = commitmentBases(engine.params(0));
	const challenge = commitmentContext(context, commitment);
	let verified: boolean;
	try {
		verified = library.verifyCompositeProofG1WithDeconstructedProofSpec(
			expandProof(commitmentLayout(), proof),
			[library.generatePedersenCommitmentG1Statement(bases, commitment)],
			[],
			[],
			challenge,
		).verified;
	} catch (cause) {
		throw bad(cause);
	}
	if (!verified) throw bad();
	return { commitment };
}

/**
 * Turns what the issuer sent into a credential, after checking it: the issuer, the key, and a signature over
 * these claims and this holder's secret. Throws `bbs/wrong-issuer`, `bbs/bad-signature`, `bbs/malformed`.
 */
export function unblind(
	engine: Engine,
	input: { readonly issued: string; readonly salt: Uint8Array; readonly secret: KeyBytes; readonly context: IssuanceContext },
): string {
	const issued = parseIssued(input.issued);
	if (issued.issuer !== input.context.issuer || !sameBytes(issued.publicKey, input.context.publicKey)) {
		throw new BbsError('bbs/wrong-issuer', 'This was signed by another issuer, or with another key, than was asked.');
	}
	const credential: BbsCredential = { ...issued, salt: input.salt };
	if (!signatureHolds(engine, credential, input.secret)) {
		throw new BbsError('bbs/bad-signature', 'The signature does not fit these claims and this wallet. Ask the issuer for a new one.');
	}
	return writeCredential(credential);
}

function signatureHolds(engine: Engine, credential: BbsCredential, secret: KeyBytes): boolean {
	try {
		checkPublicKey(credential.publicKey);
		const params = engine.params(credential.claims.length);
		const messages = messagesOf(params, credential, holderScalars(secret, credential.salt));
		const ordered = [...messages].sort(([a], [b]) => a - b).map(([, message]) => message);
		return library.bbsVerifyConstantTime(ordered, swapExponent(credential.signature), credential.publicKey, params, false).verified;
	} catch {
		// The library throws on a point off the curve, which is a signature that does not hold.
		return false;
	}
}

export interface CheckInput {
	readonly credential: string;
	readonly secret: KeyBytes;
	/** The key that the issuer's DID document has under `keyId`, found by the caller. */
	readonly publicKey: Uint8Array;
	readonly expected: { readonly issuer: string; readonly type?: string; readonly now: number };
}

/** What a holder checks before keeping a credential. */
export function check(engine: Engine, input: CheckInput): ReportNode {
	const top = { check: 'bbs-credential', title: 'BBS credential', passed: 'The credential is genuine and yours.', failed: 'The credential must not be kept.' };
	let credential: BbsCredential;
	try {
		credential = parse(input.credential);
	} catch (error) {
		const { code, message } = error as BbsError;
		return group(top, [failed({ check: 'format', title: 'Form', reason: message, code })]);
	}
	const { expected } = input;
	const today = dayOf(expected.now);
	const sameKey = sameBytes(credential.publicKey, input.publicKey);
	return group(top, [
		passed({ check: 'format', title: 'Form', reason: 'It has the form of a BBS credential.' }),
		credential.issuer === expected.issuer
			? passed({ check: 'issuer', title: 'Issuer', reason: 'It names the issuer that was asked.', evidence: { issuer: displayText(credential.issuer) } })
			: failed({ check: 'issuer', title: 'Issuer', reason: 'It names another issuer than was asked.', code: 'bbs/wrong-issuer' }),
		sameKey
			? passed({
					check: 'issuer-key',
					title: 'Issuer’s key',
					reason: 'It was made with the key that the issuer publishes.',
					evidence: { keyId: displayText(credential.keyId) },
				})
			: failed({ check: 'issuer-key', title: 'Issuer’s key', reason: 'It was made with a key that the issuer does not publish.', code: 'bbs/bad-key' }),
		expected.type === undefined || credential.type === expected.type
			? passed({ check: 'type', title: 'Type', reason: 'It has the type that was expected.', evidence: { type: displayText(credential.type) } })
			: failed({ check: 'type', title: 'Type', reason: 'It has another type than was expected.', code: 'bbs/wrong-type' }),
		credential.expires >= today
			? passed({ check: 'expiry', title: 'Validity', reason: 'It is still valid.', evidence: { expires: credential.expires } })
			: failed({ check: 'expiry', title: 'Validity', reason: 'It is no longer valid.', code: 'bbs/expired' }),
		sameKey && signatureHolds(engine, credential, input.secret)
			? passed({ check: 'signature', title: 'Signature', reason: 'The issuer signed these claims for this wallet’s secret.' })
			: failed({ check: 'signature', title: 'Signature', reason: 'The signature does not fit these claims and this wallet.', code: 'bbs/bad-signature' }),
	]);
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at]);
