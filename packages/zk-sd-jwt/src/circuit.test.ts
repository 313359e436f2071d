import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64urlDecode, base64urlEncode, sha256, utf8, utf8Decode } from '@holdfast/crypto';
import { p256 } from '@noble/curves/nist.js';
import { Noir } from '@noir-lang/noir_js';
import { describe, expect, it } from 'vitest';
import { readArtifact } from './artifact.ts';
import { cutoffFor } from './dates.ts';
import {
	cnfOf,
	digestOf,
	disclosureOf,
	encodeDisclosure,
	inputsOf,
	MESSAGE,
	NOW,
	newSigner,
	ordinary,
	type Party,
	party,
	payloadOf,
	signText,
	statementOf,
	TODAY,
	VCT,
} from './fixture.ts';
import { BLOCKS, type CircuitInputs, type SecretInputs } from './inputs.ts';
import type { Statement } from './model.ts';
import { type PublicInputs, publicInputsOf } from './statement.ts';

// The circuit itself, by computing its witness: every check that it makes is broken once, behind the back of the code that
// prepares honest inputs. Proofs are made in engine.test.ts.

const target = join(import.meta.dirname, '..', '..', '..', 'circuits', 'sd-jwt', 'target', 'small.json');
const noir = new Noir(readArtifact('small', readFileSync(target, 'utf8')) as never);

const execute = ({ said, secret }: CircuitInputs): Promise<unknown> => noir.execute({ said, secret } as never);
const holds = (inputs: CircuitInputs): Promise<unknown> => expect(execute(inputs)).resolves.toBeDefined();
/** Refused by a constraint, not by an input of the wrong form. */
const refused = (inputs: CircuitInputs): Promise<void> =>
	expect(execute(inputs)).rejects.toThrow(/Cannot satisfy constraint|Circuit execution failed: (call to assert_max_bit_size|Failed constraint)/);

const said = (inputs: CircuitInputs, change: Partial<PublicInputs>): CircuitInputs => ({ ...inputs, said: { ...inputs.said, ...change } });
const secret = (inputs: CircuitInputs, change: Partial<SecretInputs>): CircuitInputs => ({ ...inputs, secret: { ...inputs.secret, ...change } });
const places = (inputs: CircuitInputs, change: Partial<SecretInputs['places']>): CircuitInputs =>
	secret(inputs, { places: { ...inputs.secret.places, ...change } });

const malleated = (signature: readonly number[]): number[] => {
	const { r, s } = p256.Signature.fromBytes(Uint8Array.from(signature), 'compact');
	return [...new p256.Signature(r, p256.Point.Fn.ORDER - s).toBytes('compact')];
};

/**
 * Inputs as a dishonest holder would write them: every position is where `find` says, whatever stands there. Signed by the
 * issuer all the same: the holder chooses among what was signed.
 */
async function forge(
	who: Party,
	payload: string,
	disclosure: string,
	find: { [place: string]: (text: string) => number } = {},
	change: { statement?: Partial<Statement>; disclosurePlaces?: SecretInputs['disclosure_places'] } = {},
): Promise<CircuitInputs> {
	const credential = await signText(who.issuer, payload, [disclosure]);
	const [header = '', body = '', signature = ''] = (credential.split('~')[0] ?? '').split('.');
	const group = Math.floor((header.length + 1) / 4);
	const statement = statementOf(who, change.statement);
	const at = (name: string, needle: string): number => 3 * group + (find[name] ?? ((text: string) => text.indexOf(needle)))(payload);
	const parent = statement.claim.parent;
	const padded = (text: string, length: number): number[] => [...utf8(text), ...new Array<number>(length - text.length).fill(0)];
	return {
		circuit: 'small',
		said: publicInputsOf(statement),
		secret: {
			signed: padded(`${header}.${body}`, BLOCKS.small * 64),
			issuer_signature: [...base64urlDecode(signature)],
			payload_start: { group, phase: (header.length + 1) % 4 },
			places: {
				vct: at('vct', '"vct"'),
				exp: at('exp', '"exp"'),
				exp_digits: 10,
				cnf: at('cnf', '"cnf"'),
				jwk: at('jwk', '"jwk"'),
				x: at('x', '"x"'),
				y: at('y', '"y"'),
				parent: parent === undefined ? at('sd', '"_sd"') : at('parent', `"${parent}"`),
				parent_length: parent?.length ?? 0,
				sd: at('sd', '"_sd"'),
				digest: at('digest', `"${digestOf(disclosure)}"`),
				spaces: new Array<boolean>(8).fill(false),
			},
			disclosure: padded(disclosure, 128),
			disclosure_places: change.disclosurePlaces ?? { salt_end: 24, name_length: 9, spaces: [false, false] },
			holder_signature: [...(await who.holder.sign(MESSAGE))],
		},
	};
}

