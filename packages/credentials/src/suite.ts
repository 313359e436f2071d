import { base64urlEncode, utf8 } from '@holdfast/crypto';
import { findCheck, firstFailure, walkReport } from '@holdfast/kernel';
import { describe, expect, it } from 'vitest';
import { AUDIENCE, CLAIMS, clock, failures, forge, holderDid, ISSUER, io, NONCE, NOW, newSigner, nodeOf, parties, signAnything, takeApart } from './fixture.ts';
import { digestText } from './hash.ts';
import { builtinTypes, CredentialError, type CredentialFormatId, detectFormat, formatOf, issue, parse, trustList } from './index.ts';

/** What every credential format must do, whatever it looks like inside. Each format runs this with itself. */
export function credentialFormatSuite(format: CredentialFormatId): void {
	const all = parties(format);
	/** The issuer-signed JWT of a credential, and the credential around a changed one. */
	const signedPart = (raw: string): string => raw.split('~', 1)[0] ?? '';
	const withSigned = (raw: string, compact: string): string => [compact, ...raw.split('~').slice(1)].join('~');
	/** A presentation of a credential that an issuer signed as given. */
	const presentForged = async (change: {
		header?: Record<string, unknown>;
		payload?: Record<string, unknown>;
		signer?: typeof all.issuer;
	}): Promise<string> => {
		const raw = await all.issue();
		const { header, payload } = takeApart(signedPart(raw));
		const compact = await signAnything({ ...header, ...(change.header as object) }, { ...payload, ...(change.payload as object) }, change.signer ?? all.issuer);
		return presentRaw(withSigned(raw, compact));
	};
	/** Presents without the checks that a wallet makes first. */
	const presentRaw = async (raw: string, change: { header?: object; payload?: object; signer?: typeof all.holder } = {}): Promise<string> => {
		const good = await all.present(await all.issue());
		const proof = takeApart(format === 'dc+sd-jwt' ? (good.split('~').at(-1) ?? '') : good);
		const payload = {
			...proof.payload,
			...(format === 'dc+sd-jwt' ? { sd_hash: digestText('sha-256', raw) } : { vp: { ...(proof.payload.vp as object), verifiableCredential: [raw] } }),
			...change.payload,
		};
		const compact = await signAnything({ ...proof.header, ...change.header }, payload, change.signer ?? all.holder);
		return format === 'dc+sd-jwt' ? raw + compact : compact;
	};

	describe(`${format}: the good case`, () => {
		it('issues, reads, presents and verifies', async () => {
			const raw = await all.issue();
			expect(detectFormat(raw)).toBe(format);
			const parsed = parse(raw);
			expect(parsed).toMatchObject({
				format,
				issuer: ISSUER,
				type: 'urn:example:membership',
				claims: CLAIMS,
				issuedAt: NOW - 1_000,
				validUntil: NOW + 100_000,
			});
			expect(parsed.holder?.jwk).toEqual(expect.objectContaining({ x: all.holder.publicJwk.x }));
			const verification = await all.verify(await all.present(raw));
			expect(failures(verification.report)).toEqual([]);
			expect(verification.report.result).toBe('passed');
			expect(verification.claims).toEqual(CLAIMS);
		});

		it.each([
			['Ed25519', 'Secp256k1'],
			['Secp256k1', 'Ed25519'],
			['Secp256r1', 'Secp256r1'],
		] as const)('signs with %s and binds to %s', async (issuerType, holderType) => {
			const others = parties(format, issuerType, holderType);
			const verification = await others.verify(await others.present(await others.issue()));
			expect(verification.report.result).toBe('passed');
		});

		it.each(builtinTypes.map((type) => [type.id, type] as const))('carries the built-in type %s', async (_id, type) => {
			const raw = await all.issue({ type: format === 'dc+sd-jwt' ? type.vct : type.type, claims: type.example, disclosable: type.disclosable });
			const verification = await all.verify(await all.present(raw), { schema: type.schema });
			expect(verification.report.result).toBe('passed');
			expect(verification.claims).toEqual(type.example);
		});

		it('gives every node a reason, and every node that is not passed a code', async () => {
			const reports = [await all.verify(await all.present(await all.issue())), await all.verify('rubbish')];
			for (const { report } of reports) {
				for (const node of walkReport(report)) {
					expect(node.reason, node.check).toMatch(/\S.*\./);
					if (node.result !== 'passed') expect(node.code, node.check).toMatch(/^credential\//);
				}
			}
		});

		it('verifies a credential that was just received, without a proof of its holder', async () => {
			const raw = await all.issue();
			const good = await all.verify('', {
				presentation: undefined as never,
				credential: raw,
				expected: { requireHolderBinding: false, boundTo: all.holder.publicJwk },
			});
			expect(good.report.result).toBe('passed');
			const stranger = await all.verify('', {
				presentation: undefined as never,
				credential: raw,
				expected: { requireHolderBinding: false, boundTo: newSigner().publicJwk },
			});
			expect(failures(stranger.report)).toEqual(['holder-binding/bound-to credential/wrong-holder']);
		});

		it('reads dates that end a validity in both directions of the clock', async () => {
			const raw = await all.issue({ validFrom: NOW - 10, validUntil: NOW + 10 });
			expect(parse(raw)).toMatchObject({ validFrom: NOW - 10, validUntil: NOW + 10 });
		});
	});

	describe(`${format}: refusals, one per check`, () => {
		const expectOnly = async (presentation: string, failure: string, change?: Parameters<typeof all.verify>[1]): Promise<void> => {
			const verification = await all.verify(presentation, change);
			expect(failures(verification.report)).toEqual([failure]);
			expect(verification.report.result).toBe('failed');
			expect(verification.report.code).toBe(failure.split(' ')[1]);
		};

		it('a tampered payload', async () => {
			const raw = await all.issue();
			const compact = forge(signedPart(raw), { payload: { ...takeApart(signedPart(raw)).payload, exp: NOW + 999_999 } });
			const verification = await all.verify(await presentRaw(withSigned(raw, compact)));
			expect(failures(verification.report)).toEqual(['signature credential/tampered']);
			expect(verification.claims).toEqual({});
		});

		it('a tampered signature', async () => {
			const raw = await all.issue();
			const other = takeApart(signedPart(await all.issue({ issuedAt: NOW - 999 }))).signature;
			await expectOnly(await presentRaw(withSigned(raw, forge(signedPart(raw), { signature: other }))), 'signature credential/tampered');
		});

		it('an issuer that signed with another key', async () => {
			await expectOnly(await presentForged({ signer: newSigner() }), 'signature credential/tampered');
		});

		it('an expired credential, and says since when', async () => {
			const raw = await all.issue({ issuedAt: NOW - 200_000, validUntil: NOW - 100_000 });
			const verification = await all.verify(await all.present(raw));
			expect(failures(verification.report)).toEqual(['time/expiry credential/expired']);
			expect(firstFailure(verification.report)?.reason).toBe('The credential expired on 27 May 2026.');
			expect(verification.claims).toEqual(CLAIMS);
		});

		it('a credential that is not valid yet', async () => {
			await expectOnly(await all.present(await all.issue({ validFrom: NOW + 50_000 })), 'time/not-before credential/not-yet-valid');
		});

		it('a credential that was issued in the future', async () => {
			await expectOnly(await all.present(await all.issue({ issuedAt: NOW + 500, validFrom: NOW - 5 })), 'time/issued credential/not-yet-valid');
		});

		it('a time that is no time', async () => {
			await expectOnly(await presentForged({ payload: { exp: 1e300 } }), 'time/expiry credential/malformed');
		});

		it('the exact second of expiry, and not the one before, with no skew', async () => {
			const presentation = await all.present(await all.issue({ validUntil: NOW }));
			await expectOnly(presentation, 'time/expiry credential/expired', { expected: { clockSkewSec: 0 } });
			const earlier = await all.verify(presentation, { expected: { clockSkewSec: 0, now: { now: () => (NOW - 1) * 1000 } } });
			expect(nodeOf(earlier.report, 'time').result).toBe('passed');
		});

		it('an issuer that is not on the list', async () => {
			await expectOnly(await all.present(await all.issue()), 'issuer-trust credential/unknown-issuer', { trust: trustList([], 'failed') });
			const lenient = await all.verify(await all.present(await all.issue()), { trust: trustList([], 'warning') });
			expect(lenient.report.result).toBe('warning');
			const known = await all.verify(await all.present(await all.issue()), { trust: trustList([{ issuer: ISSUER, name: 'Town hall' }], 'failed') });
			expect(known).toMatchObject({ issuerName: 'Town hall', report: { result: 'passed' } });
		});

		it('an issuer whose key is not found', async () => {
			const verification = await all.verify(await all.present(await all.issue()), {
				keys: {
					resolve: async () => {
						throw new CredentialError('credential/issuer-key-not-found', 'The issuer publishes no such key.');
					},
				},
			});
			expect(failures(verification.report)).toEqual(['issuer-key credential/issuer-key-not-found']);
			expect(findCheck(verification.report, 'signature')?.result).toBe('skipped');
			expect(findCheck(verification.report, 'holder-binding')?.result).toBe('passed');
			expect(verification.claims).toEqual({});
		});

		it('an issuer who points to a key of somebody else', async () => {
			const thief = newSigner();
			const thiefDid = holderDid(thief);
			const followsKid = { resolve: async () => ({ jwk: thief.publicJwk, how: 'followed kid' }) };
			await expectOnly(await presentForged({ header: { kid: `${thiefDid}#0` }, signer: thief }), 'issuer-key credential/issuer-key-not-found', {
				keys: followsKid,
			});
			await expectOnly(await presentForged({ payload: { iss: 'did:web:town.example' }, signer: thief }), 'issuer-key credential/issuer-key-not-found', {
				keys: { resolve: async () => ({ jwk: thief.publicJwk, how: 'wrong document', did: thiefDid }) },
			});
		});

		it('alg none', async () => {
			const raw = await all.issue();
			const compact = forge(signedPart(raw), { header: { ...takeApart(signedPart(raw)).header, alg: 'none' }, signature: '' });
			await expectOnly(await presentRaw(withSigned(raw, compact)), 'format/alg credential/unsupported-alg');
		});

		it('an algorithm that does not belong to the key', async () => {
			const raw = await all.issue();
			const compact = forge(signedPart(raw), { header: { ...takeApart(signedPart(raw)).header, alg: 'ES256K' } });
			await expectOnly(await presentRaw(withSigned(raw, compact)), 'signature credential/unsupported-alg');
		});

		it.each(['HS256', 'RS256', 'ES512', 'es256', 7])('the algorithm %s', async (alg) => {
			await expectOnly(await presentForged({ header: { alg } }), 'format/alg credential/unsupported-alg');
		});

		it('a critical extension', async () => {
			await expectOnly(await presentForged({ header: { crit: ['exp'] } }), 'format/crit credential/unsupported-critical');
		});

		it('a token of another kind', async () => {
			await expectOnly(await presentForged({ header: { typ: 'openid4vci-proof+jwt' } }), 'format/typ credential/wrong-typ');
		});

		it('a proof of another kind', async () => {
			await expectOnly(await presentRaw(await all.issue(), { header: { typ: 'openid4vci-proof+jwt' } }), 'holder-binding/typ credential/wrong-typ');
		});

		it('a proof with a critical extension', async () => {
			await expectOnly(await presentRaw(await all.issue(), { header: { crit: ['x'] } }), 'holder-binding/crit credential/unsupported-critical');
		});

		it('a proof without signature', async () => {
			await expectOnly(await presentRaw(await all.issue(), { header: { alg: 'none' } }), 'holder-binding/alg credential/unsupported-alg');
		});

		it('a missing proof', async () => {
			await expectOnly(await all.issue(), 'holder-binding/present credential/missing-holder-binding');
		});

		it('another nonce', async () => {
			await expectOnly(await all.present(await all.issue(), { nonce: 'other' }), 'holder-binding/nonce credential/wrong-nonce');
		});

		it('another audience', async () => {
			await expectOnly(await all.present(await all.issue(), { audience: 'x509_san_dns:thief.example' }), 'holder-binding/audience credential/wrong-audience');
		});

		it('an old proof', async () => {
			await expectOnly(await all.present(await all.issue(), { issuedAt: NOW - 3_600 }), 'holder-binding/freshness credential/stale-proof');
		});

		it('a proof from the future', async () => {
			await expectOnly(await all.present(await all.issue(), { issuedAt: NOW + 3_600 }), 'holder-binding/freshness credential/stale-proof');
		});

		it('a proof that has expired', async () => {
			await expectOnly(await presentRaw(await all.issue(), { payload: { exp: NOW - 100 } }), 'holder-binding/freshness credential/stale-proof');
		});

		it('a proof by another key', async () => {
			await expectOnly(await presentRaw(await all.issue(), { signer: newSigner() }), 'holder-binding/possession credential/wrong-holder');
		});

		it('a schema that the claims violate', async () => {
			const schema = { type: 'object', properties: { member: { type: 'string' } } };
			await expectOnly(await all.present(await all.issue()), 'schema credential/schema', { schema });
		});

		it('a schema that refers to another document', async () => {
			await expectOnly(await all.present(await all.issue()), 'schema credential/bad-schema', { schema: { $ref: 'https://example.com/schema.json' } });
		});

		it('a requested claim that is not there', async () => {
			await expectOnly(await all.present(await all.issue()), 'requested credential/missing-claim', { requested: [['given_name'], ['email']] });
			const there = await all.verify(await all.present(await all.issue()), { requested: [['given_name'], ['nationalities', null], ['address', 'country']] });
			expect(nodeOf(there.report, 'requested').result).toBe('passed');
		});

		it('a type that was not asked for', async () => {
			await expectOnly(await all.present(await all.issue()), 'type credential/wrong-type', { expected: { types: ['urn:example:other'] } });
		});

		it('transaction data that the holder did not confirm', async () => {
			const presentation = await all.present(await all.issue(), { transactionDataHashes: ['fOBUSQvo46yQO-wRwXBcGqvnbKIueISEL961_Sjd4do'] });
			await expectOnly(presentation, 'holder-binding/transaction-data credential/transaction-data-mismatch', { expected: { transactionDataHashes: ['AAAA'] } });
			const good = await all.verify(presentation, { expected: { transactionDataHashes: ['fOBUSQvo46yQO-wRwXBcGqvnbKIueISEL961_Sjd4do'] } });
			expect(good.report.result).toBe('passed');
		});

		it('several failures are all told', async () => {
			const raw = await all.issue({ issuedAt: NOW - 200_000, validUntil: NOW - 100_000 });
			const verification = await all.verify(await all.present(raw, { nonce: 'other', audience: 'other' }), { trust: trustList([], 'failed') });
			expect(failures(verification.report)).toEqual([
				'issuer-trust credential/unknown-issuer',
				'time/expiry credential/expired',
				'holder-binding/nonce credential/wrong-nonce',
				'holder-binding/audience credential/wrong-audience',
			]);
		});

		it('input that is too large, too deep, or nothing', async () => {
			const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
			const { header } = takeApart(signedPart(await all.issue()));
			const wrap = async (payload: string): Promise<string> => {
				const compact = await signAnything(header, {}, all.issuer);
				const [head, , signature] = compact.split('.');
				return `${head}.${base64urlEncode(utf8(payload))}.${signature}${format === 'dc+sd-jwt' ? '~' : ''}`;
			};
			for (const input of [
				'',
				'~',
				'..',
				'...',
				'a.b.c',
				'a.b.c~',
				'x'.repeat(2_000_000),
				await wrap(deep),
				await wrap(`{"a":${deep}}`),
				await wrap('{"__proto__":{}}'),
				await wrap('[]'),
				await wrap('null'),
			]) {
				const { report } = await all.verify(input);
				expect(report.result).toBe('failed');
				expect(nodeOf(report, 'format').code).toMatch(/^credential\/(malformed|too-large)$/);
				expect(() => parse(input)).toThrow(CredentialError);
			}
		});
	});

	describe(`${format}: what the holder and the issuer are kept from`, () => {
		it('presenting somebody else’s credential', async () => {
			const raw = await all.issue();
			await expect(all.present(raw, { holder: newSigner() })).rejects.toMatchObject({ code: 'credential/wrong-holder' });
		});

		it('disclosing a claim that is not there', async () => {
			await expect(all.present(await all.issue(), { disclose: [['email']] })).rejects.toMatchObject({ code: 'credential/no-such-claim' });
			await expect(all.present(await all.issue(), { disclose: [['constructor']] })).rejects.toMatchObject({ code: 'credential/no-such-claim' });
		});

		it.each([
			['a reserved claim', { claims: { iss: 'x' } }],
			['more than can be read back', { claims: { a: 'x'.repeat(1_000_000) } }],
			['a name that every object has', { claims: { a: { constructor: 1 } } }],
			['a reserved name below', { claims: { a: { _sd: [] } } }],
			['a reserved list element', { claims: { a: [{ '...': 'x' }] } }],
			['a time in milliseconds and a half', { issuedAt: 1.5 }],
			['an end before the beginning', { validUntil: NOW - 5_000 }],
			['no type', { type: '' }],
			['no issuer', { issuer: '' }],
		] as const)('issuing with %s', async (_name, change) => {
			await expect(all.issue(change)).rejects.toMatchObject({ code: 'credential/invalid-input' });
		});

		it('verifying a holder without a nonce of one’s own', async () => {
			await expect(
				formatOf(format).verify({
					presentation: await all.present(await all.issue()),
					format,
					keys: { resolve: async () => ({ jwk: all.issuer.publicJwk, how: '' }) },
					expected: { now: clock, requireHolderBinding: true },
				}),
			).rejects.toMatchObject({ code: 'credential/invalid-input' });
		});
	});

	it(`${format}: messages never hold what was read`, async () => {
		const canary = 'canary-value-of-a-person';
		const raw = await issue(
			{
				format,
				issuer: ISSUER,
				signer: all.issuer,
				type: 'urn:x',
				claims: { secret: canary },
				holder: { jwk: all.holder.publicJwk, did: holderDid(all.holder) },
				issuedAt: NOW,
			},
			io,
		);
		const { report } = await all.verify(raw, { expected: { nonce: NONCE, audience: AUDIENCE }, schema: { properties: { secret: { type: 'number' } } } });
		expect(JSON.stringify(report)).not.toContain(canary);
	});
}
