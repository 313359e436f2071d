import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HoldfastError } from '@holdfast/kernel';
import { MAX_BODY } from './http.ts';

export interface ServeOptions {
	/** Address to listen on; `127.0.0.1` when absent. */
	readonly host?: string;
	/** 0 or absent: any free port. */
	readonly port?: number;
	/** Bytes of a body at most; 1 MiB when absent. */
	readonly maxBody?: number;
	/** Milliseconds for a request to come in completely; 15 s when absent. */
	readonly requestTimeoutMs?: number;
	/** Milliseconds for the answer to be made; 60 s when absent. */
	readonly handlerTimeoutMs?: number;
}

export interface Served {
	/** `http://127.0.0.1:4711`, without a trailing slash. */
	readonly url: string;
	readonly host: string;
	readonly port: number;
	/** Stops listening and ends every connection. */
	close(): Promise<void>;
}

/**
 * Serves a fetch-style handler over HTTP/1.1. Says nothing about itself, keeps no connection open longer than 5 s idle.
 * TLS is for whatever stands in front.
 *
 * @throws HoldfastError `oid4vc/cannot-listen` (the port is taken, or is not allowed)
 */
export async function serve(handler: (request: Request) => Promise<Response>, options: ServeOptions = {}): Promise<Served> {
	const host = options.host ?? '127.0.0.1';
	const requestTimeout = options.requestTimeoutMs ?? 15_000;
	const server = createServer(
		{
			requestTimeout,
			headersTimeout: Math.min(requestTimeout, 10_000),
			connectionsCheckingInterval: Math.min(requestTimeout, 5_000),
			keepAliveTimeout: 5_000,
			maxHeaderSize: 16 * 1024,
		},
		(incoming, outgoing) => {
			answer(incoming, outgoing, handler, options, host).catch(() => outgoing.destroy());
		},
	);
	server.maxRequestsPerSocket = 100;
	server.maxConnections = 500;
	await new Promise<void>((resolve, reject) => {
		server.once('error', (cause: NodeJS.ErrnoException) => {
			reject(
				new HoldfastError('oid4vc/cannot-listen', 'This address and port cannot be used. Choose another port.', {
					cause,
					data: { reason: cause.code ?? 'unknown' },
				}),
			);
		});
		server.listen(options.port ?? 0, host, resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
		host,
		port,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

async function answer(
	incoming: IncomingMessage,
	outgoing: ServerResponse,
	handler: (request: Request) => Promise<Response>,
	options: ServeOptions,
	host: string,
): Promise<void> {
	outgoing.sendDate = false;
	const method = incoming.method ?? 'GET';
	const body = method === 'GET' || method === 'HEAD' ? new Uint8Array() : await readBody(incoming, options.maxBody ?? MAX_BODY);
	if (body === null) {
		// The rest is not read: the connection cannot be used again.
		outgoing
			.writeHead(413, { 'content-type': 'application/json', connection: 'close' })
			.end('{"error":"invalid_request","error_description":"The request is too large."}');
		return;
	}
	const request = toRequest(incoming, method, body, host);
	if (!request) {
		outgoing.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_request"}');
		return;
	}
	const response = await withTimeout(handler(request), options.handlerTimeoutMs ?? 60_000);
	const bytes = new Uint8Array(await response.arrayBuffer());
	outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(method === 'HEAD' ? undefined : bytes);
}

/** Null where there is more than `max`. */
async function readBody(incoming: IncomingMessage, max: number): Promise<Uint8Array<ArrayBuffer> | null> {
	if (Number(incoming.headers['content-length'] ?? 0) > max) return null;
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of incoming) {
		const bytes = chunk as Buffer;
		size += bytes.byteLength;
		if (size > max) return null;
		chunks.push(bytes);
	}
	return new Uint8Array(Buffer.concat(chunks));
}

function toRequest(incoming: IncomingMessage, method: string, body: Uint8Array<ArrayBuffer>, host: string): Request | null {
	try {
		const path = incoming.url ?? '/';
		const headers = new Headers();
		for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
		// The Host header is the client's to choose; handlers look at the path only.
		return new Request(new URL(path.startsWith('/') ? `http://${host.includes(':') ? `[${host}]` : host}${path}` : path), {
			method,
			headers,
			...(body.byteLength > 0 ? { body } : {}),
		});
	} catch {
		return null;
	}
}

async function withTimeout(work: Promise<Response>, ms: number): Promise<Response> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<Response>((resolve) => {
		timer = setTimeout(() => resolve(new Response('{"error":"server_error"}', { status: 503, headers: { 'content-type': 'application/json' } })), ms);
	});
	try {
		return await Promise.race([work, late]);
	} catch {
		return new Response('{"error":"server_error"}', { status: 500, headers: { 'content-type': 'application/json' } });
	} finally {
		clearTimeout(timer);
	}
}
