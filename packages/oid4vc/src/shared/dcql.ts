import { displayText } from '@holdfast/kernel';
import { DcqlQuery as DcqlModel } from 'dcql';
import { z } from 'zod';
import { Oid4vpError } from './errors.ts';
import type { ClaimPath } from './types.ts';

// The Digital Credentials Query Language (OpenID4VP 1.0 §6). The shape is read here, loosely enough that a
// query for a format we do not know can still be shown; `dcql` then checks what the formats it knows demand.

const MAX_QUERIES = 50;
const MAX_CLAIMS = 500;

const zId = z
	.string()
	.min(1)
	.max(200)
	.regex(/^[A-Za-z0-9_-]+$/)
	// An id becomes a member of vp_token.
	.refine((id) => id !== '__proto__');
const zPath = z
	.array(z.union([z.string().max(1000), z.number().int().min(0), z.null()]))
	.min(1)
	.max(32);
const zClaim = z.object({
	id: zId.optional(),
	path: zPath,
	values: z
		.array(z.union([z.string(), z.number().int(), z.boolean()]))
		.min(1)
		.max(500)
		.optional(),
	intent_to_retain: z.boolean().optional(),
});
const zCredential = z.object({
	id: zId,
	format: z.string().min(1).max(100),
	multiple: z.boolean().optional(),
	meta: z.record(z.string(), z.json()).optional(),
	trusted_authorities: z
		.array(z.object({ type: z.string().max(200), values: z.array(z.string()).min(1) }))
		.min(1)
		.optional(),
	require_cryptographic_holder_binding: z.boolean().optional(),
	claims: z.array(zClaim).min(1).max(MAX_CLAIMS).optional(),
	claim_sets: z.array(z.array(zId).min(1).max(MAX_CLAIMS)).min(1).max(100).optional(),
});
const zQuery = z.object({
	credentials: z.array(zCredential).min(1).max(MAX_QUERIES),
	credential_sets: z
		.array(
			z.object({
				options: z.array(z.array(zId).min(1)).min(1).max(100),
				required: z.boolean().optional(),
				purpose: z.json().optional(),
			}),
		)
		.min(1)
		.max(MAX_QUERIES)
		.optional(),
});

/** A DCQL query (OpenID4VP 1.0 §6). Plain JSON. */
export type DcqlQuery = z.infer<typeof zQuery>;
export type DcqlCredentialQuery = DcqlQuery['credentials'][number];
export type DcqlClaimsQuery = NonNullable<DcqlCredentialQuery['claims']>[number];

const KNOWN_TO_DCQL = new Set(['mso_mdoc', 'dc+sd-jwt', 'vc+sd-jwt', 'jwt_vc_json', 'ldp_vc']);

function invalid(message: string, cause?: unknown): Oid4vpError {
	return new Oid4vpError('oid4vp/invalid-dcql', message, { cause });
}

/**
 * Reads a DCQL query and checks its inner references.
 *
 * @throws Oid4vpError `oid4vp/invalid-dcql`
 */
export function parseDcql(input: unknown): DcqlQuery {
	const parsed = zQuery.safeParse(input);
	if (!parsed.success) throw invalid('The request asks for credentials in a way that OpenID4VP does not allow.');
	const query = parsed.data;
	const ids = new Set(query.credentials.map((credential) => credential.id));
	if (ids.size !== query.credentials.length) throw invalid('Two parts of the request have the same name.');
	for (const set of query.credential_sets ?? []) {
		for (const option of set.options) {
			if (option.some((id) => !ids.has(id))) throw invalid('The request offers a choice of a credential that it does not describe.');
		}
	}
	for (const credential of query.credentials) {
		const claimIds = (credential.claims ?? []).flatMap((claim) => claim.id ?? []);
		if (new Set(claimIds).size !== claimIds.length) throw invalid('Two claims of the request have the same name.');
		if (credential.claim_sets) {
			if (!credential.claims) throw invalid('The request offers a choice of claims but names no claims.');
			if (claimIds.length !== credential.claims.length) throw invalid('The request offers a choice of claims that have no names.');
			const known = new Set(claimIds);
			if (credential.claim_sets.some((set) => set.some((id) => !known.has(id))))
				throw invalid('The request offers a choice of a claim that it does not describe.');
		}
	}
	const known = query.credentials.filter((credential) => KNOWN_TO_DCQL.has(credential.format));
	if (known.length > 0) {
		try {
			DcqlModel.validate(DcqlModel.parse({ credentials: known } as Parameters<typeof DcqlModel.parse>[0]));
		} catch (error) {
			throw invalid('The request asks for credentials in a way that their format does not allow.', error);
		}
	}
	return query;
}

