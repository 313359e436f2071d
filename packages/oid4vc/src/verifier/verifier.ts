import { constantTimeEqual, type Signer } from '@holdfast/crypto';
import { HoldfastError, type Json, type JsonObject, newId } from '@holdfast/kernel';
import { isCarried, parseDcql, unsupportedFormat } from '../shared/dcql.ts';
import { decryptJson, newEncryptionKey } from '../shared/encryption.ts';
import { Oid4vpError } from '../shared/errors.ts';
import { json, mediaType, methodNotAllowed, notFound, parseForm, parseJsonObject, readBody, text } from '../shared/http.ts';
import { randomToken, utf8 } from '../shared/jose.ts';
import { parseOpenid4vpAuthorizationRequest } from '../shared/library.ts';
import { asDirectPost, isQrMode, qrRequestId, qrResponseUri } from '../shared/qr-mode.ts';
import { cleanText } from '../shared/text.ts';
import { join, readUrl } from '../shared/url.ts';
import { judge } from './judge.ts';
import { clientMetadata, signRequest } from './request.ts';
import type { CreatedRequest, CreateRequestInput, ResponseMode, VerificationRecord, Verifier, VerifierDeps } from './types.ts';

const MAX_ATTEMPTS = 20;
const REQUEST_OBJECT = 'application/oauth-authz-req+jwt';

type RejectionCode = `oid4vp/${string}` | `presentation/${string}`;

/** A refusal on its way to the wallet: `error` outside, our code in the events. */
class Rejection extends Error {
	readonly code: RejectionCode;
	readonly error: string;
	readonly description: string;
	readonly status: number;

	constructor(code: RejectionCode, error: string, description: string, status = 400) {
		super(code);
		this.code = code;
		this.error = error;
		this.description = description;
		this.status = status;
	}
}

const bad = (code: RejectionCode, description: string, status = 400): Rejection => new Rejection(code, 'invalid_request', description, status);
const same = (a: string, b: string): boolean => constantTimeEqual(utf8(a), utf8(b));

/**
 * An OpenID4VP 1.0 verifier for wallets on other devices and in other processes (`direct_post`, §8.2). Pure: all state is
 * in `deps.store`, every change there is compare-and-set, and an answer is taken once.
 *
 * @throws Oid4vpError `oid4vp/bad-configuration`
 */
