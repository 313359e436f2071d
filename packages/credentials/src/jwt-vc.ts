import { base64urlEncode, jwkThumbprint, utf8 } from '@holdfast/crypto';
import { failed, group, type Json, type JsonObject, passed, type ReportNode } from '@holdfast/kernel';
import { createVerifiableCredentialJwt, createVerifiablePresentationJwt, type Issuer } from 'did-jwt-vc';
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
import { bareJwk, didJwk, didOf, isDid, jwkJson, keyInDid, publicJwk } from './holder-key.ts';
import { checkIssueInput } from './issue.ts';
import { Budget, isArray, isObject, isPrefix, leaves, member, selectPath, stringMember } from './json.ts';
import { checkSize, decodeJws, headerKid, isJwsAlg, type Jws } from './jws.ts';
import {
	ATTESTATION_CLAIM,
	type CredentialFormat,
	type IssueInput,
	type ParsedCredential,
	type PresentInput,
	type Verification,
	type VerifyInput,
} from './model.ts';
import { statusCheck } from './status/check.ts';
import { statusClaim } from './status/claim.ts';

// W3C Verifiable Credentials Data Model 1.1 as JWT (§6.3.1), `jwt_vc_json` in OpenID4VCI and OpenID4VP. No selective
// disclosure: a presentation is a VP JWT of the subject around the whole credential.

const FORMAT = 'jwt_vc_json';
const CONTEXT_V1 = 'https://www.w3.org/2018/credentials/v1';
const BASE_TYPE = 'VerifiableCredential';

const invalid = (message: string): CredentialError => new CredentialError('credential/invalid-input', message);

async function issue(input: IssueInput): Promise<string> {
	checkIssueInput(input);
	if (Object.hasOwn(input.claims, 'id')) throw invalid('A claim uses the name id, which stands for the holder in this format.');
	if (!publicJwk(jwkJson(input.holder.jwk))) throw invalid("The holder's key is not a valid public key.");
	const subject = input.holder.did ?? didJwk(input.holder.jwk);
	if (!isDid(subject)) throw invalid("The holder's identifier is not a DID.");
	const contained = keyInDid(subject);
	if (contained && jwkThumbprint(contained) !== jwkThumbprint(input.holder.jwk)) throw invalid("The holder's DID contains another key than the one given.");
	const payload = {
		sub: subject,
		iat: input.issuedAt,
		nbf: input.validFrom ?? input.issuedAt,
		...(input.validUntil === undefined ? {} : { exp: input.validUntil }),
		...(input.id === undefined ? {} : { jti: input.id }),
		...(input.status ? { status: statusClaim(input.status) } : {}),
		vc: {
			'@context': [CONTEXT_V1],
			type: input.type === BASE_TYPE ? [BASE_TYPE] : [BASE_TYPE, input.type],
			credentialSubject: { id: subject, ...input.claims },
		},
	};
	return createVerifiableCredentialJwt(payload, libraryIssuer(input.issuer, input.signer), {
		header: {
			alg: input.signer.alg,
			typ: 'JWT',
			...(input.signer.kid === undefined ? {} : { kid: input.signer.kid }),
			...(input.x5c ? { x5c: [...input.x5c] } : {}),
		},
	});
}

const libraryIssuer = (did: string, signer: IssueInput['signer']): Issuer => ({
	did,
	alg: signer.alg,
	signer: async (data) => base64urlEncode(await signer.sign(typeof data === 'string' ? utf8(data) : data)),
});

/** A VC JWT taken apart, and what is wrong with its structure. */
interface Read {
	readonly jws: Jws;
	readonly vc: JsonObject;
	readonly subject: JsonObject;
	readonly types: readonly string[];
	readonly times: { readonly iat?: Json; readonly nbf?: Json; readonly exp?: Json };
	/** First problem of structure, in words. */
	readonly structure?: string;
	/** First contradiction between JWT claims and the `vc` inside. */
	readonly contradiction?: string;
}

const EMPTY: JsonObject = {};

