import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FixtureApp, startFixture } from '../test/driver.ts';

let app: FixtureApp;

beforeAll(async () => {
	app = await startFixture();
}, 30_000);
afterAll(() => app.stop());

describe('the bridge', () => {
	it('exposes values, functions, promises and callbacks', async () => {
		expect(await app.page('[fixture.name, fixture.nodeIsAbsent, fixture.isMainFrame, fixture.nested]')).toEqual([
			'fixture',
			true,
			true,
			{ list: [1, 2, { deep: true }] },
		]);
		expect(await app.page('fixture.add(1, 2)')).toBe(3);
		expect(await app.page('fixture.callBack((a, b) => JSON.stringify([a, b]))')).toBe('[{"n":1},[2]]');
		expect(await app.page('fixture.later((x) => x + 1)')).toBe(6);
		expect(await app.page('fixture.awaitPage(Promise.resolve(9))')).toBe('page says 9');
		expect(await app.page('fixture.throws instanceof Function && (() => { try { fixture.throws() } catch (e) { return String(e) } })()')).toBe(
			'Error: thrown in the preload',
		);
	});

	it('gives the page objects of its own world only', async () => {
		expect(await app.page('Object.getPrototypeOf(fixture.nested) === Object.prototype')).toBe(true);
		expect(await app.page('fixture.add.constructor === Function && fixture.who().constructor === Promise')).toBe(true);
		expect(await app.page('fixture.callBack((a) => a.constructor === Object)')).toBe(true);
		await app.page(
			'fixture.add.constructor("globalThis.leak = 1")(); Function.prototype.leak = 1; Object.getPrototypeOf(fixture.nested).polluted = 1; undefined',
		);
		expect(await app.page('fixture.prototypeIsClean()')).toBe(true);
	});

	it('gives the preload objects of its own world only', async () => {
		expect(await app.page('fixture.describe({ a: 1 })')).toBe('[object Object] Object');
		expect(await app.page('fixture.describe(JSON.parse(\'{"__proto__": { "polluted": 1 }, "constructor": 5 }\'))')).toBe('[object Object] undefined');
		expect(await app.page('fixture.prototypeIsClean()')).toBe(true);
	});

	it('is frozen and cannot be replaced', async () => {
		expect(await app.page('(() => { try { "use strict"; window.fixture = 1; } catch {} delete window.fixture; return typeof fixture.who })()')).toBe(
			'function',
		);
		expect(await app.page('Object.isFrozen(fixture) && Object.isFrozen(fixture.nested.list) && Object.isFrozen(fixture.who)')).toBe(true);
		expect(await app.page('(() => { try { Object.defineProperty(window, "fixture", { value: 1 }); return "replaced" } catch (e) { return e.name } })()')).toBe(
			'TypeError',
		);
	});

	it('refuses what cannot be cloned, both ways', async () => {
		expect(await app.page('(() => { try { fixture.add(document.body); return "sent" } catch (e) { return e.message } })()')).toBe(
			'An object could not be cloned.',
		);
		expect(await app.page('(() => { try { fixture.echo(Symbol.iterator); return "sent" } catch (e) { return e.message } })()')).toBe(
			'An object could not be cloned.',
		);
	});

	it('shows the page no channel, binding or Node', async () => {
		const names = await app.page('early.globals');
		const builtIn = await app.page('Object.getOwnPropertyNames(document.createElement("iframe").ownerDocument.defaultView.constructor.prototype)');
		expect(names.filter((name: string) => /binding_|deliver_|hello|ipcRenderer|^require$|^process$|^module$|electron/.test(name))).toEqual([]);
		expect(builtIn).toBeInstanceOf(Array);
		expect(await app.page('[typeof require, typeof process, typeof ipcRenderer, typeof module, early.bridge]')).toEqual([
			'undefined',
			'undefined',
			'undefined',
			'undefined',
			'object',
		]);
		const fresh = await app.page(
			'(() => { const f = document.createElement("iframe"); document.body.append(f); const n = Object.getOwnPropertyNames(f.contentWindow); f.remove(); return n })()',
		);
		const extra = (await app.page('Object.getOwnPropertyNames(window)')).filter((name: string) => !fresh.includes(name));
		expect(extra.filter((name: string) => !/^(early|policy|fixture|leak|\d+|event)$/.test(name))).toEqual([]);
	});
});

