import { UR, URDecoder, UREncoder } from '@ngraveio/bc-ur';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBytewords, encodeBytewords } from './bytewords.ts';
import { decodeByteString, decodePart, encodeByteString, encodePart } from './cbor.ts';
import { chooseDegree, chooseFragments, RandomSampler, shuffled } from './choose-fragments.ts';
import { crc32 } from './crc32.ts';
import { FountainDecoder, FountainEncoder, nominalFragmentLength, partition } from './fountain.ts';
import { readFrame, UrEncoder } from './ur.ts';
import { Xoshiro256 } from './xoshiro.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const wolf = (): Xoshiro256 => new Xoshiro256(utf8('Wolf'));
/** `make_message` of the reference implementation's tests. */
const message = (length: number): Uint8Array => {
	const random = wolf();
	return Uint8Array.from({ length }, () => random.nextInt(0, 255));
};
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

// The vectors of the reference implementation (BlockchainCommons/bc-ur, test/test.cpp), which BCR-2020-005, BCR-2020-012 and
// BCR-2024-001 name.
describe('vectors', () => {
	test('CRC-32', () => {
		expect(crc32(utf8('Hello, world!')).toString(16)).toBe('ebe6c6e6');
		expect(crc32(utf8('Wolf')).toString(16)).toBe('598c84dc');
	});

	test('Bytewords, minimal', () => {
		const short = Uint8Array.of(0, 1, 2, 128, 255);
		expect(encodeBytewords(short)).toBe('aeadaolazmjendeoti');
		expect(decodeBytewords('aeadaolazmjendeoti')).toEqual(short);
		expect(decodeBytewords('aeadaolazmjendeowf')).toBeUndefined();
		for (const bad of ['', 'wf', 'aead', 'aeadaolazmjendeot', 'AEADAOLAZMJENDEOTI', 'qqadaolazojendeoti']) expect(decodeBytewords(bad)).toBeUndefined();
		const long = Uint8Array.from([
			245, 215, 20, 198, 241, 235, 69, 59, 209, 205, 165, 18, 150, 158, 116, 135, 229, 212, 19, 159, 17, 37, 239, 240, 253, 11, 109, 191, 37, 242, 38, 120, 223,
			41, 156, 189, 242, 254, 147, 204, 66, 163, 216, 175, 191, 72, 169, 54, 32, 60, 144, 230, 210, 137, 184, 197, 33, 113, 88, 14, 157, 31, 177, 46, 1, 115,
			205, 69, 225, 150, 65, 235, 58, 144, 65, 240, 133, 69, 113, 247, 63, 53, 242, 165, 160, 144, 26, 13, 79, 237, 133, 71, 82, 69, 254, 165, 138, 41, 85, 24,
		]);
		const words =
			'yktsbbswwnwmfefrttsnonbgmtnnjyltvwtybwnebydawswtzcbdjnrsdawzdsksurdtnsrywzzemusffwottppersfdptencxfnmhvatdldroskcljshdbantctpadmadjksnfevymtfpwmftmhfpwtlpfejsylfhecwzonnbmhcybtgwwelpflgmfezeonledtgocsfzhycypf';
		expect(encodeBytewords(long)).toBe(words);
		expect(decodeBytewords(words)).toEqual(long);
	});

	test('xoshiro256**', () => {
		const random = wolf();
		expect(times(20, () => Number(random.next() % 100n))).toEqual([42, 81, 85, 8, 82, 84, 76, 73, 70, 88, 2, 74, 40, 48, 77, 54, 88, 7, 5, 88]);
		const seeded = new Xoshiro256(Uint8Array.of(0x59, 0x8c, 0x84, 0xdc));
		expect(times(20, () => Number(seeded.next() % 100n))).toEqual([88, 44, 94, 74, 0, 99, 7, 77, 68, 35, 47, 78, 19, 21, 50, 15, 42, 36, 91, 11]);
		const between = wolf();
		expect(times(20, () => between.nextInt(1, 10))).toEqual([6, 5, 8, 4, 10, 5, 7, 10, 4, 9, 10, 9, 7, 7, 1, 1, 2, 9, 9, 2]);
	});

	test('nominal length of a fragment', () => {
		expect(nominalFragmentLength(12_345, 1005, 1955)).toBe(1764);
		expect(nominalFragmentLength(12_345, 1005, 30_000)).toBe(12_345);
	});

	test('random sampler and shuffle', () => {
		const sampler = new RandomSampler([1, 2, 4, 8]);
		const random = wolf();
		expect(times(20, () => sampler.next(random))).toEqual([3, 3, 3, 3, 3, 3, 3, 0, 2, 3, 3, 3, 3, 1, 2, 2, 1, 3, 3, 2]);
		const other = wolf();
		expect(times(3, () => shuffled(10, other).map((index) => index + 1))).toEqual([
			[6, 4, 9, 3, 10, 5, 7, 8, 1, 2],
			[10, 8, 6, 5, 1, 2, 3, 9, 7, 4],
			[6, 4, 5, 8, 9, 3, 2, 1, 7, 10],
		]);
	});

	test('degrees and fragments', () => {
		expect(times(20, (index) => chooseDegree(11, new Xoshiro256(utf8(`Wolf-${index + 1}`))))).toEqual([
			11, 3, 6, 5, 2, 1, 2, 11, 1, 3, 9, 10, 10, 4, 2, 1, 1, 2, 1, 1,
		]);
		const checksum = crc32(message(1024));
		const chosen = times(30, (index) => chooseFragments(index + 1, 11, checksum).sort((a, b) => a - b));
		expect(chosen.slice(0, 11)).toEqual(times(11, (index) => [index]));
		expect(chosen.slice(11)).toEqual([
			[9],
			[2, 5, 6, 8, 9, 10],
			[8],
			[1, 5],
			[1],
			[0, 2, 4, 5, 8, 10],
			[5],
			[2],
			[2],
			[0, 1, 3, 4, 5, 7, 9, 10],
			[0, 1, 2, 3, 5, 6, 8, 9, 10],
			[0, 2, 4, 5, 7, 8, 9, 10],
			[3, 5],
			[4],
			[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
			[0, 1, 3, 4, 5, 6, 7, 9, 10],
			[6],
			[5, 6],
			[7],
		]);
	});

	test('fragments and frames', () => {
		const pieces = partition(message(1024), nominalFragmentLength(1024, 10, 100));
		expect(pieces).toHaveLength(11);
		expect(hex(pieces[10] ?? new Uint8Array())).toBe(
			'170010067e2e75ebe2d2904aeb1f89d5dc98cd4a6f2faaa8be6d03354c990fd895a97feb54668473e9d942bb99e196d897e8f1b01625cf48a7b78d249bb4985c065aa8cd1402ed2ba1b6f908f63dcd84b66425df00000000000000000000',
		);
		const encoder = new FountainEncoder(message(256), nominalFragmentLength(256, 10, 30));
		expect([1, 9, 10, 15, 20].map((seqNum) => hex(encodePart(encoder.part(seqNum))))).toEqual([
			'8501091901001a0167aa07581d916ec65cf77cadf55cd7f9cda1a1030026ddd42e905b77adc36e4f2d3c',
			'8509091901001a0167aa07581d951e65305b56a3706e3e86eb01c803bbf915d80edcd64d4d0000000000',
			'850a091901001a0167aa07581d330f0f33a05eead4f331df229871bee733b50de71afd2e5a79f196de09',
			'850f091901001a0167aa07581d73f021c0e6f65b05c0a494e50791270a0050a73ae69b6725505a2ec8a5',
			'8514091901001a0167aa07581de055c2433562184fa71b4be94f262e200f01c6f74c284b0dc6fae6673f',
		]);
	});

	test('uniform resources', () => {
		const single = new UrEncoder('bytes', encodeByteString(message(50)), 1000);
		const text = 'ur:bytes/hdeymejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtgwdpfnsboxgwlbaawzuefywkdplrsrjynbvygabwjldapfcsdwkbrkch';
		expect(single.frame(1)).toBe(text);
		expect(readFrame(text.toUpperCase())).toEqual({ kind: 'single', type: 'bytes', cbor: encodeByteString(message(50)) });
		const cbor = encodeByteString(message(256));
		const many = new UrEncoder('bytes', cbor, nominalFragmentLength(cbor.length, 10, 30));
		expect([1, 9, 10, 18, 20].map((seqNum) => many.frame(seqNum))).toEqual([
			'ur:bytes/1-9/lpadascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtdkgslpgh',
			'ur:bytes/9-9/lpasascfadaxcywenbpljkhdcajskecpmdckihdyhphfotjojtfmlnwmadspaxrkytbztpbauotbgtgtaeaevtgavtny',
			'ur:bytes/10-9/lpbkascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtwdkiplzs',
			'ur:bytes/18-9/lpbgascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtntwkbkwy',
			'ur:bytes/20-9/lpbbascfadaxcywenbpljkhdcayapmrleeleaxpasfrtrdkncffwjyjzgyetdmlewtkpktgllepfrltataztksmhkbot',
		]);
	});

	test('the long message of the reference tests, from frame 100 on: mixtures only', () => {
		const whole = message(32_767);
		const encoder = new FountainEncoder(whole, nominalFragmentLength(whole.length, 10, 1000));
		const decoder = new FountainDecoder(encoder.part(100));
		for (let seqNum = 100; decoder.message() === undefined && seqNum < 400; seqNum++) decoder.take(encoder.part(seqNum));
		expect(decoder.message()).toEqual(whole);
	});
});

describe('with @ngraveio/bc-ur at the other end', () => {
	const theirs = (bytes: Uint8Array, length: number, first: number): UREncoder => new UREncoder(new UR(Buffer.from(bytes), 'bytes'), length, first);

	test('it reads what we write, and we read what it writes, from any frame on', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 2, maxLength: 700 }), fc.integer({ min: 10, max: 120 }), fc.nat(60), (bytes, length, skip) => {
				const ours = new UrEncoder('bytes', bytes, nominalFragmentLength(bytes.length, 10, length));
				const reader = new URDecoder();
				for (let seqNum = skip + 1; !reader.isComplete() && seqNum < skip + 400; seqNum++) reader.receivePart(ours.frame(seqNum));
				expect(new Uint8Array(reader.resultUR().cbor)).toEqual(bytes);

				const encoder = theirs(bytes, length, skip);
				let decoder: FountainDecoder | undefined;
				let read: Uint8Array | null | undefined;
				for (let turn = 0; read === undefined && turn < 400; turn++) {
					const frame = readFrame(encoder.nextPart());
					if (frame?.kind === 'single') read = frame.cbor;
					if (frame?.kind !== 'part') continue;
					decoder ??= new FountainDecoder(frame.part);
					decoder.take(frame.part);
					read = decoder.message();
				}
				expect(read).toEqual(bytes);
			}),
			{ numRuns: 40 },
		);
	});
});

