import { base64urlEncode, generateKeyPair, hexEncode, type Jwk, type KeyType, publicKeyToJwk, uncompressedPublicKey, utf8 } from '@holdfast/crypto';
import { HoldfastError, type Random, systemRandom } from '@holdfast/kernel';
import { base58 } from '@scure/base';
import { getDidKeyResolver } from '@veramo/did-provider-key';
import type { VerificationMethod } from 'did-resolver';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { didJwkDocument, didJwkFor, didKeyDocument, didKeyFor } from './did-key.ts';
import { didPeerDocument, didPeerFor } from './did-peer.ts';
import { didWebFile, didWebFor, didWebLocation, didWebUrl } from './did-web.ts';
import { checkDocument, methodsFor, parseDid, parseDidUrl } from './document.ts';
import { decodeMultikey, encodeMultikey } from './multikey.ts';
import { keyBranch } from './paths.ts';
import { verificationMethodJwk } from './verification-key.ts';

const TYPES: readonly KeyType[] = ['Ed25519', 'Secp256k1', 'Secp256r1', 'X25519'];

const keys = fc.tuple(fc.constantFrom(...TYPES), fc.uint8Array({ minLength: 32, maxLength: 32 })).map(([type, seed]) => {
	let draw = 0;
	const random: Random = { bytes: () => Uint8Array.from(seed, (byte, index) => (index === 0 ? (byte & 0x7f) | 1 : byte) ^ (draw++ > 64 ? 1 : 0)) };
	return { type, publicKey: generateKeyPair(type, random).publicKey };
});

/** Whatever the text is, the outcome is a value or an error with a code that does not repeat the text. */
function neverCrashes(work: (text: string) => unknown): void {
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('z', '1', ':', '%', '#', '.', 'a', '/', '?', '-') })), (text) => {
			try {
				work(text);
			} catch (error) {
				expect(error).toBeInstanceOf(HoldfastError);
				if (text.length > 12) expect(JSON.stringify((error as HoldfastError).toInfo())).not.toContain(text);
			}
		}),
	);
}

describe('Multikey', () => {
	test('round-trips', () => {
		fc.assert(
			fc.property(keys, ({ type, publicKey }) => {
				expect(decodeMultikey(encodeMultikey(type, publicKey))).toEqual({ type, publicKey });
			}),
		);
	});

	test('refuses other lengths', () => {
		for (const length of [0, 31, 33, 64])
			expect(() => encodeMultikey('Ed25519', new Uint8Array(length))).toThrowError(expect.objectContaining({ code: 'did/invalid' }));
		const long = `z${base58.encode(Uint8Array.of(0xed, 0x01, ...new Uint8Array(33)))}`;
		expect(() => decodeMultikey(long)).toThrowError(expect.objectContaining({ code: 'did/invalid' }));
	});

	test('never crashes', () => {
		neverCrashes(decodeMultikey);
		neverCrashes((text) => decodeMultikey(`z${text}`));
	});
});

describe('did:key', () => {
	// https://w3c-ccg.github.io/did-key-spec/ and the did-key test vectors of the W3C CCG.
	test.each([
		['did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', 'Ed25519'],
		['did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169', 'P-256'],
		['did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme', 'secp256k1'],
		['did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc', 'X25519'],
	])('%s is a key on %s', (did, crv) => {
		const document = didKeyDocument(did, did.slice(8));
		const [method] = document.verificationMethod ?? [];
		expect(method?.publicKeyJwk?.crv).toBe(crv);
		expect(method?.id).toBe(`${did}#${did.slice(8)}`);
		expect(methodsFor(document, 'assertionMethod')).toHaveLength(crv === 'X25519' ? 0 : 1);
		expect(methodsFor(document, 'keyAgreement')).toHaveLength(crv === 'X25519' ? 1 : 0);
	});

	test('round-trips every key', () => {
		fc.assert(
			fc.property(keys, ({ type, publicKey }) => {
				const did = didKeyFor(type, publicKey);
				expect(parseDid(did)).toMatchObject({ method: 'key' });
				const document = checkDocument(did, didKeyDocument(did, did.slice(8)));
				expect(verificationMethodJwk(document.verificationMethod?.[0] as VerificationMethod)).toEqual(publicKeyToJwk(type, publicKey));
			}),
		);
	});

	test('Veramo’s resolver finds the same key', async () => {
		for (const type of ['Ed25519', 'Secp256k1', 'Secp256r1'] as const) {
			// Its JWKs lose leading zeros of EC coordinates: take keys without any.
			const { publicKey } = fullLengthKey(type);
			const did = didKeyFor(type, publicKey);
			const resolver = getDidKeyResolver().key;
			const { didDocument } = await resolver(
				did,
				{ did, didUrl: did, method: 'key', id: did.slice(8) },
				{ resolve: () => Promise.reject(new Error('unused')) },
				{},
			);
			expect(verificationMethodJwk(didDocument?.verificationMethod?.[0] as VerificationMethod)).toEqual(publicKeyToJwk(type, publicKey));
		}
	});

	test('never crashes', () => neverCrashes((text) => didKeyDocument(`did:key:${text}`, text)));
});

