import { type Jwk, jwkThumbprint } from '@holdfast/crypto';
import {
	displayText,
	epochSeconds,
	errorInfo,
	failed,
	group,
	type Json,
	type JsonObject,
	passed,
	type ReportNode,
	settle,
	skipped,
	warning,
} from '@holdfast/kernel';
import { CredentialError } from './errors.ts';
import { didOf, isDid } from './holder-key.ts';
import { member, selectPath } from './json.ts';
import { headerKid, isJwsAlg, type Jws, keyFits, verifySignature } from './jws.ts';
import { LIMITS } from './limits.ts';
import type { ClaimPath, CredentialFormatId, IssuerKey, VerifyExpectation, VerifyInput } from './model.ts';
import { checkSchema } from './schema.ts';
import { day, iso, minute, quoted } from './text.ts';

// The checks that do not depend on the format. Each gives one node of the report; none throws for bad input.

const DEFAULT_SKEW = 60;
const DEFAULT_PROOF_AGE = 300;

/** A NumericDate (RFC 7519 §2) that is a time, or undefined. */
export const numericDate = (value: Json | undefined): number | undefined =>
	typeof value === 'number' && value >= 0 && value <= LIMITS.time ? value : undefined;

export const notChecked = (check: string, title: string, reason: string): ReportNode => skipped({ check, title, reason, code: 'credential/not-checked' });

/** `typ` of a JOSE header. `required: false`: may be absent (VCDM 1.1). */
export function typCheck(
	check: string,
	header: JsonObject,
	rule: { readonly accept: readonly string[]; readonly legacy?: readonly string[]; readonly required: boolean },
): ReportNode {
	const title = 'Kind of token';
	const typ = member(header, 'typ');
	// RFC 7515 §4.1.9: a media type without its application/ prefix; media types ignore case.
	const kind = typeof typ === 'string' ? typ.toLowerCase() : undefined;
	if (typ === undefined && !rule.required) return passed({ check, title, reason: 'The token does not name its kind, which this format allows.' });
	if (kind !== undefined && rule.accept.includes(kind)) return passed({ check, title, reason: `The token is marked as ${kind}.`, evidence: { typ: kind } });
	if (kind !== undefined && rule.legacy?.includes(kind)) {
		return warning({
			check,
			title,
			reason: `The token is marked as ${kind}, an older name for ${rule.accept[0] ?? 'this kind'}.`,
			code: 'credential/legacy-typ',
			evidence: { typ: kind },
		});
	}
	return failed({
		check,
		title,
		reason: `The token is not marked as ${rule.accept[0] ?? 'expected'}, so it was made for something else.`,
		code: 'credential/wrong-typ',
	});
}

export function algCheck(check: string, header: JsonObject): ReportNode {
	const title = 'Signature algorithm';
	const alg = member(header, 'alg');
	if (isJwsAlg(alg)) return passed({ check, title, reason: `The signature algorithm ${alg} is accepted.`, evidence: { alg } });
	const reason =
		typeof alg === 'string' && alg.toLowerCase() === 'none'
			? 'The token says that it is not signed.'
			: 'The token names a signature algorithm that Holdfast does not accept.';
	return failed({ check, title, reason, code: 'credential/unsupported-alg', evidence: { alg: typeof alg === 'string' ? displayText(alg, 32) : 'none given' } });
}

/** `crit` (RFC 7515 §4.1.11): no extension is understood here, so any is refused; `b64` too. */
export function critCheck(check: string, header: JsonObject): ReportNode {
	const title = 'Critical extensions';
	if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) {
		return failed({ check, title, reason: 'The token demands an extension that Holdfast does not know.', code: 'credential/unsupported-critical' });
	}
	return passed({ check, title, reason: 'The token demands no unknown extension.' });
}

export interface IssuerFindings {
	readonly keyNode: ReportNode;
	readonly signatureNode: ReportNode;
	readonly key?: IssuerKey;
	readonly signed: boolean;
}

