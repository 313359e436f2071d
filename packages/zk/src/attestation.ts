import type { ClaimPath } from '@holdfast/credentials';
import { base64urlEncode, type KeyBytes } from '@holdfast/crypto';
import { type Clock, failed, group, passed, type Random, type ReportNode, skipped } from '@holdfast/kernel';
import { type ClaimTree, chooseClaims, claimTree, MAX_CLAIMS } from './claims.ts';
import { dateText, dayOf, isDay } from './dates.ts';
import { malformed, ZkError } from './errors.ts';
import { decodeField, encodeField, readBytes } from './field.ts';
import { attestationMessage, typeHash } from './hash.ts';
import { holderCommitment } from './holder.ts';
import { type EddsaSignature, encodeSignature, readSignature, signField, verifyField } from './issuer-key.ts';
import { hasOnly, isRecord, isText } from './json.ts';
import type { Attestation, HolderOpening, IssuerPublicKey } from './model.ts';

/** Places of the revocation tree, place 0 included. */
export const REVOCATION_PLACES = 2 ** 20;

export interface IssueAttestationInput {
	/** The 32 secret bytes of the issuer's Baby Jubjub key. */
	readonly signingKey: KeyBytes;
	readonly kid?: string;
	/** `vct`, or the last VC type: what the credential itself says. */
	readonly type: string;
	/** The claims that the credential holds. */
	readonly claims: { readonly [name: string]: unknown };
	/** Which of them to attest, at most 16 leaves. By default all; where that is too many, dates and numbers first. */
	readonly paths?: readonly ClaimPath[];
	readonly holderCommitment: bigint;
	/** Full dates, both included. */
	readonly validFrom: string;
	readonly validUntil: string;
	/** 1 to 2^20 - 1, used once. */
	readonly revocationId?: number;
	readonly random: Random;
}

/** Attests claims. Throws `zk/bad-*`, `zk/too-many-claims`, `zk/no-such-claim`. */
export function issueAttestation(input: IssueAttestationInput): Attestation {
	const rev = input.revocationId ?? 0;
	if (!Number.isInteger(rev) || rev < 0 || rev >= REVOCATION_PLACES || (input.revocationId !== undefined && rev === 0)) {
		throw new ZkError('zk/bad-value', `A revocation id is a whole number from 1 to ${REVOCATION_PLACES - 1}.`);
	}
	if (!isText(input.type, 2048)) throw new ZkError('zk/bad-value', 'The type of the credential must be a text.');
	const from = numberOf(input.validFrom);
	const until = numberOf(input.validUntil);
	if (from > until) throw new ZkError('zk/bad-date', 'The attestation would end before it begins.');
	const chosen = chooseClaims(input.claims, input.paths);
	if (chosen.length === 0) throw new ZkError('zk/no-such-claim', 'None of these claims can be attested.');
	const seed = input.random.bytes(16);
	const paths = chosen.map((claim) => claim.path);
	const tree = claimTree(input.claims, paths, seed);
	const holder = encodeField(input.holderCommitment);
	// Reading it back refuses a commitment that is not a field element.
	const message = attestationMessage({ type: typeHash(input.type), claimsRoot: tree.root, holder: decodeField(holder), from, until, rev });
	return {
		v: 1,
		alg: 'eddsa-poseidon-bn254',
		...(input.kid === undefined ? {} : { kid: input.kid }),
		type: input.type,
		from,
		until,
		rev,
		holder,
		paths,
		seed: base64urlEncode(seed),
		sig: encodeSignature(signField(input.signingKey, message)),
	};
}

function numberOf(date: string): number {
	const day = Number(/^\d{4}-\d{2}-\d{2}$/.test(date) ? date.replaceAll('-', '') : Number.NaN);
	if (!isDay(day)) throw new ZkError('zk/bad-date', 'The validity must be given as real dates: 2026-01-31.');
	return day;
}

const isPath = (value: unknown): value is readonly (string | number)[] =>
	Array.isArray(value) &&
	value.length > 0 &&
	value.length <= 8 &&
	value.every((part) => (typeof part === 'number' ? Number.isInteger(part) && part >= 0 && part < 1_000_000 : isText(part, 1024)));