describe('did:jwk', () => {
	// https://github.com/quartzjer/did-jwk/blob/main/spec.md, the two examples.
	const p256 =
		'did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9';
	const x25519 = 'did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJYMjU1MTkiLCJ1c2UiOiJlbmMiLCJ4IjoiM3A3YmZYdDl3YlRUVzJIQzdPUTFOei1EUThoYmVHZE5yZngtRkctSUswOCJ9';

	test('the specification’s examples', () => {
		const document = didJwkDocument(p256, p256.slice(8));
		expect(document.verificationMethod).toMatchObject([{ id: `${p256}#0`, publicKeyJwk: { crv: 'P-256', x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0' } }]);
		expect(document.assertionMethod).toEqual([`${p256}#0`]);
		const agreement = didJwkDocument(x25519, x25519.slice(8));
		expect(agreement.assertionMethod).toBeUndefined();
		expect(agreement.keyAgreement).toEqual([`${x25519}#0`]);
	});

	test('round-trips every key, and the document has the DID that was asked for', () => {
		fc.assert(
			fc.property(keys, ({ type, publicKey }) => {
				const did = didJwkFor(type, publicKey);
				const document = checkDocument(did, didJwkDocument(did, did.slice(8)));
				expect(verificationMethodJwk(document.verificationMethod?.[0] as VerificationMethod)).toEqual(publicKeyToJwk(type, publicKey));
			}),
		);
	});

	test('white space in the JWK makes another DID of the same key', () => {
		const jwk = publicKeyToJwk('Ed25519', generateKeyPair('Ed25519', systemRandom).publicKey);
		const id = base64urlEncode(utf8(JSON.stringify(jwk, null, 2)));
		expect(didJwkDocument(`did:jwk:${id}`, id).id).toBe(`did:jwk:${id}`);
	});

	test('a private key in a did:jwk is refused', () => {
		const jwk = { ...publicKeyToJwk('Ed25519', generateKeyPair('Ed25519', systemRandom).publicKey), d: 'x' };
		const id = base64urlEncode(utf8(JSON.stringify(jwk)));
		expect(() => didJwkDocument(`did:jwk:${id}`, id)).toThrowError(expect.objectContaining({ code: 'did/invalid' }));
	});

	test('never crashes', () => {
		neverCrashes((text) => didJwkDocument(`did:jwk:${text}`, text));
		neverCrashes((text) => didJwkDocument('did:jwk:x', base64urlEncode(utf8(text))));
	});
});

describe('did:peer', () => {
	// https://identity.foundation/peer-did-method-spec/, the examples of variants 0 and 2.
	const variant0 = 'did:peer:0z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH';
	const variant2 =
		'did:peer:2.Ez6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc.Vz6MkqRYqQiSgvZQdnBytw86Qbs2ZWUkGv22od935YF4s8M7V.Vz6MkgoLTnTypo3tDRCvkRwFXQDmTcR6ueRPZJ2DpgDSyQbS2.SeyJ0IjoiZG0iLCJzIjp7InVyaSI6Imh0dHBzOi8vZXhhbXBsZS5jb20vZW5kcG9pbnQiLCJyIjpbImRpZDpleGFtcGxlOnMiXSwiYSI6WyJkaWRjb21tL3YyIl19fQ';

	test('variant 0', () => {
		const document = checkDocument(variant0, didPeerDocument(variant0, variant0.slice(9)));
		expect(document.verificationMethod?.[0]?.id).toBe(`${variant0}#6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH`);
		expect(methodsFor(document, 'authentication')).toHaveLength(1);
	});

	test('variant 2: keys for their purposes, counted in order, and a service', () => {
		const document = checkDocument(variant2, didPeerDocument(variant2, variant2.slice(9)));
		expect(document.keyAgreement).toEqual([`${variant2}#key-1`]);
		expect(document.authentication).toEqual([`${variant2}#key-2`, `${variant2}#key-3`]);
		expect(document.assertionMethod).toBeUndefined();
		expect(document.service).toEqual([
			{
				id: `${variant2}#service`,
				type: 'DIDCommMessaging',
				serviceEndpoint: { uri: 'https://example.com/endpoint', routingKeys: ['did:example:s'], accept: ['didcomm/v2'] },
			},
		]);
	});

	test('what is made is found again', () => {
		const signing = { type: 'Ed25519', publicKey: generateKeyPair('Ed25519', systemRandom).publicKey } as const;
		const agreement = { type: 'X25519', publicKey: generateKeyPair('X25519', systemRandom).publicKey } as const;
		const did = didPeerFor(signing, agreement);
		const document = checkDocument(did, didPeerDocument(did, parseDid(did).id));
		for (const [relationship, key] of [
			['authentication', signing],
			['assertionMethod', signing],
			['keyAgreement', agreement],
		] as const) {
			expect(methodsFor(document, relationship).map(verificationMethodJwk)).toEqual([publicKeyToJwk(key.type, key.publicKey)]);
		}
	});

	test.each(['', '2', '2.', '2.X', '2.Vabc', '2.Sabc', '2.Se30', '0', '0abc', `2${'.Vz6MkqRYqQiSgvZQdnBytw86Qbs2ZWUkGv22od935YF4s8M7V'.repeat(33)}`])(
		'%.40j is refused',
		(id) => {
			expect(() => didPeerDocument(`did:peer:${id}`, id)).toThrowError(expect.objectContaining({ code: 'did/invalid' }));
		},
	);

	test('variants that are not supported say so', () => {
		for (const id of ['1zQmabc', '3zQmabc', '4zQmabc']) {
			expect(() => didPeerDocument(`did:peer:${id}`, id)).toThrowError(expect.objectContaining({ code: 'did/unsupported-method' }));
		}
	});

	test('never crashes', () => {
		neverCrashes((text) => didPeerDocument(`did:peer:${text}`, text));
		neverCrashes((text) => didPeerDocument('did:peer:x', `2.S${base64urlEncode(utf8(text))}`));
	});
});

describe('did:web', () => {
	// did:web specification §3.2.
	test.each([
		['did:web:w3c-ccg.github.io', 'https://w3c-ccg.github.io/.well-known/did.json'],
		['did:web:w3c-ccg.github.io:user:alice', 'https://w3c-ccg.github.io/user/alice/did.json'],
		['did:web:example.com%3A3000:user:alice', 'https://example.com:3000/user/alice/did.json'],
		['did:web:localhost%3A3000', 'http://localhost:3000/.well-known/did.json'],
		['did:web:localhost.example.com', 'https://localhost.example.com/.well-known/did.json'],
	])('%s is at %s', (did, url) => {
		expect(didWebUrl(didWebLocation(parseDid(did).id))).toBe(url);
	});

	test('what is made is found again, below the domain and nowhere else', () => {
		const label = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/);
		const domains = fc
			.tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.option(fc.integer({ min: 1, max: 65535 })))
			.map(([labels, port]) => labels.join('.') + (port === null ? '' : `:${port}`));
		fc.assert(
			fc.property(domains, fc.array(fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,12}$/), { maxLength: 4 }), (domain, segments) => {
				const did = didWebFor(domain, segments.join('/'));
				const location = didWebLocation(parseDid(did).id);
				expect(location).toEqual({ host: domain, segments });
				const url = new URL(didWebUrl(location));
				expect([url.host, url.pathname]).toEqual([new URL(`${url.protocol}//${domain}`).host, `/${didWebFile(location).join('/')}`]);
				expect(didWebFile(location)).not.toContain('..');
			}),
		);
	});

	test('never crashes, and never leaves the host', () => {
		neverCrashes((text) => {
			const location = didWebLocation(text);
			const url = new URL(didWebUrl(location));
			expect(url.username + url.password + url.search + url.hash).toBe('');
			expect(url.pathname.endsWith('/did.json')).toBe(true);
			expect(url.pathname.split('/')).toHaveLength(didWebFile(location).length + 1);
		});
	});
});

