import { base64urlEncode, type Jwk, jwkThumbprint, utf8 } from '@holdfast/crypto';
import { failed, group, type Json, type JsonObject, passed, type ReportNode } from '@holdfast/kernel';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import {
	algCheck,
	boundToCheck,
	critCheck,
	issuerChecks,
	notChecked,
	numericDate,
	type ProofInput,
	proofChecks,
	requestedCheck,
	schemaCheck,
	timeChecks,
	trustCheck,
	typCheck,
	typeCheck,
	unreadable,
} from './checks.ts';
import { CredentialError, malformed } from './errors.ts';
import { digestText, hashBytes, isSdAlg, type SdAlg } from './hash.ts';
import { bareJwk, isDid, jwkJson, keyInDid, publicJwk } from './holder-key.ts';
import { checkIssueInput, disclosablePaths } from './issue.ts';
import { isObject, isPrefix, leaves, member, pathIndex, selectPath, stringMember } from './json.ts';
import { decodeJws, isJwsAlg, type Jws, signCompact } from './jws.ts';
import {
	ATTESTATION_CLAIM,
	type ClaimPath,
	type CredentialFormat,
	type IssueInput,
	type ParsedCredential,
	type PresentInput,
	type Verification,
	type VerifyInput,
} from './model.ts';
import {
	looksLikeSdJwt,
	type PlacedDisclosure,
	type SdJwtParts,
	type SdProblem,
	type SdProblemKind,
	sdAlgOf,
	splitSdJwt,
	type Unpacked,
	unpack,
} from './sd-jwt.ts';
import { statusCheck } from './status/check.ts';
import { statusClaim } from './status/claim.ts';

// SD-JWT VC (draft-ietf-oauth-sd-jwt-vc) over SD-JWT with key binding (RFC 9901).

const FORMAT = 'dc+sd-jwt';

/** Registered claims that describe the credential, not its subject. `iat` may be hidden; the others never are. */
const REGISTERED: ReadonlySet<string> = new Set(['iss', 'iat', 'nbf', 'exp', 'aud', 'jti', 'cnf', 'vct', 'vct#integrity', 'status']);

async function issue(input: IssueInput, io: { readonly random: { bytes(length: number): Uint8Array } }): Promise<string> {
	checkIssueInput(input);
	const holder = bareJwk(input.holder.jwk);
	if (!publicJwk(jwkJson(holder))) throw new CredentialError('credential/invalid-input', "The holder's key is not a valid public key.");
	const payload = {
		iss: input.issuer,
		iat: input.issuedAt,
		...(input.validFrom === undefined ? {} : { nbf: input.validFrom }),
		...(input.validUntil === undefined ? {} : { exp: input.validUntil }),
		...(input.id === undefined ? {} : { jti: input.id }),
		vct: input.type,
		...(input.typeMetadata ? { 'vct#integrity': input.typeMetadata.integrity } : {}),
		cnf: { jwk: holder },
		...(input.status ? { status: statusClaim(input.status) } : {}),
		...input.claims,
	};
	const library = new SDJwtVcInstance({
		signer: async (data) => base64urlEncode(await input.signer.sign(utf8(data))),
		signAlg: input.signer.alg,
		hasher: (data, alg) => hashBytes(libraryAlg(alg), typeof data === 'string' ? utf8(data) : new Uint8Array(data)),
		hashAlg: 'sha-256',
		// RFC 9901 §9.3: 128 bits of salt.
		saltGenerator: () => base64urlEncode(io.random.bytes(16)),
	});
	const header = { ...(input.signer.kid === undefined ? {} : { kid: input.signer.kid }), ...(input.x5c ? { x5c: [...input.x5c] } : {}) };
	// The frame's type is derived from a payload known at compile time; this one is data.
	return library.issue(payload, disclosureFrame(disclosablePaths(input.claims, input.disclosable)) as object, { header });
}