/** The formats in words, for those that Holdfast cannot present. */
const UNSUPPORTED_FORMAT: { readonly [format: string]: string } = {
	mso_mdoc: 'a mobile document (ISO mdoc)',
	ldp_vc: 'a W3C credential with a linked-data proof',
	'vc+sd-jwt': 'a credential in the older vc+sd-jwt format',
	ac_vc: 'an AnonCreds credential',
};

/**
 * The format id of a proof of a statement about claims, instead of the claims: an extension of ours. What is asked stands
 * in the query's `meta`; how it is proven is for the callers of this package, which carries it.
 */
export const PROOF_FORMAT = 'dc+zkp';

/** The format id of a proof that the holder owns a token of a collection (docs/ownership.md): an extension of ours, likewise. */
export const OWNERSHIP_FORMAT = 'org.holdfast.nft_ownership';

/** Formats whose answers are made and judged by the callers of this package. Queries for them name no claims. */
const CARRIED: ReadonlySet<string> = new Set([PROOF_FORMAT, OWNERSHIP_FORMAT]);
export const isCarried = (format: string): boolean => CARRIED.has(format);

/** Null where Holdfast can present this format, else the sentence that says that it cannot. */
export function unsupportedFormat(format: string): string | null {
	if (format === 'dc+sd-jwt' || format === 'jwt_vc_json') return null;
	const name = UNSUPPORTED_FORMAT[format] ?? `a credential in the format “${displayText(format, 40)}”`;
	return `It has to be ${name}, which Holdfast does not support.`;
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []);

/** The types that a credential query accepts, each a list of alternatives: `vct` values, or VC type combinations. */
export function acceptedTypes(query: DcqlCredentialQuery): string[][] {
	const meta = query.meta ?? {};
	if (Array.isArray(meta.type_values)) return meta.type_values.map(strings).filter((types) => types.length > 0);
	if (typeof meta.doctype_value === 'string') return [[meta.doctype_value]];
	return strings(meta.vct_values).map((vct) => [vct]);
}

/**
 * A type as a person may read it: the last part of a URL or URN that is no version, words apart.
 * `IdentityCredential` → `Identity Credential`, `urn:eudi:pid:1` → `pid`.
 */
