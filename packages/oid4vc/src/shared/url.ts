/** The URL where it may be talked to: https, or http on loopback where that is allowed; no credentials in it. Null otherwise. */
export function readUrl(text: unknown, allowLoopbackHttp: boolean): URL | null {
	if (typeof text !== 'string' || text.length > 4096) return null;
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		return null;
	}
	if (url.username !== '' || url.password !== '') return null;
	if (url.protocol === 'https:') return url;
	return url.protocol === 'http:' && allowLoopbackHttp && isLoopback(url.hostname) ? url : null;
}

function isLoopback(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/** Appends `/part` to a base URL without a trailing slash. */
export const join = (base: string, part: string): string => `${base.replace(/\/+$/, '')}/${part}`;

/** Where a well-known document of `identifier` stands: the name goes between host and path (RFC 8414 §3.1, OpenID4VCI 1.0 §12.2.2). */
export function wellKnownPath(identifier: string, name: string): string {
	const { pathname } = new URL(identifier);
	return `/.well-known/${name}${pathname === '/' ? '' : pathname}`;
}