function libraryAlg(alg: string): SdAlg {
	if (!isSdAlg(alg)) throw new CredentialError('credential/unsupported-alg', 'This hash algorithm is not accepted.');
	return alg;
}

type Frame = { _sd?: (string | number)[]; [name: string]: Frame | (string | number)[] | undefined };

/** The library's disclosure frame for concrete paths: `_sd` lists what is hidden at a level. */
function disclosureFrame(paths: readonly ClaimPath[]): Frame {
	const root: Frame = Object.create(null);
	for (const path of paths) {
		let frame = root;
		for (const part of path.slice(0, -1)) {
			const name = String(part);
			const next = frame[name];
			if (next && !Array.isArray(next)) frame = next;
			else {
				const made: Frame = Object.create(null);
				frame[name] = made;
				frame = made;
			}
		}
		const last = path.at(-1);
		if (last === undefined || last === null) continue;
		frame._sd ??= [];
		if (!frame._sd.includes(last)) frame._sd.push(last);
	}
	return root;
}

interface Read {
	readonly parts: SdJwtParts;
	readonly alg: SdAlg;
	readonly unpacked: Unpacked;
}

function read(raw: string): Read {
	const parts = splitSdJwt(raw);
	const alg = sdAlgOf(parts.jws.payload);
	return { parts, alg, unpacked: unpack(parts, alg) };
}

function parse(raw: string): ParsedCredential {
	const found = read(raw);
	const [problem] = found.unpacked.problems;
	if (problem) throw new CredentialError('credential/disclosure-mismatch', problem.reason);
	const { header, payload } = found.parts.jws;
	const typ = stringMember(header, 'typ')?.toLowerCase();
	if (typ !== 'dc+sd-jwt' && typ !== 'vc+sd-jwt') throw malformed('This SD-JWT is not a credential (its typ is not dc+sd-jwt).');
	if (!stringMember(payload, 'vct')) throw malformed('The credential does not say what it is (vct is missing).');
	for (const name of ['iat', 'nbf', 'exp']) {
		const value = member(found.unpacked.payload, name);
		if (value !== undefined && numericDate(value) === undefined) throw malformed('The credential holds something that is not a time.');
	}
	return view(raw, found);
}

/** What the caller sees of a credential that was read. */
function view(raw: string, { parts, unpacked }: Read): ParsedCredential {
	const { payload } = unpacked;
	const hidden = (name: string): boolean => unpacked.placed.some(({ path }) => path.length === 1 && path[0] === name);
	const { [ATTESTATION_CLAIM]: attestation, ...document } = payload;
	const claims = Object.fromEntries(Object.entries(document).filter(([name]) => !REGISTERED.has(name) || (name === 'iat' && hidden(name))));
	const hideable = pathIndex(unpacked.placed.map(({ path }) => path));
	const vct = stringMember(payload, 'vct') ?? '';
	const cnf = member(payload, 'cnf');
	const holder = holderOf(cnf);
	const issuedAt = numericDate(member(payload, 'iat'));
	const validFrom = numericDate(member(payload, 'nbf'));
	const validUntil = numericDate(member(payload, 'exp'));
	const id = stringMember(payload, 'jti');
	const status = member(payload, 'status');
	const typeIntegrity = stringMember(payload, 'vct#integrity');
	return {
		format: FORMAT,
		raw,
		issuer: stringMember(payload, 'iss') ?? '',
		type: vct,
		types: vct === '' ? [] : [vct],
		claims,
		document,
		disclosures: unpacked.placed.filter(({ path }) => path[0] !== ATTESTATION_CLAIM).map(({ path, value, digest }) => ({ path, value, digest })),
		alwaysDisclosed: [...leaves(claims)].map(({ path }) => path).filter((path) => path.length > 0 && !hideable.covers(path)),
		header: parts.jws.header,
		...(holder ? { holder } : {}),
		...(issuedAt === undefined ? {} : { issuedAt }),
		...(validFrom === undefined ? {} : { validFrom }),
		...(validUntil === undefined ? {} : { validUntil }),
		...(id === undefined ? {} : { id }),
		...(status === undefined ? {} : { status }),
		...(attestation === undefined ? {} : { attestation }),
		...(typeIntegrity === undefined ? {} : { typeIntegrity }),
	};
}

