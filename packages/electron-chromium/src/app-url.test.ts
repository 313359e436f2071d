import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originOf, toAppUrl, toBrowserUrl } from './app-url.ts';

const SCHEMES = new Set(['app']);
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const host = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));

describe('the mapping of app URLs', () => {
	it('has an inverse', () => {
		fc.assert(
			fc.property(host, fc.webPath(), fc.webQueryParameters(), (name, path, query) => {
				const url = `app://${name}${path.startsWith('/') ? path : `/${path}`}?${query}`;
				const mapped = toBrowserUrl(url, SCHEMES);
				expect(new URL(mapped).protocol).toBe('https:');
				expect(toAppUrl(mapped, SCHEMES)).toBe(url);
			}),
		);
	});

	it('leaves every other URL as it is', () => {
		for (const url of ['https://evil.example/', 'other://holdfast/', 'app:holdfast', 'data:text/html,x', 'app://user@holdfast/', 'app://holdfast:80/']) {
			expect(toBrowserUrl(url, SCHEMES)).toBe(url);
		}
		for (const url of [
			'https://holdfast.app.invalid.evil.example/',
			'http://holdfast.app.invalid/',
			'https://holdfast.other.invalid/',
			'https://holdfast.app.invalid:8443/',
			'https://a@holdfast.app.invalid/',
		]) {
			expect(toAppUrl(url, SCHEMES)).toBe(url);
		}
	});

	it('reports origins as Electron does', () => {
		expect(originOf('app://holdfast/a/b?c', SCHEMES)).toBe('app://holdfast');
		expect(originOf('https://evil.example/x', SCHEMES)).toBe('https://evil.example');
		expect(originOf('about:blank', SCHEMES)).toBe('null');
		expect(originOf('', SCHEMES)).toBe('null');
	});
});