describe('verification methods', () => {
	const base = (type: string) => ({ id: 'did:example:1#a', type, controller: 'did:example:1' });

	test('every form of a key gives the same JWK', () => {
		fc.assert(
			fc.property(keys, ({ type, publicKey }) => {
				const jwk = publicKeyToJwk(type, publicKey);
				const suite = {
					Ed25519: 'Ed25519VerificationKey2018',
					Secp256k1: 'EcdsaSecp256k1VerificationKey2019',
					Secp256r1: 'EcdsaSecp256r1VerificationKey2019',
					X25519: 'X25519KeyAgreementKey2019',
				}[type];
				const ec = type === 'Secp256k1' || type === 'Secp256r1';
				const uncompressed = ec ? uncompressedPublicKey(type, publicKey) : publicKey;
				const forms: VerificationMethod[] = [
					{ ...base('JsonWebKey'), publicKeyJwk: { ...jwk } },
					{ ...base('JsonWebKey2020'), publicKeyJwk: { ...jwk, kid: 'x', use: 'sig', alg: 'x' } },
					{ ...base('Multikey'), publicKeyMultibase: encodeMultikey(type, publicKey) },
					{ ...base(suite), publicKeyMultibase: encodeMultikey(type, publicKey) },
					{ ...base(suite), publicKeyMultibase: `z${base58.encode(publicKey)}` },
					{ ...base(suite), publicKeyMultibase: `u${base64urlEncode(publicKey)}` },
					{ ...base(suite), publicKeyBase58: base58.encode(publicKey) },
					{ ...base(suite), publicKeyBase58: base58.encode(uncompressed) },
					{ ...base(suite), publicKeyHex: hexEncode(publicKey) },
					{ ...base(suite), publicKeyHex: `0x${hexEncode(uncompressed).toUpperCase()}` },
					{ ...base(suite), publicKeyBase64: Buffer.from(publicKey).toString('base64') },
					{ ...base(suite), publicKeyHex: hexEncode(publicKey), publicKeyJwk: { ...jwk } },
				];
				for (const form of forms) expect(verificationMethodJwk(form)).toEqual(jwk);
			}),
		);
	});

	const jwk = publicKeyToJwk('Ed25519', generateKeyPair('Ed25519', systemRandom).publicKey);
	const other = generateKeyPair('Ed25519', systemRandom).publicKey;
	test.each<[string, VerificationMethod, string]>([
		['an account address', { ...base('EcdsaSecp256k1RecoveryMethod2020'), blockchainAccountId: 'eip155:1:0x00' }, 'did/unsupported-key'],
		['no key', base('JsonWebKey'), 'did/unsupported-key'],
		['an unknown suite', { ...base('Bls12381G2Key2020'), publicKeyBase58: '2' }, 'did/unsupported-key'],
		['an unknown curve', { ...base('JsonWebKey'), publicKeyJwk: { kty: 'EC', crv: 'P-521', x: 'x', y: 'y' } }, 'did/unsupported-key'],
		['RSA', { ...base('JsonWebKey'), publicKeyJwk: { kty: 'RSA', n: 'x', e: 'AQAB' } }, 'did/unsupported-key'],
		['a point off the curve', { ...base('JsonWebKey'), publicKeyJwk: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } }, 'did/invalid'],
		['a private key', { ...base('JsonWebKey'), publicKeyJwk: { ...jwk, d: 'x' } }, 'did/invalid'],
		['two different keys', { ...base('Ed25519VerificationKey2020'), publicKeyJwk: { ...jwk }, publicKeyHex: hexEncode(other) }, 'did/invalid'],
		['a wrong length', { ...base('Ed25519VerificationKey2018'), publicKeyHex: 'aa' }, 'did/invalid'],
		['odd hexadecimal', { ...base('Ed25519VerificationKey2018'), publicKeyHex: 'abc' }, 'did/invalid'],
		['broken base64', { ...base('Ed25519VerificationKey2018'), publicKeyBase64: '*' }, 'did/invalid'],
		['an unknown multibase', { ...base('Multikey'), publicKeyMultibase: 'f00' }, 'did/invalid'],
		['a raw key without a suite', { ...base('Multikey'), publicKeyMultibase: `z${base58.encode(other)}` }, 'did/unsupported-key'],
	])('%s is a coded refusal', (_name, method, code) => {
		expect(() => verificationMethodJwk(method)).toThrowError(expect.objectContaining({ code }));
	});
});