/** Finds the issuer's key and checks the issuer's signature with it. */
export async function issuerChecks(input: VerifyInput, jws: Jws, issuer: string): Promise<IssuerFindings> {
	const keyTitle = "Issuer's key";
	const signatureTitle = "Issuer's signature";
	const alg = member(jws.header, 'alg');
	if (!isJwsAlg(alg)) {
		const reason = 'Not checked, because the signature algorithm is not accepted.';
		return { keyNode: notChecked('issuer-key', keyTitle, reason), signatureNode: notChecked('signature', signatureTitle, reason), signed: false };
	}
	const kid = headerKid(jws.header);
	const notFound = (reason: string, cause: string): IssuerFindings => ({
		keyNode: failed({
			check: 'issuer-key',
			title: keyTitle,
			reason,
			code: 'credential/issuer-key-not-found',
			evidence: { issuer: displayText(issuer), cause },
		}),
		signatureNode: notChecked('signature', signatureTitle, "Not checked, because the issuer's key was not found."),
		signed: false,
	});
	// A resolver that follows `kid` alone would let anybody sign in another's name.
	if (kid?.startsWith('did:') && didOf(kid) !== issuer)
		return notFound('The credential names a key that belongs to somebody else than its issuer.', 'foreign-kid');
	let key: IssuerKey;
	try {
		key = await input.keys.resolve({ issuer, header: jws.header, alg, format: input.format, ...(kid === undefined ? {} : { kid }) });
	} catch (error) {
		const info = errorInfo(error);
		const known = info.code !== 'internal';
		return notFound(`The issuer's key could not be found. ${known ? displayText(info.message) : ''}`.trim(), known ? info.code : 'unknown');
	}
	if (key.did !== undefined && isDid(issuer) && key.did !== issuer)
		return notFound('The key that was found belongs to somebody else than the issuer.', 'foreign-key');
	const evidence = {
		issuer: displayText(issuer),
		how: displayText(key.how),
		...(kid === undefined ? {} : { kid: displayText(kid) }),
		...thumbprintEvidence(key.jwk),
	};
	const keyNode = passed({ check: 'issuer-key', title: keyTitle, reason: `The issuer's key was found: ${displayText(key.how)}.`, evidence });
	const node = { check: 'signature', title: signatureTitle };
	if (!keyFits(alg, key.jwk)) {
		return {
			keyNode,
			key,
			signed: false,
			signatureNode: failed({
				...node,
				reason: `The credential claims ${alg}, but the issuer's key is not a key for that.`,
				code: 'credential/unsupported-alg',
				evidence: { alg, crv: displayText(key.jwk.crv, 20) },
			}),
		};
	}
	if (!verifySignature(jws, alg, key.jwk)) {
		return {
			keyNode,
			key,
			signed: false,
			signatureNode: failed({
				...node,
				reason: "The issuer's signature does not fit. The credential was changed, or somebody else signed it.",
				code: 'credential/tampered',
			}),
		};
	}
	return { keyNode, key, signed: true, signatureNode: passed({ ...node, reason: 'The credential is exactly what the issuer signed.', evidence: { alg } }) };
}

function thumbprintEvidence(jwk: Jwk): { thumbprint?: string } {
	try {
		return { thumbprint: jwkThumbprint(jwk) };
	} catch {
		// A key that has no thumbprint fails the signature check with its own reason.
		return {};
	}
}

export async function trustCheck(
	input: VerifyInput,
	about: { readonly issuer: string; readonly type: string; readonly format: CredentialFormatId },
	findings: IssuerFindings,
): Promise<{ node: ReportNode; name?: string }> {
	const node = { check: 'issuer-trust', title: 'Trust in the issuer' };
	if (!findings.key || !findings.signed)
		return { node: notChecked(node.check, node.title, 'Not checked, because it is not proven who issued the credential.') };
	if (!input.trust) {
		return {
			node: skipped({
				...node,
				reason: `Nobody has said whether ${quoted(about.issuer || 'the issuer')} is to be trusted with this.`,
				code: 'credential/trust-not-checked',
			}),
		};
	}
	const { key } = findings;
	const { trust } = input;
	const asked = await settle(() => trust({ ...about, how: key.how, jwk: key.jwk, ...(key.did === undefined ? {} : { did: key.did }) }));
	if (!asked.ok)
		return { node: failed({ ...node, reason: 'It could not be found out whether the issuer is to be trusted.', code: 'credential/unknown-issuer' }) };
	const decision = asked.value;
	const leaf = { ...node, reason: displayText(decision.reason), evidence: { issuer: displayText(about.issuer) } };
	const name = decision.name === undefined ? {} : { name: displayText(decision.name) };
	if (decision.result === 'passed') return { node: passed(leaf), ...name };
	return { node: (decision.result === 'failed' ? failed : warning)({ ...leaf, code: 'credential/unknown-issuer' }), ...name };
}

