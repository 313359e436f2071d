import { epochSeconds, HoldfastError, type Json, type JsonObject, passed, type ReportNode, skipped, warning } from '@holdfast/kernel';
import { parseDcql } from '../shared/dcql.ts';
import { type ContentEncryption, contentEncryptions } from '../shared/encryption.ts';
import { Oid4vpError } from '../shared/errors.ts';
import { parseJsonObject } from '../shared/http.ts';
import { linkParameters, MAX_INPUT } from '../shared/input.ts';
import { type DecodedJwt, decodeJwt, isJwsAlg, jwsAlgs, randomToken, readPublicJwk, verifyJwt } from '../shared/jose.ts';
import { parseOpenid4vpAuthorizationRequest } from '../shared/library.ts';
import { answerText } from '../shared/outside.ts';
import { asDirectPost, isQrMode, qrRequestId } from '../shared/qr-mode.ts';
import { cleanText, localImage } from '../shared/text.ts';
import { readUrl } from '../shared/url.ts';
import type { PresentDeps, RequestReview } from './types.ts';

const SCHEMES = new Set(['openid4vp', 'haip-vp', 'haip', 'eudi-openid4vp', 'https', 'http']);
const REQUEST_OBJECT = 'application/oauth-authz-req+jwt';
const CLOCK_SKEW_SEC = 60;

/** Client identifier prefixes of OpenID4VP 1.0 §5.9.3 that Holdfast does not speak, in words. */
const OTHER_PREFIXES: { readonly [prefix: string]: string } = {
	openid_federation: 'through an OpenID federation',
	verifier_attestation: 'with a verifier attestation',
	x509_san_dns: 'with a certificate for its host name',
	x509_hash: 'with a certificate',
	origin: 'as a web page in the browser',
	'pre-registered': 'with a name that both sides would have to know beforehand',
};

/**
 * Reads a presentation request (OpenID4VP 1.0 §5): an `openid4vp:` (or `haip-vp:`) link or an https link, by value or by
 * reference. Fetches the request object, verifies its signature, and checks everything that can be checked before the
 * holder is asked. Answers nothing.
 *
 * @throws Oid4vpError `oid4vp/too-long`, `oid4vp/not-a-request`, `oid4vp/malformed-request`, `oid4vp/bad-url`,
 * `oid4vp/request-not-reachable`, `oid4vp/wrong-content-type`, `oid4vp/unsupported-client-id`, `oid4vp/not-signed`,
 * `oid4vp/signed-redirect-uri`, `oid4vp/wrong-typ`, `oid4vp/unsupported-alg`, `oid4vp/client-key-not-found`,
 * `oid4vp/bad-signature`, `oid4vp/client-id-mismatch`, `oid4vp/wallet-nonce-mismatch`, `oid4vp/request-expired`,
 * `oid4vp/response-uri-mismatch`, `oid4vp/missing-nonce`, `oid4vp/unsupported-response-mode`, `oid4vp/unsupported-query`,
 * `oid4vp/unsupported-transaction-data`, `oid4vp/unsupported-encryption`, `oid4vp/invalid-dcql`; what the injected fetch throws
 */
export async function readRequest(input: string, deps: PresentDeps): Promise<RequestReview> {
	if (input.length > MAX_INPUT) throw new Oid4vpError('oid4vp/too-long', 'This is too long to be a presentation request.');
	const link = linkParameters(input.trim());
	const clientId = link?.parameters.get('client_id');
	if (!link || !SCHEMES.has(link.scheme) || clientId === undefined) {
		throw new Oid4vpError('oid4vp/not-a-request', 'This is not a presentation request. Ask the verifier for a new link or QR code.');
	}
	const prefix = supportedPrefix(clientId);
	const { parameters } = link;
	if (parameters.has('request') && parameters.has('request_uri')) throw malformed();
	if (parameters.has('request_uri_method') && !parameters.has('request_uri')) throw malformed();
	const signed = parameters.has('request') || parameters.has('request_uri');
	if (prefix === 'redirect_uri') {
		if (signed)
			throw new Oid4vpError('oid4vp/signed-redirect-uri', 'The verifier names itself by its address only, but sends a signed request. That is not allowed.');
		return review(clientId, prefix, fromParameters(parameters), unsignedReport(clientId, isQrMode(parameters.get('response_mode'))), deps);
	}
	if (!signed) throw new Oid4vpError('oid4vp/not-signed', 'The verifier names itself by a DID but did not sign its request. Do not answer it.');
	const request = await requestObject(parameters, deps);
	const { payload, nodes } = await verifyRequestObject(request.jwt, clientId, request.walletNonce, deps);
	return review(clientId, prefix, payload, nodes, deps);
}

