import { sha256, utf8 } from '@holdfast/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutoffFor, isDay, readDate } from './dates.ts';
import {
	BIRTHDATE,
	digestOf,
	disclosureOf,
	encodeDisclosure,
	inputsOf,
	MESSAGE,
	NOW,
	newSigner,
	ordinary,
	party,
	payloadOf,
	signText,
	statementOf,
	TODAY,
} from './fixture.ts';
import { BLOCKS, canAnswer, circuitFor, circuitInputs } from './inputs.ts';
import { placeJson } from './json-places.ts';
import type { Statement } from './model.ts';
import { publicFields, publicInputsOf } from './statement.ts';

const who = party();
const sign = async (credential: string, change: Partial<Statement> = {}, code?: string): Promise<void> => {
	const made = inputsOf(who, credential, change);
	if (code) await expect(made).rejects.toMatchObject({ code });
	else await expect(made).resolves.toBeDefined();
};

describe('a wallet that cannot prove says why', () => {
	it('not old enough, the day before the birthday; old enough on it', async () => {
		const credential = await ordinary(who, '2008-05-28');
		await sign(credential, { cutoff: cutoffFor(18, 2026_05_27) }, 'zk-sd-jwt/not-old-enough');
		await sign(credential, { cutoff: cutoffFor(18, 2026_05_28) });
	});

	it('expired, of another type, of another issuer, of another holder', async () => {
		const credential = await ordinary(who);
		await sign(credential, { now: NOW + 100_001 }, 'zk-sd-jwt/expired');
		await sign(credential, { vct: 'urn:eudi:pid:2' }, 'zk-sd-jwt/wrong-type');
		await sign(credential, { issuer: newSigner().publicJwk }, 'zk-sd-jwt/wrong-issuer');
		await sign(credential, { requestHash: sha256(utf8('another')) }, 'zk-sd-jwt/wrong-holder');
		const stranger = await newSigner().sign(MESSAGE);
		expect(() => circuitInputs(credential, statementOf(who), { message: MESSAGE, signature: stranger })).toThrow('not signed');
		await sign(await ordinary(who, '1990-01-31', { exp: undefined }), {}, 'zk-sd-jwt/no-expiry');
		await sign(await ordinary(who, '1990-01-31', { cnf: undefined }), {}, 'zk-sd-jwt/unsupported-credential');
	});

	it('no such claim, or one that is no full date', async () => {
		const credential = await ordinary(who);
		await sign(credential, { claim: { kind: 'date', name: 'birth_date' } }, 'zk-sd-jwt/no-such-claim');
		await sign(credential, { claim: { kind: 'flag', name: '18', parent: 'age_equal_or_over' } }, 'zk-sd-jwt/no-such-claim');
		for (const date of ['1990', '1990-02-30', '0000-00-00']) await sign(await ordinary(who, date), {}, 'zk-sd-jwt/unsupported-claim');
		const no = disclosureOf('18', false);
		const flags = await signText(who.issuer, JSON.stringify(payloadOf(who, [], { age_equal_or_over: { _sd: [digestOf(no)] } })), [no]);
		await sign(flags, { claim: { kind: 'flag', name: '18', parent: 'age_equal_or_over' } }, 'zk-sd-jwt/no-such-claim');
		expect(canAnswer(credential, BIRTHDATE)).toBe(true);
		expect(canAnswer(credential, { kind: 'date', name: 'birth_date' })).toBe(false);
		expect(canAnswer('rubbish', BIRTHDATE)).toBe(false);
	});

	it('what the circuits cannot read', async () => {
		const long = disclosureOf('birthdate', '1990-01-31', 's'.repeat(80));
		await sign(await signText(who.issuer, JSON.stringify(payloadOf(who, [long])), [long]), {}, 'zk-sd-jwt/too-large');
		await sign(await ordinary(who, '1990-01-31', { padding: 'x'.repeat(2_200) }), {}, 'zk-sd-jwt/too-large');
		const born = disclosureOf('birthdate', '1990-01-31');
		const written = JSON.stringify(payloadOf(who, [born]));
		await sign(await signText(who.issuer, written.replace('"vct":', '"vct" :'), [born]), {}, 'zk-sd-jwt/unsupported-layout');
		await sign(await signText(who.issuer, written.replace('{', '{"vct":"urn:x",'), [born]), {}, 'zk-sd-jwt/unsupported-layout');
		await sign(await signText(who.issuer, written, [encodeDisclosure('["s","birthdate","1990-01-31",1]')]), {}, 'zk-sd-jwt/no-such-claim');
		const rubbish = '!"!';
		await sign(await signText(who.issuer, JSON.stringify(payloadOf(who, [rubbish])), [rubbish]), {}, 'zk-sd-jwt/no-such-claim');
		await sign(await signText(who.issuer, written, [born], { alg: 'ES256K' }), {}, 'zk-sd-jwt/unsupported-credential');
		for (const text of ['', '~', 'a.b.c~', 'a.b~', 'eyJhbGciOiJFUzI1NiJ9.e30.AA~']) {
			await expect(inputsOf(who, text)).rejects.toThrow(/credential/i);
		}
	});
});

