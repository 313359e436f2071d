import { claimPathFromDocument, type ParsedCredential } from '@holdfast/credentials';
import {
	acceptedTypes,
	type DcqlClaimsQuery,
	type DcqlCredentialQuery,
	type DcqlQuery,
	OWNERSHIP_FORMAT,
	PROOF_FORMAT,
	pathInWords,
	queryTitle,
	unsupportedFormat,
} from '../shared/dcql.ts';
import { selectPaths } from '../shared/select.ts';
import { cleanText } from '../shared/text.ts';
import type { ClaimPath } from '../shared/types.ts';
import type { Candidate, CredentialSetMatch, HeldCredential, MatchOptions, MatchResult, QueryMatch } from './types.ts';

/** Why a held credential does not answer a query. Ordered: the later, the closer it came. */
type Miss = { readonly step: 0 | 1 | 2 | 3 | 4; readonly reason: string };

/**
 * Which held credentials answer a DCQL query, and with exactly which claims (OpenID4VP 1.0 §6.4). Pure. The least that
 * satisfies the query is disclosed: of `claim_sets` the first that can be met, of arrays only the elements that match,
 * and nothing that can be hidden where the query names no claims.
 */
export function match(query: DcqlQuery, held: readonly HeldCredential[], options: MatchOptions = {}): MatchResult {
	const queries = query.credentials.map((each) => matchQuery(each, held, options));
	const available = new Set(queries.filter((each) => each.candidates.length > 0).map((each) => each.queryId));
	const sets: CredentialSetMatch[] = (query.credential_sets ?? [{ options: [query.credentials.map((each) => each.id)] }]).map((set) => ({
		required: set.required !== false,
		purpose: 'purpose' in set ? cleanText(set.purpose, 300) : null,
		options: set.options.map((queryIds) => ({ queryIds, available: queryIds.every((id) => available.has(id)) })),
	}));
	const missing: string[] = [];
	const proposed = new Set<string>();
	for (const set of sets) {
		if (!set.required) continue;
		const option = set.options.find((each) => each.available);
		if (option) for (const id of option.queryIds) proposed.add(id);
		else missing.push(...missingOf(set, queries));
	}
	return {
		satisfiable: missing.length === 0,
		queries,
		sets,
		missing: [...new Set(missing)],
		proposal: queries.flatMap((each) => {
			const [candidate] = each.candidates;
			return candidate && proposed.has(each.queryId) ? [{ queryId: each.queryId, candidate }] : [];
		}),
	};
}

/** What would have to be there for the first option, or, with several, for any. */
function missingOf(set: CredentialSetMatch, queries: readonly QueryMatch[]): string[] {
	const ids = new Set(set.options.flatMap((option) => option.queryIds));
	const reasons = queries.filter((each) => ids.has(each.queryId)).flatMap((each) => each.reason ?? []);
	return set.options.length > 1 ? [`One of these is needed: ${reasons.join(' Or: ')}`] : reasons;
}

function matchQuery(query: DcqlCredentialQuery, held: readonly HeldCredential[], options: MatchOptions): QueryMatch {
	const title = queryTitle(query, options);
	const base = {
		queryId: query.id,
		format: query.format,
		title,
		multiple: query.multiple === true,
		requireHolderBinding: query.require_cryptographic_holder_binding !== false,
	};
	if (query.format === PROOF_FORMAT && options.provable) {
		const found = held.map((each) => ({ id: each.id, reason: options.provable?.(query, each) ?? null }));
		const candidates = found
			.filter((each) => each.reason === null)
			.map((each): Candidate => ({ credentialId: each.id, disclose: [], asked: [], claimSet: null }));
		const reason = found.find((each) => each.reason !== null && each.reason !== '')?.reason ?? `You hold no credential of type ${title}.`;
		return { ...base, candidates, reason: candidates.length > 0 ? null : reason };
	}
	if (query.format === OWNERSHIP_FORMAT && options.tokens) {
		const found = options.tokens(query);
		if (typeof found === 'string') return { ...base, candidates: [], reason: found };
		return { ...base, candidates: found.map((id): Candidate => ({ credentialId: id, disclose: [], asked: [], claimSet: null })), reason: null };
	}
	const unsupported = unsupportedFormat(query.format);
	if (unsupported) return { ...base, candidates: [], reason: `${title}: ${unsupported}` };
	if (query.trusted_authorities)
		return { ...base, candidates: [], reason: `${title}: the verifier wants an issuer that certain authorities vouch for, which Holdfast cannot tell.` };
	const candidates: Candidate[] = [];
	let closest: Miss = { step: 0, reason: `You hold no credential of type ${title}.` };
	for (const each of held) {
		const result = matchOne(query, title, each);
		if ('reason' in result) {
			if (result.step > closest.step) closest = result;
		} else candidates.push(result);
	}
	return { ...base, candidates, reason: candidates.length > 0 ? null : closest.reason };
}

