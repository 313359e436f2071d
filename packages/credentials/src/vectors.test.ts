import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Jwk } from '@holdfast/crypto';
import type { Json, JsonObject } from '@holdfast/kernel';
import { describe, expect, it } from 'vitest';
import { failures, nodeOf, parties } from './fixture.ts';
import { type ClaimPath, type CredentialDisplay, describe as describeCredential, didJwk, documentPath, keyInDid, parse, selectPath, verify } from './index.ts';

// Vectors from specifications live beside the repository; a clone without them skips these tests.
const ROOT = fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url));
const present = existsSync(ROOT);
const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');
const json = <T>(path: string): T => JSON.parse(read(path)) as T;
/** Specifications wrap long lines. */
const joined = (path: string): string => read(path).replace(/\s+/g, '');

if (!present) it.skip('specification vectors are not here (../shared/vectors): skipped', () => {});

describe.skipIf(!present)('SD-JWT interoperability vectors', () => {
	interface Vector {
		claims: JsonObject;
		disclosureFrame?: JsonObject;
		presentationFrames?: JsonObject;
		presentedClaims: JsonObject;
	}
	const all = parties('dc+sd-jwt');
	const files = present ? readdirSync(`${ROOT}sd-jwt`).filter((name) => name.endsWith('.json')) : [];

	/** The library's frames, as paths. */
	const part = (name: string, inside: Json | undefined): string | number => (Array.isArray(inside) ? Number(name) : name);
	const below = (value: Json | undefined, name: string): Json | undefined =>
		typeof value === 'object' && value !== null ? (value as Record<string, Json>)[name] : undefined;
	const hidden = (frame: Json | undefined, claims: Json | undefined, path: ClaimPath = []): ClaimPath[] => {
		if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return [];
		return Object.entries(frame as JsonObject).flatMap(([name, value]) => {
			if (name === '_sd') return (value as (string | number)[]).map((each) => [...path, part(String(each), claims)]);
			return hidden(value, below(claims, name), [...path, part(name, claims)]);
		});
	};
	const shown = (frame: Json | undefined, claims: Json | undefined, path: ClaimPath = []): ClaimPath[] => {
		if (frame === true) return [path];
		if (typeof frame !== 'object' || frame === null) return [];
		return Object.entries(frame).flatMap(([name, value]) => shown(value, below(claims, name), [...path, part(name, claims)]));
	};

	it.each(files)('%s', async (file) => {
		const vector = json<Vector>(`sd-jwt/${file}`);
		const raw = await all.issue({ claims: vector.claims, disclosable: hidden(vector.disclosureFrame, vector.claims) });
		expect(parse(raw).claims).toEqual(vector.claims);
		// A frame may name elements that the claims do not have.
		const disclose = shown(vector.presentationFrames, vector.claims).filter((path) => selectPath(vector.claims, path).length > 0);
		const verification = await all.verify(await all.present(raw, { disclose }));
		expect(verification.report.result).toBe('passed');
		// That vector leaves out the object that stays behind empty; RFC 9901 §7.1 (3.d) removes only `_sd` from it.
		expect(verification.claims).toEqual(file === 'array_none_disclosed.json' ? { is_over: {} } : vector.presentedClaims);
	});
});

