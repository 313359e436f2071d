import { constantTimeEqual } from '@holdfast/crypto';
import { epochSeconds, HoldfastError, type JsonObject, newId } from '@holdfast/kernel';
import { Oid4vciError } from '../shared/errors.ts';
import { json, mediaType, methodNotAllowed, notFound, parseForm, parseJsonObject, readBody } from '../shared/http.ts';
import { hashOf, randomToken, utf8 } from '../shared/jose.ts';
import { Openid4vciIssuer, preAuthorizedCodeGrantIdentifier } from '../shared/library.ts';
import { join, readUrl, wellKnownPath } from '../shared/url.ts';
import { authorizationServerMetadata, issuerMetadata } from './metadata.ts';
import { checkProof, type ProvenKey } from './proof.ts';
import type {
	CreatedOffer,
	CreateOfferInput,
	CredentialConfiguration,
	DraftedOffer,
	DraftOffersInput,
	IssuedOnOffer,
	Issuer,
	IssuerDeps,
	OfferRecord,
	TxCodeSpec,
} from './types.ts';
import { WireError } from './wireError.ts';

const MINUTE = 60_000;
const MAX_ATTEMPTS = 20;
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

const same = (a: string, b: string): boolean => constantTimeEqual(utf8(a), utf8(b));

// The offer's link carries the key; the code follows from it. So an offer by reference is served without its code being stored.
const codeOf = (key: string): string => hashOf(`holdfast pre-authorized code ${key}`);
// Bound to the code, which is not stored: a stolen database does not let anybody try all transaction codes.
const txHashOf = (code: string, txCode: string): string => hashOf(`holdfast transaction code ${code} ${txCode}`);

/**
 * An OpenID4VCI 1.0 Credential Issuer with the pre-authorized code flow (§3.5), its own authorization server.
 * Pure: all state is in `deps.store`, and every change there is compare-and-set.
 *
 * @throws Oid4vciError `oid4vci/bad-configuration`
 */