function read(compact: string, budget: Budget): Read {
	const jws = decodeJws(compact, 'The credential', budget);
	const { payload } = jws;
	const vcMember = member(payload, 'vc');
	const vc = isObject(vcMember) ? vcMember : EMPTY;
	const subjectMember = member(vc, 'credentialSubject');
	const subject = isObject(subjectMember) ? subjectMember : EMPTY;
	const types = list(member(vc, 'type')).filter((type) => typeof type === 'string');
	const structure = structureProblem(vcMember, vc, subjectMember, types);
	const contradiction = findContradiction(payload, vc, subject);
	return {
		jws,
		vc,
		subject,
		types,
		times: {
			...only('iat', member(payload, 'iat')),
			...only('nbf', member(payload, 'nbf') ?? dateMember(vc, 'issuanceDate')),
			...only('exp', member(payload, 'exp') ?? dateMember(vc, 'expirationDate')),
		},
		...(structure === undefined ? {} : { structure }),
		...(contradiction === undefined ? {} : { contradiction }),
	};
}

const only = (name: string, value: Json | undefined): JsonObject => (value === undefined ? {} : { [name]: value });
const list = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : value === undefined ? [] : [value]);

/** An XML Schema dateTime as seconds; as it stands where it is no date, so that the time check refuses it. */
function dateMember(object: JsonObject, name: string): Json | undefined {
	const value = member(object, name);
	if (typeof value !== 'string') return value;
	const time = Date.parse(value);
	return Number.isNaN(time) ? value : Math.floor(time / 1000);
}

function structureProblem(vcMember: Json | undefined, vc: JsonObject, subject: Json | undefined, types: readonly string[]): string | undefined {
	if (!isObject(vcMember)) return 'The token holds no credential (vc is missing).';
	if (list(member(vc, '@context'))[0] !== CONTEXT_V1) return 'The credential does not follow version 1 of the W3C data model.';
	if (!types.includes(BASE_TYPE)) return 'The credential is not marked as a verifiable credential.';
	if (isArray(subject)) return 'The credential is about several subjects, which Holdfast does not read.';
	if (!isObject(subject) || Object.keys(subject).length === 0) return 'The credential says nothing about its subject.';
	return undefined;
}

/** VCDM 1.1 §6.3.1: a JWT claim and its counterpart in `vc`, where both are there, say the same. */
function findContradiction(payload: JsonObject, vc: JsonObject, subject: JsonObject): string | undefined {
	const issuer = member(vc, 'issuer');
	const pairs: readonly (readonly [Json | undefined, Json | undefined, string])[] = [
		[member(payload, 'iss'), isObject(issuer) ? member(issuer, 'id') : issuer, 'issuer'],
		[member(payload, 'sub'), member(subject, 'id'), 'subject'],
		[member(payload, 'jti'), member(vc, 'id'), 'identifier'],
		[member(payload, 'nbf'), dateMember(vc, 'issuanceDate'), 'date of issuance'],
		[member(payload, 'exp'), dateMember(vc, 'expirationDate'), 'expiry date'],
	];
	for (const [outside, inside, name] of pairs) {
		if (outside === undefined || inside === undefined) continue;
		const same = typeof outside === 'number' && typeof inside === 'number' ? Math.floor(outside) === inside : outside === inside;
		if (!same) return `The credential names two different values for its ${name}.`;
	}
	return undefined;
}

function issuerOf({ jws, vc }: Read): { id: string; name?: string } {
	const issuer = member(vc, 'issuer');
	const name = isObject(issuer) ? stringMember(issuer, 'name') : undefined;
	const id = stringMember(jws.payload, 'iss') ?? (isObject(issuer) ? stringMember(issuer, 'id') : typeof issuer === 'string' ? issuer : undefined) ?? '';
	return { id, ...(name === undefined ? {} : { name }) };
}

const subjectOf = ({ jws, subject }: Read): string | undefined => stringMember(jws.payload, 'sub') ?? stringMember(subject, 'id');

