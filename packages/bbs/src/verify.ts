import * as library from '@docknetwork/crypto-wasm';
import type { TrustDecision } from '@holdfast/credentials';
import { base64urlEncode } from '@holdfast/crypto';
import { displayText, errorInfo, failed, group, passed, type ReportNode, skipped, warning } from '@holdfast/kernel';
import { dayOf, daysBetween } from './calendar.ts';
import { isPoint } from './ciphersuite.ts';
import type { ClaimValue } from './claims.ts';
import type { Engine } from './engine.ts';
import { sameBytes } from './issuance.ts';
import { checkPublicKey } from './keys.ts';
import { expandProof, presentationLayout } from './layout.ts';
import { type Presentation, parsePresentation } from './presentation.ts';
import { type BbsRequest, checkRequest, requestHash } from './request.ts';
import { buildStatement } from './statement.ts';

/** Finds the key that an issuer publishes. Never taken from a presentation. */
export interface BbsIssuerKeyResolver {
	/** Throws, or gives the key and, for a person, where it was found: `did:web document, assertionMethod #bbs-1`. */
	resolve(request: { readonly issuer: string; readonly keyId: string }): Promise<{ readonly publicKey: Uint8Array; readonly how: string }>;
}

/** Decides whether an issuer may issue this type, as the policies of the other formats do. */
export type BbsTrustPolicy = (issuer: { readonly issuer: string; readonly type: string; readonly how: string }) => TrustDecision | Promise<TrustDecision>;

export interface VerifyInput {
	readonly presentation: string;
	/** The request that was sent, from the verifier's own memory. Its nonce is accepted once: by the caller. */
	readonly request: BbsRequest;
	/** Milliseconds since the epoch. */
	readonly now: number;
	readonly keys: BbsIssuerKeyResolver;
	readonly trust?: BbsTrustPolicy;
}

export interface Verification {
	/** `report.result` decides; everything below is empty unless the proof holds. */
	readonly report: ReportNode;
	readonly claims: { readonly [name: string]: ClaimValue };
	/** base64url, the same for one holder, this audience and this purpose. */
	readonly pseudonym?: string;
	readonly issuer?: string;
	readonly type?: string;
	/** Sentences for a person. */
	readonly learned: readonly string[];
	readonly unproven: readonly string[];
}

const TOP = {
	check: 'bbs-presentation',
	title: 'BBS presentation',
	passed: 'What was asked is proven.',
	failed: 'What was asked is not proven.',
};

/**
 * Checks a presentation against the request that it should answer. Never throws because of it, and takes about
 * 0.15 s of a core for each bound. Everything that needs no cryptography is checked first.
 */
export async function verify(engine: Engine, input: VerifyInput): Promise<Verification> {
	const { request } = input;
	checkRequest(request);
	const nothing = { claims: {}, learned: [], unproven: [] };
	let presentation: Presentation;
	try {
		presentation = parsePresentation(input.presentation);
	} catch (error) {
		const { code, message } = errorInfo(error);
		return { report: group(TOP, [failed({ check: 'format', title: 'Form', reason: message, code })]), ...nothing };
	}
	const { issuer, type } = presentation;
	const form = passed({ check: 'format', title: 'Form', reason: 'It has the form of a BBS presentation.' });
	const content: ReportNode[] = [
		request.types.includes(type)
			? passed({ check: 'type', title: 'Type', reason: 'It is a type that was asked for.', evidence: { type: displayText(type) } })
			: failed({ check: 'type', title: 'Type', reason: 'It is another type than was asked for.', code: 'bbs/wrong-type' }),
		sameBytes(presentation.requestHash, requestHash(request))
			? passed({
					check: 'request-binding',
					title: 'This request',
					reason: 'It answers this request: nonce, verifier, address and question.',
					evidence: { audience: request.audience },
				})
			: failed({ check: 'request-binding', title: 'This request', reason: 'It was made for another request.', code: 'bbs/wrong-request' }),
		dayNode(presentation.day, dayOf(input.now)),
		disclosures(request, presentation),
		pseudonymForm(request, presentation),
	];
	// Finding a key may mean fetching from an address that the presentation names: not for one that fails anyway.
	const fits = content.every((node) => node.result !== 'failed');
	const key: FoundKey = fits
		? await issuerKey(input.keys, presentation)
		: { node: skipped({ check: 'issuer-key', title: 'Issuer’s key', reason: 'Not looked for, because the rest does not fit.', code: 'bbs/not-proven' }) };
	const nodes: ReportNode[] = [form, key.node, ...(key.how === undefined ? [] : [await issuerTrust(input.trust, presentation, key.how)]), ...content];

	const proof = nodes.some((node) => node.result === 'failed') || !key.publicKey ? undefined : proofNode(engine, request, presentation, key.publicKey);
	nodes.push(proof ?? skipped({ check: 'proof', title: 'Proof', reason: 'Not checked, because the rest does not fit.', code: 'bbs/not-proven' }));
	const holds = proof?.result === 'passed';
	nodes.push(...proven(request, presentation, holds));
	const report = group(TOP, nodes);
	if (!holds) return { report, ...nothing };
	return {
		report,
		claims: Object.fromEntries(presentation.disclosed.map(({ name, value }) => [name, value])),
		...(presentation.pseudonym ? { pseudonym: base64urlEncode(presentation.pseudonym) } : {}),
		issuer,
		type,
		...conclusions(request, presentation.day),
	};
}

