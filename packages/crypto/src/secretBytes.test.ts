import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretBytes } from './index.ts';

describe('SecretBytes', () => {
	const secret = () => SecretBytes.copy(Uint8Array.of(222, 173, 190, 239));

	it('shows its bytes in no ordinary way', () => {
		const value = secret();
		for (const shown of [String(value), `${value}`, JSON.stringify({ value }), inspect(value), inspect({ deep: [value] }), Object.keys(value).join()]) {
			expect(shown).not.toMatch(/222|173|dead/i);
		}
	});

	it('gives them to a function', () => expect(secret().use((bytes) => bytes.length)).toBe(4));

	it('wipes the array that it took, and refuses to be used afterwards', () => {
		const bytes = Uint8Array.of(1, 2, 3);
		const value = SecretBytes.take(bytes);
		value.wipe();
		value.wipe();
		expect(bytes).toEqual(new Uint8Array(3));
		expect(value.wiped).toBe(true);
		expect(() => value.use(() => 0)).toThrow(expect.objectContaining({ code: 'crypto/wiped' }));
	});

	it('copies without touching the original', () => {
		const bytes = Uint8Array.of(1, 2, 3);
		SecretBytes.copy(bytes).wipe();
		expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
	});
});