describe.skipIf(!present)('OpenID4VP 1.0 and OpenID4VCI 1.0 examples', () => {
	const folder = 'openid4vp/1.0/examples/sd_jwt_vcld/';
	/** The public key of `issuer_keys` in settings.yml. */
	const issuerKey = (): Jwk => {
		const settings = read(`${folder}settings.yml`);
		const issuer = settings.slice(settings.indexOf('issuer_keys'), settings.indexOf('holder_key'));
		const value = (name: string): string => new RegExp(`\\b${name}: (\\S+)`).exec(issuer)?.[1] ?? '';
		return { kty: 'EC', crv: 'P-256', x: value('x'), y: value('y') };
	};
	const at = (seconds: number) => ({ now: () => seconds * 1000 });
	const keys = { resolve: async () => ({ jwk: issuerKey(), how: 'settings.yml' }) };

	it('verifies the signed SD-JWT VC presentation, and its processed payload is the published one', async () => {
		const verification = await verify({
			presentation: joined(`${folder}01/sd_jwt_presentation.txt`),
			format: 'dc+sd-jwt',
			keys,
			trust: () => ({ result: 'passed', reason: 'Known.' }),
			expected: { now: at(1_744_743_394), nonce: '1234567890', audience: 'https://verifier.example.org', requireHolderBinding: true },
		});
		expect(failures(verification.report)).toEqual([]);
		expect(verification.document).toEqual(json(`${folder}01/verified_contents.json`));
	});

	it('reads the issued SD-JWT VC with the published claims and digests', () => {
		const parsed = parse(joined(`${folder}01/sd_jwt_issuance.txt`));
		const { vct, ...claims } = json<JsonObject>(`${folder}01/user_claims.json`);
		expect(parsed).toMatchObject({ claims, type: vct, issuer: 'https://issuer.example.com' });
		const published = read(`${folder}01/disclosures.md`);
		expect(parsed.disclosures).toHaveLength(3);
		for (const { digest } of parsed.disclosures) expect(published).toContain(digest);
		expect(describeCredential(parsed).lines.map(({ label, value, disclosable }) => [label, value, disclosable])).toContainEqual([
			'Ld: Credential subject: Given name',
			'John',
			true,
		]);
	});

	it('tells what is wrong when the same presentation is sent to somebody else, later', async () => {
		const { report } = await verify({
			presentation: joined(`${folder}01/sd_jwt_presentation.txt`),
			format: 'dc+sd-jwt',
			keys,
			expected: { now: at(1_900_000_000), nonce: 'x', audience: 'y', requireHolderBinding: true },
		});
		expect(failures(report)).toEqual([
			'time/expiry credential/expired',
			'holder-binding/nonce credential/wrong-nonce',
			'holder-binding/audience credential/wrong-audience',
			'holder-binding/freshness credential/stale-proof',
		]);
	});

	const issued = (file: string): string => {
		const body = read(file);
		return /"credential": "([^"]+)"/.exec(body)?.[1]?.replace(/\s+/g, '') ?? '';
	};

	it('reads and describes the SD-JWT VC of a credential response, with the metadata of its issuer', () => {
		const parsed = parse(issued('openid4vci/1.0/examples/credential_response_sd_jwt_vc.txt'));
		expect(parsed).toMatchObject({
			type: 'https://credentials.example.com/identity_credential',
			claims: { given_name: 'John', address: { locality: 'Anytown' }, is_over_65: true },
		});
		const metadata = json<{ credential_configurations_supported: Record<string, { credential_metadata: CredentialDisplay }> }>(
			'openid4vci/1.0/examples/credential_metadata_sd_jwt_vc.json',
		);
		const display = Object.values(metadata.credential_configurations_supported)[0]?.credential_metadata;
		const german = describeCredential(parsed, display, 'de-AT');
		expect(german).toMatchObject({
			title: 'IdentityCredential',
			colours: { background: '#12107c', text: '#ffffff' },
			logo: { uri: 'https://university.example.edu/public/logo.png' },
		});
		expect(german.lines.slice(0, 2).map(({ label, value }) => [label, value])).toEqual([
			['Vorname', 'John'],
			['Nachname', 'Doe'],
		]);
		expect(german.lines).toContainEqual(expect.objectContaining({ path: ['birthdate'], kind: 'date', value: '1. Jänner 1940' }));
	});

	it('reads the W3C credential of a credential response', async () => {
		const raw = issued('openid4vci/1.0/examples/credential_response_jwt_vc_json.txt');
		const parsed = parse(raw);
		expect(parsed).toMatchObject({
			format: 'jwt_vc_json',
			type: 'UniversityDegreeCredential',
			issuer: 'https://credential-issuer.example.com',
			claims: { degree: { name: 'Bachelor of Science and Arts' } },
		});
		expect(keyInDid(parsed.holder?.did ?? '')).toMatchObject({ ...parsed.holder?.jwk });
		expect(parsed.holder?.jwk && didJwk(parsed.holder.jwk)).toMatch(/^did:jwk:/);
		const { report } = await verify({ credential: raw, format: 'jwt_vc_json', keys, expected: { now: at(1_744_743_394), requireHolderBinding: false } });
		expect(failures(report)).toEqual(['signature credential/tampered']);
		expect(nodeOf(report, 'format').result).toBe('passed');
	});

	it('resolves the paths of a DCQL query in the credential', async () => {
		const query = json<{ credentials: { claims: { path: string[] }[] }[] }>('openid4vp/1.0/examples/request/dcql_jwt_vc.json');
		const all = parties('jwt_vc_json');
		const { document } = parse(await all.issue());
		const paths = query.credentials[0]?.claims.map(({ path }) => path) ?? [];
		expect(paths.map((path) => selectPath(document, path))).toEqual([['Mustermann'], ['Erika']]);
		expect(documentPath('jwt_vc_json', ['family_name'])).toEqual(paths[0]);
	});
});