const malformed = (cause?: unknown): Oid4vpError =>
	new Oid4vpError('oid4vp/malformed-request', 'This presentation request cannot be read. Ask the verifier for a new one.', { cause });

/** OpenID4VP 1.0 §5.9.2: what stands before the first colon. */
function supportedPrefix(clientId: string): 'decentralized_identifier' | 'redirect_uri' {
	const colon = clientId.indexOf(':');
	const prefix = colon < 0 ? 'pre-registered' : clientId.slice(0, colon);
	if (prefix === 'redirect_uri' || prefix === 'decentralized_identifier') return prefix;
	const words = Object.hasOwn(OTHER_PREFIXES, prefix) ? OTHER_PREFIXES[prefix] : undefined;
	throw new Oid4vpError(
		'oid4vp/unsupported-client-id',
		`This verifier identifies itself ${words ?? 'in a way that Holdfast does not know'}. Holdfast supports verifiers with a DID or with their address.`,
		{
			data: { prefix: words ? prefix : 'unknown' },
		},
	);
}

/** Parameters by value: some are JSON in text. */
function fromParameters(parameters: ReadonlyMap<string, string>): JsonObject {
	const payload: Record<string, Json> = Object.fromEntries(parameters);
	for (const name of ['dcql_query', 'client_metadata']) {
		const value = parameters.get(name);
		if (value === undefined) continue;
		const object = parseJsonObject(value);
		if (!object) throw malformed();
		payload[name] = object;
	}
	return payload;
}