describe('a hostile page', () => {
	// Everything that the page's end of the bridge could look up is replaced; each replacement notes who it was called with.
	const POISON = `
		(() => {
			const { apply, ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
			const real = { MessageEvent, Map };
			const seen = (window.seen = []);
			const note = (...values) => { for (let i = 0; i < values.length; i += 1) defineProperty(seen, seen.length, { __proto__: null, value: values[i], configurable: true, enumerable: true, writable: true }) };
			for (const object of [EventTarget.prototype, Event.prototype, MessageEvent.prototype, MessagePort.prototype, Map.prototype, WeakMap.prototype, Promise.prototype]) {
				for (const key of ownKeys(object)) {
					const d = getOwnPropertyDescriptor(object, key);
					if (!d.configurable || key === 'constructor' || key === Symbol.toStringTag) continue;
					for (const part of ['value', 'get']) {
						const original = d[part];
						if (typeof original === 'function') d[part] = function (...args) { note(this, ...args); return apply(original, this, args) };
					}
					defineProperty(object, key, d);
				}
			}
			window.MessageEvent = class extends real.MessageEvent { constructor(...args) { super(...args); note(this, ...args) } };
			window.Map = class extends real.Map { constructor(...args) { super(...args); note(this) } };
			Error.prepareStackTrace = (error, sites) => { for (let i = 0; i < sites.length; i += 1) note(sites[i].getThis(), sites[i].getFunction()); return 'stack' };
			Function.prototype.call = function () { note(this, arguments) };
			Function.prototype.apply = function () { note(this, arguments) };
			Reflect.apply = Reflect.construct = Reflect.defineProperty = () => { throw 'poisoned' };
			JSON.stringify = JSON.parse = () => 'poisoned';
			Array.prototype.push = function () { note(this) };
			for (const index of [0, 1, 2]) defineProperty(Array.prototype, index, { configurable: true, set(value) { note(this, value) }, get() { note(this) } });
			for (const name of ['get', 'set', 'type', 'call', 'refs', 'path', 'data', 'packed', 'cancelable', 'ports', 'ok', 'text', 'id', 'kind'])
				defineProperty(Object.prototype, name, { __proto__: null, configurable: true, get() { note(this) }, set(value) { note(this, value) } });
			Array.prototype[Symbol.iterator] = function () { note(this); throw 'poisoned' };
			return 'done';
		})()`;

	it('can neither break the bridge nor get hold of its channel', async () => {
		expect(await app.page(POISON)).toBe('done');
		expect(await app.page('fixture.add(2, 3)')).toBe(5);
		expect(await app.page('fixture.callBack((a, b) => a.n + b.length)')).toBe(2);
		const answer = await app.page('fixture.who()');
		expect(answer.frame.url).toBe('app://holdfast/index.html');
		expect(await app.page('(() => { try { fixture.throws() } catch (e) { return e.stack } })()')).toBe('stack');
		const caught = await app.page(`(() => {
			let kinds = '';
			for (let i = 0; i < seen.length; i += 1) {
				const x = seen[i];
				if (typeof x !== 'object' || x === null) continue;
				if (x instanceof MessagePort) kinds += 'port ';
				else if (x instanceof Event) kinds += 'event ';
				else if (Object.hasOwn(x, 'packed') || Object.hasOwn(x, 'refs')) kinds += 'message ';
			}
			return kinds;
		})()`);
		expect(caught).toBe('');
		expect((await app.events()).filter(({ name }) => name === 'secret was called')).toEqual([]);
		await app.op('load', { url: 'app://holdfast/index.html' });
	});

	it('gains nothing from dispatching the names of the protocol itself', async () => {
		await app.page(`for (const target of [window, document]) for (const name of ['to-preload', 'to-page', 'hello'])
			target.dispatchEvent(new MessageEvent(name, { data: { type: 'call', id: 1, call: 1, packed: { value: ['secret'], refs: [] } } })); undefined`);
		await app.page(`window.postMessage({ type: 'invoke', channel: 'secret', args: [] }, '*'); undefined`);
		expect(await app.page('fixture.add(1, 1)')).toBe(2);
		expect((await app.events()).filter(({ name }) => name === 'secret was called')).toEqual([]);
	});
});

