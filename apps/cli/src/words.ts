import type {
	ClaimLine,
	Collection,
	CredentialSummary,
	DidSummary,
	Issued,
	Offer,
	OwnershipReview,
	PresentReview,
	ReceiveReview,
	Verdict,
	Verification,
} from '@holdfast/contract';
import type { ReportNode } from '@holdfast/kernel';

// What the command prints for people. Everything from outside was cleaned by the service.

const date = (ms: number | null): string => (ms === null ? '–' : new Date(ms).toISOString().slice(0, 16).replace('T', ' '));
const indent = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join('\n');

export const claimLines = (lines: readonly ClaimLine[]): string =>
	indent(lines.map((line) => `${line.label}: ${line.kind === 'image' ? '(picture)' : line.value}`));

export const didLine = (did: DidSummary): string => `${did.did}${did.alias ? `  ${did.alias}` : ''}${did.network ? `  (${did.network})` : ''}`;

export const credentialLine = (each: CredentialSummary): string =>
	`${each.id}  ${each.appearance.name}${each.subtitle ? `, ${each.subtitle}` : ''}  from ${each.issuer.name}  ${each.state}${each.validUntil ? ` until ${date(each.validUntil)}` : ''}`;

export const issuedLine = (each: Issued): string =>
	`${each.id}  ${new Date(each.issuedAt).toISOString()}  ${each.typeName}, ${each.subtitle}${each.revocation === 'revoked' ? `  revoked ${date(each.revokedAt)}` : ''}`;

export const offerWords = (offer: Offer): string =>
	[
		offer.uri,
		`Offer ${offer.id}: ${offer.typeName}, ${offer.subtitle}. Open until ${date(offer.expiresAt)}.`,
		...(offer.txCode ? [`Code for the holder: ${offer.txCode}`] : []),
	].join('\n');

export const receiveWords = (review: ReceiveReview): string =>
	[
		`${review.issuer.name} offers:`,
		...review.documents.map((each) => `  ${each.appearance.name} (${each.format}${each.copies > 1 ? `, ${each.copies} copies` : ''})`),
		`Known by: ${review.issuer.identifiedBy}`,
		...review.warnings,
	].join('\n');

export const presentWords = (review: PresentReview): string =>
	[
		`${review.verifier.name} asks${review.purpose ? ` (${review.purpose})` : ''}:`,
		...review.queries.flatMap((query) => [
			`  ${query.asks}`,
			...(query.missing ? [`    Missing: ${query.missing}`] : []),
			...query.candidates.map(
				(each) =>
					`    ${each.credential.id}  learns ${each.learned.map((line) => line.label).join(', ')}; does not learn ${each.hidden.map((line) => line.label).join(', ') || '(nothing is left)'}`,
			),
		]),
		`Known by: ${review.verifier.identifiedBy}`,
		...review.warnings,
	].join('\n');

const MARK: Readonly<Record<ReportNode['result'], string>> = { passed: '✓', failed: '✗', warning: '!', skipped: '·' };

export const reportLines = (node: ReportNode): string[] => [
	`${MARK[node.result]} ${node.title}: ${node.reason}`,
	...(node.children ?? []).flatMap((child) => reportLines(child).map((line) => `  ${line}`)),
];

export const verdictWords = (verdict: Verdict): string =>
	[
		verdict.sentence,
		...verdict.documents.map((each) =>
			[`${each.name} from ${each.issuer.name}`, ...each.proven.map((line) => `  proven without showing it: ${line}`), claimLines(each.lines)]
				.filter(Boolean)
				.join('\n'),
		),
		...reportLines(verdict.report),
	].join('\n');

export const collectionLine = (each: Collection): string => `${each.id}  ${each.name}  (${each.contract} on ${each.network})  receive into ${each.account}`;

export const ownershipWords = (review: OwnershipReview): string =>
	[`${review.sentence}:`, ...review.lines.map(({ label, value }) => `  ${label}: ${value}`), ...review.warnings].join('\n');

export const verificationWords = (each: Verification): string =>
	[
		`Request ${each.id}: ${each.title}. ${each.state}.`,
		...each.asks.map((line) => `  ${line}`),
		...(each.refusal ? [each.refusal] : []),
		...(each.verdict ? [verdictWords(each.verdict)] : []),
	].join('\n');
