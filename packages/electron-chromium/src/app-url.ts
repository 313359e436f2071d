/**
 * Chromium knows no custom scheme, so `app://holdfast/x` is served as `https://holdfast.app.invalid/x`.
 *
 * `.invalid` never resolves (RFC 2606 §2), `https` makes it a secure context with an origin of its own, and the mapping
 * is one to one, so the main process only ever sees `app://` URLs and needs no branch for this shell.
 */
const APP_URL = /^([a-z][a-z0-9-]*):\/\/([a-z0-9.-]+)(?=[/?#]|$)/i;
const BROWSER_URL = /^https:\/\/([a-z0-9.-]+)\.([a-z][a-z0-9-]*)\.invalid(?=[/?#]|$)/i;

/** `app://holdfast/x` to `https://holdfast.app.invalid/x`, for the given schemes; any other URL stays as it is. */
export function toBrowserUrl(url: string, schemes: ReadonlySet<string>): string {
	if (url.startsWith('blob:')) return `blob:${toBrowserUrl(url.slice(5), schemes)}`;
	const match = APP_URL.exec(url);
	const scheme = match?.[1]?.toLowerCase();
	if (match === null || scheme === undefined || !schemes.has(scheme)) return url;
	return `https://${match[2]}.${scheme}.invalid${url.slice(match[0].length)}`;
}

/** The inverse of {@link toBrowserUrl}. */
export function toAppUrl(url: string, schemes: ReadonlySet<string>): string {
	if (url.startsWith('blob:')) return `blob:${toAppUrl(url.slice(5), schemes)}`;
	const match = BROWSER_URL.exec(url);
	const scheme = match?.[2]?.toLowerCase();
	if (match === null || scheme === undefined || !schemes.has(scheme)) return url;
	return `${scheme}://${match[1]}${url.slice(match[0].length)}`;
}

/** The scheme of an app URL (`app`), or undefined when the URL is not of one of the given schemes. */
export function appScheme(url: string, schemes: ReadonlySet<string>): string | undefined {
	const scheme = APP_URL.exec(url)?.[1]?.toLowerCase();
	return scheme !== undefined && schemes.has(scheme) ? scheme : undefined;
}

/** The origin of an app URL as Electron reports it for a standard scheme: `app://holdfast`; otherwise URL's own, or `null`. */
export function originOf(url: string, schemes: ReadonlySet<string>): string {
	const match = APP_URL.exec(url);
	if (match !== null && schemes.has((match[1] ?? '').toLowerCase())) return match[0].toLowerCase();
	try {
		return new URL(url).origin;
	} catch {
		return 'null';
	}
}