async function requestObject(parameters: ReadonlyMap<string, string>, deps: PresentDeps): Promise<{ jwt: string; walletNonce: string | null }> {
	const byValue = parameters.get('request');
	if (byValue !== undefined) return { jwt: byValue, walletNonce: null };
	const url = readUrl(parameters.get('request_uri'), deps.allowLoopbackHttp === true);
	if (!url) throw new Oid4vpError('oid4vp/bad-url', 'The address of the request is not a secure (https) address.', { data: { what: 'request' } });
	const method = (parameters.get('request_uri_method') ?? 'get').toLowerCase();
	if (method !== 'get' && method !== 'post') throw malformed();
	const walletNonce = method === 'post' ? randomToken(deps.random) : null;
	const response = await deps.fetch(url, {
		headers: { accept: REQUEST_OBJECT, ...(walletNonce ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
		maxBytes: 4 * MAX_INPUT,
		...(walletNonce
			? { method: 'POST', body: new URLSearchParams({ wallet_nonce: walletNonce, wallet_metadata: JSON.stringify(walletMetadata()) }).toString() }
			: {}),
	});
	if (!response.ok) {
		throw new Oid4vpError('oid4vp/request-not-reachable', 'The verifier does not give out this request (any more). Ask for a new one.', {
			data: { status: response.status },
		});
	}
	const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
	if (type !== REQUEST_OBJECT) throw new Oid4vpError('oid4vp/wrong-content-type', 'What stands at the address of the request is not a request.');
	const jwt = await answerText(response, 4 * MAX_INPUT);
	if (jwt === null) throw malformed();
	return { jwt: jwt.trim(), walletNonce };
}

/** OpenID4VP 1.0 §10.1. */
function walletMetadata(): JsonObject {
	return {
		vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': [...jwsAlgs], 'kb-jwt_alg_values': [...jwsAlgs] }, jwt_vc_json: { alg_values: [...jwsAlgs] } },
		client_id_prefixes_supported: ['decentralized_identifier', 'redirect_uri'],
		request_object_signing_alg_values_supported: [...jwsAlgs],
		response_types_supported: ['vp_token'],
		response_modes_supported: ['direct_post', 'direct_post.jwt', 'org.holdfast.qr', 'org.holdfast.qr.jwt'],
	};
}

/** RFC 9101 §6 with OpenID4VP 1.0 §5.9.3 `decentralized_identifier`. */
async function verifyRequestObject(
	compact: string,
	clientId: string,
	walletNonce: string | null,
	deps: PresentDeps,
): Promise<{ payload: JsonObject; nodes: ReportNode[] }> {
	const jwt = decodeJwt(compact);
	if (!jwt) throw malformed();
	const { header, payload } = jwt;
	if (header.typ !== 'oauth-authz-req+jwt') throw new Oid4vpError('oid4vp/wrong-typ', 'What the verifier signed is not a presentation request.');
	if (header.crit !== undefined) throw malformed();
	if (!isJwsAlg(header.alg)) throw new Oid4vpError('oid4vp/unsupported-alg', 'The verifier signs in a way that Holdfast does not support.');
	if (payload.client_id !== clientId)
		throw new Oid4vpError('oid4vp/client-id-mismatch', 'The link and the signed request name different verifiers. Do not answer it.');
	const how = await verifySignature(jwt, header.alg, clientId, deps);
	if (walletNonce !== null && payload.wallet_nonce !== walletNonce) {
		throw new Oid4vpError('oid4vp/wallet-nonce-mismatch', 'The verifier did not sign this request for you now. It may be an old one; ask for a new one.');
	}
	return { payload, nodes: [...signedReport(clientId, how), timeNode(payload, deps), audienceNode(payload)] };
}

async function verifySignature(jwt: DecodedJwt, alg: Parameters<PresentDeps['resolveKey']>[0]['alg'], clientId: string, deps: PresentDeps): Promise<string> {
	const did = clientId.slice('decentralized_identifier:'.length);
	const { kid } = jwt.header;
	if (!/^did:[a-z0-9]+:.+$/.test(did) || typeof kid !== 'string' || !kid.startsWith(`${did}#`)) {
		throw new Oid4vpError('oid4vp/client-id-mismatch', 'The request is not signed with a key of the DID that it names. Do not answer it.');
	}
	const { jwk, how } = await resolve(did, kid, alg, deps);
	const checked = readPublicJwk(jwk);
	if (!checked || !verifyJwt(jwt, checked))
		throw new Oid4vpError('oid4vp/bad-signature', 'The signature of this request is wrong: it was changed, or is not from this verifier. Do not answer it.');
	return how;
}

async function resolve(
	did: string,
	kid: string,
	alg: Parameters<PresentDeps['resolveKey']>[0]['alg'],
	deps: PresentDeps,
): ReturnType<PresentDeps['resolveKey']> {
	let cause: unknown;
	// The specification asks for a verification method of the document and leaves the relationship open.
	for (const relationship of ['authentication', 'assertionMethod'] as const) {
		try {
			return await deps.resolveKey({ did, kid, alg, relationship });
		} catch (error) {
			if (error instanceof HoldfastError && error.code.startsWith('net/')) throw error;
			cause ??= error;
		}
	}
	throw new Oid4vpError('oid4vp/client-key-not-found', 'The key that signed this request was not found at the verifier’s DID.', {
		cause,
		data: cause instanceof HoldfastError ? { reason: cause.code } : {},
	});
}

function signedReport(clientId: string, how: string): ReportNode[] {
	return [
		passed({ check: 'verifier/client-id', title: 'Who asks', reason: 'The verifier names itself by a DID.', evidence: { clientId } }),
		passed({
			check: 'verifier/signature',
			title: 'Signature of the request',
			reason: 'The request was signed with a key of this DID and was not changed.',
			evidence: { key: how },
		}),
	];
}

function unsignedReport(clientId: string, onScreen: boolean): ReportNode[] {
	return [
		passed({
			check: 'verifier/client-id',
			title: 'Who asks',
			reason: onScreen ? 'The verifier does not say who it is.' : 'The verifier names itself by the address that the answer goes to.',
			evidence: { clientId },
		}),
		warning({
			check: 'verifier/signature',
			title: 'Signature of the request',
			code: 'oid4vp/unsigned-request',
			reason: onScreen
				? 'Nobody signed this request. Show the answer only to whom you see in front of you.'
				: 'Nobody signed this request. Only the address says who gets the answer.',
		}),
		skipped({ check: 'verifier/time', title: 'Age of the request', code: 'oid4vp/no-expiry', reason: 'An unsigned request does not say when it was made.' }),
	];
}

function timeNode(payload: JsonObject, deps: PresentDeps): ReportNode {
	const now = epochSeconds(deps.clock);
	for (const name of ['exp', 'iat', 'nbf']) if (payload[name] !== undefined && typeof payload[name] !== 'number') throw malformed();
	const { exp, iat, nbf } = payload;
	if (typeof exp === 'number' && exp <= now - CLOCK_SKEW_SEC)
		throw new Oid4vpError('oid4vp/request-expired', 'This request has expired. Ask the verifier for a new one.');
	if ((typeof iat === 'number' && iat > now + CLOCK_SKEW_SEC) || (typeof nbf === 'number' && nbf > now + CLOCK_SKEW_SEC)) {
		throw new Oid4vpError('oid4vp/request-expired', 'This request was made in the future. Check the clock of this computer.');
	}
	const title = 'Age of the request';
	return typeof exp === 'number'
		? passed({ check: 'verifier/time', title, reason: 'The request has not expired.' })
		: warning({ check: 'verifier/time', title, code: 'oid4vp/no-expiry', reason: 'The request does not say until when it is valid.' });
}

function audienceNode(payload: JsonObject): ReportNode {
	const title = 'Meant for a wallet';
	const audiences = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
	return audiences.includes('https://self-issued.me/v2')
		? passed({ check: 'verifier/audience', title, reason: 'The request is meant for any wallet.' })
		: warning({
				check: 'verifier/audience',
				title,
				code: 'oid4vp/unusual-audience',
				reason: 'The request does not say, or says in an unusual way, that it is meant for a wallet.',
			});
}

/** `responseUri` is null where the answer is shown on the screen. */
function whereNode(prefix: 'decentralized_identifier' | 'redirect_uri', responseUri: URL | null): ReportNode {
	const base = { check: 'verifier/response-uri', title: 'Where the answer goes' };
	if (responseUri === null) {
		return passed({
			...base,
			reason: 'Nowhere by itself: it is shown as QR codes on your screen, to whoever holds a camera to it.',
			evidence: { host: 'your screen' },
		});
	}
	return passed({
		...base,
		reason: prefix === 'redirect_uri' ? 'The answer goes to the address by which the verifier names itself.' : 'The address is part of the signed request.',
		evidence: { host: responseUri.host },
	});
}

function review(
	clientId: string,
	prefix: 'decentralized_identifier' | 'redirect_uri',
	payload: JsonObject,
	nodes: readonly ReportNode[],
	deps: PresentDeps,
): RequestReview {
	if (payload.presentation_definition !== undefined || payload.presentation_definition_uri !== undefined || payload.scope !== undefined) {
		throw new Oid4vpError('oid4vp/unsupported-query', 'This verifier asks in an older way (Presentation Exchange or scopes) that Holdfast does not support.');
	}
	if (payload.transaction_data !== undefined) {
		throw new Oid4vpError(
			'oid4vp/unsupported-transaction-data',
			'This verifier wants you to confirm a transaction, of a kind that Holdfast cannot show you. It was not answered.',
		);
	}
	const mode = payload.response_mode;
	if (mode !== 'direct_post' && mode !== 'direct_post.jwt' && !isQrMode(mode)) {
		throw new Oid4vpError('oid4vp/unsupported-response-mode', 'This verifier wants the answer in a way that Holdfast does not support.');
	}
	const nonce = payload.nonce;
	if (typeof nonce !== 'string' || nonce === '' || nonce.length > 4096)
		throw new Oid4vpError('oid4vp/missing-nonce', 'This request has no nonce, so an answer could be used twice. Do not answer it.');
	if (payload.redirect_uri !== undefined || payload.response_type !== 'vp_token') throw malformed();
	const responseUri = isQrMode(mode) ? null : readUrl(payload.response_uri, deps.allowLoopbackHttp === true);
	if (typeof payload.response_uri !== 'string' || (responseUri === null && (!isQrMode(mode) || qrRequestId(payload.response_uri) === null)))
		throw new Oid4vpError('oid4vp/bad-url', 'The address that the answer goes to is not a secure (https) address.', { data: { what: 'response' } });
	if (prefix === 'redirect_uri' && clientId !== `redirect_uri:${payload.response_uri}`) {
		throw new Oid4vpError('oid4vp/response-uri-mismatch', 'The answer would go somewhere else than the verifier says it is. Do not answer it.');
	}
	const state = payload.state;
	if (state !== undefined && (typeof state !== 'string' || state.length > 4096)) throw malformed();
	const dcql = parseDcql(payload.dcql_query);
	const metadata = isObject(payload.client_metadata) ? payload.client_metadata : {};
	try {
		// The library would refuse the whole request for a logo that it does not like; logos are judged by localImage.
		const { logo_uri: _logo, ...rest } = metadata;
		parseOpenid4vpAuthorizationRequest({
			authorizationRequest: asDirectPost({ ...payload, ...(payload.client_metadata === undefined ? {} : { client_metadata: rest }) }),
		});
	} catch (error) {
		throw malformed(error);
	}
	return {
		clientId,
		clientIdPrefix: prefix,
		identification: identificationNode([...nodes, whereNode(prefix, responseUri)]),
		verifierName: cleanText(metadata.client_name, 100),
		verifierLogo: localImage(metadata.logo_uri),
		responseUri: payload.response_uri,
		responseHost: responseUri?.host ?? null,
		responseMode: mode,
		nonce,
		state: state ?? null,
		dcql,
		purpose: cleanText(metadata.purpose, 300) ?? setPurpose(dcql.credential_sets),
		encryption: mode === 'direct_post.jwt' || mode === 'org.holdfast.qr.jwt' ? encryptionOf(metadata) : null,
		expiresAt: typeof payload.exp === 'number' ? payload.exp * 1000 : null,
	};
}

const setPurpose = (sets: readonly { readonly purpose?: unknown }[] | undefined): string | null =>
	(sets ?? []).map((set) => cleanText(set.purpose, 300)).find((purpose) => purpose !== null) ?? null;

/** Failed checks were thrown; what is left passed or warns. */
function identificationNode(children: readonly ReportNode[]): ReportNode {
	const caution = children.find((child) => child.check === 'verifier/signature' && child.result === 'warning');
	const base = { check: 'verifier', title: 'The verifier', children };
	return caution
		? { ...base, result: 'warning', reason: caution.reason, ...(caution.code ? { code: caution.code } : {}) }
		: { ...base, result: 'passed', reason: 'The request comes from the DID that it names.' };
}

/** OpenID4VP 1.0 §8.3: a P-256 key for ECDH-ES out of `jwks`, and the content encryption. */
function encryptionOf(metadata: JsonObject): { jwk: JsonObject; enc: ContentEncryption } {
	const jwks = isObject(metadata.jwks) ? metadata.jwks : {};
	const keys = Array.isArray(jwks.keys) ? jwks.keys.filter(isObject) : [];
	const key = keys.find(
		(each) =>
			each.kty === 'EC' &&
			each.crv === 'P-256' &&
			(each.use === undefined || each.use === 'enc') &&
			(each.alg === undefined || each.alg === 'ECDH-ES') &&
			readPublicJwk(each) !== null,
	);
	const offered = Array.isArray(metadata.encrypted_response_enc_values_supported) ? metadata.encrypted_response_enc_values_supported : ['A128GCM'];
	const enc = contentEncryptions.find((each) => offered.includes(each));
	if (!key || !enc) throw new Oid4vpError('oid4vp/unsupported-encryption', 'This verifier wants the answer encrypted in a way that Holdfast does not support.');
	const { kty, crv, x, y, kid } = key;
	return { jwk: { kty: kty as string, crv: crv as string, x: x as string, y: y as string, ...(typeof kid === 'string' ? { kid } : {}) }, enc };
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