export function createIssuer(deps: IssuerDeps): Issuer {
	const { config, store, clock, random } = deps;
	const url = readUrl(config.issuerUrl, true);
	if (url?.search !== '' || url.hash !== '' || config.issuerUrl.endsWith('/')) {
		throw new Oid4vciError('oid4vci/bad-configuration', 'The issuer needs an https address without query, fragment and trailing slash.');
	}
	const base = url.pathname === '/' ? '' : url.pathname;
	const tokenTtl = config.tokenTtlMs ?? 10 * MINUTE;
	const nonceTtl = config.nonceTtlMs ?? 5 * MINUTE;
	const maxTxTries = config.maxTxTries ?? 5;
	const configurationOf = (id: string): CredentialConfiguration | undefined => config.configurations().find((each) => each.id === id);
	const emit = (event: Parameters<NonNullable<IssuerDeps['onEvent']>>[0]): void => deps.onEvent?.(event);

	const metadata = (): JsonObject => issuerMetadata(config);
	try {
		new Openid4vciIssuer({ callbacks: {} as never }).createCredentialIssuerMetadata(metadata() as never);
	} catch (error) {
		throw new Oid4vciError('oid4vci/bad-configuration', 'What this issuer offers does not make valid metadata.', { cause: error });
	}

	function checkOffer(input: DraftOffersInput): void {
		if (input.configurationIds.length === 0 || input.configurationIds.some((id) => !configurationOf(id))) {
			throw new Oid4vciError('oid4vci/unknown-configuration', 'This issuer does not offer that credential.');
		}
		if (!(input.ttlMs > 0)) throw new Oid4vciError('oid4vci/bad-configuration', 'An offer has to be valid for some time.');
	}

	function draftOffer(input: CreateOfferInput): DraftedOffer & { readonly txCode: string | null } {
		const key = randomToken(random);
		const code = codeOf(key);
		const txCode = input.txCode ? newTxCode(input.txCode, (bytes) => random.bytes(bytes)) : null;
		const createdAt = clock.now();
		const record: OfferRecord = {
			id: newId(random),
			version: 1,
			state: 'open',
			configurationIds: [...input.configurationIds],
			data: input.data,
			...(input.extensions === undefined ? {} : { extensions: input.extensions }),
			codeHash: hashOf(code),
			txCode: input.txCode ?? null,
			txCodeHash: txCode === null ? null : txHashOf(code, txCode),
			txTries: 0,
			accessTokenHash: null,
			accessTokenExpiresAt: null,
			batchSize: Math.max(1, Math.min(input.batchSize ?? config.batchSize ?? 1, config.batchSize ?? 1)),
			issued: [],
			expiresAt: createdAt + input.ttlMs,
			createdAt,
			redeemedAt: null,
		};
		const query =
			input.by === 'reference'
				? `credential_offer_uri=${encodeURIComponent(join(config.issuerUrl, `offers/${key}`))}`
				: `credential_offer=${encodeURIComponent(JSON.stringify(offerObject(record, code)))}`;
		return { record, uri: `openid-credential-offer://?${query}`, txCode };
	}

	async function createOffer(input: CreateOfferInput): Promise<CreatedOffer> {
		checkOffer(input);
		const { record, uri, txCode } = draftOffer(input);
		await store.insertOffer(record);
		return { id: record.id, uri, txCode, expiresAt: record.expiresAt };
	}

	function drafter(input: DraftOffersInput): (data: JsonObject) => DraftedOffer {
		checkOffer(input);
		return (data) => {
			const { record, uri } = draftOffer({ ...input, data });
			return { record, uri };
		};
	}

	/** OpenID4VCI 1.0 §4.1.1. */
	function offerObject(record: OfferRecord, code: string): JsonObject {
		const tx = record.txCode;
		return {
			...record.extensions,
			credential_issuer: config.issuerUrl,
			credential_configuration_ids: [...record.configurationIds],
			grants: {
				[preAuthorizedCodeGrantIdentifier]: {
					'pre-authorized_code': code,
					...(tx ? { tx_code: { input_mode: tx.inputMode, length: tx.length, ...(tx.description ? { description: tx.description } : {}) } } : {}),
				},
			},
		};
	}

	async function cancelOffer(id: string): Promise<boolean> {
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			const record = await store.getOffer(id);
			if (record?.state !== 'open') return false;
			if (await store.replaceOffer({ ...record, version: record.version + 1, state: 'cancelled', accessTokenHash: null, accessTokenExpiresAt: null }))
				return true;
		}
		return false;
	}

	async function offerEndpoint(key: string): Promise<Response> {
		const code = codeOf(key);
		const record = await store.findOfferByCodeHash(hashOf(code));
		if (record?.state !== 'open' || record.accessTokenHash !== null || record.expiresAt <= clock.now()) return notFound();
		emit({ kind: 'offer-fetched', offerId: record.id });
		return json(offerObject(record, code));
	}

	/** OpenID4VCI 1.0 §6. */
	async function tokenEndpoint(request: Request): Promise<Response> {
		if (mediaType(request) !== 'application/x-www-form-urlencoded')
			throw new WireError('oid4vci/wrong-content-type', 'invalid_request', 'The token request has to be a form.');
		const body = await readBody(request, 64 * 1024);
		const form = body === null ? null : parseForm(body);
		if (!form) throw new WireError('oid4vci/malformed-request', 'invalid_request', 'The token request cannot be read.');
		const grantType = form.get('grant_type');
		if (!grantType) throw new WireError('oid4vci/malformed-request', 'invalid_request', 'The token request has no grant_type.');
		if (grantType !== preAuthorizedCodeGrantIdentifier)
			throw new WireError('oid4vci/unsupported-grant', 'unsupported_grant_type', 'Only the pre-authorized code is supported.');
		const code = form.get('pre-authorized_code');
		if (!code || code.length > 1024) throw new WireError('oid4vci/malformed-request', 'invalid_request', 'The token request has no pre-authorized code.');
		const given = form.get('tx_code');
		const token = randomToken(random);
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			const record = await store.findOfferByCodeHash(hashOf(code));
			// One answer for all of these: a stranger learns nothing about offers.
			if (!record) throw invalidGrant('unknown-code');
			if (record.state !== 'open') throw invalidGrant(record.state === 'cancelled' && record.txTries >= maxTxTries ? 'locked-out' : 'code-used');
			if (record.accessTokenHash !== null) throw invalidGrant('code-used');
			if (record.expiresAt <= clock.now()) {
				await store.replaceOffer({ ...record, version: record.version + 1, state: 'expired' });
				throw invalidGrant('code-expired');
			}
			if ((record.txCodeHash === null) !== (given === undefined)) {
				throw new WireError(
					'oid4vci/tx-code-expected',
					'invalid_request',
					record.txCodeHash === null ? 'No transaction code is expected.' : 'A transaction code is expected.',
				);
			}
			if (record.txCodeHash !== null && !same(record.txCodeHash, txHashOf(code, (given ?? '').trim()))) {
				const txTries = record.txTries + 1;
				const locked = txTries >= maxTxTries;
				if (!(await store.replaceOffer({ ...record, version: record.version + 1, txTries, state: locked ? 'cancelled' : 'open' }))) continue;
				emit({ kind: locked ? 'locked-out' : 'wrong-tx-code', offerId: record.id });
				throw invalidGrant(locked ? 'locked-out' : 'wrong-tx-code');
			}
			const next: OfferRecord = { ...record, version: record.version + 1, accessTokenHash: hashOf(token), accessTokenExpiresAt: clock.now() + tokenTtl };
			if (!(await store.replaceOffer(next))) continue;
			emit({ kind: 'token-issued', offerId: record.id });
			return json({ access_token: token, token_type: 'Bearer', expires_in: Math.floor(tokenTtl / 1000) });
		}
		throw new WireError('oid4vci/busy', 'temporarily_unavailable', 'Too many requests at once. Try again.', 503);
	}

	async function nonceEndpoint(): Promise<Response> {
		const nonce = randomToken(random);
		await store.putNonce(hashOf(nonce), clock.now() + nonceTtl);
		return json({ c_nonce: nonce });
	}

	async function authorize(request: Request): Promise<OfferRecord> {
		const match = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.get('authorization') ?? '');
		if (!match?.[1]) throw new WireError('oid4vci/no-token', 'invalid_token', 'An access token is needed.', 401, { 'www-authenticate': 'Bearer' });
		const record = await store.findOfferByAccessTokenHash(hashOf(match[1]));
		const alive = record && (record.state === 'open' || record.state === 'redeemed') && (record.accessTokenExpiresAt ?? 0) > clock.now();
		if (!alive)
			throw new WireError('oid4vci/invalid-token', 'invalid_token', 'The access token is not valid (any more).', 401, {
				'www-authenticate': 'Bearer error="invalid_token"',
			});
		return record;
	}

	/** OpenID4VCI 1.0 §8. */
	async function credentialEndpoint(request: Request): Promise<Response> {
		const offer = await authorize(request);
		if (mediaType(request) !== 'application/json')
			throw new WireError('oid4vci/wrong-content-type', 'invalid_credential_request', 'The credential request has to be JSON.');
		const raw = await readBody(request);
		const body = raw === null ? null : parseJsonObject(raw);
		if (!body) throw new WireError('oid4vci/malformed-request', 'invalid_credential_request', 'The credential request cannot be read.');
		if (body.credential_response_encryption !== undefined)
			throw new WireError('oid4vci/encryption-not-supported', 'invalid_encryption_parameters', 'Encrypted credential responses are not supported.');
		if (body.credential_identifier !== undefined)
			throw new WireError('oid4vci/unknown-configuration', 'unknown_credential_identifier', 'Name the credential by its configuration id.');
		const id = body.credential_configuration_id;
		if (typeof id !== 'string')
			throw new WireError('oid4vci/malformed-request', 'invalid_credential_request', 'The request does not say which credential it wants.');
		const configuration = configurationOf(id);
		if (!configuration || !offer.configurationIds.includes(id))
			throw new WireError('oid4vci/unknown-configuration', 'unknown_credential_configuration', 'This credential was not offered.');
		const proofs = readProofs(body);
		if (proofs.length > offer.batchSize)
			throw new WireError('oid4vci/batch-too-large', 'invalid_credential_request', `At most ${offer.batchSize} copies are issued at once.`);

		const keys: ProvenKey[] = [];
		for (const proof of proofs) {
			keys.push(
				await checkProof(proof, {
					configuration,
					audience: config.issuerUrl,
					now: epochSeconds(clock),
					clockSkewSec: config.clockSkewSec ?? 60,
					maxAgeSec: Math.ceil(nonceTtl / 1000),
					resolveHolderKey: deps.resolveHolderKey,
				}),
			);
		}
		const holderThumbprints = keys.map((key) => key.thumbprint);
		if (new Set(holderThumbprints).size !== keys.length) throw new WireError('oid4vci/proof-same-key', 'invalid_proof', 'Each copy needs a key of its own.');
		for (const nonce of new Set(keys.map((key) => key.nonce))) {
			if (!(await store.consumeNonce(hashOf(nonce), clock.now())))
				throw new WireError('oid4vci/proof-wrong-nonce', 'invalid_nonce', 'The c_nonce is not valid (any more). Get a new one.');
		}

		const before = alreadyIssued(offer, id, holderThumbprints);
		if (before) return credentialResponse(before);
		const credentials = await Promise.all(
			keys.map((key, index) =>
				deps.issueCredential({
					configurationId: id,
					configuration,
					offer,
					holderJwk: key.jwk,
					...(key.did === undefined ? {} : { holderDid: key.did }),
					proofClaims: key.claims,
					index,
					count: keys.length,
				}),
			),
		);
		return credentialResponse(await record(offer.id, { configurationId: id, holderThumbprints, credentials, issuedAt: clock.now() }));
	}

	/** What counts is what the store takes. A request that lost the race gets what the winner stored, where it asked with the same keys. */
	async function record(offerId: string, issued: IssuedOnOffer): Promise<IssuedOnOffer> {
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			const offer = await store.getOffer(offerId);
			if (!offer || (offer.state !== 'open' && offer.state !== 'redeemed')) throw denied();
			const before = alreadyIssued(offer, issued.configurationId, issued.holderThumbprints);
			if (before) return before;
			const all = [...offer.issued, issued];
			const done = offer.configurationIds.every((id) => all.some((each) => each.configurationId === id));
			const next: OfferRecord = { ...offer, version: offer.version + 1, issued: all, ...(done ? { state: 'redeemed', redeemedAt: clock.now() } : {}) };
			if (!(await store.replaceOffer(next))) continue;
			emit({ kind: 'issued', offerId, configurationId: issued.configurationId, count: issued.credentials.length, holderThumbprints: issued.holderThumbprints });
			return issued;
		}
		throw new WireError('oid4vci/busy', 'temporarily_unavailable', 'Too many requests at once. Try again.', 503);
	}

	function alreadyIssued(offer: OfferRecord, configurationId: string, thumbprints: readonly string[]): IssuedOnOffer | undefined {
		const before = offer.issued.find((each) => each.configurationId === configurationId);
		if (!before) return undefined;
		const sameKeys = before.holderThumbprints.length === thumbprints.length && before.holderThumbprints.every((each, index) => each === thumbprints[index]);
		if (!sameKeys || before.credentials.length !== thumbprints.length) throw denied();
		return before;
	}

	async function route(request: Request): Promise<Response> {
		const { pathname } = new URL(request.url);
		const is = (method: string): boolean => request.method === method;
		if (pathname === wellKnownPath(config.issuerUrl, 'openid-credential-issuer')) return is('GET') ? json(metadata()) : methodNotAllowed('GET');
		if (pathname === wellKnownPath(config.issuerUrl, 'oauth-authorization-server'))
			return is('GET') ? json(authorizationServerMetadata(config)) : methodNotAllowed('GET');
		if (pathname === `${base}/token`) return is('POST') ? tokenEndpoint(request) : methodNotAllowed('POST');
		if (pathname === `${base}/nonce`) return is('POST') ? nonceEndpoint() : methodNotAllowed('POST');
		if (pathname === `${base}/credential`) return is('POST') ? credentialEndpoint(request) : methodNotAllowed('POST');
		const offer = pathname.startsWith(`${base}/offers/`) ? pathname.slice(base.length + '/offers/'.length) : '';
		if (/^[A-Za-z0-9_-]{43}$/.test(offer)) return is('GET') ? offerEndpoint(offer) : methodNotAllowed('GET');
		return notFound();
	}

	async function handle(request: Request): Promise<Response> {
		try {
			return await route(request);
		} catch (error) {
			if (error instanceof WireError) {
				emit({ kind: 'refused', code: error.code });
				return error.toResponse();
			}
			emit({ kind: 'refused', code: error instanceof HoldfastError ? error.code : 'oid4vci/internal' });
			return json({ error: 'server_error', error_description: 'The issuer could not do this.' }, 500);
		}
	}

	return { metadata, authorizationServerMetadata: () => authorizationServerMetadata(config), createOffer, drafter, cancelOffer, handle };
}

