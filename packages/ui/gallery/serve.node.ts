import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build } from 'vite';

/** What the app's protocol handler sends, plus fonts. */
export const CONTENT_SECURITY_POLICY = [
	"default-src 'none'",
	"script-src 'self' 'wasm-unsafe-eval'",
	"style-src 'self'",
	"img-src 'self' data: blob:",
	"font-src 'self'",
	"connect-src 'self'",
	"worker-src 'self'",
	"media-src 'self' blob:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
	"require-trusted-types-for 'script'",
	"trusted-types 'none'",
].join('; ');

const TYPES: { readonly [suffix: string]: string } = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };

/** Builds the gallery and serves it on the loopback interface under the app's policy. */
export async function serveGallery(): Promise<{ readonly url: string; close(): Promise<void> }> {
	// Under a test runner Vite would build for NODE_ENV=test, in which React Aria leaves out what the policy could object to.
	process.env.NODE_ENV = 'production';
	await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'error' });
	const folder = join(import.meta.dirname, '../out/gallery');
	const server = createServer((request, response) => {
		const path = new URL(request.url ?? '/', 'http://localhost').pathname;
		try {
			const body = readFileSync(join(folder, path === '/' ? 'index.html' : path));
			response.writeHead(200, {
				'content-type': TYPES[extname(path === '/' ? 'index.html' : path)] ?? 'application/octet-stream',
				'content-security-policy': CONTENT_SECURITY_POLICY,
			});
			response.end(body);
		} catch {
			response.writeHead(404).end();
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		close: () => new Promise((resolve) => server.close(() => resolve())),
	};
}