const BORN = disclosureOf('birthdate', '1990-01-31');

describe('an honest holder of an ordinary credential', () => {
	it.each([
		['members in another order', (who: Party, sd: string[]) => JSON.stringify(Object.fromEntries(Object.entries(payloadOf(who, sd)).reverse()))],
		['a space after each colon and comma, as Python writes', (who: Party, sd: string[]) => JSON.stringify(payloadOf(who, sd), null, 1).replace(/\n\s*/g, ' ')],
		['line breaks', (who: Party, sd: string[]) => JSON.stringify(payloadOf(who, sd), null, 2)],
		[
			'decoys and other members',
			(who: Party, sd: string[]) =>
				JSON.stringify(payloadOf(who, [...sd, 'decoy'], { a: [[{ vct: 'x' }]], 'b"\\': '}{"]', status: { status_list: { idx: 7, uri: 'https://x' } } })),
		],
		['an expiry in the year 2300', (who: Party, sd: string[]) => JSON.stringify(payloadOf(who, sd, { exp: 10_413_792_000 }))],
	])('%s', async (_, write) => {
		const who = party();
		const disclosures = [disclosureOf('nationality', 'DE'), BORN];
		await holds(await inputsOf(who, await signText(who.issuer, write(who, disclosures), disclosures)));
	});

	it.each([0, 1, 2, 3])('a header with %i more bytes: the payload starts anywhere in a group of four', async (more) => {
		const who = party();
		const credential = await signText(who.issuer, JSON.stringify(payloadOf(who, [BORN])), [BORN], { alg: 'ES256', kid: 'x'.repeat(more) });
		await holds(await inputsOf(who, credential));
	});

	it('a signature of the issuer with high s, which is made low', async () => {
		const who = party();
		const credential = await ordinary(who);
		const [jwt = '', ...rest] = credential.split('~');
		const cut = jwt.lastIndexOf('.') + 1;
		const high = base64urlEncode(Uint8Array.from(malleated([...base64urlDecode(jwt.slice(cut))])));
		await holds(await inputsOf(who, [jwt.slice(0, cut) + high, ...rest].join('~')));
	});

	it('a disclosure with spaces, another salt, another name of the claim', async () => {
		const who = party();
		const disclosure = encodeDisclosure('["salt", "birth_date", "1990-01-31"]');
		const credential = await signText(who.issuer, JSON.stringify(payloadOf(who, [disclosure])), [disclosure]);
		await holds(await inputsOf(who, credential, { claim: { kind: 'date', name: 'birth_date' } }));
	});

	it('an age flag in the _sd of age_equal_or_over, and a date in the _sd of another member', async () => {
		const who = party();
		const flag = disclosureOf('18', true);
		const nested = { _sd: [digestOf(flag), digestOf('decoy')] };
		const credential = await signText(who.issuer, JSON.stringify(payloadOf(who, ['x'], { age_equal_or_over: nested })), [flag]);
		await holds(await inputsOf(who, credential, { claim: { kind: 'flag', name: '18', parent: 'age_equal_or_over' } }));
		const person = JSON.stringify(payloadOf(who, ['x'], { person: { a: { b: [] }, _sd: [digestOf(BORN)] } }));
		await holds(await inputsOf(who, await signText(who.issuer, person, [BORN]), { claim: { kind: 'date', name: 'birthdate', parent: 'person' } }));
	});

	it.each([
		['the day before the birthday', '2008-05-28', 2026_05_27, false],
		['the birthday', '2008-05-28', 2026_05_28, true],
		['the day after', '2008-05-28', 2026_05_29, true],
		['born on 29 February, on 28 February', '2008-02-29', 2026_02_28, false],
		['born on 29 February, on 1 March', '2008-02-29', 2026_03_01, true],
		['born in 1900', '1900-03-01', 2026_05_28, true],
		['18 in 2100, which is no leap year: 28 February', '2082-02-28', 2100_02_28, true],
		['18 in 2100: 1 March, a day early', '2082-03-01', 2100_02_28, false],
	])('%s', async (_, birthdate, today, old) => {
		const who = party();
		const cutoff = cutoffFor(18, today);
		const inputs = await inputsOf(who, await ordinary(who, birthdate), { cutoff: 9999_12_31 });
		await (old ? holds : refused)(said(inputs, { cutoff: `0x${cutoff.toString(16)}` }));
	});
});