describe('CBOR of a frame', () => {
	test('what is written is read, and nothing in another form', () => {
		const number = fc.integer({ min: 0, max: 0xffffffff });
		fc.assert(
			fc.property(fc.record({ seqNum: number, seqLen: number, messageLen: number, checksum: number, data: fc.uint8Array({ maxLength: 300 }) }), (part) => {
				const cbor = encodePart(part);
				expect(decodePart(cbor)).toEqual(part);
				expect(decodePart(Uint8Array.from([...cbor, 0]))).toBeUndefined();
				expect(decodePart(cbor.subarray(0, -1))).toBeUndefined();
				expect(decodeByteString(encodeByteString(part.data))).toEqual(part.data);
			}),
		);
		// 1 as 0x1801 is not its shortest form; a map, a negative number and an array of four are none of ours.
		for (const other of ['851801091901001a0167aa0741ff', 'a5', '8520091901001a0167aa0741ff', '84010101', '85010101015bffffffffffffffff', ''])
			expect(decodePart(Uint8Array.from(Buffer.from(other, 'hex')))).toBeUndefined();
	});

	test('any bytes and any text give a value or nothing', () => {
		fc.assert(
			fc.property(fc.uint8Array(), fc.string(), (bytes, text) => {
				decodePart(bytes);
				decodeByteString(bytes);
				readFrame(text);
				readFrame(`ur:bytes/1-2/${encodeBytewords(bytes)}`);
			}),
		);
	});
});
