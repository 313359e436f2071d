import { classifyAddress, hostAddress } from './addresses.ts';
import { NetError } from './errors.ts';

/** A URL that may be asked, as far as its text tells. Its name's addresses are still to be checked. */
export interface Target {
	readonly url: URL;
	/** The host is this computer, by name or by literal address, and the caller may reach it. */
	readonly loopback: boolean;
}

const MAX_URL_LENGTH = 8192;

/** `localhost` by name (RFC 6761 §6.3), with or without the root's dot. */
const isLocalhost = (hostname: string): boolean => hostname === 'localhost' || hostname === 'localhost.';

/**
 * Checks the text of a URL: https (http too for loopback), no credentials, no private address.
 *
 * `from` is where a redirect came from: a server elsewhere may not send the app to this computer,
 * even where the user's own settings may.
 *
 * @throws NetError net/bad-url, net/not-https, net/private-address
 */
export function checkTarget(input: string | URL, policy: { allowLoopback: boolean; from?: Target }): Target {
	const url = parse(input);
	const host = url.hostname;
	if (url.username !== '' || url.password !== '' || host === '') throw new NetError('net/bad-url', { host });
	const address = hostAddress(host);
	const kind = address === undefined ? undefined : classifyAddress(address);
	const loopback = kind === 'loopback' || isLocalhost(host);
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback && policy.allowLoopback)) throw new NetError('net/not-https', { host });
	if (kind === 'private') throw new NetError('net/private-address', { host });
	if (loopback && (!policy.allowLoopback || policy.from?.loopback === false)) throw new NetError('net/private-address', { host });
	// A fragment is for the reader of an answer; it never belongs on the wire.
	url.hash = '';
	return { url, loopback };
}

/**
 * Checks what a host's name stands for: every address has to be of the kind that the target allows.
 * One private answer among public ones is how a rebinding attack looks, so it refuses all of them.
 *
 * @throws NetError net/unreachable without an answer, net/private-address
 */
export function checkAddresses(addresses: readonly string[], target: Pick<Target, 'loopback'>, host: string): void {
	if (addresses.length === 0) throw new NetError('net/unreachable', { host });
	const wanted = target.loopback ? 'loopback' : 'public';
	for (const address of addresses) if (classifyAddress(address) !== wanted) throw new NetError('net/private-address', { host });
}

function parse(input: string | URL): URL {
	const text = String(input);
	if (text.length > MAX_URL_LENGTH) throw new NetError('net/bad-url');
	try {
		return new URL(text);
	} catch {
		// The parser's own error repeats the input.
		throw new NetError('net/bad-url');
	}
}