export function typeCheck(types: readonly string[], expected: VerifyExpectation): ReportNode {
	const node = { check: 'type', title: 'Type of credential' };
	const evidence = { types: displayText(types.join(', ')) };
	if (types.length === 0) return failed({ ...node, reason: 'The credential does not say what it is.', code: 'credential/malformed' });
	if (expected.types && !expected.types.some((type) => types.includes(type))) {
		return failed({
			...node,
			reason: `The credential is of the type ${quoted(types.at(-1) ?? '')}, which was not asked for.`,
			code: 'credential/wrong-type',
			evidence,
		});
	}
	return passed({ ...node, reason: `The credential is of the type ${quoted(types.at(-1) ?? '')}.`, evidence });
}

/** `iat`, `nbf`, `exp`: each a node, and each present one must be a time. */
export function timeChecks(payload: JsonObject, expected: VerifyExpectation): ReportNode {
	const now = epochSeconds(expected.now);
	const skew = expected.clockSkewSec ?? DEFAULT_SKEW;
	const one = (name: string, check: string, title: string, absent: string, judge: (time: number) => ReportNode): ReportNode => {
		const value = member(payload, name);
		if (value === undefined) return passed({ check, title, reason: absent });
		const time = numericDate(value);
		return time === undefined
			? failed({ check, title, reason: 'The credential holds something that is not a time.', code: 'credential/malformed' })
			: judge(time);
	};
	return group({ check: 'time', title: 'Validity in time', passed: 'The credential is valid now.', failed: 'The credential is not valid now.' }, [
		one('iat', 'time/issued', 'Issued', 'The credential does not say when it was issued.', (time) => {
			const leaf = { check: 'time/issued', title: 'Issued', evidence: { issuedAt: iso(time) } };
			return time > now + skew
				? failed({ ...leaf, reason: `The credential claims to be issued in the future, on ${day(time)}.`, code: 'credential/not-yet-valid' })
				: passed({ ...leaf, reason: `The credential was issued on ${day(time)}.` });
		}),
		one('nbf', 'time/not-before', 'Valid from', 'The credential has no first day of validity.', (time) => {
			const leaf = { check: 'time/not-before', title: 'Valid from', evidence: { validFrom: iso(time) } };
			return time > now + skew
				? failed({ ...leaf, reason: `The credential is not valid before ${day(time)}.`, code: 'credential/not-yet-valid' })
				: passed({ ...leaf, reason: `The credential is valid since ${day(time)}.` });
		}),
		one('exp', 'time/expiry', 'Valid until', 'The credential has no expiry date.', (time) => {
			const leaf = { check: 'time/expiry', title: 'Valid until', evidence: { validUntil: iso(time) } };
			// RFC 7519 §4.1.4: not accepted on or after the time.
			return time + skew <= now
				? failed({ ...leaf, reason: `The credential expired on ${day(time)}.`, code: 'credential/expired' })
				: passed({ ...leaf, reason: `The credential is valid until ${day(time)}.` });
		}),
	]);
}

export function schemaCheck(schema: JsonObject | undefined, claims: JsonObject): ReportNode {
	const node = { check: 'schema', title: 'Shape of the claims' };
	if (!schema) return notChecked(node.check, node.title, 'No schema was given to check the claims against.');
	const found = checkSchema(schema, claims);
	if (found.result === 'bad-schema') return failed({ ...node, reason: found.reason, code: 'credential/bad-schema' });
	if (found.result === 'violated')
		return failed({ ...node, reason: `The claims do not have the agreed shape: ${found.reason}`, code: 'credential/schema', evidence: { at: found.at } });
	return passed({ ...node, reason: 'The claims have the agreed shape.' });
}