/** `cnf` (RFC 7800): a key, or the DID URL of one. */
function holderOf(cnf: Json | undefined): { jwk?: Jwk; did?: string } | undefined {
	if (!isObject(cnf)) return undefined;
	const jwk = publicJwk(member(cnf, 'jwk'));
	if (jwk) return { jwk: bareJwk(jwk) };
	const kid = stringMember(cnf, 'kid');
	if (kid === undefined || kid.length > 1_024 || !isDid(kid.split('#', 1)[0] ?? '')) return undefined;
	const key = keyInDid(kid);
	return { did: kid.split('#', 1)[0] ?? kid, ...(key ? { jwk: bareJwk(key) } : {}) };
}

/** The disclosures that `disclose` needs: what leads to a path, and everything below it. */
export function selectDisclosures<T extends { readonly path: ClaimPath }>(entries: readonly T[], disclose: readonly ClaimPath[] | 'all'): T[] {
	if (disclose === 'all') return [...entries];
	return entries.filter((entry) => disclose.some((path) => isPrefix(entry.path, path) || isPrefix(path, entry.path)));
}

async function present(input: PresentInput): Promise<string> {
	const { parts, alg, unpacked } = read(input.raw);
	const parsed = parse(input.raw);
	if (input.disclose !== 'all') {
		for (const path of input.disclose) {
			if (path.length === 0 || selectPath(unpacked.payload, path).length === 0) {
				throw new CredentialError('credential/no-such-claim', 'The credential has no such claim to disclose.', { data: { path: [...path] } });
			}
		}
	}
	if (!parsed.holder)
		throw new CredentialError('credential/missing-holder-binding', 'This credential is not bound to a key, so nobody can prove to be its holder.');
	if (parsed.holder.jwk && jwkThumbprint(parsed.holder.jwk) !== jwkThumbprint(input.holder.publicJwk)) {
		throw new CredentialError('credential/wrong-holder', 'This credential is bound to another key.');
	}
	const chosen = new Set<PlacedDisclosure>(selectDisclosures(unpacked.placed, input.disclose));
	const byEncoding = new Set([...chosen].map(({ encoded }) => encoded));
	const compact = input.raw.slice(0, input.raw.indexOf('~'));
	const unproven = [compact, ...parts.disclosures.filter((encoded) => byEncoding.has(encoded)), ''].join('~');
	// RFC 9901 §4.3: the proof covers the exact presentation by its hash.
	const proof = await signCompact(
		{ alg: input.holder.alg, typ: 'kb+jwt' },
		{
			iat: input.issuedAt,
			aud: input.audience,
			nonce: input.nonce,
			sd_hash: digestText(alg, unproven),
			...(input.transactionDataHashes ? { transaction_data_hashes: input.transactionDataHashes } : {}),
		},
		input.holder,
	);
	return unproven + proof;
}

const ROOT = { check: 'credential', title: 'Credential' };
const REST = [
	['issuer-key', "Issuer's key"],
	['signature', "Issuer's signature"],
	['issuer-trust', 'Trust in the issuer'],
	['type', 'Type of credential'],
	['time', 'Validity in time'],
	['status', 'Not withdrawn'],
	['disclosures', 'Disclosed claims'],
	['holder-binding', 'Proof of the holder'],
	['schema', 'Shape of the claims'],
	['requested', 'What was asked for'],
] as const;

