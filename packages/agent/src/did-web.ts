import type { DIDDocument } from 'did-resolver';
import { invalidDid } from './errors.ts';
import type { KeyInfo } from './types.ts';

const HOST = /^(?=.{1,253}(?::|$))(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*(?::[1-9][0-9]{0,4})?$/;
// What a DID may hold (DID Core §3.1) without percent-encoding, and no hidden files.
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

export interface DidWebLocation {
	/** `example.com` or `example.com:3000`. */
	readonly host: string;
	/** `user`, `alice`; empty for a whole domain. */
	readonly segments: readonly string[];
}

/** did:web for a place (did:web specification §3.1): `:` for `/`, `%3A` before a port. @throws DidError did/invalid */
export function didWebFor(domain: string, path = ''): string {
	const segments = path === '' ? [] : path.replace(/^\/|\/$/g, '').split('/');
	if (!isHost(domain)) throw invalidDid('domain');
	if (segments.length > 16 || !segments.every((segment) => SEGMENT.test(segment))) throw invalidDid('path');
	return ['did:web', domain.toLowerCase().replace(':', '%3A'), ...segments].join(':');
}

/** Where a did:web's document stands. @throws DidError did/invalid */
export function didWebLocation(id: string): DidWebLocation {
	const [domain = '', ...segments] = id.split(':');
	const host = domain.replace(/%3a/i, ':');
	if (!isHost(host)) throw invalidDid('domain');
	// Percent-encoded segments could hide separators and dots; names that need none are enough.
	if (segments.length > 16 || !segments.every((segment) => SEGMENT.test(segment))) throw invalidDid('path');
	return { host, segments };
}

/** The document's URL (did:web specification §3.2). http for `localhost`, which the guarded fetch decides about. */
export function didWebUrl({ host, segments }: DidWebLocation): string {
	const scheme = /^localhost(:|$)/i.test(host) ? 'http' : 'https';
	return `${scheme}://${host}/${segments.length === 0 ? '.well-known' : segments.join('/')}/did.json`;
}

/** The document's path below the domain's root folder. */
export const didWebFile = ({ segments }: DidWebLocation): readonly string[] => [...(segments.length === 0 ? ['.well-known'] : segments), 'did.json'];

/** The document for a did:web of this wallet: every key as JsonWebKey, named by its thumbprint. */
export function didWebDocument(did: string, keys: readonly KeyInfo[]): DIDDocument {
	const idOf = (key: KeyInfo): string => `${did}#${key.kid}`;
	const signing = keys.filter((key) => key.type !== 'X25519').map(idOf);
	const agreement = keys.filter((key) => key.type === 'X25519').map(idOf);
	return {
		'@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
		id: did,
		verificationMethod: keys.map((key) => ({ id: idOf(key), type: 'JsonWebKey', controller: did, publicKeyJwk: { ...key.publicJwk } })),
		...(signing.length > 0 ? { authentication: signing, assertionMethod: signing } : {}),
		...(agreement.length > 0 ? { keyAgreement: agreement } : {}),
	};
}

/** A name with an optional port. */
function isHost(host: string): boolean {
	const [name = '', port] = host.split(':');
	// The method forbids IP addresses (§3.1). WHATWG URL reads every host whose last label is a number as one.
	return HOST.test(host) && !/(^|\.)(\d+|0x[0-9a-f]*)$/i.test(name) && (port === undefined || Number(port) <= 65535);
}