it('takes the smallest circuit that reads the credential', async () => {
	expect((await inputsOf(who, await ordinary(who))).circuit).toBe('small');
	expect((await inputsOf(who, await ordinary(who, '1990-01-31', { p: 'x'.repeat(1_000) }))).circuit).toBe('medium');
	for (const [name, blocks] of Object.entries(BLOCKS)) {
		// One byte of padding and eight of length end the last block.
		expect(circuitFor(64 * blocks - 9)).toBe(name);
		if (name === 'medium') expect(() => circuitFor(64 * blocks - 8)).toThrow(expect.objectContaining({ code: 'zk-sd-jwt/too-large' }));
		else expect(circuitFor(64 * blocks - 8)).toBe('medium');
	}
});

describe('the statement', () => {
	it('is 106 numbers, each below the order of the field', () => {
		const fields = publicFields(publicInputsOf(statementOf(who)));
		expect(fields).toHaveLength(106);
		expect(fields.every((each) => each.length === 32 && (each[0] ?? 255) < 0x30)).toBe(true);
	});

	it('differs in its numbers wherever it differs', () => {
		const name = fc.stringMatching(/^[a-z_0-9]{1,31}$/);
		const any = fc.record({
			vct: fc.stringMatching(/^[!#-[\]-~]{1,124}$/),
			name,
			parent: fc.option(name, { nil: undefined }),
			flag: fc.boolean(),
			cutoff: fc.integer({ min: 1_01_01, max: 9999_12_31 }),
			now: fc.nat(),
		});
		const numbers = (of: typeof any extends fc.Arbitrary<infer T> ? T : never): string =>
			Buffer.concat(
				publicFields(
					publicInputsOf(
						statementOf(who, {
							vct: of.vct,
							cutoff: of.cutoff,
							now: of.now,
							claim: { kind: of.flag ? 'flag' : 'date', name: of.name, ...(of.parent === undefined ? {} : { parent: of.parent }) },
						}),
					),
				),
			).toString('hex');
		fc.assert(fc.property(any, any, (a, b) => (numbers(a) === numbers(b)) === (JSON.stringify(a) === JSON.stringify(b))));
	});

	it('refuses what no circuit can say', () => {
		const bad: Partial<Statement>[] = [
			{ issuer: { kty: 'OKP', crv: 'Ed25519', x: 'AA' } },
			{ issuer: { ...who.issuer.publicJwk, x: who.holder.publicJwk.x } },
			{ vct: '' },
			{ vct: 'a"b' },
			{ vct: 'x'.repeat(125) },
			{ now: -1 },
			{ now: 1.5 },
			{ cutoff: -1 },
			{ requestHash: new Uint8Array(31) },
			{ claim: { kind: 'date', name: '' } },
			{ claim: { kind: 'date', name: 'a\\b' } },
			{ claim: { kind: 'date', name: 'x'.repeat(32) } },
			{ claim: { kind: 'date', name: 'x', parent: '' } },
		];
		for (const change of bad) expect(() => publicInputsOf(statementOf(who, change))).toThrow(expect.objectContaining({ code: 'zk-sd-jwt/bad-statement' }));
	});
});

describe('positions in JSON', () => {
	it('each value stands where it says, for every text that JSON.parse reads and the circuits can', () => {
		fc.assert(
			fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
				const text = utf8(JSON.stringify(JSON.parse(json), null, indent));
				const check = (value: ReturnType<typeof placeJson>): void => {
					const slice: unknown = JSON.parse(new TextDecoder().decode(text.subarray(value.at, value.end)));
					if (value.kind === 'string') expect(slice).toBe(value.text);
					for (const item of value.items) check(item);
					for (const member of value.members) {
						expect(text[member.at]).toBe(0x22);
						check(member.value);
					}
					if (value.kind === 'object') expect(Object.keys(slice as object).sort()).toEqual([...new Set(value.members.map((each) => each.name))].sort());
				};
				check(placeJson(text));
			}),
			{ numRuns: 200 },
		);
	});

	it('never does anything but read or refuse', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[[\]{}",:\\0-9a-z ]*$/)), (text) => {
				try {
					placeJson(utf8(text));
				} catch (error) {
					expect(error).toMatchObject({ code: expect.stringMatching(/^zk-sd-jwt\//) });
				}
			}),
		);
		expect(() => placeJson(utf8('['.repeat(100_000)))).toThrow('can read');
	});
});

describe('dates', () => {
	it('a cutoff is the last birth date of somebody who is that old, whatever the day', () => {
		const day = fc
			.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
			.map((date) => Number(date.toISOString().slice(0, 10).replaceAll('-', '')));
		fc.assert(
			fc.property(day, day, fc.integer({ min: 0, max: 120 }), (birth, today, years) => {
				// Whole years between two days, counted as people do: 29 February counts as 1 March where it is missing.
				const age = Math.floor(today / 10_000) - Math.floor(birth / 10_000) - (today % 10_000 < birth % 10_000 ? 1 : 0);
				expect(birth <= cutoffFor(years, today)).toBe(age >= years);
			}),
		);
		expect(() => cutoffFor(-1, TODAY)).toThrow();
		expect(() => cutoffFor(18.5, TODAY)).toThrow();
		expect(() => cutoffFor(18, 2026_02_29)).toThrow();
	});

	it('exist in the calendar', () => {
		expect([1900_02_29, 2100_02_29, 2026_13_01, 2026_00_10, 2026_04_31, 0, 1.5].map(isDay)).toEqual(Array(7).fill(false));
		expect([2000_02_29, 1900_02_28, 9999_12_31].map(isDay)).toEqual(Array(3).fill(true));
		expect(readDate('2008-02-29')).toBe(2008_02_29);
		expect(readDate('2008-2-9')).toBeUndefined();
	});
});
