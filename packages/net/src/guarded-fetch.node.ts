import { lookup as systemLookup } from 'node:dns/promises';
import { isIPv6, type LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { Agent, buildConnector, type Response as UndiciResponse, fetch as undiciFetch } from 'undici';
import { hostAddress } from './addresses.ts';
import { NetError } from './errors.ts';
import { checkAddresses, checkTarget, type Target } from './target.ts';

export interface GuardedFetchOptions {
	/** http and https to 127.0.0.0/8, ::1 and `localhost` are allowed too. For servers that the user runs on this computer. */
	readonly allowLoopback: boolean;
	/** Limit on an answer's body after decompression, in bytes. Default 1 MiB. */
	readonly maxBytes?: number;
	/** Limit on the whole exchange with its redirects, in milliseconds. Default 10 s. */
	readonly timeoutMs?: number;
	/** How many redirects a GET or HEAD follows; each one is checked anew. Default 3. Other methods follow none. */
	readonly maxRedirects?: number;
	/** Certificates of authorities (PEM) to trust besides the built-in ones. */
	readonly extraCa?: readonly string[];
	/** How a name becomes addresses. Default: the system's resolver. */
	readonly lookup?: (hostname: string) => Promise<readonly string[]>;
}

export interface GuardedFetchInit {
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>> | Headers;
	readonly body?: string | Uint8Array;
	/** Lowers or raises the limit for this exchange, in bytes after decompression. */
	readonly maxBytes?: number;
	/** The limit for this exchange, in milliseconds. */
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
}

/** Asks a server. The answer's body has arrived completely and within the limit. @throws NetError */
export type GuardedFetch = (url: string | URL, init?: GuardedFetchInit) => Promise<Response>;

const DEFAULTS = { maxBytes: 1 << 20, timeoutMs: 10_000, maxRedirects: 3 } as const;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);
/** What may follow a redirect to another origin. Everything else could be a credential. */
const PORTABLE_HEADERS: ReadonlySet<string> = new Set(['accept', 'accept-language']);

