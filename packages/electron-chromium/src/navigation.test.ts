import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FixtureApp, listener, startFixture } from '../test/driver.ts';

const HOME = 'app://holdfast/index.html';
let app: FixtureApp;

beforeAll(async () => {
	app = await startFixture();
}, 30_000);
afterAll(() => app.stop());
beforeEach(async () => {
	await app.op('load', { url: HOME });
	await app.events();
});

describe('leaving the origin', () => {
	const ways: Record<string, string> = {
		'a link': `document.getElementById('out').click()`,
		location: `location.href = 'https://evil.example/location'`,
		'location.replace': `location.replace('https://evil.example/replace')`,
		'http on loopback': `location.href = 'http://127.0.0.1:9/x'`,
	};
	for (const [name, code] of Object.entries(ways)) {
		it(`is announced and refused: ${name}`, async () => {
			await app.page(`${code}; undefined`, true);
			const { url, isMainFrame } = await app.until('will-navigate');
			expect(url).toMatch(/^https?:\/\/(evil\.example|127)/);
			expect(isMainFrame).toBe(true);
			expect(await app.op('url')).toBe(HOME);
			expect(await app.page('document.querySelector("h1").textContent')).toBe('Fixture');
		});
	}

	it('is refused to a form by the policy, and without a policy by the shell', async () => {
		await app.page(`document.getElementById('form').submit()`, true);
		expect(await app.page('location.pathname')).toBe('/index.html');
		await app.op('load', { url: 'app://holdfast/lax.html' });
		await app.page(
			`(() => { const f = document.createElement('form'); f.method = 'post'; f.action = 'https://evil.example/form'; document.body.append(f); f.submit() })()`,
			true,
		);
		expect((await app.until('will-navigate')).url).toBe('https://evil.example/form');
		expect(await app.op('url')).toBe('app://holdfast/lax.html');
	});

	it('is refused to a meta refresh', async () => {
		await app.op('load', { url: 'app://holdfast/meta.html' });
		expect((await app.until('will-navigate')).url).toBe('https://evil.example/meta');
		expect(await app.op('url')).toBe('app://holdfast/meta.html');
	});

	it('is refused to a redirect, and announced as one', async () => {
		await app.page(`location.href = '/redirect-out'`, true);
		expect((await app.until('will-redirect')).url).toBe('https://evil.example/');
		expect(await app.op('url')).toBe(HOME);
	});

	it('is refused to a frame', async () => {
		await app.op('load', { url: 'app://holdfast/lax.html' });
		await app.page(`(() => { const f = document.createElement('iframe'); f.src = 'https://evil.example/frame'; document.body.append(f) })()`);
		const { url, isMainFrame } = await app.until('will-frame-navigate');
		expect([url, isMainFrame]).toEqual(['https://evil.example/frame', false]);
	});

	it('is taken back when Chromium needs no request for it', async () => {
		await app.page(`location.href = URL.createObjectURL(new Blob(['<h1>blob</h1>'], { type: 'text/html' }))`, true);
		expect((await app.until('will-navigate')).url).toMatch(/^blob:app:\/\/holdfast\//);
		// The other document may have been shown for a moment: what counts is where it ends.
		await vi.waitFor(async () => expect(await app.op('url')).toBe(HOME), { timeout: 10_000 });
		await vi.waitFor(async () => expect((await app.page('fixture.who()')).frame.url).toBe(HOME), { timeout: 10_000 });
	});

	it('is impossible for the main process too, without a handler', async () => {
		await expect(app.op('load', { url: 'https://evil.example/' })).rejects.toThrow(/ERR_/);
		await expect(app.op('load', { url: 'file:///etc/passwd' })).rejects.toThrow(/ERR_/);
	});
});

describe('moving inside the origin', () => {
	it('is announced and allowed', async () => {
		await app.page(`document.getElementById('inside').click()`, true);
		expect((await app.until('will-navigate')).url).toBe('app://holdfast/app-inside.html');
		await app.until('did-finish-load');
		expect(await app.op('url')).toBe('app://holdfast/app-inside.html');
		expect((await app.page('fixture.who()')).frame.url).toBe('app://holdfast/app-inside.html');
	});

	it('follows redirects of the handler', async () => {
		await app.op('load', { url: 'app://holdfast/redirect-in' });
		expect(await app.op('url')).toBe('app://holdfast/other.html');
	});
});

describe('popups', () => {
	const ways: Record<string, string> = {
		'window.open': `window.open('https://evil.example/open')`,
		'window.open without opener': `window.open('https://evil.example/open', '_blank', 'noopener')`,
		'a link with a target': `document.getElementById('blank').click()`,
		'window.open of our own page': `window.open('/other.html')`,
	};
	for (const [name, code] of Object.entries(ways)) {
		it(`are announced, closed, and load nothing: ${name}`, async () => {
			const server = await listener();
			await app.page(`${code.replace('https://evil.example/open', `http://127.0.0.1:${server.port}/`)}; undefined`, true);
			expect(await app.until('window-open')).toMatch(/evil\.example|127\.0\.0\.1|app:/);
			expect(await app.op('windows')).toBe(1);
			expect(await app.op('url')).toBe(HOME);
			expect(server.connections()).toBe(0);
			server.close();
			expect((await app.page('fixture.who()')).frame.url).toBe(HOME);
		});
	}

	for (const modifiers of ['control', 'shift', 'middle']) {
		it(`are announced, closed, and load nothing: a click with ${modifiers}`, async () => {
			await app.op('click', { selector: '#out', modifiers });
			expect(await app.until('window-open')).toBe('https://evil.example/link');
			expect(await app.op('url')).toBe(HOME);
			expect((await app.page('fixture.who()')).frame.url).toBe(HOME);
		});
	}
});
