import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../test/certificate.node.ts';
import { createGuardedFetch, type NetError } from './index.ts';

const cleanup: (() => void)[] = [];
afterEach(() => {
	for (const close of cleanup.splice(0)) close();
});

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

async function serve(handler: Handler, host = '127.0.0.1'): Promise<{ url: string; port: number; requests: IncomingMessage[] }> {
	const requests: IncomingMessage[] = [];
	const server = createServer((req, res) => {
		requests.push(req);
		handler(req, res);
	});
	const port = await listen(server, host);
	return { url: `http://${host}:${port}`, port, requests };
}

async function listen(server: Server, host: string): Promise<number> {
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	cleanup.push(() => {
		server.closeAllConnections();
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

const local = createGuardedFetch({ allowLoopback: true });
const code = async (work: Promise<unknown>): Promise<string> => {
	try {
		await work;
	} catch (error) {
		return (error as NetError).code;
	}
	return 'no error';
};

describe('an ordinary exchange', () => {
	test('GET gives a WHATWG response', async () => {
		const { url } = await serve((_req, res) => res.setHeader('content-type', 'application/json').setHeader('set-cookie', 'a=b').end('{"a":1}'));
		const response = await local(`${url}/x?y=1#z`);
		expect(response).toBeInstanceOf(Response);
		expect(response.status).toBe(200);
		expect(response.url).toBe(`${url}/x?y=1`);
		expect(response.headers.get('content-type')).toBe('application/json');
		expect(response.headers.has('set-cookie')).toBe(false);
		expect(await response.json()).toEqual({ a: 1 });
	});

	test('POST sends body and headers, and nothing that follows the user around', async () => {
		let body = '';
		const { url, requests } = await serve((req, res) => {
			req.on('data', (chunk) => {
				body += chunk;
			});
			req.on('end', () => res.writeHead(201).end('made'));
		});
		const response = await local(url, { method: 'POST', headers: { 'content-type': 'text/plain', authorization: 'DPoP x' }, body: 'hello' });
		expect([response.status, await response.text(), body]).toEqual([201, 'made', 'hello']);
		expect(requests[0]?.headers.authorization).toBe('DPoP x');
		expect(requests[0]?.headers.cookie).toBeUndefined();
		expect(requests[0]?.headers.referer).toBeUndefined();
	});

	test('a body of bytes arrives as it is', async () => {
		const { url } = await serve((req, res) => req.pipe(res));
		const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
		expect(new Uint8Array(await (await local(url, { method: 'POST', body: bytes })).arrayBuffer())).toEqual(bytes);
	});

	test.each([204, 304])('status %i has no body', async (status) => {
		const { url } = await serve((_req, res) => res.writeHead(status).end());
		const response = await local(url);
		expect([response.status, await response.text()]).toEqual([status, '']);
	});

	test('an error status is an answer', async () => {
		const { url } = await serve((_req, res) => res.writeHead(500).end('no'));
		expect((await local(url)).status).toBe(500);
	});

	test('compressed answers are decoded', async () => {
		const { url } = await serve((req, res) =>
			req.url === '/br'
				? res.setHeader('content-encoding', 'br').end(brotliCompressSync('hello'))
				: res.setHeader('content-encoding', 'gzip').end(gzipSync('hello')),
		);
		for (const path of ['/gzip', '/br']) {
			const response = await local(url + path);
			expect(await response.text()).toBe('hello');
			expect(response.headers.has('content-encoding')).toBe(false);
		}
	});

	test('IPv6 loopback', async () => {
		const server = createServer((_req, res) => res.end('six'));
		const port = await listen(server, '::1');
		expect(await (await local(`http://[::1]:${port}/`)).text()).toBe('six');
	});
});

describe('limits', () => {
	test('an announced body above the limit', async () => {
		const { url } = await serve((_req, res) => res.end('x'.repeat(2000)));
		expect(await code(local(url, { maxBytes: 1999 }))).toBe('net/too-large');
		expect((await local(url, { maxBytes: 2000 })).status).toBe(200);
	});

	test('a body that grows above the limit without being announced', async () => {
		const { url } = await serve((_req, res) => {
			res.write('x'.repeat(1000));
			res.write('x'.repeat(1000));
			res.end();
		});
		expect(await code(local(url, { maxBytes: 1500 }))).toBe('net/too-large');
	});

	test('an endless body', async () => {
		const { url } = await serve((_req, res) => {
			const chunk = Buffer.alloc(65536);
			const more = () => {
				while (!res.destroyed && res.write(chunk));
			};
			res.on('drain', more);
			more();
		});
		expect(await code(local(url))).toBe('net/too-large');
	});

	test('a decompression bomb', async () => {
		const bomb = gzipSync(Buffer.alloc(64 << 20));
		const { url } = await serve((_req, res) => res.setHeader('content-encoding', 'gzip').end(bomb));
		expect(bomb.length).toBeLessThan(1 << 20);
		expect(await code(local(url))).toBe('net/too-large');
	});

	test('a broken encoding', async () => {
		const { url } = await serve((_req, res) => res.setHeader('content-encoding', 'gzip').end('not gzip'));
		expect(await code(local(url))).toBe('net/unreachable');
	});

	test('the default limit is 1 MiB', async () => {
		const { url } = await serve((req, res) => res.end(Buffer.alloc((1 << 20) + (req.url === '/over' ? 1 : 0))));
		expect((await local(`${url}/exact`)).status).toBe(200);
		expect(await code(local(`${url}/over`))).toBe('net/too-large');
	});

	test('a server that never answers, and one that stalls in the body', async () => {
		const { url } = await serve((req, res) => {
			if (req.url === '/stall') res.write('x');
		});
		expect(await code(local(`${url}/silent`, { timeoutMs: 50 }))).toBe('net/timeout');
		expect(await code(local(`${url}/stall`, { timeoutMs: 50 }))).toBe('net/timeout');
	});

	test('the time limit spans redirects', async () => {
		const { url } = await serve((_req, res) => setTimeout(() => res.writeHead(302, { location: '/again' }).end(), 40));
		const patient = createGuardedFetch({ allowLoopback: true, maxRedirects: 100, timeoutMs: 150 });
		expect(await code(patient(url))).toBe('net/timeout');
	});

	test('a name server that never answers', async () => {
		const stuck = createGuardedFetch({ allowLoopback: false, timeoutMs: 50, lookup: () => new Promise(() => {}) });
		expect(await code(stuck('https://example.com/'))).toBe('net/timeout');
	});

	test('the caller can cancel', async () => {
		const { url } = await serve(() => {});
		const controller = new AbortController();
		const work = code(local(url, { signal: controller.signal }));
		controller.abort();
		expect(await work).toBe('net/cancelled');
		expect(await code(local(url, { signal: AbortSignal.abort() }))).toBe('net/cancelled');
	});

	test('something that is not HTTP', async () => {
		const server = createTcpServer((socket) => socket.end('SSH-2.0-x\r\n'));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		cleanup.push(() => server.close());
		expect(await code(local(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))).toBe('net/unreachable');
	});

	test('a closed port', async () => {
		const { url } = await serve(() => {});
		for (const close of cleanup.splice(0)) close();
		expect(await code(local(url))).toBe('net/unreachable');
	});
});

describe('redirects', () => {
	test('are followed up to the limit', async () => {
		const { url } = await serve((req, res) => {
			const left = Number(req.url?.slice(1));
			if (left > 0) res.writeHead(302, { location: `/${left - 1}` }).end('moved');
			else res.end('here');
		});
		const response = await local(`${url}/3`);
		expect([await response.text(), response.url]).toEqual(['here', `${url}/0`]);
		expect(await code(local(`${url}/4`))).toBe('net/too-many-redirects');
	});

	test.each([
		['https://10.0.0.1/', 'net/private-address'],
		['https://169.254.169.254/latest/meta-data/', 'net/private-address'],
		['https://[::ffff:10.0.0.1]/', 'net/private-address'],
		['http://example.com/', 'net/not-https'],
		['//2130706433:0x/', 'net/bad-url'],
		['https://user:pw@example.com/', 'net/bad-url'],
		['file:///etc/passwd', 'net/bad-url'],
	])('to %s are refused', async (location, expected) => {
		const { url } = await serve((_req, res) => res.writeHead(302, { location }).end());
		expect(await code(local(url))).toBe(expected);
	});

	test('POST follows none', async () => {
		const { url, requests } = await serve((_req, res) => res.writeHead(307, { location: '/elsewhere' }).end());
		expect(await code(local(url, { method: 'POST', body: 'secret' }))).toBe('net/too-many-redirects');
		expect(requests).toHaveLength(1);
	});

	test('another origin does not get the credentials', async () => {
		const second = await serve((_req, res) => res.end('ok'));
		const first = await serve((_req, res) => res.writeHead(302, { location: second.url }).end());
		await local(first.url, { headers: { authorization: 'Bearer x', dpop: 'y', accept: 'text/plain' } });
		expect(first.requests[0]?.headers.authorization).toBe('Bearer x');
		expect(second.requests[0]?.headers.authorization).toBeUndefined();
		expect(second.requests[0]?.headers.dpop).toBeUndefined();
		expect(second.requests[0]?.headers.accept).toBe('text/plain');
	});
});

describe('names', () => {
	const withAnswers = (answers: readonly string[], allowLoopback = true) => {
		const asked: string[] = [];
		const fetch = createGuardedFetch({
			allowLoopback,
			timeoutMs: 2000,
			lookup: async (name) => {
				asked.push(name);
				return answers;
			},
		});
		return { fetch, asked };
	};

	test.each([
		[['10.0.0.1']],
		[['127.0.0.1']],
		[['::1']],
		[['169.254.169.254']],
		[['::ffff:127.0.0.1']],
		[['93.184.216.34', '127.0.0.1']],
		[['fe80::1%lo']],
		[['not an address']],
	])('a public name that stands for %j is refused', async (answers) => {
		expect(await code(withAnswers(answers).fetch('https://issuer.example/'))).toBe('net/private-address');
	});

	test('a name without an address, and a resolver that fails', async () => {
		expect(await code(withAnswers([]).fetch('https://issuer.example/'))).toBe('net/unreachable');
		const failing = createGuardedFetch({ allowLoopback: false, lookup: () => Promise.reject(new Error('SERVFAIL')) });
		expect(await code(failing('https://issuer.example/'))).toBe('net/unreachable');
	});

	test('rebinding: the name is asked once, and the connection goes to the answer that was checked', async () => {
		const { url, port } = await serve((_req, res) => res.end('pinned'));
		const answers = [['127.0.0.1'], ['10.0.0.1'], ['10.0.0.1']];
		let asked = 0;
		const fetch = createGuardedFetch({ allowLoopback: true, lookup: async () => answers[asked++] ?? [] });
		expect(await (await fetch(`http://localhost:${port}/`)).text()).toBe('pinned');
		expect(asked).toBe(1);
		expect(url).toContain(String(port));
	});

	test('localhost that stands for something else is refused', async () => {
		expect(await code(withAnswers(['10.0.0.1']).fetch('http://localhost:49151/'))).toBe('net/private-address');
		expect(await code(withAnswers(['93.184.216.34']).fetch('http://localhost:49151/'))).toBe('net/private-address');
	});

	test('without permission, loopback is not even asked for', async () => {
		const { fetch, asked } = withAnswers(['127.0.0.1'], false);
		expect(await code(fetch('https://localhost/'))).toBe('net/private-address');
		expect(asked).toEqual([]);
	});

	test('errors name the host and nothing else of the URL', async () => {
		const error = await withAnswers(['10.0.0.1'])
			.fetch('https://issuer.example/token?code=hunter2')
			.catch((each: NetError) => each);
		expect(JSON.stringify((error as NetError).toInfo())).not.toContain('hunter2');
		expect((error as NetError).data).toEqual({ host: 'issuer.example' });
	});
});

describe('TLS', () => {
	test('an unknown authority is refused, an extra one is trusted, and the name is checked', async () => {
		const { key, cert } = selfSignedCertificate('localhost');
		const server = createTlsServer({ key, cert }, (_req, res) => res.end('secure'));
		const port = await listen(server as unknown as Server, '127.0.0.1');
		const lookup = async () => ['127.0.0.1'];
		expect(await code(createGuardedFetch({ allowLoopback: true, lookup })(`https://localhost:${port}/`))).toBe('net/unreachable');
		const trusting = createGuardedFetch({ allowLoopback: true, lookup, extraCa: [cert] });
		expect(await (await trusting(`https://localhost:${port}/`)).text()).toBe('secure');
		expect(await code(trusting(`https://127.0.0.1:${port}/`))).toBe('net/unreachable');
	});
});
