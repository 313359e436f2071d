import fc from 'fast-check';
import { type Address, getAddress, hexToBigInt, hexToNumber, isAddressEqual, numberToHex, pad, size, slice } from 'viem';
import { describe, expect, test } from 'vitest';
import { digestOf, typedData } from '../typed-data/index.ts';
import { amountsOf, split } from './fractional.ts';
import { readRelayFile, relayCall, writeRelayFile } from './relay.ts';
import { addSignature, mergeSafeFiles, packSignatures, readSafeFile, type SafeFile, writeSafeFile } from './safe-file.ts';
import { vrs } from './signatures.ts';
import { person } from './testing/people.ts';

const CONTRACT: Address = '0x00000000000000000000000000000000000090f1';
const coded = (code: string) => expect.objectContaining({ code });

describe('a split vote', () => {
	const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e9, noNaN: true }));

	test('uses all of the power, never more, in the proportions that were given', () => {
		fc.assert(
			fc.property(weight, weight, weight, fc.bigInt({ min: 1n, max: (1n << 128n) - 1n }), (against, inFavour, abstain, power) => {
				const weights = { 0: against, 1: inFavour, 2: abstain };
				const given = Object.values(weights).filter((each) => each > 0);
				fc.pre(given.length > 0);
				const { support, params } = split(weights, power);
				if (given.length === 1) {
					expect([support, params]).toEqual([Object.values(weights).indexOf(given[0] as number), '0x']);
					return;
				}
				const amounts = amountsOf(params) as readonly bigint[];
				expect(support).toBe(255);
				expect(amounts.reduce((sum, each) => sum + each, 0n)).toBe(power);
				const total = given.reduce((sum, each) => sum + each, 0);
				for (const [option, amount] of amounts.entries()) {
					const share = Object.values(weights)[option] as number;
					// Six digits of each share, and what rounding leaves at the largest.
					expect(Math.abs(Number(amount) / Number(power) - share / total)).toBeLessThan(4e-6 + 3 / Number(power));
				}
			}),
		);
	});

	test('is not made of no shares, of other options, or of more than fits', () => {
		for (const weights of [{}, { 0: 0 }, { 3: 1, 1: 1 }, { 0: -1, 1: 1 }, { 0: Number.POSITIVE_INFINITY, 1: 1 }, { '00': 1, 1: 1 }]) {
			expect(() => split(weights, 10n)).toThrowError(coded('vote/bad-choice'));
		}
		expect(() => split({ 0: 1, 1: 1 }, 0n)).toThrowError(coded('vote/bad-choice'));
		expect(() => split({ 0: 1, 1: 1 }, 1n << 130n)).toThrowError(coded('vote/bad-choice'));
	});
});

describe('signatures', () => {
	test('are 65 bytes with a low s and a v of 27 or 28', async () => {
		const data = typedData('bravo-ballot', { name: 'B', chainId: 1, verifyingContract: CONTRACT }, { proposalId: 1, support: 1 });
		const signature = await person(1).sign({ hash: digestOf(data) });
		expect(vrs(signature).v).toBeGreaterThan(26);
		const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
		const high = numberToHex(order - hexToBigInt(slice(signature, 32, 64)), { size: 32 });
		const [r, rest] = [signature.slice(0, 66), signature.slice(66)];
		for (const wrong of [`${r}${high.slice(2)}1b`, `${signature}00`, signature.slice(0, -2), `${signature.slice(0, -2)}00`, `0x${'0'.repeat(64)}${rest}`]) {
			expect(() => vrs(wrong as `0x${string}`)).toThrowError(coded('vote/bad-signature'));
		}
		expect(() => relayCall({ typedData: typedData('safe-message', { chainId: 1, verifyingContract: CONTRACT }, { message: '0x00' }), signature })).toThrowError(
			coded('vote/not-supported'),
		);
	});
});