/** Reads an attestation as it came in a credential, strictly. Reading checks the form, not the signature: that is `checkAttestation`. Throws `zk/malformed`. */
export function readAttestation(json: unknown): Attestation {
	if (!isRecord(json) || !hasOnly(json, ['v', 'alg', 'type', 'from', 'until', 'rev', 'holder', 'paths', 'seed', 'sig'], ['kid']))
		throw malformed('attestation');
	const { v, alg, kid, type, from, until, rev, holder, paths, seed, sig } = json;
	if (v !== 1 || alg !== 'eddsa-poseidon-bn254' || !isText(type, 2048) || (kid !== undefined && !isText(kid, 2048))) throw malformed('attestation');
	if (!isDay(from) || !isDay(until) || from > until) throw malformed('attestation');
	if (typeof rev !== 'number' || !Number.isInteger(rev) || rev < 0 || rev >= REVOCATION_PLACES) throw malformed('attestation');
	if (!Array.isArray(paths) || paths.length < 1 || paths.length > MAX_CLAIMS || !paths.every(isPath)) throw malformed('attestation');
	if (new Set(paths.map((path) => JSON.stringify(path))).size !== paths.length) throw malformed('attestation');
	if (readBytes(seed, 16) === undefined || readSignature(sig) === undefined) throw malformed('attestation');
	decodeField(holder);
	return {
		v,
		alg,
		...(kid === undefined ? {} : { kid }),
		type,
		from,
		until,
		rev,
		holder: holder as string,
		paths: paths.map((path) => [...path]),
		seed: seed as string,
		sig: sig as string,
	};
}

/** An attestation with the claims that it is about, as the prover needs it. */
export interface OpenedAttestation {
	readonly tree: ClaimTree;
	readonly message: bigint;
	readonly signature: EddsaSignature;
}

/** Puts the claims back under the attestation. Throws `zk/no-such-claim`, `zk/malformed`. */
export function openAttestation(attestation: Attestation, claims: unknown): OpenedAttestation {
	const seed = readBytes(attestation.seed, 16);
	const signature = readSignature(attestation.sig);
	if (seed === undefined || signature === undefined) throw malformed('attestation');
	const tree = claimTree(claims, attestation.paths, seed);
	const message = attestationMessage({
		type: typeHash(attestation.type),
		claimsRoot: tree.root,
		holder: decodeField(attestation.holder),
		from: attestation.from,
		until: attestation.until,
		rev: attestation.rev,
	});
	return { tree, message, signature };
}

export interface CheckAttestationInput {
	readonly attestation: Attestation;
	/** Found by the holder's wallet, not taken from the credential. */
	readonly issuerKey: IssuerPublicKey;
	/** The credential's own claims and type. */
	readonly claims: { readonly [name: string]: unknown };
	readonly type: string;
	readonly holder: HolderOpening;
	readonly now: Clock;
}

/**
 * For the holder, on receipt: does the attestation say what the credential says, about me, signed by this issuer? One that
 * fails would only be noticed when a proof is refused, or worse, would prove something else.
 */
export function checkAttestation(input: CheckAttestationInput): ReportNode {
	const { attestation } = input;
	const today = dayOf(input.now);
	const nodes: ReportNode[] = [
		attestation.type === input.type
			? passed({ check: 'attestation/type', title: 'Type', reason: "The attestation is for this credential's type." })
			: failed({ check: 'attestation/type', title: 'Type', reason: 'The attestation is for another type of credential.', code: 'zk/wrong-type' }),
		encodeField(holderCommitment(input.holder)) === attestation.holder
			? passed({ check: 'attestation/holder', title: 'Holder', reason: 'The attestation is bound to a secret of this wallet.' })
			: failed({ check: 'attestation/holder', title: 'Holder', reason: 'The attestation is bound to another holder.', code: 'zk/wrong-holder' }),
		today > attestation.until
			? failed({ check: 'attestation/time', title: 'Validity', reason: 'The attestation has expired.', code: 'zk/expired' })
			: passed({
					check: 'attestation/time',
					title: 'Validity',
					reason: `Statements can be proven from ${dateText(attestation.from)} to ${dateText(attestation.until)}.`,
				}),
		attestation.rev === 0
			? skipped({
					check: 'attestation/revocation',
					title: 'Revocation',
					reason: 'The issuer cannot revoke this attestation. Verifiers that ask for a proof of non-revocation get none.',
					code: 'zk/not-revocable',
				})
			: passed({ check: 'attestation/revocation', title: 'Revocation', reason: 'Non-revocation can be proven.' }),
		signatureNode(input),
	];
	return group(
		{
			check: 'attestation',
			title: 'Attestation for zero-knowledge statements',
			passed: 'Statements about these claims can be proven without showing them.',
			failed: 'No statements can be proven with this attestation.',
		},
		nodes,
	);
}

function signatureNode({ attestation, claims, issuerKey }: CheckAttestationInput): ReportNode {
	const base = { check: 'attestation/signature', title: "Issuer's signature" };
	let opened: OpenedAttestation;
	try {
		opened = openAttestation(attestation, claims);
	} catch (error) {
		const code = error instanceof ZkError ? error.code : 'zk/bad-attestation';
		return failed({ ...base, reason: 'The attestation covers claims that this credential does not hold.', code });
	}
	return verifyField(issuerKey, opened.message, opened.signature)
		? passed({ ...base, reason: `The issuer signed ${attestation.paths.length} of this credential's claims for statements.` })
		: failed({ ...base, reason: 'The signature does not fit the claims of this credential and the key of this issuer.', code: 'zk/attestation-mismatch' });
}