describe('what the verifier says', () => {
	it('nothing of it can be another', async () => {
		const who = party();
		const inputs = await inputsOf(who, await ordinary(who));
		await holds(inputs);
		const other = publicInputsOf(statementOf(party(), { vct: 'urn:eudi:pid:2', requestHash: sha256(utf8('another request')) }));
		await refused(said(inputs, { issuer_x: other.issuer_x, issuer_y: other.issuer_y }));
		await refused(said(inputs, { request_hash: other.request_hash }));
		await refused(said(inputs, { vct: other.vct }));
		await refused(said(inputs, { vct_length: `0x${(VCT.length - 1).toString(16)}` }));
		await refused(said(inputs, { now: `0x${(NOW + 100_001).toString(16)}` }));
		await refused(said(inputs, { cutoff: `0x${(1990_01_30).toString(16)}` }));
		await refused(said(inputs, { is_flag: true }));
		await refused(said(inputs, { claim: `0x${Buffer.from('birth_date').toString('hex')}` }));
		await refused(said(inputs, { parent: `0x${Buffer.from('person').toString('hex')}` }));
	});

	it('exp itself is still in time', async () => {
		const who = party();
		const inputs = await inputsOf(who, await ordinary(who));
		await holds(said(inputs, { now: `0x${(NOW + 100_000).toString(16)}` }));
	});
});

describe('what the issuer and the holder signed', () => {
	it('no byte of it can be another, and nothing stands after its end', async () => {
		const who = party();
		const inputs = await inputsOf(who, await ordinary(who));
		const { signed, disclosure } = inputs.secret;
		const end = signed.indexOf(0);
		const change = (bytes: number[], at: number, value: number): number[] => bytes.with(at, value);
		await refused(secret(inputs, { signed: change(signed, 3, 65 + ((signed[3] ?? 0) % 2)) }));
		await refused(secret(inputs, { signed: change(signed, end - 5, signed[end - 5] === 65 ? 66 : 65) }));
		await refused(secret(inputs, { signed: change(signed, end, 65) }));
		await refused(secret(inputs, { signed: change(signed, end + 70, 65) }));
		await refused(secret(inputs, { signed: change(signed, signed.length - 1, 65) }));
		await refused(secret(inputs, { disclosure: change(disclosure, disclosure.indexOf(0), 65) }));
		await refused(secret(inputs, { disclosure: change(disclosure, 127, 65) }));
		await refused(secret(inputs, { disclosure: change(disclosure, 20, disclosure[20] === 65 ? 66 : 65) }));
	});

	it('each signature has one form, and is of the right key', async () => {
		const who = party();
		const inputs = await inputsOf(who, await ordinary(who));
		await refused(secret(inputs, { issuer_signature: malleated(inputs.secret.issuer_signature) }));
		await refused(secret(inputs, { holder_signature: malleated(inputs.secret.holder_signature) }));
		await refused(secret(inputs, { holder_signature: [...(await newSigner().sign(MESSAGE))] }));
		await refused(secret(inputs, { holder_signature: [...(await who.holder.sign(utf8('something else')))] }));
		await refused(secret(inputs, { issuer_signature: new Array<number>(64).fill(0) }));
	});
});

