import type { JsonObject } from '@holdfast/kernel';
import { verifyCredential, verifyPresentation } from 'did-jwt-vc';
import type { DIDDocument } from 'did-resolver';
import { describe, expect, it } from 'vitest';
import { AUDIENCE, CLAIMS, failures, holderDid, ISSUER, NONCE, NOW, newSigner, nodeOf, parties, signAnything, takeApart } from './fixture.ts';
import { didJwk, parse, present, type VerifyInput } from './index.ts';

const all = parties('jwt_vc_json');
const did = holderDid(all.holder);

/** A VC JWT with any payload, really signed by the issuer. */
const craftedVc = (payload: JsonObject, vc: JsonObject = {}): Promise<string> =>
	signAnything(
		{ typ: 'JWT', alg: all.issuer.alg },
		{
			iss: ISSUER,
			sub: did,
			nbf: NOW - 10,
			vc: { '@context': ['https://www.w3.org/2018/credentials/v1'], type: ['VerifiableCredential', 'urn:x'], credentialSubject: { id: did, a: 1 }, ...vc },
			...payload,
		},
		all.issuer,
	);

/** A VP JWT with any payload, really signed by the holder. */
const craftedVp = (credentials: unknown, change: { payload?: object; vp?: object; header?: object; signer?: typeof all.holder } = {}): Promise<string> => {
	const signer = change.signer ?? all.holder;
	const payload = {
		iss: holderDid(signer),
		iat: NOW,
		nonce: NONCE,
		aud: AUDIENCE,
		vp: { '@context': ['https://www.w3.org/2018/credentials/v1'], type: ['VerifiablePresentation'], verifiableCredential: credentials, ...change.vp },
		...change.payload,
	};
	return signAnything({ typ: 'JWT', alg: signer.alg, ...change.header }, payload as JsonObject, signer);
};

async function expectOnly(presentation: string, failure: string, change?: Partial<Omit<VerifyInput, 'expected'>>): Promise<void> {
	expect(failures((await all.verify(presentation, change)).report)).toEqual([failure]);
}

describe('presentations as VP JWT', () => {
	it('accepts a crafted one, so that the refusals below have one reason each', async () => {
		const verification = await all.verify(await craftedVp([await craftedVc({})]));
		expect(verification).toMatchObject({ claims: { a: 1 }, report: { result: 'passed' }, holderDid: did });
		expect((await all.verify(await craftedVp(await craftedVc({})))).report.result).toBe('passed');
	});

	it('refuses a stolen credential in the thief’s own presentation', async () => {
		const stolen = await all.issue();
		await expectOnly(await craftedVp([stolen], { signer: newSigner() }), 'holder-binding/subject credential/wrong-holder');
		await expect(present({ raw: stolen, disclose: 'all', holder: newSigner(), nonce: NONCE, audience: AUDIENCE, issuedAt: NOW })).rejects.toMatchObject({
			code: 'credential/wrong-holder',
		});
	});

	it('refuses a thief who names the victim as presenter', async () => {
		const thief = newSigner();
		const stolen = await all.issue();
		await expectOnly(await craftedVp([stolen], { signer: thief, payload: { iss: did } }), 'holder-binding/possession credential/wrong-holder');
		await expectOnly(
			await craftedVp([stolen], { signer: thief, payload: { iss: did }, header: { kid: `${holderDid(thief)}#0` } }),
			'holder-binding/possession credential/wrong-holder',
		);
	});

	it('refuses several credentials, none, and one that is no text', async () => {
		const raw = await all.issue();
		expect(nodeOf((await all.verify(await craftedVp([raw, raw]))).report, 'format').code).toBe('credential/several-credentials');
		expect(nodeOf((await all.verify(await craftedVp([]))).report, 'format').code).toBe('credential/malformed');
		expect(nodeOf((await all.verify(await craftedVp([{ id: 'x' }]))).report, 'format').code).toBe('credential/malformed');
		expect(nodeOf((await all.verify(await craftedVp(raw, { payload: { vp: 'x' } }))).report, 'format').code).toBe('credential/malformed');
	});

	it('refuses a token that is no presentation', async () => {
		await expectOnly(await craftedVp([await all.issue()], { vp: { type: ['Other'] } }), 'holder-binding/structure credential/malformed');
	});

	it('refuses a presenter that is no DID, and a DID that nobody resolves', async () => {
		const raw = await craftedVc({ sub: 'https://example.com' }, { credentialSubject: { a: 1 } });
		const { report } = await all.verify(await craftedVp([raw], { payload: { iss: 'https://example.com' } }));
		expect(failures(report)).toEqual(['holder-binding/possession credential/wrong-holder']);
		const web = await craftedVc({ sub: 'did:web:holder.example' }, { credentialSubject: { a: 1 } });
		const presentation = await craftedVp([web], { payload: { iss: 'did:web:holder.example' }, header: { kid: 'did:web:holder.example#key-1' } });
		await expectOnly(presentation, 'holder-binding/possession credential/wrong-holder');
		const resolved = await all.verify(presentation, { holderKeys: { resolve: async () => ({ jwk: all.holder.publicJwk, how: 'did:web document' }) } });
		expect(resolved.report.result).toBe('passed');
	});

	it('takes a presentation for several audiences, and warns where its time is missing', async () => {
		const raw = await all.issue();
		expect((await all.verify(await craftedVp([raw], { payload: { aud: ['x', AUDIENCE] } }))).report.result).toBe('passed');
		const { report } = await all.verify(await craftedVp([raw], { payload: { iat: undefined } }));
		expect(report.result).toBe('warning');
		expect(nodeOf(report, 'holder-binding/freshness').code).toBe('credential/no-proof-time');
	});

	it('shows everything or nothing', async () => {
		const raw = await all.issue();
		await expect(all.present(raw, { disclose: [['given_name']] })).rejects.toMatchObject({ code: 'credential/not-selective' });
		const whole = Object.keys(CLAIMS).map((name) => [name]);
		expect((await all.verify(await all.present(raw, { disclose: whole }))).report.result).toBe('passed');
	});
});

