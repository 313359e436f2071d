import { base64urlEncode, type Signer, utf8 } from '@holdfast/crypto';
import type { Json, JsonObject } from '@holdfast/kernel';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { describe, expect, it } from 'vitest';
import { AUDIENCE, CLAIMS, encodeDisclosure, failures, ISSUER, NONCE, NOW, nodeOf, parties, signAnything } from './fixture.ts';
import { digestText, hashBytes, type SdAlg } from './hash.ts';
import { CredentialError, didJwk, formatOf, keyInDid, parse, type VerifyInput } from './index.ts';
import { verifySignature } from './jws.ts';

const all = parties('dc+sd-jwt');

/** An SD-JWT VC with any payload and any disclosures, really signed by the issuer, with a fitting proof of the holder. */
async function crafted(
	payload: JsonObject,
	disclosures: readonly string[] = [],
	options: { header?: JsonObject; alg?: SdAlg; holder?: Signer; cnf?: Json } = {},
): Promise<string> {
	const holder = options.holder ?? all.holder;
	const compact = await signAnything(
		{ typ: 'dc+sd-jwt', alg: all.issuer.alg, ...options.header },
		{ iss: ISSUER, iat: NOW - 10, vct: 'urn:x', ...(options.cnf === null ? {} : { cnf: options.cnf ?? { jwk: { ...holder.publicJwk } } }), ...payload },
		all.issuer,
	);
	return prove([compact, ...disclosures, ''].join('~'), options.alg, holder);
}

const prove = async (unproven: string, alg: SdAlg = 'sha-256', holder = all.holder, change: JsonObject = {}): Promise<string> =>
	unproven +
	(await signAnything({ typ: 'kb+jwt', alg: holder.alg }, { iat: NOW, aud: AUDIENCE, nonce: NONCE, sd_hash: digestText(alg, unproven), ...change }, holder));

const unproven = (presentation: string): string => presentation.slice(0, presentation.lastIndexOf('~') + 1);
const hash = (disclosure: string): string => digestText('sha-256', disclosure);

async function expectOnly(presentation: string, failure: string, change?: Partial<VerifyInput>): Promise<void> {
	const { expected: _expected, ...rest } = change ?? {};
	const verification = await all.verify(presentation, rest);
	expect(failures(verification.report)).toEqual([failure]);
}

