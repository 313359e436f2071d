import { gzipSync } from 'node:zlib';
import { HoldfastError } from '@holdfast/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeMessage, type FrameReport, MAX_PACKED, MAX_UNPACKED, MessageReader, type QrFrames, unpackMessage } from './index.ts';
import { encodeBytewords } from './ur/bytewords.ts';
import { encodeByteString, encodePart } from './ur/cbor.ts';
import { crc32 } from './ur/crc32.ts';

/** Small, fast and the same each time. */
function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Text that gzip cannot make much shorter. */
function noise(length: number, seed = 1): string {
	const next = random(seed);
	return Array.from({ length }, () => String.fromCharCode(33 + Math.floor(next() * 94))).join('');
}

interface Weather {
	/** Share of the frames that never arrive. */
	readonly lost: number;
	readonly seed?: number;
	readonly from?: number;
	/** Also scanned, before each frame. */
	readonly between?: (turn: number) => readonly string[];
}

/** Shows frames to a reader until it has the message; returns how many were shown. */
function show(frames: QrFrames, reader: MessageReader, { lost, seed = 7, from = 1, between = () => [] }: Weather): { shown: number; cbor: Uint8Array } {
	const next = random(seed);
	for (let turn = 0; turn < 40 * frames.count + 400; turn++) {
		for (const text of between(turn)) reader.take(text);
		if (next() < lost) continue;
		const report = reader.take(frames.frame(from + turn));
		if (report.state === 'complete') return { shown: turn + 1, cbor: report.cbor };
	}
	throw new Error('the message never became whole');
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
	try {
		await work();
	} catch (error) {
		if (error instanceof HoldfastError) return error.code;
		throw error;
	}
	return 'nothing thrown';
}

const reader = (): MessageReader => new MessageReader(['presentation-request', 'presentation']);

describe('a film of codes', () => {
	test('short and long texts arrive, from any frame on, with three frames of ten lost', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.oneof({ weight: 3, arbitrary: fc.string({ minLength: 1, maxLength: 3000, unit: 'grapheme' }) }, fc.integer({ min: 1, max: 8000 }).map(noise)),
				fc.nat(2000),
				fc.nat(),
				async (text, from, seed) => {
					fc.pre(text.isWellFormed());
					const frames = await encodeMessage('presentation', text);
					expect(await unpackMessage(show(frames, reader(), { lost: 0.3, from: from + 1, seed }).cbor)).toBe(text);
				},
			),
			{ numRuns: 40 },
		);
	});

	test('32 kB, both kinds, in any order, twice, with garbage and another film between', async () => {
		const text = noise(39_000);
		for (const kind of ['presentation-request', 'presentation'] as const) {
			const frames = await encodeMessage(kind, text);
			const other = await encodeMessage('presentation', noise(4000, 99));
			const { shown, cbor } = show(frames, reader(), {
				lost: 0.3,
				between: (turn) => [
					frames.frame(Math.max(1, turn - 3)),
					other.frame(turn + 1),
					`UR:BYTES/${turn}`,
					'WIFI:T:WPA;S:home;;',
					frames.frame(turn + 2).slice(0, -2),
				],
			});
			expect(await unpackMessage(cbor)).toBe(text);
			expect(shown).toBeLessThan(3 * frames.count);
		}
	});

	test('with three frames of ten lost, little more is needed than was lost', async () => {
		const frames = await encodeMessage('presentation', noise(9000));
		expect(frames.count).toBeGreaterThan(30);
		const shown = Array.from({ length: 20 }, (_, seed) => show(frames, reader(), { lost: 0.3, seed }).shown).sort((a, b) => a - b);
		expect(shown[10]).toBeLessThan(2 * frames.count);
	});

	test('progress only grows, says when a frame was known, and ends', async () => {
		const frames = await encodeMessage('presentation', noise(3000));
		const one = reader();
		const reports: FrameReport[] = [];
		for (let seqNum = 1; reports.at(-1)?.state !== 'complete'; seqNum++) reports.push(one.take(frames.frame(seqNum)));
		const have = reports.flatMap((report) => (report.state === 'progress' ? [report.have] : []));
		expect(have).toEqual(have.map((_, index) => index + 1));
		one.take(frames.frame(1));
		expect(one.take(frames.frame(1))).toMatchObject({ state: 'progress', have: 1, of: frames.count, isNew: false });
		one.clear();
		expect(one.take(frames.frame(2))).toMatchObject({ state: 'progress', have: 1 });
	});

	test('what fits one frame stands still; frames are what a QR code holds in its alphanumeric mode', async () => {
		const small = await encodeMessage('presentation-request', 'openid4vp://?client_id=x');
		expect(small.count).toBe(1);
		expect(small.frame(1)).toBe(small.frame(2));
		expect(small.frame(1)).toMatch(/^UR:ORG-HOLDFAST-VP-REQUEST\/[A-Z]+$/);
		const large = await encodeMessage('presentation', noise(3000), { bytesPerFrame: 90 });
		expect(large.frame(500)).toMatch(/^UR:ORG-HOLDFAST-VP-RESPONSE\/500-\d+\/[A-Z]+$/);
		expect(large.frame(500).length).toBeLessThan(280);
	});

	test('only what a reader waits for is read', async () => {
		const request = await encodeMessage('presentation-request', 'openid4vp://?client_id=x');
		expect(new MessageReader(['presentation']).take(request.frame(1))).toEqual({ state: 'foreign', type: 'org-holdfast-vp-request' });
		const money = 'ur:bytes/hdeymejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtgwdpfnsboxgwlbaawzuefywkdplrsrjynbvygabwjldapfcsdwkbrkch';
		expect(reader().take(money)).toEqual({ state: 'foreign', type: 'bytes' });
	});
});

