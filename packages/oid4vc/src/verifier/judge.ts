import { claimPathFromDocument } from '@holdfast/credentials';
import { failed, group, HoldfastError, passed, type ReportNode, skipped } from '@holdfast/kernel';
import { DcqlQuery as DcqlModel, DcqlPresentationResult } from 'dcql';
import { type DcqlCredentialQuery, isCarried, OWNERSHIP_FORMAT, pathInWords, queryTitle } from '../shared/dcql.ts';
import { Oid4vpError } from '../shared/errors.ts';
import type { ClaimPath, CredentialFormat } from '../shared/types.ts';
import type { DisclosedPresentation, PresentationVerification, VerificationRecord, VerifierDeps } from './types.ts';

interface Judged {
	readonly queryId: string;
	readonly verification: PresentationVerification | null;
	readonly report: ReportNode;
}

type PresentationArgument = Parameters<typeof DcqlPresentationResult.fromDcqlPresentation>[0];

/** Judges a stored answer: each presentation by itself, then whether together they answer the query. */
export async function judge(
	record: VerificationRecord,
	deps: Pick<VerifierDeps, 'verifyPresentation' | 'verifyProof'>,
): Promise<{ report: ReportNode; disclosed: DisclosedPresentation[] }> {
	const judged: Judged[] = [];
	for (const query of record.dcql.credentials) {
		const presentations = record.vpToken?.[query.id];
		for (const presentation of Array.isArray(presentations) ? presentations : []) {
			if (typeof presentation === 'string') judged.push(await judgeOne(query, presentation, record, deps));
		}
	}
	const answer = passed({
		check: 'request',
		title: 'Answer to this request',
		reason: 'The answer carries the state of this request, came in time, and is the first one.',
		evidence: { clientId: record.clientId, responseMode: record.responseMode },
	});
	const report = group(
		{
			check: 'presentation',
			title: 'Presentation',
			passed: 'Everything that was asked for was shown and is in order.',
			failed: 'The presentation is not in order.',
		},
		[answer, ...judged.map((each) => each.report), queryNode(record, judged)],
	);
	const disclosed = judged.flatMap(({ queryId, verification, report: own }): DisclosedPresentation[] => {
		if (!verification) return [];
		const { type, issuer, claims, holderThumbprint, proven } = verification;
		const format = record.dcql.credentials.find((query) => query.id === queryId)?.format ?? '';
		return [
			{ queryId, format, type, issuer, holderThumbprint: holderThumbprint ?? null, claims, ...(proven === undefined ? {} : { proven }), result: own.result },
		];
	});
	return { report, disclosed };
}

async function judgeOne(
	query: DcqlCredentialQuery,
	presentation: string,
	record: VerificationRecord,
	deps: Pick<VerifierDeps, 'verifyPresentation' | 'verifyProof'>,
): Promise<Judged> {
	const format = query.format as CredentialFormat;
	const title = queryTitle(query);
	try {
		const verification = isCarried(query.format)
			? await proof(query, presentation, record, deps)
			: await deps.verifyPresentation({
					queryId: query.id,
					presentation,
					format,
					nonce: record.nonce,
					audience: record.clientId,
					requireHolderBinding: requiresBinding(query),
					requested: requested(query, format),
				});
		const report = group(
			{
				check: `credential/${query.id}`,
				title: query.format === OWNERSHIP_FORMAT ? 'Proof of ownership' : title,
				...(query.format === OWNERSHIP_FORMAT
					? { passed: 'The proof of ownership is in order.', failed: 'The proof of ownership is not in order.' }
					: { passed: `The ${title} credential is in order.`, failed: `The ${title} credential is not in order.` }),
			},
			[verification.report],
		);
		return { queryId: query.id, verification, report };
	} catch (error) {
		const known = error instanceof HoldfastError;
		const report = failed({
			check: `credential/${query.id}`,
			title,
			code: known ? error.code : 'oid4vp/not-verified',
			reason: known ? error.message : 'The credential could not be verified.',
		});
		return { queryId: query.id, verification: null, report };
	}
}

function proof(
	query: DcqlCredentialQuery,
	presentation: string,
	record: VerificationRecord,
	deps: Pick<VerifierDeps, 'verifyProof'>,
): Promise<PresentationVerification> {
	if (!deps.verifyProof) throw new Oid4vpError('oid4vp/unsupported-format', 'This verifier cannot check proofs.');
	const { response_uri: responseUri } = record.request;
	return deps.verifyProof({
		query,
		presentation,
		nonce: record.nonce,
		audience: record.clientId,
		responseUri: typeof responseUri === 'string' ? responseUri : '',
		requestedAt: record.createdAt,
		purpose: record.purpose,
	});
}