describe('files', () => {
	const people = [1, 2, 3, 4, 5].map(person);
	const transaction = (nonce: bigint): SafeFile => ({
		typedData: typedData(
			'safe-tx',
			{ chainId: 5, verifyingContract: CONTRACT },
			{ to: CONTRACT, value: 1n, data: '0x', operation: 0, safeTxGas: 0, baseGas: 0, gasPrice: 0, gasToken: CONTRACT, refundReceiver: CONTRACT, nonce },
		),
		signatures: [],
	});

	test('owners sign in any order, in files of their own, and the Safe gets them in its order', async () => {
		const file = transaction(3n);
		const hash = digestOf(file.typedData);
		const signed = await Promise.all(people.map(async (each) => addSignature(file, { signature: await each.sign({ hash }) })));
		await fc.assert(
			fc.asyncProperty(fc.shuffledSubarray(signed, { minLength: 1 }), fc.nat(4), async (files, extra) => {
				const [first, ...others] = files as [SafeFile, ...SafeFile[]];
				const merged = others.reduce(mergeSafeFiles, first);
				expect(await readSafeFile(writeSafeFile(merged))).toEqual(merged);
				const threshold = Math.min(files.length, extra + 1);
				const owners = people.map(({ address }) => address);
				const packed = packSignatures(merged, { owners, threshold });
				expect(size(packed)).toBe(65 * threshold);
				const order = merged.signatures.slice(0, threshold).map(({ owner }) => hexToBigInt(owner));
				expect(order).toEqual([...order].sort((a, b) => (a < b ? -1 : 1)));
				expect(() => packSignatures(merged, { owners, threshold: files.length + 1 })).toThrowError(coded('vote/too-few-signatures'));
				expect(() => packSignatures(merged, { owners: [], threshold: 1 })).toThrowError(coded('vote/too-few-signatures'));
			}),
			{ numRuns: 20 },
		);
	});

	test('what a file says a contract has signed never takes the place of what a key has signed', async () => {
		const file = transaction(4n);
		const [key] = people as [(typeof people)[0]];
		const signed = await addSignature(file, { signature: await key.sign({ hash: digestOf(file.typedData) }) });
		const claimed = await addSignature(file, { owner: key.address, signature: '0x00', byContract: true });
		const hostile = await readSafeFile(writeSafeFile(claimed));
		expect(mergeSafeFiles(signed, hostile).signatures).toEqual(signed.signatures);
		expect(mergeSafeFiles(hostile, signed).signatures).toEqual(signed.signatures);
	});

	test('the signature of a contract lies behind the others, where its place says (Safe, checkNSignatures)', async () => {
		const file = transaction(1n);
		const [key] = people as [(typeof people)[0]];
		const contracts = ['01', 'ff'].map((byte) => getAddress(`0x${byte.repeat(20)}`));
		let signed = await addSignature(file, { signature: await key.sign({ hash: digestOf(file.typedData) }) });
		for (const [index, owner] of contracts.entries())
			signed = await addSignature(signed, { owner, signature: index === 0 ? '0xaabbcc' : '0xdd', byContract: true });
		const packed = packSignatures(signed, { owners: [key.address, ...contracts], threshold: 3 });
		const places = [0, 1, 2].map((index) => slice(packed, index * 65, index * 65 + 65));
		const places0 = places.map((each) => ({ who: slice(each, 0, 32), at: slice(each, 32, 64), v: hexToNumber(slice(each, 64)) }));
		const found = places0
			.filter(({ v }) => v === 0)
			.map(({ who, at }) => {
				const start = Number(hexToBigInt(at));
				const length = Number(hexToBigInt(slice(packed, start, start + 32)));
				return [who, slice(packed, start + 32, start + 32 + length)];
			});
		expect(found).toEqual(contracts.map((each, index) => [pad(each).toLowerCase(), index === 0 ? '0xaabbcc' : '0xdd']));
		expect(isAddressEqual(slice(places0[0]?.who ?? '0x', 12) as Address, contracts[0] as Address)).toBe(true);
	});

	test('whatever else is in a file, it is refused with a code, and nothing of it is in the error', async () => {
		const ballot = typedData('bravo-ballot', { name: 'B', chainId: 1, verifyingContract: CONTRACT }, { proposalId: 1, support: 1 });
		const relay = writeRelayFile({ typedData: ballot, signer: person(1).address, signature: await person(1).sign({ hash: digestOf(ballot) }) });
		const safe = writeSafeFile(await addSignature(transaction(1n), { signature: await person(1).sign({ hash: digestOf(transaction(1n).typedData) }) }));
		const read = { [relay]: readRelayFile, [safe]: readSafeFile };
		for (const [text, reader] of Object.entries(read)) {
			await fc.assert(
				fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom('0', '1', 'f', '"', '}', 'zq', ''), async (at, put) => {
					const changed = text.slice(0, at) + put + text.slice(at + 1);
					const outcome = await (reader as (text: string) => Promise<unknown>)(changed).catch((error: { code: string }) => error);
					const code = (outcome as { code?: string }).code;
					// A changed letter is either between the values, and nothing is different, or it is found.
					if (code === undefined) expect(outcome).toEqual(await (reader as (text: string) => Promise<unknown>)(text));
					else expect(code).toMatch(/^(vote\/bad-(file|signature)|typed-data\/)/);
				}),
				{ numRuns: 150 },
			);
		}
		await expect(readRelayFile(safe)).rejects.toThrowError(coded('vote/bad-file'));
		await expect(readSafeFile(relay)).rejects.toThrowError(coded('vote/bad-file'));
		await expect(readSafeFile(`${safe}${' '.repeat(500_001)}`)).rejects.toThrowError(coded('vote/bad-file'));
	});
});