export function typeInWords(type: string): string {
	const last = type.split(/[/#:]/).findLast((part) => part !== '' && !/^v?\d+(\.\d+)*$/i.test(part)) ?? type;
	// A name with dots is a name in a registry (org.iso.18013.5.1.mDL): it stays as it is.
	const words = last.includes('.') ? last : last.replace(/[_-]+/g, ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2');
	return displayText(words.trim() || type, 80);
}

/** What callers know about queries that this package does not. */
export interface QueryWords {
	/** The name of a type, where there is a better one than the type itself tells. */
	readonly nameOf?: (type: string) => string | undefined;
	/** What a query for a proof asks, as what the verifier would learn: `that you are over 18`. Undefined where it cannot be understood. */
	readonly statementOf?: (query: DcqlCredentialQuery) => string | undefined;
	/** What a query for a proof of ownership asks: `a token of Example Collection on Ethereum`. Undefined where it cannot be understood. */
	readonly tokenOf?: (query: DcqlCredentialQuery) => string | undefined;
}

/** What a credential query asks for, named: `Identity Credential or Pid`. */
export function queryTitle(query: DcqlCredentialQuery, words: QueryWords = {}): string {
	if (query.format === OWNERSHIP_FORMAT) return words.tokenOf?.(query) ?? 'a token';
	const types = acceptedTypes(query).map((combination) => {
		const type = combination.filter((each) => each !== 'VerifiableCredential').at(-1) ?? combination[0] ?? '';
		return words.nameOf?.(type) ?? typeInWords(type);
	});
	const unique = [...new Set(types)].filter((type) => type !== '');
	return unique.length === 0 ? 'any credential' : unique.join(' or ');
}

/** A claims path in words: `["address", "street_address"]` → `address › street address`. */
export function pathInWords(path: ClaimPath): string {
	const parts = path.filter((part, index) => !(index === 0 && part === 'credentialSubject' && path.length > 1));
	return parts
		.map((part) => (part === null ? 'every entry' : typeof part === 'number' ? `entry ${part + 1}` : displayText(part.replace(/_/g, ' '), 60)))
		.join(' › ');
}

const list = (items: readonly string[], word: 'and' | 'or'): string =>
	items.length <= 1 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${word} ${items[items.length - 1]}`;

function claimInWords(claim: DcqlClaimsQuery): string {
	const path = pathInWords(claim.path);
	if (!claim.values) return path;
	return `${path} (only if it is ${list(
		claim.values.map((value) => `“${displayText(String(value), 60)}”`),
		'or',
	)})`;
}

function credentialSentences(query: DcqlCredentialQuery, words: QueryWords): string[] {
	if (query.format === PROOF_FORMAT) {
		const statement = words.statementOf?.(query);
		return [
			statement === undefined
				? `A proof from a credential of type ${queryTitle(query, words)}, of something that Holdfast does not understand.`
				: `A proof, from a credential of type ${queryTitle(query, words)}, ${statement}, and nothing else.`,
		];
	}
	if (query.format === OWNERSHIP_FORMAT) {
		const token = words.tokenOf?.(query);
		return [token === undefined ? 'A proof that you own a token that Holdfast does not understand.' : `A proof that the holder owns ${token}.`];
	}
	const out: string[] = [];
	const subject = `${query.multiple ? 'One or more credentials' : 'A credential'} of type ${queryTitle(query, words)}`;
	if (!query.claims) out.push(`${subject}, without any claim that can be hidden.`);
	else if (!query.claim_sets) out.push(`${subject}, showing ${list(query.claims.map(claimInWords), 'and')}.`);
	else {
		const byId = new Map(query.claims.map((claim) => [claim.id, claimInWords(claim)]));
		const sets = query.claim_sets.map((set) =>
			list(
				set.flatMap((id) => byId.get(id) ?? []),
				'and',
			),
		);
		out.push(`${subject}, showing one of these, the first preferred: ${sets.join('; or ')}.`);
	}
	const unsupported = unsupportedFormat(query.format);
	if (unsupported) out.push(unsupported);
	if (query.trusted_authorities) out.push('Its issuer has to be vouched for by an authority that the verifier trusts.');
	if (query.require_cryptographic_holder_binding === false) out.push('A proof that you hold it is not asked for.');
	return out;
}

const optionTitle = (query: DcqlCredentialQuery | undefined, words: QueryWords): string =>
	query === undefined
		? ''
		: query.format === OWNERSHIP_FORMAT
			? `a proof of owning ${queryTitle(query, words)}`
			: query.format === PROOF_FORMAT
				? `a proof from ${queryTitle(query, words)}`
				: queryTitle(query, words);

/** The query in words: a sentence or more for each thing asked, in its order. For the holder's consent and the verifier's preview. */
export function describeDcql(query: DcqlQuery, words: QueryWords = {}): string[] {
	const byId = new Map(query.credentials.map((credential) => [credential.id, credential]));
	const out = query.credentials.flatMap((each) => credentialSentences(each, words));
	for (const set of query.credential_sets ?? []) {
		const options = set.options.map((option) => option.map((id) => optionTitle(byId.get(id), words)).join(' together with '));
		out.push(set.required === false ? `Optional: ${options.join('; or ')}.` : `Needed: ${options.join('; or ')}.`);
	}
	return out;
}