describe('a dishonest holder with what an issuer signed', () => {
	const text = (who: Party, change: object, disclosures: string[] = [BORN]): string => JSON.stringify(payloadOf(who, disclosures, change));

	it('can do what an honest one can (the forger of these tests forges well)', async () => {
		const who = party();
		await holds(await forge(who, text(who, {}), BORN));
	});

	it('the digest stands in another array', async () => {
		const who = party();
		await refused(await forge(who, text(who, { other: [digestOf(BORN)] }, ['x']), BORN));
		await refused(await forge(who, text(who, { _sd: [], other: [digestOf(BORN)] }), BORN));
		await refused(await forge(who, text(who, { _sd: [[digestOf(BORN)]] }), BORN));
		await refused(await forge(who, text(who, { _sd: digestOf(BORN) }), BORN));
		// `_sd` is a string, and an array follows in the next member.
		await refused(await forge(who, text(who, { _sd: 'x', other: [digestOf(BORN)] }), BORN));
	});

	it('the digest or the whole _sd stands in a string', async () => {
		const who = party();
		await refused(await forge(who, text(who, { _sd: [`,"${digestOf(BORN)}"`] }), BORN, { digest: (all) => all.indexOf(digestOf(BORN)) - 1 }));
		const looksLike = `{"_sd":["${digestOf(BORN)}"]}`;
		await refused(
			await forge(who, text(who, { note: looksLike }, ['x']), BORN, {
				digest: (all) => all.indexOf(digestOf(BORN)) - 1,
				sd: (all) => all.indexOf('_sd\\"') - 1,
			}),
		);
		// Written by an issuer that does not escape: not JSON any more, and no member of the payload either.
		await refused(
			await forge(who, text(who, { note: 1 }, ['x']).replace('"note":1', `"note":'${looksLike}'`), BORN, { sd: (all) => all.lastIndexOf('"_sd":') }),
		);
	});

	it('the _sd is of another object than the one that was named', async () => {
		const who = party();
		const nested = text(who, { friend: { _sd: [digestOf(BORN)] } }, ['x']);
		const inFriend = { sd: (all: string) => all.lastIndexOf('"_sd":[') };
		await refused(await forge(who, nested, BORN, inFriend));
		const named = (parent: string): { statement: Partial<Statement> } => ({ statement: { claim: { kind: 'date', name: 'birthdate', parent } } });
		await holds(await forge(who, nested, BORN, inFriend, named('friend')));
		const two = text(who, { person: { a: 1 }, friend: { _sd: [digestOf(BORN)] } }, ['x']);
		await refused(await forge(who, two, BORN, inFriend, named('person')));
		const deep = text(who, { person: { friend: { _sd: [digestOf(BORN)] } } }, ['x']);
		await refused(await forge(who, deep, BORN, inFriend, named('person')));
		const value = text(who, { a: 'person', friend: { _sd: [digestOf(BORN)] } }, ['x']);
		await refused(await forge(who, value, BORN, inFriend, named('person')));
	});

	it('vct, exp and cnf of something else than the payload itself', async () => {
		const who = party();
		const last = (needle: string) => (all: string) => all.lastIndexOf(needle);
		await refused(await forge(who, text(who, { vct: 'urn:other:thing', a: { vct: VCT } }), BORN, { vct: last('"vct"') }));
		await refused(await forge(who, text(who, { vct: 'vct', a: VCT }), BORN, { vct: last('"vct"') }));
		await refused(await forge(who, text(who, { exp: NOW - 1, a: { exp: NOW + 1 } }), BORN, { exp: last('"exp"') }));
		await refused(await forge(who, text(who, { exp: NOW - 1 }), BORN));
		const stranger = newSigner();
		const theirs = { ...who, holder: stranger };
		await holds(await forge(theirs, text(theirs, {}), BORN));
		const beside = text(who, { a: { cnf: cnfOf(stranger) } });
		await refused(await forge(theirs, beside, BORN, { cnf: last('"cnf"'), jwk: last('"jwk"'), x: last('"x"'), y: last('"y"') }));
		await refused(await forge(theirs, beside, BORN, { jwk: last('"jwk"'), x: last('"x"'), y: last('"y"') }));
		await refused(await forge(theirs, text(who, { a: cnfOf(stranger) }), BORN, { jwk: last('"jwk"'), x: last('"x"'), y: last('"y"') }));
		await refused(
			await forge(theirs, text(who, { cnf: { ...cnfOf(who.holder), other: { x: stranger.publicJwk.x, y: stranger.publicJwk.y } } }), BORN, {
				x: last('"x"'),
				y: last('"y"'),
			}),
		);
	});

	it('an expiry that is read in part', async () => {
		const who = party();
		const whole = await forge(who, text(who, { exp: NOW + 5 }), BORN);
		await holds(whole);
		await refused(places(whole, { exp_digits: 11 }));
		await refused(places(whole, { exp_digits: 9 }));
		await refused(await forge(who, text(who, { exp: 10_413_792_000 }), BORN)); // ten of eleven digits
		await refused(await forge(who, text(who, {}).replace(String(NOW + 100_000), `${NOW + 100_000}.5`), BORN));
	});

	it('a disclosure that only looks like the claim', async () => {
		const who = party();
		const of = (json: string, disclosurePlaces?: SecretInputs['disclosure_places']): Promise<CircuitInputs> => {
			const disclosure = encodeDisclosure(json);
			return forge(who, text(who, {}, [disclosure]), disclosure, {}, disclosurePlaces ? { disclosurePlaces } : {});
		};
		const at = (salt_end: number) => ({ salt_end, name_length: 9, spaces: [false, false] });
		await holds(await of('["s","birthdate","1990-01-31"]', at(3)));
		await refused(await of('["s","nick","x\\",\\"birthdate\\",\\"1900-01-01"]', at(13)));
		await refused(await of('["s","nick","x","birthdate","1900-01-01"]', at(14)));
		await refused(await of('["s",["birthdate","1990-01-31"]]', at(3)));
		await refused(await of('["birthdate","1990-01-31"]', at(1)));
		await refused(await of('["s","birthdate",{"a":"1990-01-31"}]', at(3)));
		await refused(await of('["s","birthdate","1990-01-31T00"]', at(3)));
		await refused(await of('["s","birthdate","1990"]', at(3)));
	});

	it.each([
		'1990-00-01',
		'1990-13-01',
		'1990-01-00',
		'1990-01-32',
		'199a-01-01',
		'1990/01/01',
		'1990-1:-01',
		// Characters beside the digits, which would count as ten and as minus one.
		'199:-01-01',
		'199/-01-01',
		// One dash each.
		'1990/01-01',
		'1990-01/01',
	])('%s is no date', async (date) => {
		const who = party();
		const disclosure = disclosureOf('birthdate', date);
		await refused(await forge(who, text(who, {}, [disclosure]), disclosure));
	});

	it('a flag that is false, a string, or of another age', async () => {
		const who = party();
		const claim = { kind: 'flag', name: '18', parent: 'age_equal_or_over' } as const;
		const disclosurePlaces = { salt_end: 24, name_length: 2, spaces: [false, false] };
		const of = (name: string, value: unknown): Promise<CircuitInputs> => {
			const disclosure = disclosureOf(name, value);
			const payload = text(who, { age_equal_or_over: { _sd: [digestOf(disclosure)] } }, ['x']);
			return forge(who, payload, disclosure, { sd: (all) => all.lastIndexOf('"_sd":[') }, { statement: { claim }, disclosurePlaces });
		};
		await holds(await of('18', true));
		await refused(await of('18', false));
		await refused(await of('18', 'true'));
		await refused(await of('16', true));
	});

	it('a start of the payload that is none', async () => {
		const who = party();
		const inputs = await forge(who, text(who, {}), BORN);
		const { group, phase } = inputs.secret.payload_start;
		await refused(secret(inputs, { payload_start: { group: group + 1, phase } }));
		await refused(secret(inputs, { payload_start: { group, phase: (phase + 1) % 4 } }));
		await refused(secret(inputs, { payload_start: { group: 0, phase: 0 } }));
	});

	it('what is nested deeper than the circuit follows', async () => {
		const who = party();
		const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
		const write = (levels: number): string => text(who, {}).replace('{', `{"deep":${deep(levels)},`);
		await holds(await forge(who, write(13), BORN));
		await refused(await forge(who, write(14), BORN));
	});
});

