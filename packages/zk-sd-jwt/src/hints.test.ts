import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64urlEncode, sha256, utf8 } from '@holdfast/crypto';
import { Noir } from '@noir-lang/noir_js';
import { describe, expect, it } from 'vitest';
import { disclosureOf } from './fixture.ts';

// Values that the circuits take on trust (`unsafe` in Noir), each answered by a dishonest prover here. The circuit is the one
// of circuits/sd-jwt/forged: the constraints of the real ones, with every hint a question to this test.

const target = join(import.meta.dirname, '..', '..', '..', 'circuits', 'sd-jwt', 'target', 'forged.json');
const noir = new Noir(JSON.parse(readFileSync(target, 'utf8')));

const MESSAGE = 'x'.repeat(60); // two blocks: 60 bytes leave no room for the length in the first
const TEXT = '{"a":{"b":{"c":[1]},"d":[2]},"e":"}"}';
const DISCLOSURE = disclosureOf('birthdate', '1990-01-31');
const PAYLOAD = '{"a":1,"b":"cdefg"}';
const SIGNED = `ab.${base64urlEncode(utf8(PAYLOAD))}`;

const padded = (text: string, length: number): number[] => [...utf8(text), ...new Array<number>(length - text.length).fill(0)];
const inputs = {
	message: padded(MESSAGE, 128),
	signed: padded(SIGNED, 64),
	start: { group: 0, phase: 3 },
	text: padded(TEXT, 48),
	at: TEXT.indexOf('"e"'),
	length: 5,
	encoded: [...utf8(base64urlEncode(sha256(utf8('x'))))],
	shown: padded(DISCLOSURE, 128),
	shown_places: { salt_end: 24, name_length: 9, spaces: [false, false] },
};

type Answer = bigint[];
/** An answer, given the honest one and how often this hint was asked before. */
type Lie = (honest: Answer, times: number) => Answer;

const bits = (length: bigint, count: number): Answer => Array.from({ length: count }, (_, i) => (BigInt(i) < length ? 1n : 0n));
const oneHot = (at: bigint, count: number): Answer => Array.from({ length: count }, (_, i) => (BigInt(i) === at ? 1n : 0n));
const byte = (value: bigint, index: number): bigint => (value >> BigInt(8 * index)) & 0xffn;

/** What an honest prover answers; `given` is the hint's arguments. */
const HONEST: { readonly [hint: string]: (given: bigint[], times: number) => Answer } = {
	length_hint: (given) => [BigInt(given.findLastIndex((each) => each !== 0n) + 1)],
	mask_hint: ([length = 0n]) => bits(length, 128),
	last_block_hint: ([length = 0n]) => oneHot((length + 8n) / 64n, 2),
	// Asked for four phases, then for sixteen groups.
	one_hot: ([at = 0n], times) => oneHot(at, times === 0 ? 4 : 16),
	up_to: ([length = 0n]) => bits(length, 31),
	three_bytes_hint: ([value = 0n]) => [byte(value, 2), byte(value, 1), byte(value, 0)],
	four_bytes_hint: ([value = 0n]) => [byte(value, 3), byte(value, 2), byte(value, 1), byte(value, 0)],
	word_hint: ([value = 0n]) => [value & 0xffffffffn],
	date_hint: ([value = 0n]) => [value & 0xffffffffn],
	place_hint: ([value = 0n]) => [value & 0xffn, (value >> 8n) & 0xffffn, (value >> 24n) & 0xffffn],
};

async function run(lies: { [hint: string]: Lie } = {}, change: object = {}): Promise<{ output: unknown[]; asked: Set<string> }> {
	const times: { [hint: string]: number } = {};
	const { returnValue } = await noir.execute({ ...inputs, ...change } as never, async (name, given) => {
		const flat = given.flat().map((each) => BigInt(each));
		const before = times[name] ?? 0;
		times[name] = before + 1;
		const honest = HONEST[name]?.(flat, before) ?? [];
		const answer = (lies[name]?.(honest, before) ?? honest).map((each) => `0x${each.toString(16).padStart(64, '0')}`);
		return name === 'place_hint' ? answer : [name.endsWith('_hint') && answer.length === 1 ? (answer[0] as never) : answer];
	});
	return { output: returnValue as unknown[], asked: new Set(Object.keys(times)) };
}

const refused = (lies: { [hint: string]: Lie }, change: object = {}): Promise<void> =>
	expect(run(lies, change)).rejects.toThrow(/Cannot satisfy constraint|Circuit execution failed: (call to assert_max_bit_size|Failed constraint)/);
/** Refused already by the machine that computes witnesses: Noir constrains every hint to its type's range. */
const outOfRange = (lies: { [hint: string]: Lie }): Promise<void> => expect(run(lies)).rejects.toThrow(/bit size/);
const order = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