interface FoundKey {
	readonly node: ReportNode;
	readonly publicKey?: Uint8Array;
	readonly how?: string;
}

async function issuerKey(keys: BbsIssuerKeyResolver, { issuer, keyId }: Presentation): Promise<FoundKey> {
	const about = { check: 'issuer-key', title: 'Issuer’s key' };
	const named = { issuer: displayText(issuer), keyId: displayText(keyId) };
	try {
		const { publicKey, how } = await keys.resolve({ issuer, keyId });
		return {
			node: passed({ ...about, reason: 'The key was found where the issuer publishes it.', evidence: { ...named, how } }),
			publicKey: checkPublicKey(publicKey),
			how,
		};
	} catch (error) {
		const { code } = errorInfo(error);
		const reason = 'The issuer’s key could not be found, or is not one for BBS.';
		return { node: failed({ ...about, reason, code: code === 'internal' ? 'bbs/issuer-key-not-found' : code, evidence: named }) };
	}
}

async function issuerTrust(trust: BbsTrustPolicy | undefined, { issuer, type }: Presentation, how: string): Promise<ReportNode> {
	const about = { check: 'issuer-trust', title: 'Trust in the issuer' };
	if (!trust)
		return warning({
			...about,
			reason: 'Nobody said whether this issuer is trusted.',
			code: 'bbs/untrusted-issuer',
			evidence: { issuer: displayText(issuer) },
		});
	const { result, reason } = await trust({ issuer, type, how });
	if (result === 'passed') return passed({ ...about, reason });
	return (result === 'warning' ? warning : failed)({ ...about, reason, code: 'bbs/untrusted-issuer' });
}

/** A day apart is allowed: the two clocks, and midnight between proving and checking. */
function dayNode(day: string, today: string): ReportNode {
	const about = { check: 'day', title: 'Day', evidence: { day, today } };
	if (daysBetween(day, today) > 1) return failed({ ...about, reason: 'Its validity is proven for another day than today.', code: 'bbs/wrong-day' });
	return passed({ ...about, reason: 'Its validity is proven for today.' });
}

/** Exactly what was asked: a holder who shows more was wronged by a wallet or shows what the verifier must not keep. */
function disclosures(request: BbsRequest, presentation: Presentation): ReportNode {
	const about = { check: 'disclosed', title: 'Shown claims' };
	const names = presentation.disclosed.map(({ name }) => name);
	if (!request.disclose.every((name) => names.includes(name)))
		return failed({ ...about, reason: 'Not all that was asked for is shown.', code: 'bbs/claim-missing' });
	if (names.length !== request.disclose.length) return failed({ ...about, reason: 'More is shown than was asked for.', code: 'bbs/unrequested-claim' });
	for (const bound of request.bounds) {
		if (!presentation.schema.some(({ name, kind }) => name === bound.claim && kind === bound.kind)) {
			return failed({ ...about, reason: 'The credential does not have the claim that something was to be proven about.', code: 'bbs/claim-missing' });
		}
	}
	return passed({
		...about,
		reason: names.length === 0 ? 'No claim is shown.' : 'What was asked for is shown, and no more.',
		evidence: { claims: names.join(', ') },
	});
}

