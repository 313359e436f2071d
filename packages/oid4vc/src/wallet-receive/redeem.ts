import { keyInDid, type ParsedCredential, parse } from '@holdfast/credentials';
import { type Jwk, jwkThumbprint, type Signer } from '@holdfast/crypto';
import { epochSeconds, type JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import { Oid4vciError } from '../shared/errors.ts';
import { parseJsonObject } from '../shared/http.ts';
import { signJwt } from '../shared/jose.ts';
import { preAuthorizedCodeGrantIdentifier } from '../shared/library.ts';
import { answerText, MAX_ANSWER } from '../shared/outside.ts';
import { readUrl } from '../shared/url.ts';
import type {
	OfferedConfiguration,
	OfferReview,
	ReceiveDeps,
	ReceivedCredential,
	RedeemOptions,
	RequestCredentialsOptions,
	RequestTokenOptions,
	TokenState,
} from './types.ts';

// Each request is one small message; they are written out here and not through the library, whose client
// picks a draft version by guess and puts the answers of strangers into its error messages.

const zToken = z.object({
	access_token: z.string().min(1).max(16384),
	token_type: z.string().min(1).max(40),
	expires_in: z.number().positive().max(1e10).optional(),
	authorization_details: z
		.array(z.object({ credential_configuration_id: z.string().optional(), credential_identifiers: z.array(z.string()).optional() }).loose())
		.optional(),
});
const zNonce = z.object({ c_nonce: z.string().min(1).max(4096) });
const zCredentials = z.object({
	credentials: z
		.array(z.object({ credential: z.unknown() }))
		.min(1)
		.max(100),
});

interface Answer {
	readonly status: number;
	readonly ok: boolean;
	readonly body: JsonObject | null;
}

async function post(
	url: string,
	headers: Record<string, string>,
	body: string | undefined,
	deps: ReceiveDeps,
	signal: AbortSignal | undefined,
): Promise<Answer> {
	if (!readUrl(url, deps.allowLoopbackHttp === true))
		throw new Oid4vciError('oid4vci/bad-url', 'The issuer’s address is not a secure (https) address.', { data: { what: 'endpoint' } });
	const response = await deps.fetch(url, {
		method: 'POST',
		headers: { accept: 'application/json', ...headers },
		maxBytes: MAX_ANSWER,
		...(body === undefined ? {} : { body }),
		...(signal ? { signal } : {}),
	});
	const text = await answerText(response);
	return { status: response.status, ok: response.ok, body: text === null ? null : parseJsonObject(text) };
}

/** The `error` of an error object, where it is one of the short names that specifications use. */
function errorName(answer: Answer): string | null {
	const error = answer.body?.error;
	return typeof error === 'string' && /^[a-z_]{1,64}$/.test(error) ? error : null;
}

const data = (answer: Answer): JsonObject => ({ status: answer.status, error: errorName(answer) });

/**
 * Redeems the pre-authorized code for an access token (OpenID4VCI 1.0 §6). The code is single use: keep the result.
 *
 * @throws Oid4vciError `oid4vci/tx-code-needed`, `oid4vci/code-refused` (wrong transaction code, used or expired),
 * `oid4vci/token-refused`, `oid4vci/malformed-answer`; what the injected fetch throws
 */
export async function requestToken(review: OfferReview, options: RequestTokenOptions, deps: ReceiveDeps): Promise<TokenState> {
	const txCode = options.txCode?.trim();
	if (review.txCode && !txCode) throw new Oid4vciError('oid4vci/tx-code-needed', 'Type in the code that the issuer gave you.');
	const form = new URLSearchParams({ grant_type: preAuthorizedCodeGrantIdentifier, 'pre-authorized_code': review.preAuthorizedCode });
	if (review.txCode && txCode) form.set('tx_code', txCode);
	const answer = await post(review.endpoints.token, { 'content-type': 'application/x-www-form-urlencoded' }, form.toString(), deps, options.signal);
	if (!answer.ok) {
		const error = errorName(answer);
		if (error === 'invalid_grant') {
			const message = review.txCode
				? 'The issuer does not accept this code. Check it; too many wrong tries end the offer, and an offer works only once.'
				: 'This offer was used already or has expired. Ask the issuer for a new one.';
			throw new Oid4vciError('oid4vci/code-refused', message, { data: { ...data(answer), txCode: review.txCode !== null } });
		}
		throw new Oid4vciError('oid4vci/token-refused', 'The issuer refuses this offer. Ask for a new one.', { data: data(answer) });
	}
	const token = zToken.safeParse(answer.body);
	if (!token.success) throw malformed();
	if (token.data.token_type.toLowerCase() !== 'bearer')
		throw new Oid4vciError('oid4vci/unsupported-token', 'The issuer gives out a kind of access that Holdfast does not support.');
	const identifiers: Record<string, readonly string[]> = {};
	for (const each of token.data.authorization_details ?? []) {
		if (each.credential_configuration_id && each.credential_identifiers?.length) identifiers[each.credential_configuration_id] = each.credential_identifiers;
	}
	return {
		accessToken: token.data.access_token,
		tokenType: 'Bearer',
		expiresAt: token.data.expires_in === undefined ? null : deps.clock.now() + token.data.expires_in * 1000,
		credentialIdentifiers: identifiers,
	};
}

const malformed = (): Oid4vciError => new Oid4vciError('oid4vci/malformed-answer', 'The issuer’s answer cannot be read. Nothing was stored.');

/**
 * Proves possession of each signer's key and fetches one copy for each (OpenID4VCI 1.0 §7, §8). Every credential that
 * comes back is read and has to be of the offered format and bound to one of the keys; its issuer's signature is not
 * checked here. May be called again with the same keys after a crash.
 *
 * @throws Oid4vciError `oid4vci/unsupported-configuration`, `oid4vci/unknown-configuration`, `oid4vci/no-key`,
 * `oid4vci/batch-too-large`, `oid4vci/unsupported-alg`, `oid4vci/token-expired`, `oid4vci/credential-refused`,
 * `oid4vci/deferred`, `oid4vci/malformed-answer`, `oid4vci/wrong-credential`; what the injected fetch throws
 */
export async function requestCredentials(
	review: OfferReview,
	token: TokenState,
	options: RequestCredentialsOptions,
	deps: ReceiveDeps,
): Promise<ReceivedCredential[]> {
	const configuration = pickConfiguration(review, options.configurationId);
	checkSigners(review, configuration, options.signers);
	if (token.expiresAt !== null && token.expiresAt <= deps.clock.now()) throw tokenExpired();
	const report = options.onProgress ?? (() => {});
	// A nonce may run out or be taken between the two requests: one fresh nonce, once (§8.3.1.2 invalid_nonce).
	let answer = await attempt();
	if (!answer.ok && errorName(answer) === 'invalid_nonce') answer = await attempt();
	if (!answer.ok) {
		if (answer.status === 401) throw tokenExpired();
		throw new Oid4vciError('oid4vci/credential-refused', 'The issuer does not give out the credential. Ask the issuer why.', { data: data(answer) });
	}
	if (answer.body?.transaction_id !== undefined)
		throw new Oid4vciError('oid4vci/deferred', 'The issuer wants to hand out the credential later, which Holdfast does not support yet.');
	const parsed = zCredentials.safeParse(answer.body);
	if (!parsed.success) throw malformed();
	report('check');
	const received = checkCredentials(
		parsed.data.credentials.map((each) => each.credential),
		configuration,
		options.signers,
	);
	report('done');
	return received;

	async function attempt(): Promise<Answer> {
		report('nonce');
		const nonce = review.endpoints.nonce === null ? undefined : await fetchNonce(review.endpoints.nonce, deps, options.signal);
		report('proof');
		const proofs: string[] = [];
		for (const [index, signer] of options.signers.entries()) {
			proofs.push(await makeProof(review, configuration, signer, nonce, epochSeconds(deps.clock), options.proofClaims?.(index) ?? {}));
		}
		report('credential');
		const identifier = token.credentialIdentifiers[configuration.id]?.[0];
		const body: JsonObject = {
			...(identifier === undefined ? { credential_configuration_id: configuration.id } : { credential_identifier: identifier }),
			proofs: { jwt: proofs },
		};
		return post(
			review.endpoints.credential,
			{ 'content-type': 'application/json', authorization: `Bearer ${token.accessToken}` },
			JSON.stringify(body),
			deps,
			options.signal,
		);
	}
}

/** `requestToken`, then `requestCredentials`. With `onToken` the token can be journalled in between. Throws what they throw. */
export async function redeem(review: OfferReview, options: RedeemOptions, deps: ReceiveDeps): Promise<ReceivedCredential[]> {
	// What can be refused without spending the code is refused first.
	checkSigners(review, pickConfiguration(review, options.configurationId), options.signers);
	options.onProgress?.('token');
	const token = await requestToken(review, options, deps);
	await options.onToken?.(token);
	return requestCredentials(review, token, options, deps);
}

const tokenExpired = (): Oid4vciError =>
	new Oid4vciError('oid4vci/token-expired', 'The time to fetch this credential is over. Ask the issuer for a new offer.');

function pickConfiguration(review: OfferReview, id: string | undefined): OfferedConfiguration {
	const configuration = id === undefined ? review.configurations[0] : review.configurations.find((each) => each.id === id);
	if (!configuration) throw new Oid4vciError('oid4vci/unknown-configuration', 'This offer does not hold that credential.');
	if (configuration.unsupported !== null || configuration.format === null) {
		throw new Oid4vciError('oid4vci/unsupported-configuration', `Holdfast cannot hold this credential. ${configuration.unsupported ?? ''}`.trim());
	}
	return configuration;
}

function checkSigners(review: OfferReview, configuration: OfferedConfiguration, signers: readonly Signer[]): void {
	if (signers.length === 0) throw new Oid4vciError('oid4vci/no-key', 'A credential needs a key to be bound to.');
	if (signers.length > review.batchSize)
		throw new Oid4vciError('oid4vci/batch-too-large', 'The issuer does not give out that many copies at once.', { data: { batchSize: review.batchSize } });
	if (new Set(signers.map((signer) => jwkThumbprint(signer.publicJwk))).size !== signers.length)
		throw new Oid4vciError('oid4vci/no-key', 'Each copy needs a key of its own.');
	for (const signer of signers) {
		if (configuration.proofAlgs.length > 0 && !configuration.proofAlgs.includes(signer.alg)) {
			throw new Oid4vciError('oid4vci/unsupported-alg', 'The issuer does not accept this kind of key. Use another kind.', {
				data: { accepted: [...configuration.proofAlgs] },
			});
		}
	}
}

async function fetchNonce(endpoint: string, deps: ReceiveDeps, signal: AbortSignal | undefined): Promise<string> {
	const answer = await post(endpoint, {}, undefined, deps, signal);
	const nonce = answer.ok ? zNonce.safeParse(answer.body) : undefined;
	if (!nonce?.success) throw malformed();
	return nonce.data.c_nonce;
}

const didOf = (signer: Signer): string | null => (signer.kid?.startsWith('did:') ? (signer.kid.split('#')[0] ?? null) : null);

/** The signer's DID, where the issuer binds to its method. */
function bindingDid(configuration: OfferedConfiguration, signer: Signer): string | null {
	const did = didOf(signer);
	if (did === null) return null;
	const method = did.split(':').slice(0, 2).join(':');
	return configuration.bindingMethods.some((each) => each === method || each === 'did') ? did : null;
}

/** OpenID4VCI 1.0 Appendix F.1. No `iss`: the wallet is anonymous. */
function makeProof(
	review: OfferReview,
	configuration: OfferedConfiguration,
	signer: Signer,
	nonce: string | undefined,
	iat: number,
	more: JsonObject,
): Promise<string> {
	const did = bindingDid(configuration, signer);
	const key: JsonObject = did !== null && signer.kid !== undefined ? { kid: signer.kid } : { jwk: publicMembers(signer.publicJwk) };
	return signJwt(signer, { typ: 'openid4vci-proof+jwt', ...key }, { ...more, aud: review.issuer, iat, ...(nonce === undefined ? {} : { nonce }) });
}

function publicMembers(jwk: Jwk): JsonObject {
	return jwk.y === undefined ? { kty: jwk.kty, crv: jwk.crv, x: jwk.x } : { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y };
}

function checkCredentials(raws: readonly unknown[], configuration: OfferedConfiguration, signers: readonly Signer[]): ReceivedCredential[] {
	if (raws.length > signers.length) throw wrong('The issuer sent more credentials than were asked for.');
	const free = new Map(signers.map((signer) => [jwkThumbprint(signer.publicJwk), signer]));
	return raws.map((raw) => {
		if (typeof raw !== 'string' || configuration.format === null) throw wrong('The issuer sent something that is not the credential offered.');
		const parsed = read(raw);
		if (parsed.format !== configuration.format) throw wrong('The issuer sent a credential in another format than offered.');
		const signer = signerFor(parsed, free, configuration);
		if (!signer) throw wrong('The issuer sent a credential that is not bound to your key. It was not stored.');
		const thumbprint = jwkThumbprint(signer.publicJwk);
		free.delete(thumbprint);
		return {
			raw,
			format: configuration.format,
			configurationId: configuration.id,
			holderJwk: signer.publicJwk,
			holderThumbprint: thumbprint,
			holderDid: parsed.holder?.did ?? bindingDid(configuration, signer),
			display: configuration.display,
		};
	});
}

function read(raw: string): ParsedCredential {
	try {
		return parse(raw);
	} catch (error) {
		throw wrong('The issuer sent a credential that cannot be read. It was not stored.', error);
	}
}

function signerFor(parsed: ParsedCredential, free: ReadonlyMap<string, Signer>, configuration: OfferedConfiguration): Signer | undefined {
	const did = parsed.holder?.did;
	const jwk = parsed.holder?.jwk ?? (did === undefined ? undefined : keyInDid(did));
	if (jwk) return free.get(thumbprintOrEmpty(jwk));
	if (did === undefined) return undefined;
	return [...free.values()].find((signer) => bindingDid(configuration, signer) === did || didOf(signer) === did);
}

function thumbprintOrEmpty(jwk: Jwk): string {
	try {
		return jwkThumbprint(jwk);
	} catch {
		return '';
	}
}

const wrong = (message: string, cause?: unknown): Oid4vciError => new Oid4vciError('oid4vci/wrong-credential', message, { cause });