const requiresBinding = (query: DcqlCredentialQuery): boolean => query.require_cryptographic_holder_binding !== false;

/** With `claim_sets` the holder may choose: what has to be there is then for the query check to say. */
function requested(query: DcqlCredentialQuery, format: CredentialFormat): ClaimPath[] {
	if (query.claim_sets) return [];
	return (query.claims ?? []).flatMap((claim) => {
		const path = claimPathFromDocument(format, claim.path);
		return path ? [path] : [];
	});
}

/** Whether the query is satisfied by those presentations that are in order (OpenID4VP 1.0 §6.4.2, §8.6). */
function queryNode(record: VerificationRecord, judged: readonly Judged[]): ReportNode {
	const title = 'What was asked for';
	const good = judged.filter((each) => each.report.result !== 'failed');
	if (good.length < judged.length) {
		return skipped({ check: 'query', title, code: 'oid4vp/query-not-checked', reason: 'Not checked, because a credential is not in order.' });
	}
	const ordinary = record.dcql.credentials.filter((query) => !isCarried(query.format));
	const matches = ordinary.length === 0 ? {} : matchesOf(ordinary, good);
	if (matches === undefined) {
		return failed({ check: 'query', title, code: 'oid4vp/query-not-satisfied', reason: 'The answer does not have the form that was asked for.' });
	}
	const satisfied = (id: string): boolean => {
		const query = record.dcql.credentials.find((each) => each.id === id);
		return query !== undefined && isCarried(query.format) ? good.some((each) => each.queryId === id) : matches[id]?.success === true;
	};
	const ids = record.dcql.credentials.map((query) => query.id);
	const sets = record.dcql.credential_sets ?? [{ options: [ids] }];
	const open = sets.filter((set) => !('required' in set && set.required === false) && !set.options.some((option) => option.every(satisfied)));
	if (open.length === 0) return passed({ check: 'query', title, reason: 'What was asked for is there.' });
	return failed({ check: 'query', title, code: 'oid4vp/query-not-satisfied', reason: whyNot(record, matches, satisfied) });
}

type Matches = ReturnType<typeof DcqlPresentationResult.fromDcqlPresentation>['credential_matches'];

/** What the library says of each ordinary query. Undefined where the answer cannot be compared at all. */
function matchesOf(ordinary: readonly DcqlCredentialQuery[], good: readonly Judged[]): Partial<Matches> | undefined {
	const presentation = new Map<string, unknown[]>();
	for (const { queryId, verification } of good) {
		const query = ordinary.find((each) => each.id === queryId);
		if (!query || !verification) continue;
		const type = query.format === 'dc+sd-jwt' ? { vct: verification.type } : { type: [...verification.types] };
		presentation.set(queryId, [
			...(presentation.get(queryId) ?? []),
			{
				credential_format: query.format,
				...type,
				claims: verification.document,
				cryptographic_holder_binding: requiresBinding(query),
			},
		]);
	}
	try {
		const dcqlQuery = DcqlModel.parse({ credentials: ordinary } as unknown as Parameters<typeof DcqlModel.parse>[0]);
		return DcqlPresentationResult.fromDcqlPresentation(Object.fromEntries(presentation) as PresentationArgument, { dcqlQuery }).credential_matches;
	} catch {
		return undefined;
	}
}

function whyNot(record: VerificationRecord, matches: Partial<Matches>, satisfied: (id: string) => boolean): string {
	const reasons: string[] = [];
	for (const query of record.dcql.credentials) {
		const match = matches[query.id];
		const title = queryTitle(query);
		if (!match) {
			if (!record.dcql.credential_sets && !satisfied(query.id)) reasons.push(`${title} was not shown.`);
			continue;
		}
		for (const credential of match.failed_credentials ?? []) {
			if (!credential.meta.success) reasons.push(`Instead of ${title}, a credential of another type was shown.`);
			if (!credential.trusted_authorities.success) reasons.push(`Whether the issuer of ${title} is vouched for cannot be checked.`);
			if (!credential.claims.success) {
				const paths = credential.claims.failed_claims.flatMap((claim) => {
					const path = query.claims?.[claim.claim_index]?.path;
					return path ? [pathInWords(path)] : [];
				});
				if (paths.length > 0) reasons.push(`${title} lacks or does not have the value asked for: ${paths.join(', ')}.`);
			}
		}
	}
	if (record.dcql.credential_sets && reasons.length === 0) reasons.push('A needed credential was not shown.');
	return reasons.join(' ') || 'Not everything that was asked for was shown.';
}