function view(raw: string, found: Read): ParsedCredential {
	const { payload, header } = found.jws;
	const issuer = issuerOf(found);
	const subjectId = subjectOf(found);
	const id = stringMember(payload, 'jti') ?? stringMember(found.vc, 'id');
	const { id: _id, [ATTESTATION_CLAIM]: attestation, ...claims } = found.subject;
	const did = subjectId !== undefined && subjectId.length <= 1_024 && isDid(subjectId) ? subjectId : undefined;
	const key = did === undefined ? undefined : keyInDid(did);
	const issuedAt = numericDate(found.times.iat) ?? numericDate(found.times.nbf);
	const validFrom = numericDate(found.times.nbf);
	const validUntil = numericDate(found.times.exp);
	// A claim of the token (Token Status List §6.1) goes before the data model's own member.
	const status = member(payload, 'status') ?? member(found.vc, 'credentialStatus');
	return {
		format: FORMAT,
		raw,
		issuer: issuer.id,
		type: found.types.at(-1) ?? '',
		types: found.types,
		claims,
		document: {
			...found.vc,
			...(member(found.vc, 'issuer') === undefined ? only('issuer', issuer.id) : {}),
			...only('id', id),
			credentialSubject: { ...only('id', subjectId), ...claims },
			...(validFrom === undefined || Object.hasOwn(found.vc, 'issuanceDate') ? {} : { issuanceDate: new Date(validFrom * 1000).toISOString() }),
			...(validUntil === undefined || Object.hasOwn(found.vc, 'expirationDate') ? {} : { expirationDate: new Date(validUntil * 1000).toISOString() }),
		},
		disclosures: [],
		alwaysDisclosed: [...leaves(claims)].map(({ path }) => path).filter((path) => path.length > 0),
		header,
		...(issuer.name === undefined ? {} : { issuerName: issuer.name }),
		...(did === undefined ? {} : { holder: { did, ...(key ? { jwk: bareJwk(key) } : {}) } }),
		...(issuedAt === undefined ? {} : { issuedAt }),
		...(validFrom === undefined ? {} : { validFrom }),
		...(validUntil === undefined ? {} : { validUntil }),
		...(id === undefined ? {} : { id }),
		...(attestation === undefined ? {} : { attestation }),
		...(status === undefined ? {} : { status }),
	};
}

function parse(raw: string): ParsedCredential {
	checkSize(raw);
	const found = read(raw, new Budget());
	if (found.structure !== undefined) throw malformed(found.structure);
	if (found.contradiction !== undefined) throw new CredentialError('credential/inconsistent', found.contradiction);
	if (!['jwt', 'vc+jwt', undefined].includes(stringMember(found.jws.header, 'typ')?.toLowerCase())) throw malformed('This token is not a credential.');
	for (const time of Object.values(found.times)) {
		if (numericDate(time) === undefined) throw malformed('The credential holds something that is not a time.');
	}
	return view(raw, found);
}

async function present(input: PresentInput): Promise<string> {
	const parsed = parse(input.raw);
	if (input.disclose !== 'all') {
		for (const path of input.disclose) {
			if (path.length === 0 || selectPath(parsed.claims, path).length === 0) {
				throw new CredentialError('credential/no-such-claim', 'The credential has no such claim to disclose.', { data: { path: [...path] } });
			}
		}
		// Saying less than what will be sent would be a lie to the holder.
		const { disclose } = input;
		const hidden = parsed.alwaysDisclosed.some((path) => !disclose.some((each) => isPrefix(each, path)));
		if (hidden) throw new CredentialError('credential/not-selective', 'This kind of credential can only be shown whole.');
	}
	if (parsed.holder?.did === undefined)
		throw new CredentialError('credential/missing-holder-binding', 'This credential is not bound to a DID, so nobody can prove to be its holder.');
	const holder = input.holderDid ?? parsed.holder.did;
	if (holder !== parsed.holder.did) throw new CredentialError('credential/wrong-holder', 'This credential is about another DID.');
	const contained = keyInDid(holder);
	if (contained && jwkThumbprint(contained) !== jwkThumbprint(input.holder.publicJwk))
		throw new CredentialError('credential/wrong-holder', 'This credential is bound to another key.');
	const kid = holderKid(holder, input.holder.kid);
	const payload = {
		iat: input.issuedAt,
		nonce: input.nonce,
		aud: input.audience,
		...(input.transactionDataHashes ? { transaction_data_hashes: [...input.transactionDataHashes] } : {}),
		vp: { '@context': [CONTEXT_V1], type: ['VerifiablePresentation'], verifiableCredential: [input.raw] },
	};
	return createVerifiablePresentationJwt(payload, libraryIssuer(holder, input.holder), {
		header: { alg: input.holder.alg, typ: 'JWT', ...(kid === undefined ? {} : { kid }) },
	});
}

