import { HoldfastError } from '@holdfast/kernel';

export type NetErrorCode =
	| 'net/bad-url'
	| 'net/cancelled'
	| 'net/not-https'
	| 'net/private-address'
	| 'net/timeout'
	| 'net/too-large'
	| 'net/too-many-redirects'
	| 'net/unreachable';

const MESSAGES: Readonly<Record<NetErrorCode, string>> = {
	'net/bad-url': 'This web address cannot be used.',
	'net/cancelled': 'The connection was cancelled.',
	'net/not-https': 'This address is not secure (https). Holdfast does not use it.',
	'net/private-address': 'This address leads into a private network. Holdfast does not go there on behalf of a stranger.',
	'net/timeout': 'The server took too long to answer. Try again later.',
	'net/too-large': 'The server sent more data than is allowed for this kind of answer.',
	'net/too-many-redirects': 'The server sent the request elsewhere more often than is allowed.',
	'net/unreachable': 'The server cannot be reached. Check the connection and try again.',
};

/**
 * Why an exchange over the network did not happen. `data.host` is the host name that was asked for;
 * path and query never appear, because they hold codes and tokens.
 */
export class NetError extends HoldfastError {
	declare readonly code: NetErrorCode;

	constructor(code: NetErrorCode, options: { host?: string | undefined; cause?: unknown } = {}) {
		super(code, MESSAGES[code], {
			data: options.host === undefined ? {} : { host: options.host.slice(0, 255) },
			cause: options.cause,
		});
		this.name = 'NetError';
	}
}