describe('disclosures (RFC 9901 §7.1)', () => {
	it('accepts a crafted credential, so that the refusals below have one reason each', async () => {
		const a = encodeDisclosure(['salt', 'a', 1]);
		const verification = await all.verify(await crafted({ _sd: [hash(a), hash('decoy')], list: [{ '...': hash('another decoy') }, 2] }, [a]));
		expect(verification.report.result).toBe('passed');
		expect(verification.claims).toEqual({ a: 1, list: [2] });
	});

	it.each(['sha-256', 'sha-384', 'sha-512'] as const)('accepts %s', async (alg) => {
		const a = encodeDisclosure(['salt', 'a', 1]);
		const verification = await all.verify(await crafted({ _sd_alg: alg, _sd: [digestText(alg, a)] }, [a], { alg }));
		expect(verification).toMatchObject({ claims: { a: 1 }, report: { result: 'passed' } });
	});

	it.each(['sha-256-32', 'sha3-256', 'md5', 'SHA-256', 5, null])('refuses the hash %s', async (alg) => {
		const { report } = await all.verify(await crafted({ _sd_alg: alg }));
		expect(nodeOf(report, 'format').code).toBe('credential/unsupported-alg');
	});

	it('refuses a disclosure swapped for one of another credential', async () => {
		const one = (await all.present(await all.issue())).split('~');
		const two = (await all.present(await all.issue())).split('~');
		const swapped = [one[0], two[1], ...one.slice(2, -1), ''].join('~');
		await expectOnly(await prove(swapped), 'disclosures/digests credential/disclosure-mismatch');
	});

	it('refuses a disclosure whose value was changed', async () => {
		const a = encodeDisclosure(['salt', 'a', 1]);
		await expectOnly(await crafted({ _sd: [hash(a)] }, [encodeDisclosure(['salt', 'a', 2])]), 'disclosures/digests credential/disclosure-mismatch');
	});

	it('refuses an added disclosure', async () => {
		await expectOnly(await crafted({}, [encodeDisclosure(['salt', 'admin', true])]), 'disclosures/digests credential/disclosure-mismatch');
	});

	it('refuses a disclosure whose parent is kept back', async () => {
		const inner = encodeDisclosure(['salt', 'b', 1]);
		const outer = encodeDisclosure(['salt', 'a', { _sd: [hash(inner)] }]);
		await expectOnly(await crafted({ _sd: [hash(outer)] }, [inner]), 'disclosures/digests credential/disclosure-mismatch');
	});

	it('refuses a disclosure that is sent twice', async () => {
		const a = encodeDisclosure(['salt', 'a', 1]);
		await expectOnly(await crafted({ _sd: [hash(a)] }, [a, a]), 'disclosures/duplicates credential/disclosure-mismatch');
	});

	it.each([
		['in one list', (digest: string) => ({ _sd: [digest, digest] })],
		['at two levels', (digest: string) => ({ _sd: [digest], b: { _sd: [digest] } })],
		['in a list and as an element', (digest: string) => ({ _sd: [digest], b: [{ '...': digest }] })],
	])('refuses a digest that occurs twice: %s', async (_name, payload) => {
		const a = encodeDisclosure(['salt', 'a', 1]);
		const { report } = await all.verify(await crafted(payload(hash(a)), [a]));
		expect(failures(report)).toContain('disclosures/duplicates credential/disclosure-mismatch');
		await expectOnly(await crafted(payload(hash('decoy'))), 'disclosures/duplicates credential/disclosure-mismatch');
	});

	it('refuses a disclosed claim that is there already', async () => {
		const a = encodeDisclosure(['salt', 'a', 1]);
		const again = encodeDisclosure(['pepper', 'a', 2]);
		await expectOnly(await crafted({ a: 0, _sd: [hash(a)] }, [a]), 'disclosures/duplicates credential/disclosure-mismatch');
		await expectOnly(await crafted({ _sd: [hash(a), hash(again)] }, [a, again]), 'disclosures/duplicates credential/disclosure-mismatch');
	});

	it.each(['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status', '_sd_alg'])('refuses %s in a disclosure', async (name) => {
		const a = encodeDisclosure(['salt', name, 1]);
		const { report } = await all.verify(await crafted({ _sd: [hash(a)] }, [a]));
		expect(nodeOf(report, 'disclosures').result).toBe('failed');
	});

	it.each<[string, readonly Json[]]>([
		['four parts', ['salt', 'a', 1, 2]],
		['one part', ['salt']],
		['a salt that is no text', [1, 'a', 1]],
		['a name that is no text', ['salt', 1, 1]],
		['the name _sd', ['salt', '_sd', 1]],
		['the name ...', ['salt', '...', 1]],
	])('refuses a disclosure with %s', async (_name, content) => {
		const a = encodeDisclosure(content);
		const { report } = await all.verify(await crafted({ _sd: [hash(a)] }, [a]));
		expect(failures(report)).toEqual(['disclosures/shape credential/disclosure-mismatch']);
	});

	it('refuses a disclosure that is no JSON, no UTF-8 or no base64url', async () => {
		for (const a of [
			base64urlEncode(utf8('["salt"')),
			base64urlEncode(Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d)),
			'a+/=',
			`${encodeDisclosure(['salt', 'a', 1])}=`,
		]) {
			const { report } = await all.verify(await crafted({ _sd: [hash(a)] }, [a]));
			expect(failures(report)).toEqual(['disclosures/shape credential/disclosure-mismatch']);
		}
	});

	it('refuses a named disclosure in a list, and an unnamed one in an object', async () => {
		const named = encodeDisclosure(['salt', 'a', 1]);
		const unnamed = encodeDisclosure(['salt', 1]);
		await expectOnly(await crafted({ list: [{ '...': hash(named) }] }, [named]), 'disclosures/shape credential/disclosure-mismatch');
		await expectOnly(await crafted({ _sd: [hash(unnamed)] }, [unnamed]), 'disclosures/shape credential/disclosure-mismatch');
	});

	it('refuses _sd that is no list, digests that are no text, and a hidden element with company', async () => {
		await expectOnly(await crafted({ _sd: 'x' }), 'disclosures/shape credential/disclosure-mismatch');
		await expectOnly(await crafted({ _sd: [5] }), 'disclosures/shape credential/disclosure-mismatch');
		await expectOnly(await crafted({ list: [{ '...': hash('x'), more: 1 }] }), 'disclosures/shape credential/disclosure-mismatch');
	});

	it('refuses ... outside of a list, and _sd_alg below the top', async () => {
		await expectOnly(await crafted({ '...': 'x' }), 'disclosures/reserved-names credential/disclosure-mismatch');
		await expectOnly(await crafted({ a: { _sd_alg: 'sha-256' } }), 'disclosures/reserved-names credential/disclosure-mismatch');
	});

	it('refuses a chain of disclosures that goes too deep', async () => {
		const disclosures: string[] = [];
		let digest = hash('end');
		for (let level = 0; level < 40; level += 1) {
			const disclosure = encodeDisclosure(['salt', 'a', { _sd: [digest] }]);
			disclosures.push(disclosure);
			digest = hash(disclosure);
		}
		const { report } = await all.verify(await crafted({ _sd: [digest] }, disclosures));
		expect(nodeOf(report, 'format').code).toBe('credential/malformed');
	});

	it('refuses more disclosures, digests and values than it reads', async () => {
		const many = Array.from({ length: 2_001 }, (_, index) => encodeDisclosure(['salt', `a${index}`, 1]));
		expect(nodeOf((await all.verify(await crafted({}, many))).report, 'format').code).toBe('credential/too-large');
		expect(nodeOf((await all.verify(await crafted({ _sd: Array.from({ length: 10_001 }, (_, index) => `d${index}`) }))).report, 'format').code).toBe(
			'credential/too-large',
		);
		expect(nodeOf((await all.verify(await crafted({ a: Array.from({ length: 20_001 }, () => 1) }))).report, 'format').code).toBe('credential/malformed');
	});

	it('refuses names that would change objects, in the payload and in disclosures', async () => {
		const inPayload = await crafted(JSON.parse('{"a":{"__proto__":{"admin":true}}}'));
		const disclosure = encodeDisclosure(['salt', '__proto__', { admin: true }]);
		for (const presentation of [inPayload, await crafted({ _sd: [hash(disclosure)] }, [disclosure])]) {
			const { report, claims } = await all.verify(presentation);
			expect(nodeOf(report, 'format')).toMatchObject({ result: 'failed', code: 'credential/malformed' });
			expect(claims).toEqual({});
			expect(() => parse(presentation)).toThrow(expect.objectContaining({ code: 'credential/malformed' }));
		}
	});

	it('reads as a credential what it verifies, and refuses to read the rest', async () => {
		const a = encodeDisclosure(['salt', 'a', 1]);
		expect(parse(await crafted({ _sd: [hash(a)] }, [a])).claims).toEqual({ a: 1 });
		expect(() => parse([...['x.y.z'], a, ''].join('~'))).toThrow(CredentialError);
		const added = await crafted({}, [a]);
		expect(() => parse(added)).toThrow(expect.objectContaining({ code: 'credential/disclosure-mismatch' }));
	});
});

