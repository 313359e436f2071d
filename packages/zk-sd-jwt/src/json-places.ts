import { utf8Decode } from '@holdfast/crypto';
import { ZkSdJwtError } from './errors.ts';

/** A value of a JSON text and where it starts. */
export interface PlacedValue {
	readonly at: number;
	readonly end: number;
	readonly kind: 'object' | 'array' | 'string' | 'number' | 'literal';
	readonly members: readonly PlacedMember[];
	readonly items: readonly PlacedValue[];
	/** A string's value. */
	readonly text?: string;
}

export interface PlacedMember {
	readonly name: string;
	/** The quote that opens the name. */
	readonly at: number;
	readonly value: PlacedValue;
}

/** The circuit follows 14 levels; what is deeper cannot be read by it. */
const MAX_DEPTH = 14;

/** Reads a JSON text (RFC 8259) and keeps the position of every value and name, in bytes. */
export function placeJson(bytes: Uint8Array): PlacedValue {
	let at = 0;
	const fail = (): never => {
		throw new ZkSdJwtError('zk-sd-jwt/unsupported-credential', "The credential's signed part is not JSON that Holdfast can read.");
	};
	const peek = (): number => bytes[at] ?? fail();
	const space = (): void => {
		while (at < bytes.length && [0x20, 0x0a, 0x0d, 0x09].includes(peek())) at++;
	};
	const take = (byte: number): void => {
		if (peek() !== byte) fail();
		at++;
	};
	const string = (): string => {
		const start = at;
		take(0x22);
		while (peek() !== 0x22) at += peek() === 0x5c ? 2 : 1;
		at++;
		try {
			return JSON.parse(utf8Decode(bytes.subarray(start, at))) as string;
		} catch {
			return fail();
		}
	};
	const sequence = (close: number, each: () => void): void => {
		at++;
		space();
		if (peek() !== close) {
			for (;;) {
				space();
				each();
				space();
				if (peek() !== 0x2c) break;
				at++;
			}
		}
		take(close);
	};
	const value = (depth: number): PlacedValue => {
		if (depth > MAX_DEPTH) fail();
		const start = at;
		const members: PlacedMember[] = [];
		const items: PlacedValue[] = [];
		const done = (kind: PlacedValue['kind'], text?: string): PlacedValue => ({
			at: start,
			end: at,
			kind,
			members,
			items,
			...(text === undefined ? {} : { text }),
		});
		switch (peek()) {
			case 0x7b:
				sequence(0x7d, () => {
					const from = at;
					const name = string();
					space();
					take(0x3a);
					space();
					members.push({ name, at: from, value: value(depth + 1) });
				});
				return done('object');
			case 0x5b:
				sequence(0x5d, () => items.push(value(depth + 1)));
				return done('array');
			case 0x22:
				return done('string', string());
			default: {
				while (at < bytes.length && /[-+.0-9A-Za-z]/.test(String.fromCharCode(peek()))) at++;
				if (at === start) fail();
				return done(/[-0-9]/.test(String.fromCharCode(bytes[start] ?? 0)) ? 'number' : 'literal');
			}
		}
	};
	space();
	const root = value(0);
	space();
	if (at !== bytes.length) fail();
	return root;
}

/** The one member of this name. Twice is refused: two readers could take different ones. */
export function memberOf(value: PlacedValue | undefined, name: string): PlacedMember | undefined {
	const found = value?.members.filter((each) => each.name === name) ?? [];
	if (found.length > 1) throw new ZkSdJwtError('zk-sd-jwt/unsupported-layout', 'The credential names one thing twice, so no proof is made from it.');
	return found[0];
}