describe('hints', () => {
	it('honest ones give what they stand for, and none is left out of this test', async () => {
		const { output, asked } = await run();
		expect([...asked].sort()).toEqual(Object.keys(HONEST).sort());
		const [digest, payload, state, one, two, mask, decoded, date] = output as [string[], string[], string, string, string, boolean[], string[], string];
		expect(digest.map(Number)).toEqual([...sha256(utf8(MESSAGE))]);
		expect(payload.map(Number)).toEqual(padded(PAYLOAD, 48));
		// At depth 1, outside of strings; one container was left for depth 1 and two for depth 2.
		expect([state, one, two].map(Number)).toEqual([3, 1, 2]);
		expect(mask.filter(Boolean)).toHaveLength(5);
		expect(decoded.map(Number)).toEqual([...sha256(utf8('x'))]);
		expect(Number(date)).toBe(1990_01_31);
	});

	it('the end of a message: no other length, no hole, no part left out, no other block', async () => {
		for (const length of [59n, 0n, 128n]) {
			await refused({ length_hint: () => [length] });
			await refused({ length_hint: () => [length], mask_hint: () => bits(length, 128), last_block_hint: () => oneHot((length + 8n) / 64n, 2) });
			await refused({ mask_hint: () => bits(length, 128) });
		}
		await refused({ mask_hint: (honest) => honest.with(30, 0n).with(60, 1n) });
		await refused({ mask_hint: (honest) => honest.with(100, 1n) });
		await outOfRange({ mask_hint: (honest) => honest.with(59, 2n) });
		// NUL bytes may be counted in: then it is the longer message that was hashed, and nobody signed that.
		const longer = await run({ length_hint: () => [61n] });
		expect((longer.output[0] as string[]).map(Number)).toEqual([...sha256(utf8(`${MESSAGE}\0`))]);
		for (const last of [
			[1n, 0n],
			[0n, 0n],
			[1n, 1n],
		])
			await refused({ last_block_hint: () => last });
		await outOfRange({ last_block_hint: () => [order - 1n, 2n] });
		// A hole among the bytes after the end, where nothing stands: the padding would be another one.
		await refused({ length_hint: () => [61n], mask_hint: () => bits(60n, 128).with(61, 1n), last_block_hint: () => [0n, 1n] });
		// No last block at all: the digest of a short message would be zero.
		const short = { message: padded('x', 128) };
		const { output } = await run({}, short);
		expect((output[0] as string[]).map(Number)).toEqual([...sha256(utf8('x'))]);
		await refused({ last_block_hint: () => [0n, 0n] }, short);
	});

	it('the start of a payload', async () => {
		for (let at = 0n; at < 3n; at++) await refused({ one_hot: (honest, times) => (times === 0 ? oneHot(at, 4) : honest) });
		await outOfRange({ one_hot: (honest, times) => (times === 0 ? [1n, 1n, order - 1n, 0n] : honest) });
		await refused({ one_hot: (honest, times) => (times === 0 ? [0n, 0n, 0n, 0n] : honest) });
		await refused({ one_hot: (honest, times) => (times === 1 ? oneHot(1n, 16) : honest) });
		await refused({ one_hot: (honest, times) => (times === 1 ? honest.with(5, 1n) : honest) });
		await refused({ one_hot: (honest, times) => (times === 1 ? honest.with(0, 0n) : honest) });
		// A second start after the end.
		await refused({ one_hot: (honest, times) => (times === 1 ? honest.with(12, 1n) : honest) });
	});

	it('the length of a name', async () => {
		await refused({ up_to: () => bits(4n, 31) });
		await refused({ up_to: () => bits(6n, 31) });
		await refused({ up_to: (honest) => honest.with(0, 0n).with(9, 1n) });
		await outOfRange({ up_to: (honest) => honest.with(0, 0n).with(1, 2n) });
	});

	it('bytes and words', async () => {
		const at =
			(n: number, change: (honest: Answer) => Answer): Lie =>
			(honest, times) =>
				times === n ? change(honest) : honest;
		// The same sum with a byte that is none.
		const carry = (honest: Answer): Answer => [(honest[0] ?? 0n) - 1n, (honest[1] ?? 0n) + 256n, ...honest.slice(2)];
		for (const n of [0, 7, 20, 40, 58]) {
			await refused({ three_bytes_hint: at(n, (honest) => honest.with(2, ((honest[2] ?? 0n) + 1n) % 256n)) });
		}
		await outOfRange({ three_bytes_hint: at(0, (honest) => carry(honest)) });
		for (const n of [0, 5, 7]) {
			await refused({ four_bytes_hint: at(n, (honest) => honest.with(1, ((honest[1] ?? 0n) + 1n) % 256n)) });
			await outOfRange({ four_bytes_hint: at(n, (honest) => carry(honest)) });
		}
		for (const n of [0, 15, 16, 31]) await refused({ word_hint: at(n, ([word = 0n]) => [word ^ 1n]) });
		await refused({ date_hint: ([date = 0n]) => [date - 1n] });
	});

	it('a place in the text', async () => {
		await refused({ place_hint: (honest) => honest.with(0, 6n) });
		await refused({ place_hint: (honest) => honest.with(1, 0n) });
		await refused({ place_hint: (honest) => honest.with(2, 0n) });
		// The same sum in other digits.
		await outOfRange({ place_hint: ([state = 0n, one = 0n, two = 0n]) => [state + 256n, one - 1n, two] });
		await outOfRange({ place_hint: ([state = 0n, one = 0n, two = 0n]) => [state, one + 65_536n, two - 1n] });
	});
});
