import type { ClaimLine, ClaimPath, CredentialFormat, CredentialSummary, DidMethod, KeyType } from '@holdfast/contract';
import { formatDay } from './format.ts';

/** The formats as their specifications call them. */
export const formatName = (format: CredentialFormat): string => (format === 'dc+sd-jwt' ? 'SD-JWT VC' : 'W3C Verifiable Credential (JWT)');

/** What a format means for the holder, in a sentence. */
export const formatMeaning = (format: CredentialFormat): string =>
	format === 'dc+sd-jwt' ? 'The holder can show single claims and hide the others.' : 'The holder always shows the whole document.';

export const KEY_TYPE_NAMES: { readonly [type in KeyType]: string } = {
	Ed25519: 'Ed25519',
	Secp256r1: 'P-256',
	Secp256k1: 'secp256k1',
	X25519: 'X25519',
};

export const METHOD_MEANINGS: { readonly [method in DidMethod]: string } = {
	'did:key': 'The identifier is the key itself. Works at once and everywhere, needs no server, can never change.',
	'did:jwk': 'Like did:key, written as a JSON Web Key. The one that most web wallets understand.',
	'did:web': 'A name under a web address that you own. You publish a small file there, and can change keys later.',
	'did:ethr': 'Lives on an Ethereum network. Free to make; changing its keys later is a transaction.',
	'did:peer': 'For one counterpart only. Nobody else ever resolves it.',
	'did:pkh': 'A blockchain account as an identity. It can be named, but its document holds no key of its own.',
};

/** A path as a stable text, for keys of lists and forms. */
export const pathKey = (path: Readonly<ClaimPath>): string => JSON.stringify(path);

/** Claim lines as `KeyValueList` and `DisclosureList` take them. */
export const claimItems = (lines: readonly ClaimLine[]) =>
	lines.map((line) => ({
		id: pathKey(line.path),
		label: line.label,
		value: line.value,
		kind: line.kind === 'image' ? ('image' as const) : ('text' as const),
	}));

/** When a document is valid, in words. */
export function validityWords(summary: Pick<CredentialSummary, 'state' | 'validFrom' | 'validUntil'>): string {
	if (summary.state === 'expired') return summary.validUntil === null ? 'Expired' : `Expired on ${formatDay(summary.validUntil)}`;
	if (summary.state === 'not-yet-valid') return summary.validFrom === null ? 'Not valid yet' : `Valid from ${formatDay(summary.validFrom)}`;
	return summary.validUntil === null ? 'Valid without an end date' : `Valid until ${formatDay(summary.validUntil)}`;
}