describe('the credential inside (VCDM 1.1 §6.3.1)', () => {
	it.each<[string, JsonObject, JsonObject]>([
		['issuer', {}, { issuer: 'did:example:other' }],
		['issuer object', {}, { issuer: { id: 'did:example:other' } }],
		['subject', {}, { credentialSubject: { id: 'did:example:other', a: 1 } }],
		['identifier', { jti: 'urn:1' }, { id: 'urn:2' }],
		['date of issuance', {}, { issuanceDate: '2020-01-01T00:00:00Z' }],
		['expiry date', { exp: NOW + 10 }, { expirationDate: '2099-01-01T00:00:00Z' }],
	])('refuses two different values for the %s', async (_name, payload, vc) => {
		const raw = await craftedVc(payload, vc);
		const { report, claims } = await all.verify(await craftedVp([raw]));
		expect(failures(report)).toContain('format/consistency credential/inconsistent');
		expect(claims).toEqual({});
		expect(() => parse(raw)).toThrow(expect.objectContaining({ code: 'credential/inconsistent' }));
	});

	it('takes what stands only in the credential', async () => {
		const raw = await craftedVc(
			{ iss: undefined as never, nbf: undefined as never, sub: undefined as never },
			{
				id: 'urn:1',
				issuer: { id: ISSUER, name: 'Town hall' },
				issuanceDate: new Date((NOW - 500) * 1000).toISOString(),
				expirationDate: new Date((NOW - 400) * 1000).toISOString(),
			},
		);
		expect(parse(raw)).toMatchObject({ issuer: ISSUER, issuerName: 'Town hall', id: 'urn:1', validFrom: NOW - 500, validUntil: NOW - 400, holder: { did } });
		await expectOnly(await craftedVp([raw]), 'time/expiry credential/expired', {});
		const broken = await craftedVc({}, { expirationDate: 'some day' });
		await expectOnly(await craftedVp([broken]), 'time/expiry credential/malformed');
	});

	it.each<[string, JsonObject]>([
		['version 2 of the data model', { '@context': ['https://www.w3.org/ns/credentials/v2'] }],
		['no context', { '@context': [] }],
		['no type', { type: ['Other'] }],
		['several subjects', { credentialSubject: [{ id: did }] }],
		['an empty subject', { credentialSubject: {} }],
	])('refuses %s', async (_name, vc) => {
		const raw = await craftedVc({}, vc);
		const { report } = await all.verify(await craftedVp([raw]));
		expect(failures(report)).toContain('format/structure credential/malformed');
		expect(() => parse(raw)).toThrow(expect.objectContaining({ code: 'credential/malformed' }));
	});

	it('is issued for the DID that is given, if its key is the one', async () => {
		expect(parse(await all.issue({ holder: { jwk: all.holder.publicJwk, did } })).holder?.did).toBe(did);
		expect(parse(await all.issue({ holder: { jwk: all.holder.publicJwk, did: 'did:web:holder.example' } })).holder?.did).toBe('did:web:holder.example');
		await expect(all.issue({ holder: { jwk: newSigner().publicJwk, did } })).rejects.toMatchObject({ code: 'credential/invalid-input' });
		await expect(all.issue({ holder: { jwk: all.holder.publicJwk, did: 'not a did' } })).rejects.toMatchObject({ code: 'credential/invalid-input' });
		await expect(all.issue({ claims: { id: 'x' } })).rejects.toMatchObject({ code: 'credential/invalid-input' });
	});

	it('keeps the whole credential for queries', async () => {
		const parsed = parse(await all.issue({ id: 'urn:1' }));
		expect(parsed.document).toMatchObject({
			id: 'urn:1',
			issuer: ISSUER,
			type: ['VerifiableCredential', 'urn:example:membership'],
			credentialSubject: { id: did, given_name: 'Erika' },
		});
	});

	it('is accepted by did-jwt-vc', async () => {
		const issuerDid = didJwk(all.issuer.publicJwk);
		const raw = await all.issue({ issuer: issuerDid, signer: { ...all.issuer, kid: `${issuerDid}#0` } });
		const documents: Record<string, DIDDocument> = Object.fromEntries(
			[all.issuer, all.holder].map((signer) => {
				const id = holderDid(signer);
				return [
					id,
					{
						id,
						verificationMethod: [{ id: `${id}#0`, type: 'JsonWebKey2020', controller: id, publicKeyJwk: { ...signer.publicJwk } }],
						assertionMethod: [`${id}#0`],
						authentication: [`${id}#0`],
					},
				];
			}),
		);
		const resolver = { resolve: async (id: string) => ({ didResolutionMetadata: {}, didDocumentMetadata: {}, didDocument: documents[id] ?? null }) };
		const options = { policies: { now: NOW } };
		const credential = await verifyCredential(raw, resolver, options);
		expect(credential.verifiableCredential.credentialSubject).toEqual({ id: did, ...CLAIMS });
		const presentation = await verifyPresentation(await all.present(raw), resolver, { ...options, challenge: NONCE, domain: AUDIENCE });
		expect(presentation.verifiablePresentation.holder).toBe(did);
		expect(takeApart(await all.present(raw)).header).toMatchObject({ kid: `${did}#0`, typ: 'JWT' });
	});
});
