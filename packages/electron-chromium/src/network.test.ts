import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FixtureApp, listener, startFixture } from '../test/driver.ts';

let app: FixtureApp;
let server: Awaited<ReturnType<typeof listener>>;

beforeAll(async () => {
	app = await startFixture();
	server = await listener();
}, 30_000);
afterAll(async () => {
	await app.stop();
	server.close();
});

const outcome = (code: string): Promise<string> =>
	app.page(`Promise.race([${code}, new Promise((r) => setTimeout(r, 3000, 'nothing'))]).then(String, (e) => 'refused')`);

describe('a page without a policy', () => {
	// lax.html is served without a CSP: what holds here holds by the shell alone.
	beforeEach(() => app.op('load', { url: 'app://holdfast/lax.html' }));

	const ways: Record<string, (url: string) => string> = {
		fetch: (url) => `fetch('http://${url}').then(() => 'reached')`,
		'fetch without cors': (url) => `fetch('http://${url}', { mode: 'no-cors' }).then(() => 'reached')`,
		'an image': (url) => `new Promise((r, j) => { const i = new Image(); i.onload = () => r('reached'); i.onerror = j; i.src = 'http://${url}' })`,
		'a WebSocket': (url) => `new Promise((r, j) => { const w = new WebSocket('ws://${url}'); w.onopen = () => r('reached'); w.onerror = j })`,
		'an EventSource': (url) => `new Promise((r, j) => { const w = new EventSource('http://${url}'); w.onopen = () => r('reached'); w.onerror = j })`,
		'a beacon': (url) => `Promise.resolve(navigator.sendBeacon('http://${url}', 'x')).then(() => { throw 0 })`,
		'a script': (url) =>
			`new Promise((r, j) => { const s = document.createElement('script'); s.onload = () => r('reached'); s.onerror = j; s.src = 'http://${url}'; document.head.append(s) })`,
		'a worker': (url) =>
			`new Promise((r) => { const w = new Worker('/worker.js'); w.onmessage = ({ data }) => r(JSON.stringify(data)); w.postMessage('http://${url}') }).then((t) => { if (t === '{"inside":200,"outside":"TypeError: Failed to fetch"}') throw 0; return t })`,
		'a preconnect': (url) =>
			`new Promise((r, j) => { const l = document.createElement('link'); l.rel = 'preconnect'; l.href = 'http://${url}'; document.head.append(l); setTimeout(j, 500) })`,
	};
	for (const [name, code] of Object.entries(ways)) {
		it(`reaches nothing by ${name}`, async () => {
			expect(await outcome(code(`127.0.0.1:${server.port}/x`))).toBe('refused');
			expect(server.connections()).toBe(0);
		});
	}

	it('learns no address of the machine by WebRTC', async () => {
		const code = `(async () => {
			const c = new RTCPeerConnection({ iceServers: [{ urls: 'turn:127.0.0.1:${server.port}?transport=tcp', username: 'a', credential: 'b' }, { urls: 'stun:127.0.0.1:${server.port}' }] });
			const found = [];
			c.onicecandidate = ({ candidate }) => candidate && candidate.candidate && found.push(candidate.candidate);
			c.createDataChannel('x');
			await c.setLocalDescription(await c.createOffer());
			await new Promise((r) => { c.onicegatheringstatechange = () => c.iceGatheringState === 'complete' && r(); setTimeout(r, 2000) });
			return found.filter((text) => !text.includes('.local')).join();
		})()`;
		expect(await app.page(code)).toBe('');
		expect(server.connections()).toBe(0);
	});

	it('gets no service worker', async () => {
		expect(await outcome(`navigator.serviceWorker.register('/worker.js').then(() => 'registered')`)).toBe('refused');
	});
});

describe('the handler of the protocol', () => {
	beforeEach(() => app.op('load', { url: 'app://holdfast/index.html' }));

	it('sees the request, body and headers included', async () => {
		const answer = await app.page(`fetch('/echo?q=1', { method: 'POST', body: new Blob(['héllo']), headers: { 'x-test': 'yes' } }).then((r) => r.json())`);
		expect(answer).toEqual({ url: 'app://holdfast/echo?q=1', method: 'POST', body: 'héllo', header: 'yes', origin: 'app://holdfast' });
	});

	it('answers with any status, and with bytes as they are', async () => {
		expect(await app.page(`fetch('/nothing').then((r) => r.status)`)).toBe(404);
		expect(await app.page(`fetch('/bytes').then((r) => r.bytes()).then((b) => [b.length, b.every((x, i) => x === (i * 31) % 256)])`)).toEqual([
			1_000_000,
			true,
		]);
	});

	it('that throws is a failed request', async () => {
		expect(await outcome(`fetch('/throws').then(() => 'answered')`)).toBe('refused');
	});

	it('serves its host only', async () => {
		expect(await outcome(`fetch('https://other.app.invalid/echo').then(() => 'answered')`)).toBe('refused');
		expect(await outcome(`fetch('https://holdfast.http.invalid/echo').then(() => 'answered')`)).toBe('refused');
	});
});

describe('the policy that the handler sends', () => {
	beforeEach(() => app.op('load', { url: 'app://holdfast/index.html' }));

	it('keeps inline scripts and eval from running', async () => {
		expect(await app.page('window.inlineRan === undefined')).toBe(true);
		// Evaluated from a script of the page: what the DevTools protocol itself evaluates is not bound by the policy.
		expect(
			await app.page(
				`new Promise((r) => { addEventListener('message', ({ data }) => r(data), { once: true }); const s = document.createElement('script'); s.src = policy.createScriptURL('/eval.js'); document.head.append(s) })`,
			),
		).toEqual({
			eval: 'EvalError',
			function: 'EvalError',
		});
		await app.op('load', { url: 'app://holdfast/lax.html' });
		expect(await app.page('window.inlineRan')).toBe(true);
	});

	it('keeps connections to the own origin', async () => {
		expect(
			await app.page(
				`new Promise((r) => { addEventListener('securitypolicyviolation', (e) => r(e.effectiveDirective), { once: true }); fetch('https://evil.example/').catch(() => {}) })`,
			),
		).toBe('connect-src');
	});

	it('demands Trusted Types', async () => {
		expect(await app.page(`(() => { try { document.getElementById('box').innerHTML = '<b>x</b>'; return 'set' } catch (e) { return e.name } })()`)).toBe(
			'TypeError',
		);
		await app.op('load', { url: 'app://holdfast/lax.html' });
		expect(await app.page(`(() => { document.body.innerHTML = '<b>x</b>'; return document.body.textContent })()`)).toBe('x');
	});
});