export function createVerifier(deps: VerifierDeps): Verifier {
	const { store, clock, random } = deps;
	const basePath = basePathOf(deps.baseUrl);
	const signers = new Map<string, Signer>();
	const emit = (event: Parameters<NonNullable<VerifierDeps['onEvent']>>[0]): void => deps.onEvent?.(event);

	async function createRequest(input: CreateRequestInput): Promise<CreatedRequest> {
		const dcql = parseDcql(input.dcql);
		for (const query of dcql.credentials) {
			const unsupported = isCarried(query.format) && deps.verifyProof ? null : unsupportedFormat(query.format);
			if (unsupported) throw new Oid4vpError('oid4vp/unsupported-format', `This cannot be asked for. ${unsupported}`);
			if (query.trusted_authorities)
				throw new Oid4vpError(
					'oid4vp/unsupported-query',
					'Holdfast cannot check trusted authorities as part of a request. Name the issuers that you trust in the settings.',
				);
		}
		if (!(input.ttlMs > 0)) throw new Oid4vpError('oid4vp/bad-configuration', 'A request has to be valid for some time.');
		const id = newId(random);
		const responseUri = isQrMode(input.responseMode) ? qrResponseUri(id) : at(`response/${id}`);
		const clientId = clientIdOf(input, responseUri);
		const encryption = isSealed(input.responseMode) ? newEncryptionKey(random, newId(random)) : null;
		const nonce = randomToken(random);
		const stateParam = randomToken(random);
		const request: JsonObject = {
			client_id: clientId,
			response_type: 'vp_token',
			response_mode: input.responseMode,
			response_uri: responseUri,
			nonce,
			state: stateParam,
			dcql_query: dcql as unknown as JsonObject,
			client_metadata: clientMetadata(input, encryption?.publicJwk ?? null),
		};
		try {
			parseOpenid4vpAuthorizationRequest({ authorizationRequest: { ...asDirectPost(request) } });
		} catch (error) {
			throw new Oid4vpError('oid4vp/bad-configuration', 'These settings do not make a valid request.', { cause: error });
		}
		const createdAt = clock.now();
		const draft = { request, createdAt, expiresAt: createdAt + input.ttlMs };
		const signer = input.clientId.scheme === 'decentralized_identifier' ? input.clientId.signer : null;
		const record: VerificationRecord = {
			...draft,
			id,
			version: 1,
			state: 'open',
			purpose: input.purpose ?? null,
			dcql,
			clientId,
			responseMode: input.responseMode,
			nonce,
			stateParam,
			encryptionKey: encryption ? { kid: String(encryption.privateJwk.kid), privateJwk: encryption.privateJwk } : null,
			requestJwt: signer ? await signRequest(draft, signer) : null,
			redirectUri: input.redirectUri ?? null,
			vpToken: null,
			walletError: null,
			walletErrorDescription: null,
			report: null,
			disclosed: null,
			receivedAt: null,
		};
		await store.insert(record);
		if (signer) signers.set(clientId, signer);
		return { id, uri: `openid4vp://?${parametersOf(record, input)}`, expiresAt: record.expiresAt };
	}

	/** An address of ours. */
	function at(path: string): string {
		if (deps.baseUrl === null) throw new Oid4vpError('oid4vp/bad-configuration', 'This verifier has no address, so it can be answered by QR codes only.');
		return join(deps.baseUrl, path);
	}

	/** What follows the `?` of the link. A request that is answered without a network is read without one, too. */
	function parametersOf(record: VerificationRecord, input: CreateRequestInput): string {
		const { clientId, requestJwt, request } = record;
		if (requestJwt === null) return byValue(request);
		return isQrMode(record.responseMode) ? new URLSearchParams({ client_id: clientId, request: requestJwt }).toString() : byReference(record, input);
	}

	function byReference(record: VerificationRecord, input: CreateRequestInput): string {
		const parameters = new URLSearchParams({ client_id: record.clientId, request_uri: at(`request/${record.id}`) });
		if (input.requestUriMethod === 'post') parameters.set('request_uri_method', 'post');
		return parameters.toString();
	}

	/** OpenID4VP 1.0 §8.6, what comes after the answer was stored. Safe to repeat. */
	async function finish(id: string): Promise<VerificationRecord | undefined> {
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			const record = await store.get(id);
			if (record?.state !== 'received') return record;
			const { report, disclosed } = await judge(record, deps);
			const done: VerificationRecord = { ...record, version: record.version + 1, state: 'done', report, disclosed };
			if (!(await store.replace(done))) continue;
			emit({ kind: 'done', id });
			return done;
		}
		return store.get(id);
	}

	async function get(id: string): Promise<VerificationRecord | undefined> {
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			const record = await store.get(id);
			if (record?.state !== 'open' || record.expiresAt > clock.now()) return record;
			const expired: VerificationRecord = { ...record, version: record.version + 1, state: 'expired', encryptionKey: null };
			if (await store.replace(expired)) return expired;
		}
		return store.get(id);
	}

	async function cancel(id: string): Promise<boolean> {
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			const record = await get(id);
			if (record?.state !== 'open') return false;
			if (await store.replace({ ...record, version: record.version + 1, state: 'cancelled', encryptionKey: null })) return true;
		}
		return false;
	}

	/** The record, while it can be answered. */
	async function openRecord(id: string): Promise<VerificationRecord> {
		const record = await get(id);
		if (!record) throw bad('oid4vp/unknown-request', 'There is no such request.', 404);
		if (record.state === 'expired') throw bad('oid4vp/request-expired', 'This request has expired.');
		if (record.state === 'cancelled') throw bad('oid4vp/request-cancelled', 'This request was withdrawn.');
		if (record.state !== 'open') throw bad('presentation/replay', 'This request was answered already.');
		return record;
	}

	/** OpenID4VP 1.0 §5.7 and §5.10. */
	async function requestEndpoint(request: Request, id: string): Promise<Response> {
		const record = await openRecord(id);
		if (record.requestJwt === null) throw bad('oid4vp/unknown-request', 'There is no such request.', 404);
		let jwt = record.requestJwt;
		if (request.method === 'POST') {
			const form = await readForm(request, 64 * 1024);
			const walletNonce = form.get('wallet_nonce');
			if (walletNonce !== undefined) {
				if (walletNonce === '' || walletNonce.length > 1024) throw bad('oid4vp/malformed-request', 'The wallet_nonce cannot be used.');
				const signer = signers.get(record.clientId) ?? (await deps.signerFor?.(record.clientId));
				if (!signer) throw bad('oid4vp/no-signer', 'The request cannot be signed again now. Fetch it with GET.', 503);
				jwt = await signRequest(record, signer, walletNonce);
			}
		}
		emit({ kind: 'request-fetched', id });
		return text(jwt, REQUEST_OBJECT);
	}

	async function readForm(request: Request, max?: number): Promise<Map<string, string>> {
		if (mediaType(request) !== 'application/x-www-form-urlencoded') throw bad('oid4vp/wrong-content-type', 'A form is expected.', 415);
		const body = await readBody(request, max);
		if (body === null) throw bad('oid4vp/too-large', 'The answer is too large.', 413);
		const form = parseForm(body);
		if (!form) throw bad('oid4vp/malformed-response', 'The answer has a parameter twice.');
		return form;
	}

	/** The Authorization Response, decrypted where it has to be (OpenID4VP 1.0 §8). */
	async function openResponse(form: ReadonlyMap<string, Json>, record: VerificationRecord): Promise<JsonObject> {
		const jwe = form.get('response');
		if (jwe === undefined) {
			// Errors may come in the clear (§8.3); credentials may not where encryption was asked for.
			if (isSealed(record.responseMode) && !form.has('error')) throw bad('oid4vp/not-encrypted', 'The answer has to be encrypted.');
			return Object.fromEntries(form);
		}
		if (!isSealed(record.responseMode) || !record.encryptionKey || typeof jwe !== 'string')
			throw bad('oid4vp/malformed-response', 'No encrypted answer was asked for.');
		const payload = await decryptJson(jwe, record.encryptionKey.privateJwk);
		if (!payload) throw bad('oid4vp/decryption-failed', 'The answer cannot be decrypted.');
		return payload;
	}

	async function responseEndpoint(request: Request, id: string): Promise<Response> {
		const form = await readForm(request);
		const record = await openRecord(id);
		if (isQrMode(record.responseMode)) throw bad('oid4vp/unknown-request', 'There is no such request.', 404);
		await take(record, await openResponse(form, record));
		return json(record.redirectUri === null ? {} : { redirect_uri: record.redirectUri });
	}

	async function answer(text: string): Promise<VerificationRecord> {
		const message = text.length > MAX_ANSWER ? null : parseJsonObject(text);
		const id = qrRequestId(message?.response_uri);
		try {
			if (!message || id === null) throw bad('oid4vp/malformed-response', 'This is not the answer to a request.');
			const record = await openRecord(id);
			if (!isQrMode(record.responseMode)) throw bad('oid4vp/unknown-request', 'There is no such request.');
			await take(record, await openResponse(new Map(Object.entries(message)), record));
			return (await store.get(id)) ?? record;
		} catch (error) {
			if (!(error instanceof Rejection)) throw error;
			if (id !== null) emit({ kind: 'rejected', id, code: error.code });
			throw new Oid4vpError(error.code, error.description);
		}
	}

	/** Stores an answer, once, and judges it. */
	async function take(record: VerificationRecord, response: JsonObject): Promise<void> {
		const { id } = record;
		if (typeof response.state !== 'string' || !same(response.state, record.stateParam))
			throw bad('oid4vp/wrong-state', 'The answer does not belong to this request.');
		const taken = { version: record.version + 1, receivedAt: clock.now(), encryptionKey: null };
		if (response.error !== undefined) {
			const walletError = typeof response.error === 'string' && /^[a-z_]{1,64}$/.test(response.error) ? response.error : 'unknown_error';
			if (!(await store.replace({ ...record, ...taken, state: 'refused', walletError, walletErrorDescription: cleanText(response.error_description, 300) })))
				throw replay();
			emit({ kind: 'refused', id });
		} else {
			const vpToken = readVpToken(response.vp_token, record);
			if (!(await store.replace({ ...record, ...taken, state: 'received', vpToken }))) throw replay();
			emit({ kind: 'received', id });
			await finish(id);
		}
	}

	/** Which endpoint, and for which request. */
	function target(request: Request): { endpoint: string; id: string } | undefined {
		const { pathname } = new URL(request.url);
		const match =
			basePath !== null && pathname.startsWith(`${basePath}/`) ? /^\/(request|response)\/([0-9a-z]{26})$/.exec(pathname.slice(basePath.length)) : null;
		return match?.[1] && match[2] ? { endpoint: match[1], id: match[2] } : undefined;
	}

	async function route(request: Request, { endpoint, id }: { endpoint: string; id: string }): Promise<Response> {
		if (endpoint === 'request') return request.method === 'GET' || request.method === 'POST' ? requestEndpoint(request, id) : methodNotAllowed('GET, POST');
		return request.method === 'POST' ? responseEndpoint(request, id) : methodNotAllowed('POST');
	}

	async function handle(request: Request): Promise<Response> {
		const to = target(request);
		if (!to) return notFound();
		try {
			return await route(request, to);
		} catch (error) {
			if (error instanceof Rejection) {
				emit({ kind: 'rejected', id: to.id, code: error.code });
				return json({ error: error.error, error_description: error.description }, error.status);
			}
			emit({ kind: 'rejected', id: to.id, code: error instanceof HoldfastError ? error.code : 'oid4vp/internal' });
			return json({ error: 'server_error', error_description: 'The verifier could not do this.' }, 500);
		}
	}

	return { createRequest, get, cancel, finish, answer, handle };
}

