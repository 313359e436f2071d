import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Passed {
	readonly method: string;
	readonly path: string;
	readonly body: Buffer;
}

/** Where a request is: on its way to the service, or answered and on its way back. */
export type Direction = 'request' | 'response';

/** A line between a service and whoever talks to it: what passes is recorded, and can be held up. */
export interface Tap {
	readonly url: string;
	readonly passed: readonly Passed[];
	/** Sends what arrives on to this address (`http://127.0.0.1:port`). */
	connect(target: string): void;
	/** Called for everything that passes; while its promise is pending, the line is silent. */
	hold(hook: (direction: Direction, path: string) => Promise<void> | undefined): void;
	close(): Promise<void>;
}

const read = async (message: IncomingMessage): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	for await (const chunk of message) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
};

export async function tap(): Promise<Tap> {
	const passed: Passed[] = [];
	let target = '';
	let hook: (direction: Direction, path: string) => Promise<void> | undefined = () => undefined;

	const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const path = request.url ?? '/';
		const method = request.method ?? 'GET';
		const body = await read(request);
		passed.push({ method, path, body });
		await hook('request', path);
		const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)));
		const answer = await fetch(`${target}${path}`, {
			method,
			headers: headers as Record<string, string>,
			...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
		});
		const content = Buffer.from(await answer.arrayBuffer());
		await hook('response', path);
		response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/octet-stream', 'cache-control': 'no-store' });
		response.end(content);
	};
	const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		passed,
		connect: (address) => {
			target = new URL(address).origin;
		},
		hold: (next) => {
			hook = next;
		},
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/** Every reading of some bytes in which a claim could hide: as they are, URL-decoded, and each base64url run decoded, three deep. */
export function readings(bytes: Buffer, depth = 3): string[] {
	const text = bytes.toString('utf8');
	const plain = [text];
	try {
		plain.push(decodeURIComponent(text.replaceAll('+', ' ')));
	} catch {
		// No URL encoding: the bytes as they are will do.
	}
	if (depth === 0) return plain;
	const runs = new Set(plain.flatMap((each) => each.match(/[A-Za-z0-9_-]{16,}/g) ?? []));
	return [...plain, ...[...runs].flatMap((run) => readings(Buffer.from(run, 'base64url'), depth - 1))];
}