export function requestedCheck(requested: readonly ClaimPath[] | undefined, claims: JsonObject): ReportNode {
	const node = { check: 'requested', title: 'What was asked for' };
	if (!requested) return notChecked(node.check, node.title, 'No particular claims were asked for.');
	const missing = requested.filter((path) => selectPath(claims, path).length === 0);
	if (missing.length === 0) return passed({ ...node, reason: 'Everything that was asked for is there.' });
	const names = missing.slice(0, 8).map((path) => quoted(pathText(path), 60));
	return failed({
		...node,
		reason: `${missing.length === 1 ? 'One thing that was asked for is' : `${missing.length} things that were asked for are`} missing: ${names.join(', ')}.`,
		code: 'credential/missing-claim',
	});
}

export const pathText = (path: ClaimPath): string => path.map((part) => (part === null ? '*' : String(part))).join('.');

/** The holder's proof of possession, whatever the format: KB-JWT or VP JWT. */
export interface ProofInput {
	readonly jws: Jws;
	readonly typ: Parameters<typeof typCheck>[2];
	/** The key that the credential is bound to, with how it was found; or why there is none. */
	readonly key: { readonly jwk: Jwk; readonly how: string } | { readonly problem: ReportNode };
	/** KB-JWT: `aud` is one string (RFC 9901 §4.3); a JWT in general may name several. */
	readonly severalAudiences: boolean;
	readonly requireIssuedAt: boolean;
	readonly extra: readonly ReportNode[];
}

/** The nodes below `holder-binding`. */
export function proofChecks(proof: ProofInput, expected: VerifyExpectation): ReportNode[] {
	const { header, payload } = proof.jws;
	return [
		typCheck('holder-binding/typ', header, proof.typ),
		algCheck('holder-binding/alg', header),
		critCheck('holder-binding/crit', header),
		possession(proof),
		nonceCheck(payload, expected),
		audienceCheck(payload, expected, proof.severalAudiences),
		freshnessCheck(payload, expected, proof.requireIssuedAt),
		...proof.extra,
		transactionCheck(payload, expected),
	].filter((node) => node !== undefined);
}

function possession(proof: ProofInput): ReportNode {
	const node = { check: 'holder-binding/possession', title: 'Possession of the key' };
	if ('problem' in proof.key) return proof.key.problem;
	const alg = member(proof.jws.header, 'alg');
	if (!isJwsAlg(alg)) return notChecked(node.check, node.title, 'Not checked, because the signature algorithm is not accepted.');
	const evidence = { how: proof.key.how, ...thumbprintEvidence(proof.key.jwk) };
	if (!keyFits(alg, proof.key.jwk)) {
		return failed({
			...node,
			reason: `The proof claims ${alg}, but the credential is bound to a key of another kind.`,
			code: 'credential/wrong-holder',
			evidence,
		});
	}
	if (!verifySignature(proof.jws, alg, proof.key.jwk)) {
		return failed({ ...node, reason: 'The proof was not signed with the key that the credential is bound to.', code: 'credential/wrong-holder', evidence });
	}
	return passed({ ...node, reason: 'Whoever presents this has the key that the credential is bound to.', evidence });
}

function nonceCheck(payload: JsonObject, expected: VerifyExpectation): ReportNode {
	const node = { check: 'holder-binding/nonce', title: 'Made for this request' };
	if (expected.nonce === undefined) return notChecked(node.check, node.title, 'No nonce was expected.');
	return member(payload, 'nonce') === expected.nonce
		? passed({ ...node, reason: 'The proof answers this very request.' })
		: failed({ ...node, reason: 'The proof answers another request. It may be a copy of an earlier one.', code: 'credential/wrong-nonce' });
}

function audienceCheck(payload: JsonObject, expected: VerifyExpectation, several: boolean): ReportNode {
	const node = { check: 'holder-binding/audience', title: 'Made for this verifier' };
	if (expected.audience === undefined) return notChecked(node.check, node.title, 'No audience was expected.');
	const aud = member(payload, 'aud');
	const evidence = { expected: displayText(expected.audience) };
	const fits = aud === expected.audience || (several && Array.isArray(aud) && aud.includes(expected.audience));
	return fits
		? passed({ ...node, reason: 'The proof was made for this verifier.', evidence })
		: failed({ ...node, reason: 'The proof was made for another verifier.', code: 'credential/wrong-audience', evidence });
}