/** Characters of an answer at most, as a film of codes carries it. */
const MAX_ANSWER = 128 * 1024;

const isSealed = (mode: ResponseMode): boolean => mode === 'direct_post.jwt' || mode === 'org.holdfast.qr.jwt';

function basePathOf(baseUrl: string | null): string | null {
	if (baseUrl === null) return null;
	const base = readUrl(baseUrl, true);
	if (base?.search !== '' || base.hash !== '')
		throw new Oid4vpError('oid4vp/bad-configuration', 'The verifier needs an https address without query and fragment.');
	return base.pathname.replace(/\/+$/, '');
}

const replay = (): Rejection => bad('presentation/replay', 'This request was answered already.');

/** How wallets name a verifier that is known by its DID (OpenID4VP 1.0 §5.9.3). */
export const didClientId = (did: string): string => `decentralized_identifier:${did}`;

/** OpenID4VP 1.0 §5.9.3. */
function clientIdOf(input: CreateRequestInput, responseUri: string): string {
	if (input.clientId.scheme === 'redirect_uri') return `redirect_uri:${responseUri}`;
	const { did, signer } = input.clientId;
	if (!signer.kid?.startsWith(`${did}#`))
		throw new Oid4vpError('oid4vp/bad-configuration', 'The key that signs the request has to be a key of the verifier’s DID.');
	return didClientId(did);
}

