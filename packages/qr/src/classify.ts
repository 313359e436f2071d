/**
 * What the text of a QR code or a link seems to be. A guess by its form, for choosing which screen to show:
 * nothing is opened, fetched, decoded or believed.
 */
export type QrTextKind =
	| 'credential-offer'
	| 'presentation-request'
	| 'credential'
	| 'did'
	/** One frame of a film of codes, ours or another program's. */
	| 'frame'
	/** The seed of one-time passwords. */
	| 'one-time-password'
	| 'url'
	| 'wifi'
	| 'payment'
	| 'contact'
	| 'email'
	| 'phone'
	| 'text';

const SCHEMES: { readonly [scheme: string]: QrTextKind } = {
	'openid-credential-offer': 'credential-offer',
	'haip-vci': 'credential-offer',
	openid4vp: 'presentation-request',
	'haip-vp': 'presentation-request',
	haip: 'presentation-request',
	'eudi-openid4vp': 'presentation-request',
	did: 'did',
	wifi: 'wifi',
	ur: 'frame',
	otpauth: 'one-time-password',
	'otpauth-migration': 'one-time-password',
	bitcoin: 'payment',
	litecoin: 'payment',
	monero: 'payment',
	solana: 'payment',
	upi: 'payment',
	swish: 'payment',
	bezahl: 'payment',
	lightning: 'payment',
	ethereum: 'payment',
	mecard: 'contact',
	mailto: 'email',
	tel: 'phone',
	sms: 'phone',
	smsto: 'phone',
};

const SD_JWT_OR_JWT = /^[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}(?:~|$)/;
const MAX = 64 * 1024;

/** Says what `input` seems to be. Never throws; the cost is bounded. */
export function classifyQrText(input: string): QrTextKind {
	if (input.length > MAX) return 'text';
	const text = input.trim();
	if (text.startsWith('{')) return objectKind(text);
	if (SD_JWT_OR_JWT.test(text)) return 'credential';
	const scheme = /^([a-z][a-z0-9+.-]{0,63}):/i.exec(text)?.[1]?.toLowerCase();
	if (scheme === 'https' || scheme === 'http') return webKind(text);
	if (/^begin:vcard\b/i.test(text)) return 'contact';
	// European Payments Council, quick response code: a credit transfer.
	if (/^BCD\r?\n00[12]\r?\n/.test(text)) return 'payment';
	if (scheme === undefined || !Object.hasOwn(SCHEMES, scheme)) return 'text';
	if (scheme === 'did' && !/^did:[a-z0-9]+:\S+$/.test(text)) return 'text';
	return SCHEMES[scheme] ?? 'text';
}

function webKind(text: string): QrTextKind {
	let parameters: URLSearchParams;
	try {
		parameters = new URL(text).searchParams;
	} catch {
		return 'text';
	}
	if (parameters.has('credential_offer') || parameters.has('credential_offer_uri')) return 'credential-offer';
	if (parameters.has('client_id') && (parameters.has('request_uri') || parameters.has('request') || parameters.has('dcql_query')))
		return 'presentation-request';
	return 'url';
}

function objectKind(text: string): QrTextKind {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null && Object.hasOwn(value, 'credential_issuer') ? 'credential-offer' : 'text';
	} catch {
		return 'text';
	}
}
