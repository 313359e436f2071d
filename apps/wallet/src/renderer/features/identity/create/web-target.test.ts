import { describe, expect, it } from 'vitest';
import { webTargetProblem } from './web-target.ts';

describe('a did:web target', () => {
	it.each([
		['example.com', ''],
		['id.example.co.uk', 'people/ada'],
		['localhost:8443', ''],
	])('%s /%s is fine', (domain, path) => expect(webTargetProblem(domain, path)).toBeUndefined());
	it.each([
		['', ''],
		['https://example.com', ''],
		['example.com/x', ''],
		['example', ''],
		['127.0.0.1', ''],
		['example.com:99999', ''],
		['example.com:1:2', ''],
		['-a.example', ''],
		['example.com', '../x'],
		['example.com', '/x'],
		['example.com', 'a b'],
	])('%s /%s is not', (domain, path) => expect(webTargetProblem(domain, path)).toBeDefined());
});