describe('ipc', () => {
	it('gives the true URL of the sender, which follows pushState', async () => {
		const sender = await app.page('fixture.who()');
		expect(sender).toEqual({ frame: { url: 'app://holdfast/index.html', origin: 'app://holdfast', isMain: true }, sender: true });
		await app.page(`history.pushState({}, '', '/deep/page?x=1#frag'); undefined`);
		expect((await app.page('fixture.who()')).frame.url).toBe('app://holdfast/deep/page?x=1#frag');
		await app.page(`history.back(); new Promise((r) => addEventListener('popstate', r)).then(() => 1)`);
	});

	it('reports errors of handlers with the text that Electron gives', async () => {
		expect(await app.page('fixture.fail().catch(String)')).toBe("Error: Error invoking remote method 'fail': TypeError: broken on purpose");
		expect(await app.page('fixture.missing().catch(String)')).toBe(
			"Error: Error invoking remote method 'no such channel': Error: No handler registered for 'no such channel'",
		);
	});

	it('carries what structured clone carries', async () => {
		const code = `fixture.echo({ map: new Map([[1, new Date(5)]]), set: new Set(['a']), big: 2n ** 70n, none: undefined, bytes: new Uint8Array([0, 255]), nan: NaN, zero: -0, list: [1, , 3] })
			.then((x) => [x.map.get(1).getTime(), x.set.has('a'), String(x.big), 'none' in x && x.none === undefined, x.bytes instanceof Uint8Array && x.bytes[1], Number.isNaN(x.nan), Object.is(x.zero, -0), x.list.length])`;
		expect(await app.page(code)).toEqual([5, true, '1180591620717411303424', true, 255, true, true, 3]);
	});

	it('carries 5 MB both ways', async () => {
		const code = `(async () => { const sent = new Uint8Array(5e6).map((_, i) => i * 7 + (i >> 9)); const back = await fixture.echo(sent); return back.length === sent.length && back.every((x, i) => x === sent[i]) })()`;
		expect(await app.page(code)).toBe(true);
	});

	it('sends events to listeners until they are removed', async () => {
		await app.page('window.ticks = []; window.off = fixture.on("tick", (...args) => ticks.push(args)); undefined');
		await app.op('send', { channel: 'tick', args: [1, { a: [2] }] });
		await app.op('send', { channel: 'other', args: [9] });
		expect(await app.page('ticks')).toEqual([[1, { a: [2] }]]);
		await app.page('off(); undefined');
		await app.op('send', { channel: 'tick', args: [2] });
		expect(await app.page('ticks.length')).toBe(1);
	});

	it('receives one-way messages', async () => {
		await app.events();
		await app.page('fixture.say("hi"); undefined');
		expect(await app.until('said')).toEqual({ value: 'hi', url: 'app://holdfast/index.html' });
	});
});

describe('subframes', () => {
	it('have no preload, unless asked for, and are then known as subframes', async () => {
		const frame = `new Promise((resolve) => { const f = document.createElement('iframe'); f.src = '/other.html'; f.onload = () => resolve(f); document.body.append(f) })`;
		expect(await app.page(`${frame}.then((f) => typeof f.contentWindow.fixture)`)).toBe('undefined');
		const other = await startFixture({ subframes: true });
		try {
			expect(await other.page(`${frame}.then((f) => f.contentWindow.fixture.who())`)).toEqual({
				frame: { url: 'app://holdfast/other.html', origin: 'app://holdfast', isMain: false },
				sender: true,
			});
			expect((await other.page('fixture.who()')).frame.isMain).toBe(true);
		} finally {
			await other.stop();
		}
	});
});
