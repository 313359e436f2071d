import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@holdfast/kernel';
import { describe, expect, test } from 'vitest';
import { codeOf, presentDeps, receiveDeps, startIssuer, testClock } from './fixture.ts';
import { describeDcql, type Fetch, match, parseDcql, readOffer, readRequest, requestToken } from './index.ts';

// The examples of the specifications, from a checkout of their repositories beside this one. A clone without it skips.
const root = fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url));
const present = existsSync(root);
if (!present) test.skip('the specifications’ examples are not in ../shared/vectors: skipped', () => {});

const vci = `${root}openid4vci/1.0/examples/`;
const vp = `${root}openid4vp/1.0/examples/`;
const haip = `${root}haip/1.0/examples/`;
const text = (path: string): string => readFileSync(path, 'utf8');
/** The JSON of an example; those with `...` where the specification leaves something out get an empty object there. */
const json = (path: string): unknown =>
	JSON.parse(
		text(path)
			.replace(/\{\s*\.\.\.\s*\}/g, '{}')
			.replace(/^HTTP[^{]*/, ''),
	);
const clock = testClock();
const nowhere: Fetch = () => Promise.reject(new Error('no network in this test'));

/** An issuer that serves `configurations` at the address of `offer`. */
const issuerOf =
	(issuer: string, configurations: JsonObject): Fetch =>
	async (url) => {
		const body = String(url).includes('oauth-authorization-server')
			? { issuer, token_endpoint: `${issuer}/token` }
			: { credential_issuer: issuer, credential_endpoint: `${issuer}/credential`, credential_configurations_supported: configurations };
		return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
	};

describe.runIf(present)('DCQL queries of OpenID4VP', () => {
	const files = present ? [...readdirSync(`${vp}query_lang`).map((name) => `query_lang/${name}`), 'request/dcql_jwt_vc.json', 'request/dcql_ldp_vc.json'] : [];
	test.each(files)('%s is read, told in words, and matched against nothing', (file) => {
		const query = parseDcql(json(vp + file));
		const words = describeDcql(query).join('\n');
		expect(words).toMatchSnapshot();
		const formats = query.credentials.map((each) => each.format);
		expect(words.includes('does not support')).toBe(formats.some((format) => format === 'mso_mdoc' || format === 'ldp_vc'));
		const result = match(query, []);
		expect(result.satisfiable).toBe(false);
		expect(result.missing.length).toBeGreaterThan(0);
	});
});

describe.runIf(present)('requests of OpenID4VP', () => {
	const metadata = present ? readdirSync(`${vp}client_metadata`) : [];
	test.each(metadata)('client_metadata/%s goes with a request', async (file) => {
		const responseUri = 'https://client.example.org/post';
		const parameters = new URLSearchParams({
			client_id: `redirect_uri:${responseUri}`,
			response_type: 'vp_token',
			response_mode: 'direct_post',
			response_uri: responseUri,
			nonce: 'n-0S6_WzA2Mj',
			dcql_query: text(`${vp}query_lang/simple.json`),
			client_metadata: text(`${vp}client_metadata/${file}`),
		});
		const review = await readRequest(`openid4vp://authorize?${parameters}`, { ...presentDeps(clock), fetch: nowhere });
		expect(review).toMatchObject({ responseHost: 'client.example.org', clientIdPrefix: 'redirect_uri' });
	});
	test.each([
		'request/request_object_client_id_did.json',
		'digital_credentials_api/signed_request_payload_compact.json',
		'digital_credentials_api/signed_request_payload.json',
	])('%s, sent unsigned, is refused in words', async (file) => {
		const payload = json(vp + file) as JsonObject;
		const parameters = new URLSearchParams(
			Object.entries(payload).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
		);
		expect(await codeOf(() => readRequest(`openid4vp://?${parameters}`, { ...presentDeps(clock), fetch: nowhere }))).toMatch(
			/^oid4vp\/(?:not-signed|unsupported-client-id|not-a-request)$/,
		);
	});
	test('Presentation Exchange is no DCQL', async () => {
		expect(await codeOf(() => parseDcql(json(`${haip}presentation_definition_sd_jwt_vc.json`)))).toBe('oid4vp/invalid-dcql');
	});
});

describe.runIf(present)('offers of OpenID4VCI and HAIP', () => {
	test.each([
		['credential_offer_pre-authz_code.json', 'Please provide the one-time code which was sent to your mobile phone via SMS'],
		['credential_offer_multiple_credentials.json', 'Please provide the one-time code that was sent via e-mail'],
		['credential_offer_by_reference.json', null],
	])('%s', async (file, description) => {
		const offer = json(vci + file) as { credential_issuer: string; credential_configuration_ids: string[] };
		const configurations = Object.fromEntries(
			offer.credential_configuration_ids.map((id) => [
				id,
				id.startsWith('org.iso')
					? { format: 'mso_mdoc', doctype: id }
					: { format: 'jwt_vc_json', credential_definition: { type: ['VerifiableCredential', id] } },
			]),
		);
		const review = await readOffer(JSON.stringify(offer), { clock, fetch: issuerOf(offer.credential_issuer, configurations) });
		expect(review.configurations.map((each) => each.id)).toEqual(offer.credential_configuration_ids);
		expect(review.txCode).toMatchObject({ inputMode: 'numeric', description });
		for (const each of review.configurations) expect(each.unsupported === null).toBe(!each.id.startsWith('org.iso'));
	});
	test('the authorization code flow is named as unsupported, and the offer of HAIP’s draft as unreadable', async () => {
		expect(await codeOf(() => readOffer(JSON.stringify(json(`${vci}credential_offer_authz_code.txt`)), { clock, fetch: nowhere }))).toBe(
			'oid4vci/unsupported-grant',
		);
		expect(await codeOf(() => readOffer(text(`${haip}credential_offer_sd_jwt_vc.json`), { clock, fetch: nowhere }))).toBe('oid4vci/malformed-offer');
	});
});

describe.runIf(present)('messages that Holdfast does not take', () => {
	test.each([`${vci}credential_request_iso_mdl.json`, `${haip}credential_request_sd_jwt_vc.json`])(
		'%s is refused with the error object of the specification',
		async (path) => {
			const office = await startIssuer(clock);
			try {
				const { uri } = await office.issuer.createOffer({ configurationIds: ['identity-sd-jwt'], data: {}, ttlMs: 60_000 });
				const token = await requestToken(await readOffer(uri, receiveDeps(clock)), {}, receiveDeps(clock));
				const response = await fetch(`${office.url}/credential`, {
					method: 'POST',
					body: text(path),
					headers: { 'content-type': 'application/json', authorization: `Bearer ${token.accessToken}` },
				});
				expect(response.status).toBe(400);
				expect(await response.json()).toMatchObject({ error: 'invalid_credential_request' });
			} finally {
				await office.served.close();
			}
		},
	);
	test('signed issuer metadata without the plain form', async () => {
		const signed = text(`${vci}credential_issuer_metadata_sd_jwt_jwt.txt`).replace(/\s/g, '');
		const offer = text(`${vci}credential_offer_pre-authz_code.json`);
		const fetch: Fetch = async () => new Response(signed, { headers: { 'content-type': 'application/jwt' } });
		expect(await codeOf(() => readOffer(offer, { clock, fetch }))).toBe('oid4vci/issuer-metadata');
	});
});

describe.runIf(present)('issuer metadata of OpenID4VCI', () => {
	const files = present ? readdirSync(vci).filter((name) => /^credential_metadata_.*\.json$/.test(name)) : [];
	test.each([...files, 'credential_issuer_metadata_sd_jwt_long.json'])('%s', async (file) => {
		const configurations = (json(vci + file) as { credential_configurations_supported: JsonObject }).credential_configurations_supported;
		const issuer = 'https://credential-issuer.example.com';
		const offer = {
			credential_issuer: issuer,
			credential_configuration_ids: Object.keys(configurations),
			grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'x' } },
		};
		const review = await readOffer(JSON.stringify(offer), { clock, fetch: issuerOf(issuer, configurations) });
		expect(
			review.configurations.map(({ id, format, unsupported, name, claims, backgroundColor }) => ({
				id,
				format,
				unsupported,
				name,
				backgroundColor,
				claims: claims.map((claim) => claim.label),
			})),
		).toMatchSnapshot();
	});
	test('HAIP’s draft metadata is of an older format, and says so', async () => {
		const issuer = 'https://credential-issuer.example.com';
		const offer = {
			credential_issuer: issuer,
			credential_configuration_ids: ['a'],
			grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'x' } },
		};
		const review = await readOffer(JSON.stringify(offer), {
			clock,
			fetch: issuerOf(issuer, { a: json(`${haip}credential_metadata_sd_jwt_vc.json`) as JsonObject }),
		});
		expect(review.configurations[0]?.unsupported).toContain('older vc+sd-jwt');
	});
});