/** The DID URL of the signing key: the signer's own where it belongs to the holder, else that of a DID with one key. */
function holderKid(did: string, kid: string | undefined): string | undefined {
	if (kid !== undefined && didOf(kid) === did) return kid;
	if (did.startsWith('did:jwk:')) return `${did}#0`;
	return did.startsWith('did:key:') ? `${did}#${did.slice('did:key:'.length)}` : undefined;
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

interface Opened {
	readonly raw: string;
	readonly found: Read;
	readonly vp?: { readonly jws: Jws; readonly structure?: string };
}

/** A VP JWT around one VC JWT, or a VC JWT alone. */
function open(raw: string): Opened {
	checkSize(raw);
	const budget = new Budget();
	const outer = decodeJws(raw, 'The presentation', budget);
	const vp = member(outer.payload, 'vp');
	if (vp === undefined) return { raw, found: read(raw, new Budget()) };
	if (!isObject(vp)) throw malformed('The presentation has the wrong shape.');
	const credentials = list(member(vp, 'verifiableCredential'));
	if (credentials.length > 1)
		throw new CredentialError('credential/several-credentials', 'The presentation holds several credentials where one was asked for.');
	const [credential] = credentials;
	if (typeof credential !== 'string') throw malformed('The presentation holds no credential in this format.');
	const structure = list(member(vp, 'type')).includes('VerifiablePresentation') ? undefined : 'The token is not marked as a presentation.';
	return { raw: credential, found: read(credential, budget), vp: { jws: outer, ...(structure === undefined ? {} : { structure }) } };
}

async function verify(input: VerifyInput): Promise<Verification> {
	let opened: Opened;
	try {
		opened = open(input.presentation ?? input.credential ?? '');
	} catch (error) {
		return { report: unreadable(ROOT, error, REST), claims: {}, document: {}, format: FORMAT, issuer: '', type: '', types: [] };
	}
	const { found } = opened;
	const parsed = view(opened.raw, found);
	const findings = await issuerChecks(input, found.jws, parsed.issuer);
	const trust = await trustCheck(input, { issuer: parsed.issuer, type: parsed.type, format: FORMAT }, findings);
	const sound = found.structure === undefined && found.contradiction === undefined;
	const authentic = findings.signed && sound;
	const unproven = 'Not checked, because the claims are not proven to be the issuer’s.';
	const issuerName = trust.name ?? (authentic ? parsed.issuerName : undefined);
	const report = group({ ...ROOT, passed: 'The credential is valid.', failed: 'The credential is not valid.' }, [
		formatChecks(found),
		findings.keyNode,
		findings.signatureNode,
		trust.node,
		typeCheck(parsed.types, input.expected),
		timeChecks(found.times as JsonObject, input.expected),
		await statusCheck(input, { issuer: parsed.issuer, status: parsed.status, signed: findings.signed }),
		notChecked('disclosures', 'Disclosed claims', 'This format shows every claim; there is nothing to disclose one by one.'),
		await bindingChecks(input, opened, parsed),
		authentic ? schemaCheck(input.schema, parsed.claims) : notChecked('schema', 'Shape of the claims', unproven),
		sound ? requestedCheck(input.requested, parsed.claims) : notChecked('requested', 'What was asked for', unproven),
	]);
	return {
		report,
		claims: authentic ? parsed.claims : {},
		document: authentic ? parsed.document : {},
		format: FORMAT,
		issuer: parsed.issuer,
		type: parsed.type,
		types: parsed.types,
		...(issuerName === undefined ? {} : { issuerName }),
		...(parsed.holder?.jwk ? { holderThumbprint: jwkThumbprint(parsed.holder.jwk) } : {}),
		...(parsed.holder?.did === undefined ? {} : { holderDid: parsed.holder.did }),
		...(parsed.issuedAt === undefined ? {} : { issuedAt: parsed.issuedAt }),
		...(parsed.validFrom === undefined ? {} : { validFrom: parsed.validFrom }),
		...(parsed.validUntil === undefined ? {} : { validUntil: parsed.validUntil }),
		...(parsed.status === undefined ? {} : { status: parsed.status }),
		...(sound ? { parsed } : {}),
	};
}

function formatChecks(found: Read): ReportNode {
	const { header } = found.jws;
	const structure = { check: 'format/structure', title: 'Structure' };
	const consistency = { check: 'format/consistency', title: 'Agreement of token and credential' };
	return group(
		{
			check: 'format',
			title: 'Format',
			passed: 'The credential is a well-formed W3C credential as JWT.',
			failed: 'The credential is not a W3C credential as it should be.',
		},
		[
			typCheck('format/typ', header, { accept: ['jwt', 'vc+jwt'], required: false }),
			algCheck('format/alg', header),
			critCheck('format/crit', header),
			found.structure === undefined
				? passed({ ...structure, reason: 'The credential has the parts that the W3C data model asks for.' })
				: failed({ ...structure, reason: found.structure, code: 'credential/malformed' }),
			found.contradiction === undefined
				? passed({ ...consistency, reason: 'The token and the credential inside say the same.' })
				: failed({ ...consistency, reason: found.contradiction, code: 'credential/inconsistent' }),
		],
	);
}

const BINDING = { check: 'holder-binding', title: 'Proof of the holder' };

async function bindingChecks(input: VerifyInput, { found, vp }: Opened, parsed: ParsedCredential): Promise<ReportNode> {
	const { expected } = input;
	const bound = expected.boundTo ? [boundToCheck(parsed.holder?.jwk, expected.boundTo)] : [];
	if (!expected.requireHolderBinding && !vp) {
		if (bound.length === 0) return notChecked(BINDING.check, BINDING.title, 'No proof of the holder was asked for.');
		return group({ ...BINDING, passed: 'The credential is bound to the right key.', failed: 'The credential is not bound to the right key.' }, bound);
	}
	const texts = {
		...BINDING,
		passed: 'The presenter proved to be the holder, for this request.',
		failed: 'It is not proven that the presenter is the holder.',
	};
	if (expected.requireHolderBinding && (!expected.nonce || !expected.audience)) {
		throw invalid('A nonce and an audience are needed to check the proof of a holder.');
	}
	if (!vp) {
		return group(texts, [
			failed({
				check: 'holder-binding/present',
				title: 'Proof is there',
				reason: 'The presentation carries no proof of the holder.',
				code: 'credential/missing-holder-binding',
			}),
			...bound,
		]);
	}
	const presenter = stringMember(vp.jws.payload, 'iss');
	const subject = { check: 'holder-binding/subject', title: 'Presented by its subject' };
	const about = subjectOf(found);
	const presentation = { check: 'holder-binding/structure', title: 'Structure of the presentation' };
	const proof: ProofInput = {
		jws: vp.jws,
		typ: { accept: ['jwt', 'vp+jwt'], required: false },
		key: await presenterKey(input, vp.jws, presenter),
		severalAudiences: true,
		requireIssuedAt: false,
		extra: [
			about === undefined
				? failed({ ...subject, reason: 'The credential is not about a DID, so nobody can prove to be its holder.', code: 'credential/missing-holder-binding' })
				: presenter === about
					? passed({ ...subject, reason: 'The presenter is the one whom the credential is about.' })
					: failed({ ...subject, reason: 'The presenter is not the one whom the credential is about.', code: 'credential/wrong-holder' }),
			vp.structure === undefined
				? passed({ ...presentation, reason: 'The presentation has the right parts.' })
				: failed({ ...presentation, reason: vp.structure, code: 'credential/malformed' }),
		],
	};
	return group(texts, [...bound, ...proofChecks(proof, expected)]);
}

/** The key of whoever signed the presentation: inside its DID, or found by the resolver that was given. */
async function presenterKey(input: VerifyInput, jws: Jws, presenter: string | undefined): Promise<ProofInput['key']> {
	const node = { check: 'holder-binding/possession', title: 'Possession of the key' };
	const problem = (reason: string): ProofInput['key'] => ({ problem: failed({ ...node, reason, code: 'credential/wrong-holder' }) });
	if (presenter === undefined || presenter.length > 1_024 || !isDid(presenter)) return problem('The presentation does not name its presenter by a DID.');
	const kid = headerKid(jws.header);
	if (kid?.startsWith('did:') && didOf(kid) !== presenter) return problem('The presentation is signed with a key of somebody else than its presenter.');
	const contained = keyInDid(kid?.startsWith('did:') ? kid : presenter);
	if (contained) return { jwk: contained, how: 'key in the holder’s DID' };
	const alg = member(jws.header, 'alg');
	if (!input.holderKeys || !isJwsAlg(alg)) return problem('The presenter’s DID does not contain a key that Holdfast can use.');
	try {
		return await input.holderKeys.resolve({ did: presenter, alg, ...(kid === undefined ? {} : { kid }) });
	} catch {
		return problem("The presenter's key could not be found.");
	}
}

export const jwtVc: CredentialFormat = {
	id: FORMAT,
	claimsRoot: ['credentialSubject'],
	selective: false,
	recognises: (raw) => !raw.includes('~') && raw.split('.', 4).length === 3,
	issue,
	parse,
	present,
	verify,
};
