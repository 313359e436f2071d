import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromParam, paths, sectionOf, toParam } from './paths.ts';

describe('path parameters', () => {
	it('round-trip, need no further escaping and hold no slash', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (text) => {
				const segment = toParam(text);
				expect(fromParam(segment)).toBe(text);
				expect(segment).toMatch(/^[A-Za-z0-9~!'()*._-]*$/);
			}),
		);
	});
	it('keep a did:web with a port apart', () => {
		expect(fromParam(toParam('did:web:example.com%3A8443:user'))).toBe('did:web:example.com%3A8443:user');
	});
	it('never throw on a broken segment', () => {
		expect(fromParam('~E0~A4')).toBe('~E0~A4');
	});
});

describe('sections', () => {
	it.each([
		['/', 'wallet'],
		['/documents/x', 'wallet'],
		[paths.receive, 'wallet'],
		[paths.offer('x'), 'issue'],
		[paths.identity('did:key:z'), 'identities'],
		[paths.recoveryPhrase, 'settings'],
	])('%s is in %s', (path, section) => expect(sectionOf(path)).toBe(section));
});