/**
 * Makes the only `fetch` that the app uses.
 *
 * https only; a name is resolved once per connection and the connection goes to an address that was
 * checked, so that a second answer (DNS rebinding) has no effect; redirects are followed by hand and
 * each is checked like the first URL; the body is counted after decompression; no cookies, no
 * referrer, no proxy from the environment.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
	const resolve = options.lookup ?? resolveWithSystem;
	const tls = options.extraCa === undefined ? {} : { ca: [...getCACertificates('default'), ...options.extraCa] };
	const agents = {
		remote: createAgent({ loopback: false }, resolve, tls),
		loopback: createAgent({ loopback: true }, resolve, tls),
	};

	return async (input, init = {}) => {
		const first = checkTarget(input, options);
		const deadline = new AbortController();
		const timer = setTimeout(
			() => deadline.abort(new NetError('net/timeout', { host: first.url.hostname })),
			init.timeoutMs ?? options.timeoutMs ?? DEFAULTS.timeoutMs,
		);
		const signal = init.signal ? AbortSignal.any([init.signal, deadline.signal]) : deadline.signal;
		try {
			return await exchange(first, init, signal);
		} catch (error) {
			if (deadline.signal.aborted) throw deadline.signal.reason;
			if (init.signal?.aborted) throw new NetError('net/cancelled', { host: first.url.hostname });
			throw asNetError(error, first.url.hostname);
		} finally {
			clearTimeout(timer);
		}
	};

	async function exchange(first: Target, init: GuardedFetchInit, signal: AbortSignal): Promise<Response> {
		const method = (init.method ?? 'GET').toUpperCase();
		const mayRedirect = method === 'GET' || method === 'HEAD';
		let redirectsLeft = mayRedirect ? (options.maxRedirects ?? DEFAULTS.maxRedirects) : 0;
		let target = first;
		let headers = new Headers(init.headers instanceof Headers ? init.headers : { ...init.headers });
		for (;;) {
			const answer = await undiciFetch(target.url, {
				method,
				headers: [...headers],
				body: init.body ?? null,
				redirect: 'manual',
				credentials: 'omit',
				referrerPolicy: 'no-referrer',
				signal,
				dispatcher: target.loopback ? agents.loopback : agents.remote,
			});
			const location = answer.headers.get('location');
			if (!REDIRECTS.has(answer.status) || location === null)
				return await readLimited(answer, target.url, init.maxBytes ?? options.maxBytes ?? DEFAULTS.maxBytes);
			await answer.body?.cancel();
			if (redirectsLeft-- <= 0) throw new NetError('net/too-many-redirects', { host: target.url.hostname });
			const next = checkTarget(resolveLocation(location, target.url), { allowLoopback: options.allowLoopback, from: target });
			if (next.url.origin !== target.url.origin) headers = new Headers([...headers].filter(([name]) => PORTABLE_HEADERS.has(name)));
			target = next;
		}
	}
}

async function resolveWithSystem(hostname: string): Promise<readonly string[]> {
	const answers = await systemLookup(hostname, { all: true, verbatim: true });
	return answers.map((answer) => answer.address);
}

/** A connection pool whose sockets only ever open to addresses that passed {@link checkAddresses}. */
function createAgent(target: Pick<Target, 'loopback'>, resolve: (hostname: string) => Promise<readonly string[]>, tls: { ca?: string[] }): Agent {
	// Node calls `lookup` once per connection and connects to what it answers: check and use are one step.
	const lookup: LookupFunction = (hostname, { all }, callback) => {
		resolve(hostname).then(
			(addresses) => {
				try {
					checkAddresses(addresses, target, hostname);
				} catch (error) {
					callback(error as NodeJS.ErrnoException, '', 0);
					return;
				}
				const answers = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
				if (all) callback(null, answers);
				else callback(null, answers[0]?.address ?? '', answers[0]?.family);
			},
			(error: unknown) => callback(new NetError('net/unreachable', { host: hostname, cause: error }), '', 0),
		);
	};
	// `port` completes the type of a TCP connection; undici gives the real one for each.
	const connect = buildConnector({ ...tls, lookup, port: 443, allowH2: false, timeout: 10_000 } as buildConnector.BuildOptions);
	return new Agent({
		allowH2: false,
		keepAliveTimeout: 1000,
		// A connection within this computer costs nothing; one that is kept may be closed by the service just as it is used again.
		...(target.loopback ? { pipelining: 0 } : {}),
		connect: (connection, callback) => {
			// Node does not look up IP literals, so they are checked here.
			const literal = hostAddress(connection.hostname) ?? (isIPv6(connection.hostname) ? connection.hostname : undefined);
			if (literal !== undefined) {
				try {
					checkAddresses([literal], target, connection.hostname);
				} catch (error) {
					callback(error as Error, null);
					return;
				}
			}
			connect(connection, callback);
		},
	});
}

/** Reads the decoded body up to `maxBytes` and gives it as a fresh Response. */
async function readLimited(answer: UndiciResponse, url: URL, maxBytes: number): Promise<Response> {
	const host = url.hostname;
	const tooLarge = async (): Promise<never> => {
		await answer.body?.cancel();
		throw new NetError('net/too-large', { host });
	};
	if (answer.status < 200 || answer.status > 599) throw new NetError('net/unreachable', { host });
	const announced = Number(answer.headers.get('content-length') ?? 0);
	if (announced > maxBytes && !answer.headers.has('content-encoding')) return await tooLarge();
	const chunks: Uint8Array[] = [];
	let size = 0;
	if (answer.body) {
		const reader = answer.body.getReader();
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			size += value.byteLength;
			if (size > maxBytes) {
				await reader.cancel();
				throw new NetError('net/too-large', { host });
			}
			chunks.push(value);
		}
	}
	const headers = new Headers([...answer.headers]);
	// They describe the bytes on the wire, no longer the body that is given here.
	headers.delete('content-encoding');
	headers.delete('content-length');
	headers.delete('set-cookie');
	const response = new Response(BODILESS.has(answer.status) ? null : Buffer.concat(chunks, size), {
		status: answer.status,
		statusText: answer.statusText,
		headers,
	});
	Object.defineProperty(response, 'url', { value: url.href });
	return response;
}

function resolveLocation(location: string, base: URL): URL {
	try {
		return new URL(location, base);
	} catch {
		throw new NetError('net/bad-url', { host: base.hostname });
	}
}

/** undici wraps what happened below it in `TypeError: fetch failed` with a cause. */
function asNetError(error: unknown, host: string): NetError {
	for (let each: unknown = error; each instanceof Error; each = each.cause) {
		if (each instanceof NetError) return each;
		if (each instanceof AggregateError) {
			const inner = each.errors.find((one) => one instanceof NetError);
			if (inner) return inner;
		}
	}
	return new NetError('net/unreachable', { host, cause: error });
}