describe('limits', () => {
	test('an encoder refuses what no reader takes', async () => {
		expect(await codeOf(() => encodeMessage('presentation', ''))).toBe('qr/empty');
		expect(await codeOf(() => encodeMessage('presentation', noise(60_000)))).toBe('qr/message-too-long');
		expect(await codeOf(() => encodeMessage('presentation', 'a'.repeat(MAX_UNPACKED + 1)))).toBe('qr/message-too-long');
		expect((await encodeMessage('presentation', 'a'.repeat(MAX_UNPACKED))).count).toBeLessThan(10);
	});

	test('a small message that unpacks to a large one is cut off', async () => {
		const bomb = gzipSync(Buffer.alloc(20_000_000));
		expect(bomb.length).toBeLessThan(MAX_PACKED);
		expect(await codeOf(() => unpackMessage(encodeByteString(bomb)))).toBe('qr/message-too-long');
	});

	test('what is no packed text is a coded error', async () => {
		const packed = gzipSync('hello');
		for (const bad of [
			new Uint8Array(),
			packed,
			encodeByteString(Uint8Array.of(1, 2, 3)),
			encodeByteString(packed.subarray(0, -4)),
			encodeByteString(new Uint8Array()),
			encodeByteString(gzipSync(Uint8Array.of(0xff, 0xfe))),
			encodeByteString(new Uint8Array(MAX_PACKED + 1)),
		])
			expect(await codeOf(() => unpackMessage(bad))).toBe('qr/bad-message');
	});

	const frame = (change: Partial<Parameters<typeof encodePart>[0]>, head?: string): string => {
		const part = { seqNum: 1, seqLen: 3, messageLen: 30, checksum: 5, data: new Uint8Array(10), ...change };
		return `ur:org-holdfast-vp-response/${head ?? `${part.seqNum}-${part.seqLen}`}/${encodeBytewords(encodePart(part))}`;
	};

	test('a frame whose numbers no encoder writes is not taken, and no memory is spent on it', () => {
		expect(reader().take(frame({}))).toMatchObject({ state: 'progress', have: 1, of: 3 });
		for (const bad of [
			frame({ seqLen: 0xffffffff, messageLen: 0xffffffff }),
			frame({ seqLen: 4 }),
			frame({ messageLen: 31 }),
			frame({ messageLen: 20 }),
			frame({ messageLen: 0 }),
			frame({ seqNum: 0 }),
			frame({ seqLen: 0 }),
			frame({ seqLen: 1, messageLen: 10 }),
			frame({ data: new Uint8Array() }),
			frame({ seqLen: 1025, messageLen: 1025, data: new Uint8Array(1) }),
			frame({ seqLen: 400, messageLen: 40_000, data: new Uint8Array(100) }),
			frame({}, '2-3'),
			frame({}, '1-4'),
			frame({}, '1-99999999999'),
			`${frame({})}x`,
			'ur:org-holdfast-vp-response/aeadaolazmjendeowf',
			'x'.repeat(1_000_000),
		])
			expect(reader().take(bad)).toEqual({ state: 'none' });
	});

	test('a flood of other messages does not push out the one that is being read', async () => {
		const frames = await encodeMessage('presentation', noise(3000));
		const flood = (turn: number): string[] => [frame({ checksum: 2 * turn }), frame({ checksum: 2 * turn + 1 })];
		expect(await unpackMessage(show(frames, reader(), { lost: 0, between: flood }).cbor)).toBe(noise(3000));
	});

	test('a false frame spoils a message; the next round reads it', async () => {
		const frames = await encodeMessage('presentation', noise(3000));
		const [, , head] = /^(.*)\/(\d+-\d+)\//.exec(frames.frame(2)) ?? [];
		const one = reader();
		one.take(frames.frame(1));
		// All that a forger needs stands in clear in any frame: here its numbers are taken over, with other data.
		const { readFrame } = await import('./ur/ur.ts');
		const real = readFrame(frames.frame(2));
		if (real?.kind !== 'part') throw new Error('no part');
		one.take(`ur:org-holdfast-vp-response/${head}/${encodeBytewords(encodePart({ ...real.part, data: real.part.data.map((byte) => byte ^ 1) }))}`);
		let seqNum = 3;
		let report = one.take(frames.frame(seqNum));
		while (report.state === 'progress' && report.have > 0) {
			seqNum += 1;
			report = one.take(frames.frame(seqNum));
		}
		expect(report).toMatchObject({ state: 'progress', have: 0 });
		expect(await unpackMessage(show(frames, one, { lost: 0 }).cbor)).toBe(noise(3000));
	});

	test('any text is something', () => {
		const one = reader();
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.tuple(fc.nat(5), fc.nat(5), fc.uint8Array()).map(([a, b, c]) => frame({ seqNum: a, seqLen: b, data: c, checksum: crc32(c) })),
				),
				(text) => {
					expect(['none', 'foreign', 'progress', 'complete']).toContain(one.take(text).state);
				},
			),
		);
	});
});