function pseudonymForm(request: BbsRequest, { pseudonym }: Presentation): ReportNode {
	const about = { check: 'pseudonym', title: 'Pseudonym' };
	if (!request.pseudonym) {
		return pseudonym
			? failed({ ...about, reason: 'A pseudonym is given that nobody asked for.', code: 'bbs/unrequested-claim' })
			: passed({ ...about, reason: 'None was asked for: two visits of one person can’t be linked.' });
	}
	if (!pseudonym) return failed({ ...about, reason: 'The pseudonym that was asked for is missing.', code: 'bbs/pseudonym-missing' });
	// The identity would be everybody's pseudonym; a point of small order would not be bound to the secret.
	if (!isPoint(pseudonym, 'G1')) return failed({ ...about, reason: 'The pseudonym is not a point of the group.', code: 'bbs/bad-proof' });
	return passed({
		...about,
		reason: 'A pseudonym is given, for this verifier and purpose only; the proof says whether it is genuine.',
		evidence: { purpose: request.pseudonym.purpose },
	});
}

function proofNode(engine: Engine, request: BbsRequest, presentation: Presentation, publicKey: Uint8Array): ReportNode {
	const about = { check: 'proof', title: 'Proof' };
	try {
		const statement = buildStatement(engine, 'verifier', request, presentation, publicKey);
		const bytes = expandProof(presentationLayout(statement.hidden.length, statement.kinds), presentation.proof);
		const { verified } = library.verifyCompositeProofG1WithDeconstructedProofSpec(
			bytes,
			statement.statements,
			statement.equalities,
			statement.setup,
			statement.context,
		);
		if (verified) {
			return passed({
				...about,
				reason: 'The holder knows a signature of the issuer for which all of this is true.',
				evidence: { scheme: 'BBS (BLS12-381-SHA-256), Bulletproofs++', setup: 'none to be trusted: all generators come from hashing' },
			});
		}
	} catch {
		// The library throws on bytes that are not points and scalars.
	}
	return failed({ ...about, reason: 'The proof does not hold for this request, key and content.', code: 'bbs/bad-proof' });
}

/** One node for each thing that the proof proves, with the verifier's own figures. */
function proven(request: BbsRequest, presentation: Presentation, holds: boolean): ReportNode[] {
	const node = (leaf: Parameters<typeof passed>[0]): ReportNode => (holds ? passed(leaf) : skipped({ ...leaf, reason: 'Not proven.', code: 'bbs/not-proven' }));
	return [
		node({
			check: 'validity',
			title: 'Validity',
			reason: 'The credential is valid on this day; its last day stays hidden.',
			evidence: { day: presentation.day },
		}),
		...request.bounds.map((bound) =>
			node({
				check: `bound/${bound.claim}`,
				title: 'Proven without being shown',
				reason: `${sentence(bound)}.`,
				evidence: {
					claim: bound.claim,
					...(bound.min === undefined ? {} : { min: String(bound.min) }),
					...(bound.max === undefined ? {} : { max: String(bound.max) }),
				},
			}),
		),
		...(presentation.pseudonym
			? [node({ check: 'pseudonym/genuine', title: 'Pseudonym', reason: 'The pseudonym belongs to the secret in the credential.' })]
			: []),
		skipped({ check: 'revocation', title: 'Revocation', reason: 'This form of credential can’t be revoked before its last day.', code: 'bbs/no-revocation' }),
	];
}

function sentence(bound: BbsRequest['bounds'][number]): string {
	const [from, to] = bound.kind === 'date' ? ['on or after', 'on or before'] : ['at least', 'at most'];
	const parts = [...(bound.min === undefined ? [] : [`${from} ${bound.min}`]), ...(bound.max === undefined ? [] : [`${to} ${bound.max}`])];
	return `“${bound.claim}” is ${parts.join(' and ')}`;
}

/** What a verifier knows after a proof that holds, and what it does not. Wallets show the same before. */
export function conclusions(request: BbsRequest, day: string): { readonly learned: string[]; readonly unproven: string[] } {
	return {
		learned: [
			'The issuer, the type, and which claims such a credential has.',
			`The credential is valid on ${day}.`,
			...request.bounds.map((bound) => `${sentence(bound)}.`),
			...request.disclose.map((name) => `The value of “${name}”.`),
			...(request.pseudonym ? ['That the same person comes back, for this purpose here; not who it is, nor where else.'] : []),
		],
		unproven: [
			'Who the person is, beyond what is shown.',
			'That the person who answers is the one to whom the credential was issued: the secret could have been given away.',
			'That the issuer has not withdrawn the credential since.',
			...(request.pseudonym ? [] : ['Whether the same person has answered before.']),
		],
	};
}