function invalidGrant(reason: string): WireError {
	return new WireError(`oid4vci/${reason}`, 'invalid_grant', 'The code is wrong, was used already, or has expired.');
}

const denied = (): WireError => new WireError('oid4vci/already-issued', 'credential_request_denied', 'This credential was issued already.');

const credentialResponse = (issued: IssuedOnOffer): Response => json({ credentials: issued.credentials.map((credential) => ({ credential })) });

function readProofs(body: JsonObject): string[] {
	const proofs = body.proofs;
	const jwt =
		typeof proofs === 'object' && proofs !== null && !Array.isArray(proofs) && Object.keys(proofs).length === 1 ? (proofs as JsonObject).jwt : undefined;
	if (!Array.isArray(jwt) || jwt.length === 0)
		throw new WireError('oid4vci/proof-missing', 'invalid_proof', 'A proof of possession of type jwt is needed, in proofs.');
	if (!jwt.every((each): each is string => typeof each === 'string'))
		throw new WireError('oid4vci/proof-malformed', 'invalid_proof', 'The proof is not a JWT.');
	return [...jwt] as string[];
}

/** A transaction code without bias: rejected draws are drawn again. */
function newTxCode(spec: TxCodeSpec, bytes: (length: number) => Uint8Array): string {
	if (!Number.isInteger(spec.length) || spec.length < 4 || spec.length > 32)
		throw new Oid4vciError('oid4vci/bad-configuration', 'A transaction code has 4 to 32 characters.');
	const alphabet = spec.inputMode === 'numeric' ? '0123456789' : ALPHABET;
	const limit = 256 - (256 % alphabet.length);
	let code = '';
	while (code.length < spec.length) {
		for (const byte of bytes(spec.length)) if (byte < limit && code.length < spec.length) code += alphabet[byte % alphabet.length];
	}
	return code;
}