async function verify(input: VerifyInput): Promise<Verification> {
	const raw = input.presentation ?? input.credential ?? '';
	let found: Read;
	try {
		found = read(raw);
	} catch (error) {
		return {
			report: unreadable(ROOT, error, REST),
			claims: {},
			document: {},
			format: FORMAT,
			issuer: '',
			type: '',
			types: [],
		};
	}
	const { parts, unpacked } = found;
	const { header, payload } = parts.jws;
	const parsed = view(raw, found);
	const findings = await issuerChecks(input, parts.jws, parsed.issuer);
	const trust = await trustCheck(input, { issuer: parsed.issuer, type: parsed.type, format: FORMAT }, findings);
	const sound = unpacked.problems.length === 0;
	const authentic = findings.signed && sound;
	const unproven = 'Not checked, because the claims are not proven to be the issuer’s.';
	const report = group({ ...ROOT, passed: 'The credential is valid.', failed: 'The credential is not valid.' }, [
		formatChecks(header, payload),
		findings.keyNode,
		findings.signatureNode,
		trust.node,
		typeCheck(parsed.types, input.expected),
		timeChecks(unpacked.payload, input.expected),
		await statusCheck(input, { issuer: parsed.issuer, status: parsed.status, signed: findings.signed }),
		disclosureChecks(unpacked),
		await bindingChecks(input, found, parsed),
		authentic ? schemaCheck(input.schema, parsed.claims) : notChecked('schema', 'Shape of the claims', unproven),
		sound ? requestedCheck(input.requested, unpacked.payload) : notChecked('requested', 'What was asked for', unproven),
	]);
	return {
		report,
		claims: authentic ? parsed.claims : {},
		document: authentic ? parsed.document : {},
		format: FORMAT,
		issuer: parsed.issuer,
		type: parsed.type,
		types: parsed.types,
		...(trust.name === undefined ? {} : { issuerName: trust.name }),
		...(parsed.holder?.jwk ? { holderThumbprint: jwkThumbprint(parsed.holder.jwk) } : {}),
		...(parsed.holder?.did === undefined ? {} : { holderDid: parsed.holder.did }),
		...(parsed.issuedAt === undefined ? {} : { issuedAt: parsed.issuedAt }),
		...(parsed.validFrom === undefined ? {} : { validFrom: parsed.validFrom }),
		...(parsed.validUntil === undefined ? {} : { validUntil: parsed.validUntil }),
		...(parsed.status === undefined ? {} : { status: parsed.status }),
		...(sound ? { parsed } : {}),
	};
}

function formatChecks(header: JsonObject, payload: JsonObject): ReportNode {
	const hash = member(payload, '_sd_alg');
	return group(
		{ check: 'format', title: 'Format', passed: 'The credential is a well-formed SD-JWT VC.', failed: 'The credential is not an SD-JWT VC as it should be.' },
		[
			typCheck('format/typ', header, { accept: ['dc+sd-jwt'], legacy: ['vc+sd-jwt'], required: true }),
			algCheck('format/alg', header),
			critCheck('format/crit', header),
			passed({
				check: 'format/hash',
				title: 'Hash of disclosures',
				reason: 'The hash algorithm is accepted.',
				evidence: { alg: typeof hash === 'string' ? hash : 'sha-256' },
			}),
			stringMember(payload, 'vct')
				? passed({ check: 'format/vct', title: 'Type is named', reason: 'The credential names its type.' })
				: failed({ check: 'format/vct', title: 'Type is named', reason: 'The credential does not name its type (vct).', code: 'credential/malformed' }),
		],
	);
}

function disclosureChecks(unpacked: Unpacked): ReportNode {
	const one = (kind: SdProblemKind, check: string, title: string, good: string): ReportNode => {
		const problem: SdProblem | undefined = unpacked.problems.find((each) => each.kind === kind);
		return problem ? failed({ check, title, reason: problem.reason, code: 'credential/disclosure-mismatch' }) : passed({ check, title, reason: good });
	};
	return group(
		{
			check: 'disclosures',
			title: 'Disclosed claims',
			passed: 'Every disclosed claim is covered by the issuer’s signature.',
			failed: 'The disclosed claims do not fit the credential.',
		},
		[
			one('shape', 'disclosures/shape', 'Form', 'Every disclosure has the right form.'),
			one('unreferenced', 'disclosures/digests', 'Digests', 'Every disclosure has its digest in the credential.'),
			one('duplicate', 'disclosures/duplicates', 'Repeats', 'Nothing is disclosed twice.'),
			one('reserved', 'disclosures/reserved-names', 'Reserved names', 'No disclosure replaces what must always be visible.'),
		],
	);
}

