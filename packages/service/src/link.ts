import type { CallOutput } from '@holdfast/contract';

type Link = CallOutput<'link.classify'>;

const WORDS = {
	'credential-offer': 'An offer of a document',
	'presentation-request': 'Somebody asks to see something from your wallet',
	credential: 'A document as text',
	did: 'An identity (DID)',
	url: 'A web address. Holdfast does not open it.',
	other: 'Not something that Holdfast knows. Nothing was done with it.',
} as const;

function kindOf(text: string): Link['kind'] {
	const lower = text.slice(0, 64).toLowerCase();
	if (lower.startsWith('openid-credential-offer://') || lower.startsWith('haip-vci://')) return 'credential-offer';
	if (lower.startsWith('openid4vp://') || lower.startsWith('haip-vp://')) return 'presentation-request';
	if (lower.startsWith('did:')) return 'did';
	if (lower.startsWith('https://') || lower.startsWith('http://')) {
		const query = text.slice(text.indexOf('?') + 1);
		const names = new Set(new URLSearchParams(text.includes('?') ? query : '').keys());
		if (names.has('credential_offer') || names.has('credential_offer_uri')) return 'credential-offer';
		if (names.has('request_uri') || (names.has('client_id') && (names.has('request') || names.has('dcql_query')))) return 'presentation-request';
		return 'url';
	}
	if (/^[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{16,}(~|$)/.test(text)) return 'credential';
	if (text.startsWith('{') && /"credential_issuer"/.test(text)) return 'credential-offer';
	return 'other';
}

/** What a pasted or scanned text is. It is looked at, never followed. */
export function classify(text: string): Link {
	const kind = kindOf(text.trim());
	return { kind, words: WORDS[kind] };
}