describe('key binding (RFC 9901 §7.3)', () => {
	it('refuses a disclosure dropped after the proof was made, or added to it', async () => {
		const raw = await all.issue();
		const parts = (await all.present(raw)).split('~');
		await expectOnly([parts[0], ...parts.slice(2)].join('~'), 'holder-binding/sd_hash credential/tampered');
		const fewer = (await all.present(raw, { disclose: [['given_name']] })).split('~');
		const other = parts.slice(1, -1).find((disclosure) => !fewer.includes(disclosure) && disclosure !== '');
		const { report } = await all.verify([fewer[0], other, ...fewer.slice(1)].join('~'));
		expect(failures(report)).toContain('holder-binding/sd_hash credential/tampered');
	});

	it('refuses a proof taken from another presentation', async () => {
		const proof = (await all.present(await all.issue())).split('~').at(-1) ?? '';
		await expectOnly(unproven(await all.present(await all.issue())) + proof, 'holder-binding/sd_hash credential/tampered');
	});

	it('refuses a proof without time or with a list of audiences', async () => {
		const presentation = unproven(await all.present(await all.issue()));
		await expectOnly(await prove(presentation, 'sha-256', all.holder, { iat: null }), 'holder-binding/freshness credential/stale-proof');
		await expectOnly(await prove(presentation, 'sha-256', all.holder, { aud: [AUDIENCE] }), 'holder-binding/audience credential/wrong-audience');
	});

	it('refuses a proof that cannot be read', async () => {
		await expectOnly(`${unproven(await all.present(await all.issue()))}rubbish`, 'holder-binding/present credential/missing-holder-binding');
	});

	it('refuses a credential without a key, with a private key, or with a key that is on no curve', async () => {
		await expectOnly(await crafted({}, [], { cnf: null }), 'holder-binding/possession credential/missing-holder-binding');
		await expectOnly(
			await crafted({}, [], { cnf: { jwk: { ...all.holder.publicJwk, d: 'AAAA' } } }),
			'holder-binding/possession credential/missing-holder-binding',
		);
		await expectOnly(
			await crafted({}, [], { cnf: { jwk: { ...all.holder.publicJwk, x: all.holder.publicJwk.y ?? '' } } }),
			'holder-binding/possession credential/missing-holder-binding',
		);
		await expectOnly(await crafted({}, [], { cnf: { kid: 'https://example.com/key' } }), 'holder-binding/possession credential/missing-holder-binding');
	});

	it('takes a key named by did:jwk, and by a DID that is resolved', async () => {
		const inside = await all.verify(await crafted({}, [], { cnf: { kid: `${didJwk(all.holder.publicJwk)}#0` } }));
		expect(inside.report.result).toBe('passed');
		const presentation = await crafted({}, [], { cnf: { kid: 'did:web:holder.example#key-1' } });
		await expectOnly(presentation, 'holder-binding/possession credential/missing-holder-binding');
		const resolved = await all.verify(presentation, { holderKeys: { resolve: async () => ({ jwk: all.holder.publicJwk, how: 'did:web document' }) } });
		expect(resolved.report.result).toBe('passed');
		const unresolved = await all.verify(presentation, { holderKeys: { resolve: () => Promise.reject(new Error('offline')) } });
		expect(failures(unresolved.report)).toEqual(['holder-binding/possession credential/wrong-holder']);
	});
});