/** Parameters by value (§5.3): a `redirect_uri:` client must not sign. Objects go as JSON. */
function byValue(request: JsonObject): string {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(request)) parameters.set(name, typeof value === 'string' ? value : JSON.stringify(value));
	return parameters.toString();
}

/** `vp_token` (§8.1): presentations by credential query id, each list with one entry unless `multiple`. */
function readVpToken(value: unknown, record: VerificationRecord): JsonObject {
	const token = typeof value === 'string' ? parseJsonObject(value) : value;
	if (typeof token !== 'object' || token === null || Array.isArray(token)) throw bad('oid4vp/malformed-response', 'The answer has no vp_token.');
	const entries = Object.entries(token as JsonObject);
	if (entries.length === 0) throw bad('oid4vp/malformed-response', 'The vp_token is empty.');
	for (const [id, presentations] of entries) {
		const query = record.dcql.credentials.find((each) => each.id === id);
		if (!query) throw bad('oid4vp/malformed-response', 'The vp_token answers something that was not asked.');
		if (!Array.isArray(presentations) || presentations.length === 0 || !presentations.every((each) => typeof each === 'string')) {
			throw bad('oid4vp/malformed-response', 'The vp_token does not hold lists of presentations.');
		}
		if (presentations.length > (query.multiple ? 100 : 1)) throw bad('oid4vp/malformed-response', 'The vp_token holds more presentations than were asked for.');
	}
	return Object.fromEntries(entries);
}