describe('documents', () => {
	test('relative ids become absolute, embedded methods stay', () => {
		const did = 'did:example:1';
		const document = checkDocument(did, {
			id: did,
			extra: { kept: true },
			verificationMethod: [{ id: '#a', type: 'T', controller: did }],
			assertionMethod: ['#a', { id: '#b', type: 'T', controller: did }, '#missing', 'did:example:2#a'],
		});
		expect(document).toMatchObject({ extra: { kept: true } });
		expect(methodsFor(document, 'assertionMethod').map(({ id }) => id)).toEqual([`${did}#a`, `${did}#b`]);
	});

	test('whatever JSON arrives, the outcome is a document of the DID or a coded error', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.jsonValue(),
					fc.record({ id: fc.constant('did:example:1'), verificationMethod: fc.jsonValue(), assertionMethod: fc.jsonValue() }, { requiredKeys: ['id'] }),
				),
				(value) => {
					try {
						const document = checkDocument('did:example:1', value);
						expect(document.id).toBe('did:example:1');
						methodsFor(document, 'assertionMethod');
					} catch (error) {
						expect(error).toMatchObject({ code: 'did/invalid' });
					}
				},
			),
		);
	});

	test('DIDs and DID URLs', () => {
		expect(parseDidUrl('did:example:a:b%20c#key-1')).toMatchObject({ did: 'did:example:a:b%20c', method: 'example', fragment: 'key-1' });
		expect(parseDidUrl('did:example:a').fragment).toBeUndefined();
		for (const text of [
			'did:example:',
			'did:EXAMPLE:a',
			'did::a',
			'did:example:a:',
			'did:example:a%2',
			'did:example:a#',
			'did:example:a#b#c',
			'did:example:a/b',
			' did:example:a',
			'did:example:a\n',
		]) {
			expect(() => parseDidUrl(text), text).toThrowError(expect.objectContaining({ code: 'did/invalid' }));
		}
		neverCrashes(parseDidUrl);
		neverCrashes((text) => parseDidUrl(`did:example:${text}`));
	});
});

describe('derivation paths', () => {
	test('are valid, in the context’s own account, and tell nothing about the context', () => {
		fc.assert(
			fc.property(fc.constantFrom(...TYPES), fc.string(), fc.nat(2 ** 31 - 1), (type, context, index) => {
				const branch = keyBranch(type, context);
				const path = branch.path(index);
				expect(path).toMatch(/^m(\/\d+'?)+$/);
				expect(path.startsWith(branch.scope)).toBe(true);
				for (const part of path.split('/').slice(1)) expect(Number.parseInt(part, 10)).toBeLessThan(2 ** 31);
				expect(path.split('/')[type === 'Secp256k1' ? 3 : 3] === "0'").toBe(context === '');
			}),
		);
	});
});

function fullLengthKey(type: KeyType): { publicKey: Uint8Array } {
	for (;;) {
		const { publicKey } = generateKeyPair(type, systemRandom);
		const { x, y }: Jwk = publicKeyToJwk(type, publicKey);
		if (![x, y].some((each) => each !== undefined && /^A[A-D]?/.test(each))) return { publicKey };
	}
}