// Payloads for each check alone: all that the others ask for is there, so that nothing but this one refuses.
describe('a dishonest holder with what only one check refuses', () => {
	const who = party();
	const stranger = newSigner();
	const { x, y } = stranger.publicJwk;
	/** The holder signs with the stranger's key where a payload is to bind to it in a wrong way. */
	const theirs = { ...who, holder: stranger };
	const DIGEST = digestOf(BORN);
	const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
	/** Members in this order; `change` last. */
	const ordered = (change: object): string => {
		const left = Object.fromEntries(Object.entries(payloadOf(who, [BORN])).filter(([name]) => !(name in change)));
		return JSON.stringify({ ...left, ...change });
	};
	const named = (parent: string): { statement: Partial<Statement> } => ({ statement: { claim: { kind: 'date', name: 'birthdate', parent } } });
	const last = (needle: string) => (all: string) => all.lastIndexOf(needle);
	const spaced = (inputs: CircuitInputs, at: number): CircuitInputs => places(inputs, { spaces: inputs.secret.places.spaces.with(at, true) });

	it('a type that only begins or ends like the one that was asked for', async () => {
		await refused(await forge(who, ordered({ vct: `${VCT}:more` }), BORN));
		// No JSON: a type without the quote before it, and one to make the quotes even.
		await refused(await forge(who, ordered({}).replace(`"vct":"${VCT}"`, `"vct":1${VCT}""`), BORN));
	});

	it('a name that is a value, or begins like the one that counts, or has no quote before it', async () => {
		await refused(await forge(who, ordered({ vct: 'urn:other', a: 'vct', [VCT]: 1 }), BORN, { vct: last('"vct",') }));
		await refused(await forge(who, ordered({ exp: NOW - 1, [`expx:${NOW + 9},`]: 1 }), BORN, { exp: last('"expx') }));
		await refused(await forge(who, ordered({}).replace(`"vct":"${VCT}"`, `1vct":"${VCT}""`), BORN, { vct: (all) => all.indexOf('1vct') }));
		await refused(await forge(who, ordered({ exp: NOW - 1, exq: NOW + 9 }), BORN, { exp: last('"exq"') }));
	});

	it('an expiry without its sign or its exponent', async () => {
		await refused(spaced(await forge(who, ordered({ exp: -9_999_999_999 }), BORN), 1));
		const small = ordered({}).replace(String(NOW + 100_000), '9999999999e-5');
		await refused(places(await forge(who, small, BORN), { exp_digits: 13 }));
		// Characters beside the digits.
		for (const last of [':', '/']) await refused(await forge(who, ordered({}).replace(String(NOW + 100_000), `${NOW / 10 + 99}${last}`), BORN));
	});

	it('a digest in an object, in the array of the next member, longer than a digest, or without its quote', async () => {
		await refused(await forge(who, ordered({ _sd: { a: DIGEST } }), BORN));
		await refused(await forge(who, ordered({ _sd: 'x', other: [DIGEST] }), BORN));
		await refused(await forge(who, ordered({ _sd: [`${DIGEST}AAAA`] }), BORN, { digest: (all) => all.indexOf(DIGEST) - 1 }));
		await refused(await forge(who, ordered({}).replace(`"${DIGEST}"`, `1${DIGEST}""`), BORN, { digest: (all) => all.indexOf(DIGEST) - 1 }));
		// 256 bits leave two over in 43 characters: the same digest in another spelling.
		const spelled = DIGEST.slice(0, 42) + (LETTERS[LETTERS.indexOf(DIGEST.charAt(42)) + 1] ?? '');
		await refused(await forge(who, ordered({ _sd: [spelled] }), BORN, { digest: (all) => all.indexOf(spelled) - 1 }));
		// NUL stands for no bits after the end of a text, not for an A; what is not base64url stands for nothing.
		const born = [...LETTERS].map((salt) => disclosureOf('birthdate', '1990-01-31', salt.repeat(22))).find((each) => digestOf(each).includes('A')) ?? '';
		for (const other of ['\0', '!']) {
			const holed = digestOf(born).replace('A', other);
			await refused(await forge(who, ordered({}).replace(DIGEST, holed), born, { digest: (all) => all.indexOf(holed) - 1 }));
		}
		// Two quotes after backslashes, between which strings and what is outside of them would change places.
		await refused(await forge(who, ordered({ _sd: ['"'], other: ['"', DIGEST] }), BORN));
	});

	it('a digest beside the _sd of the named member', async () => {
		const sd = { sd: last('"_sd":[') };
		await refused(await forge(who, ordered({ _sd: ['x'], friend: { _sd: [], other: [DIGEST] } }), BORN, sd, named('friend')));
	});

	it('an _sd beside the named member, or in one of another name', async () => {
		const sd = { sd: last('"_sd":[') };
		const friend = { _sd: [DIGEST] };
		await holds(await forge(who, ordered({ _sd: ['x'], friend }), BORN, sd, named('friend')));
		// The member is deeper, and over before the _sd.
		await refused(await forge(who, ordered({ _sd: ['x'], outer: { friend: {}, _sd: [DIGEST] } }), BORN, sd, named('friend')));
		await refused(await forge(who, ordered({ _sd: ['x'], friend: 1, other: { _sd: [DIGEST] } }), BORN, sd, named('friend')));
		await refused(await forge(who, ordered({ _sd: ['x'], friend }), BORN, { ...sd, parent: last('"friend"') }, named('person')));
		await refused(await forge(who, ordered({ _sd: ['x'], 'friendx:{': { _sd: [DIGEST] } }), BORN, { ...sd, parent: last('"friendx') }, named('friend')));
		// No JSON: without the quote before the name.
		const bare = ordered({ _sd: ['x'], friend }).replace('"friend":{', '1friend":{"{');
		await refused(await forge(who, bare, BORN, { ...sd, parent: (all) => all.indexOf('1friend') }, named('friend')));
	});

	it('an object in the payload that is taken for the payload, or a payload that is none', async () => {
		// Where the claims of an object are the holder's to choose. It starts where a group of four characters does.
		const before = '{"aa":';
		expect(before.length % 3).toBe(0);
		const inputs = await forge(who, `${before}${ordered({})}}`, BORN);
		const { group, phase } = inputs.secret.payload_start;
		await refused(secret(inputs, { payload_start: { group: group + before.length / 3, phase } }));
		await refused(await forge(who, `[${ordered({}).slice(1)}`, BORN));
		// Depth that is lost where it is too deep, or where more closes than was opened.
		const deep = `${'['.repeat(14)}${']'.repeat(14)}`;
		await refused(await forge(who, `{"deep":${deep},"a":${ordered({})}}`, BORN));
		await refused(await forge(who, `{}}${ordered({})}`, BORN));
	});

	it.each([
		['bracket', 'x"s","birthdate","1990-01-31"]'],
		['quote of the salt', '[xs","birthdate","1990-01-31"]"'],
		['salt', '[","birthdate","1990-01-31"]"', 1],
		['quote after the salt', '["sx,"birthdate","1990-01-31"]"'],
		['comma', '["s";"birthdate","1990-01-31"]'],
		['space', '["s",x"birthdate","1990-01-31"]', 3, true],
		['quote before the name', '["s",xbirthdate","1990-01-31"]"'],
		['quote after the name', '["s","birthdatex,"1990-01-31"]"'],
		['quote before the date', '["s","birthdate",x1990-01-31"]"'],
		['quote after the date', '["s","birthdate","1990-01-31x]"'],
		['bracket at the end', '["s","birthdate","1990-01-31"x'],
		['quote after the salt, but for one behind a backslash', '["s\\","birthdate","1990-01-31"]', 4],
	])('a disclosure without its %s', async (_, text, salt_end = 3, space = false) => {
		const disclosure = encodeDisclosure(text);
		const disclosurePlaces = { salt_end, name_length: 9, spaces: [space, false] };
		await refused(await forge(who, ordered({}).replace(DIGEST, digestOf(disclosure)), disclosure, {}, { disclosurePlaces }));
	});

	it.each(['xrue]', 'txue]', 'trxe]', 'trux]', 'truex'])('a flag that is %s', async (value) => {
		const disclosure = encodeDisclosure(`["s","18",${value}`);
		const change = { statement: { claim: { kind: 'flag', name: '18' } as const }, disclosurePlaces: { salt_end: 3, name_length: 2, spaces: [false, false] } };
		await refused(await forge(who, ordered({}).replace(DIGEST, digestOf(disclosure)), disclosure, {}, change));
	});

	it('a key beside cnf or beside jwk, or made of two', async () => {
		const at = { jwk: last('"jwk"'), x: last('"x"'), y: last('"y"') };
		await holds(await forge(theirs, ordered({ cnf: { jwk: { x, y } } }), BORN, at));
		await refused(await forge(theirs, ordered({ cnf: 1, other: { jwk: { x, y } } }), BORN, at));
		await refused(await forge(theirs, ordered({ cnf: { jwk: 1, other: { x, y } } }), BORN, at));
		const own = who.holder.publicJwk;
		await refused(await forge(theirs, ordered({ cnf: { jwk: { x: own.x, y }, other: { x } } }), BORN, { ...at, y: (all) => all.indexOf('"y"') }));
		await refused(await forge(theirs, ordered({ cnf: { jwk: { x, y: own.y }, other: { y } } }), BORN, { ...at, x: (all) => all.indexOf('"x"') }));
	});
});

it('the circuit for 2 kB reads 2 kB, and refuses as the small one does', async () => {
	const medium = new Noir(readArtifact('medium', readFileSync(target.replace('small', 'medium'), 'utf8')) as never);
	const who = party();
	const inputs = await inputsOf(who, await ordinary(who, '1990-01-31', { before: 'x'.repeat(1_000) }));
	expect(inputs.circuit).toBe('medium');
	await expect(medium.execute({ said: inputs.said, secret: inputs.secret } as never)).resolves.toBeDefined();
	await expect(medium.execute({ said: { ...inputs.said, cutoff: '0x1' }, secret: inputs.secret } as never)).rejects.toThrow('constraint');
});

it('reads texts that are not ASCII', async () => {
	const who = party();
	const payload = JSON.stringify(payloadOf(who, [BORN], { iss: 'https://köln.example/é' }));
	expect(utf8Decode(utf8(payload))).toBe(payload);
	await holds(await inputsOf(who, await signText(who.issuer, payload, [BORN])));
	expect(TODAY).toBe(2026_05_28);
});