function freshnessCheck(payload: JsonObject, expected: VerifyExpectation, required: boolean): ReportNode {
	const node = { check: 'holder-binding/freshness', title: 'Freshness of the proof' };
	const now = epochSeconds(expected.now);
	const skew = expected.clockSkewSec ?? DEFAULT_SKEW;
	const maxAge = expected.maxProofAgeSec ?? DEFAULT_PROOF_AGE;
	const stale = (reason: string): ReportNode => failed({ ...node, reason, code: 'credential/stale-proof' });
	for (const name of ['iat', 'nbf', 'exp']) {
		const value = member(payload, name);
		if (value !== undefined && numericDate(value) === undefined) return stale('The proof holds something that is not a time.');
	}
	const exp = numericDate(member(payload, 'exp'));
	if (exp !== undefined && exp + skew <= now) return stale(`The proof expired on ${minute(exp)}.`);
	const nbf = numericDate(member(payload, 'nbf'));
	if (nbf !== undefined && nbf > now + skew) return stale(`The proof is not valid before ${minute(nbf)}.`);
	const iat = numericDate(member(payload, 'iat'));
	if (iat === undefined) {
		if (required) return stale('The proof does not say when it was made.');
		return warning({
			...node,
			reason: 'The proof does not say when it was made. The nonce shows that it is not older than the request.',
			code: 'credential/no-proof-time',
		});
	}
	const evidence = { madeAt: iso(iat) };
	if (iat > now + skew)
		return failed({ ...node, reason: `The proof claims to be made in the future, on ${minute(iat)}.`, code: 'credential/stale-proof', evidence });
	if (iat + maxAge + skew < now)
		return failed({ ...node, reason: `The proof is too old: it was made on ${minute(iat)}.`, code: 'credential/stale-proof', evidence });
	return passed({ ...node, reason: `The proof was made on ${minute(iat)}.`, evidence });
}

function transactionCheck(payload: JsonObject, expected: VerifyExpectation): ReportNode | undefined {
	const node = { check: 'holder-binding/transaction-data', title: 'Confirmed transaction' };
	const found = member(payload, 'transaction_data_hashes');
	const wanted = expected.transactionDataHashes;
	if (!wanted) return undefined;
	const fits = Array.isArray(found) && found.length === wanted.length && found.every((hash, index) => hash === wanted[index]);
	return fits
		? passed({ ...node, reason: 'The holder confirmed exactly this transaction.' })
		: failed({ ...node, reason: 'The holder did not confirm this transaction.', code: 'credential/transaction-data-mismatch' });
}

/** For a wallet that receives a credential: it must be bound to the wallet's own key. */
export function boundToCheck(holder: Jwk | undefined, expected: Jwk): ReportNode {
	const node = { check: 'holder-binding/bound-to', title: 'Bound to your key' };
	if (!holder) return failed({ ...node, reason: 'The credential is not bound to any key.', code: 'credential/missing-holder-binding' });
	return thumbprintEvidence(holder).thumbprint === jwkThumbprint(expected)
		? passed({ ...node, reason: 'The credential is bound to the key that was offered for it.' })
		: failed({ ...node, reason: 'The credential is bound to somebody else’s key.', code: 'credential/wrong-holder' });
}

/** The report for input that cannot be read at all: one failed check, and every other one named as not done. */
export function unreadable(
	root: { readonly check: string; readonly title: string },
	error: unknown,
	rest: readonly (readonly [check: string, title: string])[],
): ReportNode {
	if (!(error instanceof CredentialError)) throw error;
	const format = failed({ check: 'format', title: 'Format', reason: error.message, code: error.code });
	const others = rest.map(([check, title]) => notChecked(check, title, 'Not checked, because the credential could not be read.'));
	return group({ ...root, passed: '', failed: 'The credential could not be read.' }, [format, ...others]);
}