const BINDING = { check: 'holder-binding', title: 'Proof of the holder' };

async function bindingChecks(input: VerifyInput, { parts, alg }: Read, parsed: ParsedCredential): Promise<ReportNode> {
	const { expected } = input;
	const bound = expected.boundTo ? [boundToCheck(parsed.holder?.jwk, expected.boundTo)] : [];
	if (!expected.requireHolderBinding && parts.kbJwt === undefined) {
		if (bound.length === 0) return notChecked(BINDING.check, BINDING.title, 'No proof of the holder was asked for.');
		return group({ ...BINDING, passed: 'The credential is bound to the right key.', failed: 'The credential is not bound to the right key.' }, bound);
	}
	const texts = {
		...BINDING,
		passed: 'The presenter proved to be the holder, for this request.',
		failed: 'It is not proven that the presenter is the holder.',
	};
	const missing = (reason: string): ReportNode =>
		group(texts, [failed({ check: 'holder-binding/present', title: 'Proof is there', reason, code: 'credential/missing-holder-binding' }), ...bound]);
	if (expected.requireHolderBinding && (!expected.nonce || !expected.audience)) {
		throw new CredentialError('credential/invalid-input', 'A nonce and an audience are needed to check the proof of a holder.');
	}
	if (parts.kbJwt === undefined) return missing('The presentation carries no proof of the holder.');
	let jws: ReturnType<typeof decodeJws>;
	try {
		jws = decodeJws(parts.kbJwt, 'The proof of the holder', parts.budget);
	} catch (error) {
		if (error instanceof CredentialError) return missing(error.message);
		throw error;
	}
	const covered = member(jws.payload, 'sd_hash') === digestText(alg, parts.presented);
	const sdHash = { check: 'holder-binding/sd_hash', title: 'Covers these claims' };
	const proof: ProofInput = {
		jws,
		typ: { accept: ['kb+jwt'], required: true },
		key: await holderKey(input, parsed, jws),
		severalAudiences: false,
		requireIssuedAt: true,
		extra: [
			covered
				? passed({ ...sdHash, reason: 'The proof covers exactly what was disclosed.' })
				: failed({ ...sdHash, reason: 'The proof was made for other disclosures than these.', code: 'credential/tampered' }),
		],
	};
	return group(texts, [...bound, ...proofChecks(proof, expected)]);
}

async function holderKey(input: VerifyInput, parsed: ParsedCredential, proof: Jws): Promise<ProofInput['key']> {
	const node = { check: 'holder-binding/possession', title: 'Possession of the key' };
	const { holder } = parsed;
	if (holder?.jwk) return { jwk: holder.jwk, how: holder.did === undefined ? 'key in the credential (cnf)' : 'key in the holder’s DID' };
	const cnf = member(parsed.document, 'cnf');
	const kid = isObject(cnf) ? stringMember(cnf, 'kid') : undefined;
	const alg = member(proof.header, 'alg');
	if (holder?.did !== undefined && input.holderKeys && isJwsAlg(alg)) {
		try {
			return await input.holderKeys.resolve({ did: holder.did, alg, ...(kid === undefined ? {} : { kid }) });
		} catch {
			return { problem: failed({ ...node, reason: "The holder's key could not be found.", code: 'credential/wrong-holder' }) };
		}
	}
	return { problem: failed({ ...node, reason: 'The credential is not bound to a key that Holdfast can use.', code: 'credential/missing-holder-binding' }) };
}

export const sdJwtVc: CredentialFormat = {
	id: FORMAT,
	claimsRoot: [],
	selective: true,
	recognises: (raw) => looksLikeSdJwt(raw),
	issue,
	parse,
	present,
	verify,
};