function matchOne(query: DcqlCredentialQuery, title: string, { id, parsed }: HeldCredential): Candidate | Miss {
	if (!typeMatches(query, parsed)) return { step: 0, reason: '' };
	if (parsed.format !== query.format) return { step: 1, reason: `You hold ${title} in another format than the one asked for.` };
	if (query.require_cryptographic_holder_binding !== false && !parsed.holder)
		return { step: 2, reason: `Your ${title} is not bound to a key, so you cannot prove that it is yours.` };
	return selectClaims(query, title, id, parsed);
}

function typeMatches(query: DcqlCredentialQuery, parsed: ParsedCredential): boolean {
	const accepted = acceptedTypes(query);
	if (accepted.length === 0) return true;
	return accepted.some((combination) => combination.every((type) => parsed.types.includes(type) || parsed.type === type));
}

type Selected = { readonly claim: DcqlClaimsQuery; readonly paths: readonly ClaimPath[]; readonly present: boolean };

function selectClaims(query: DcqlCredentialQuery, title: string, credentialId: string, parsed: ParsedCredential): Candidate | Miss {
	const selected = (query.claims ?? []).map((claim): Selected => {
		const there = selectPaths(parsed.document, claim.path);
		const { values } = claim;
		const paths = (values ? there.filter(({ value }) => values.some((each) => each === value)) : there).map(({ path }) => path);
		return { claim, paths, present: there.length > 0 };
	});
	if (!query.claim_sets) {
		const failing = selected.filter((each) => each.paths.length === 0);
		return failing.length === 0 ? candidate(credentialId, parsed, selected, null) : missOf(title, failing);
	}
	const byId = new Map(selected.map((each) => [each.claim.id, each]));
	for (const [index, set] of query.claim_sets.entries()) {
		const claims = set.flatMap((id) => byId.get(id) ?? []);
		if (claims.length === set.length && claims.every((each) => each.paths.length > 0)) return candidate(credentialId, parsed, claims, index);
	}
	return missOf(
		title,
		selected.filter((each) => each.paths.length === 0),
	);
}

function missOf(title: string, failing: readonly Selected[]): Miss {
	const absent = failing.filter((each) => !each.present).map((each) => pathInWords(each.claim.path));
	if (absent.length > 0) return { step: 3, reason: `Your ${title} does not hold: ${absent.join(', ')}.` };
	return { step: 4, reason: `Your ${title} does not hold the value asked for in: ${failing.map((each) => pathInWords(each.claim.path)).join(', ')}.` };
}

function candidate(credentialId: string, parsed: ParsedCredential, selected: readonly Selected[], claimSet: number | null): Candidate {
	const asked = dedupe(
		selected.flatMap((each) =>
			each.paths.flatMap((path) => {
				// Issuer, type, dates: told with every presentation, so there is nothing to disclose for them.
				const claimPath = claimPathFromDocument(parsed.format, path);
				return claimPath && selectPaths(parsed.claims, claimPath).length > 0 ? [claimPath] : [];
			}),
		),
	);
	// jwt_vc_json cannot hide anything.
	const disclose = parsed.format === 'jwt_vc_json' ? Object.keys(parsed.claims).map((name) => [name]) : asked;
	return { credentialId, disclose, asked, claimSet };
}

function dedupe(paths: readonly ClaimPath[]): ClaimPath[] {
	return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}