describe('the rest of SD-JWT VC', () => {
	it('warns about the older name of the format', async () => {
		const { report } = await all.verify(await crafted({}, [], { header: { typ: 'vc+sd-jwt' } }));
		expect(report).toMatchObject({ result: 'warning' });
		expect(nodeOf(report, 'format/typ').code).toBe('credential/legacy-typ');
	});

	it('refuses a credential without a type', async () => {
		const { report } = await all.verify(await crafted({ vct: null }));
		expect(failures(report)).toEqual(['format/vct credential/malformed', 'type credential/malformed']);
	});

	it('hands the certificates of an issuer without iss to the resolver', async () => {
		const presentation = await crafted({ iss: null }, [], { header: { x5c: ['MIIB'] } });
		const seen: unknown[] = [];
		const { report } = await all.verify(presentation, {
			keys: {
				resolve: async (request) => {
					seen.push(request.header.x5c, request.issuer);
					return { jwk: all.issuer.publicJwk, how: 'certificate' };
				},
			},
		});
		expect(report.result).toBe('passed');
		expect(seen).toEqual([['MIIB'], '']);
	});

	it('salts every disclosure with 128 bits of its own, and sorts digests', async () => {
		const raw = await all.issue();
		const salts = raw
			.split('~')
			.slice(1, -1)
			.map((disclosure) => (JSON.parse(atob(disclosure.replaceAll('-', '+').replaceAll('_', '/'))) as string[])[0]);
		expect(new Set(salts).size).toBe(salts.length);
		for (const salt of salts) expect(salt).toMatch(/^[A-Za-z0-9_-]{22}$/);
	});

	it('does not leave to @sd-jwt/sd-jwt-vc what it lets through', async () => {
		// The reason for our own reading. When this fails, the library has become stricter: good news, and less to keep here.
		const library = new SDJwtVcInstance({
			hasher: (data, alg) => hashBytes(alg as SdAlg, typeof data === 'string' ? utf8(data) : new Uint8Array(data)),
			verifier: () => true,
		});
		const a = encodeDisclosure(['salt', 'a', 1]);
		const exp = encodeDisclosure(['salt', 'exp', 9e9]);
		for (const [payload, disclosures] of [
			[{}, [a]],
			[{ _sd: [hash(a)] }, [a, a]],
			[{ _sd: [hash(a), hash(a)] }, [a]],
			[{ a: 0, _sd: [hash(a)] }, [a]],
			[{ _sd: [hash(exp)] }, [exp]],
		] as const) {
			const presentation = await crafted(payload, disclosures);
			await expect(library.verify(unproven(presentation), { currentDate: NOW })).resolves.toBeDefined();
			expect((await all.verify(presentation)).report.result).toBe('failed');
		}
	});

	it('is read by @sd-jwt/sd-jwt-vc with the same claims', async () => {
		const library = new SDJwtVcInstance({
			hasher: (data, alg) => hashBytes(alg as SdAlg, typeof data === 'string' ? utf8(data) : new Uint8Array(data)),
			verifier: (data, signature) => verifyWith(data, signature, all.issuer),
			kbVerifier: (data, signature) => verifyWith(data, signature, all.holder),
		});
		const raw = await all.issue();
		for (const disclose of ['all', [], [['given_name'], ['nationalities', 1]], [['address', 'country']]] as const) {
			const presentation = await all.present(raw, { disclose });
			const ours = await all.verify(presentation);
			const theirs = await library.verify(presentation, { keyBindingNonce: NONCE, currentDate: NOW });
			expect(ours.document).toEqual(theirs.payload);
			expect(ours.report.result).toBe('passed');
		}
	});

	it('reads a did:key of each kind', async () => {
		// Test vectors of the did:key method specification.
		expect(keyInDid('did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK')).toMatchObject({ crv: 'Ed25519' });
		expect(keyInDid('did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme')).toMatchObject({ crv: 'secp256k1' });
		expect(keyInDid('did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169')).toMatchObject({ crv: 'P-256' });
		for (const bad of ['did:key:z', 'did:key:z0OIl', 'did:key:x6Mk', 'did:jwk:e30', 'did:jwk:!!', 'did:web:example.com', '', `did:key:z${'1'.repeat(2_000)}`])
			expect(keyInDid(bad)).toBeUndefined();
	});

	it('keeps the id of a batch out unless it is given', async () => {
		expect(formatOf('dc+sd-jwt').parse(await all.issue()).id).toBeUndefined();
		expect(parse(await all.issue({ id: 'urn:1', typeMetadata: { integrity: 'sha256-abc' } }))).toMatchObject({ id: 'urn:1', typeIntegrity: 'sha256-abc' });
		expect(parse(await all.issue({ disclosable: [] })).claims).toEqual(CLAIMS);
	});
});

const verifyWith = (data: string, signature: string, signer: Signer): boolean => {
	const bytes = Uint8Array.from(atob(signature.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
	return verifySignature({ header: {}, payload: {}, signingInput: data, signature: bytes }, signer.alg, signer.publicJwk);
};
