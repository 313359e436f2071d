import type { Json, JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import { pathInWords, typeInWords, unsupportedFormat } from '../shared/dcql.ts';
import { Oid4vciError } from '../shared/errors.ts';
import { parseJsonObject } from '../shared/http.ts';
import { linkParameters, MAX_INPUT } from '../shared/input.ts';
import { Openid4vciClient, preAuthorizedCodeGrantIdentifier } from '../shared/library.ts';
import { answerText, libraryFetch, ownError } from '../shared/outside.ts';
import { cleanText, colour, localImage } from '../shared/text.ts';
import { readUrl } from '../shared/url.ts';
import { clientCallbacks } from './client.ts';
import type { OfferedClaim, OfferedConfiguration, OfferReview, ReceiveDeps } from './types.ts';

const MAX_DISPLAY = 256 * 1024;

const zOffer = z.object({
	credential_issuer: z.string().max(2048),
	credential_configuration_ids: z.array(z.string().min(1).max(500)).min(1).max(50),
	grants: z
		.object({
			[preAuthorizedCodeGrantIdentifier]: z
				.object({
					'pre-authorized_code': z.string().min(1).max(8192),
					tx_code: z
						.object({
							input_mode: z.enum(['numeric', 'text']).optional(),
							length: z.number().int().min(1).max(100).optional(),
							description: z.string().max(2000).optional(),
						})
						.optional(),
					authorization_server: z.string().max(2048).optional(),
				})
				.optional(),
		})
		.loose()
		.optional(),
});
type Offer = z.infer<typeof zOffer>;

/**
 * Reads a credential offer (OpenID4VCI 1.0 §4.1): an `openid-credential-offer:` link, an https link with `credential_offer`
 * or `credential_offer_uri`, or the offer's JSON. Fetches the offer where it is given by reference, then the issuer's
 * metadata (§12.2) and its authorization server's (RFC 8414). Redeems nothing.
 *
 * @throws Oid4vciError `oid4vci/too-long`, `oid4vci/not-an-offer`, `oid4vci/malformed-offer`, `oid4vci/bad-url`,
 * `oid4vci/offer-not-reachable`, `oid4vci/unsupported-grant`, `oid4vci/issuer-metadata`, `oid4vci/unknown-configuration`;
 * what the injected fetch throws
 */
export async function readOffer(input: string, deps: ReceiveDeps): Promise<OfferReview> {
	const offer = parseOffer(await offerObject(input, deps));
	return review(offer, deps);
}

async function offerObject(input: string, deps: ReceiveDeps): Promise<JsonObject> {
	if (input.length > MAX_INPUT) throw new Oid4vciError('oid4vci/too-long', 'This is too long to be a credential offer.');
	const text = input.trim();
	if (text.startsWith('{')) return parseJsonObject(text) ?? fail();
	const link = linkParameters(text);
	if (!link || !['openid-credential-offer', 'haip-vci', 'https', 'http'].includes(link.scheme)) {
		throw new Oid4vciError('oid4vci/not-an-offer', 'This is not a credential offer. Ask the issuer for a new link or QR code.');
	}
	const value = link.parameters.get('credential_offer');
	const reference = link.parameters.get('credential_offer_uri');
	if ((value === undefined) === (reference === undefined))
		throw new Oid4vciError('oid4vci/not-an-offer', 'This link does not hold exactly one credential offer.');
	if (value !== undefined) return parseJsonObject(value) ?? fail();
	const url = readUrl(reference, deps.allowLoopbackHttp === true);
	if (!url) throw badUrl('offer');
	const response = await deps.fetch(url, { headers: { accept: 'application/json' }, maxBytes: MAX_INPUT });
	if (!response.ok) {
		throw new Oid4vciError('oid4vci/offer-not-reachable', 'The issuer does not give out this offer (any more). Ask for a new one.', {
			data: { status: response.status },
		});
	}
	const body = await answerText(response, MAX_INPUT);
	return (body === null ? null : parseJsonObject(body)) ?? fail();
}

const fail = (): never => {
	throw new Oid4vciError('oid4vci/malformed-offer', 'This credential offer cannot be read. Ask the issuer for a new one.');
};

const badUrl = (what: string): Oid4vciError =>
	new Oid4vciError('oid4vci/bad-url', `The address of the ${what} is not a secure (https) address.`, { data: { what } });

/** The offer object of §4.1.1, checked in shape. Says which unsupported grant it has. */
function parseOffer(object: JsonObject): Offer {
	const parsed = zOffer.safeParse(object);
	return parsed.success ? parsed.data : fail();
}

async function review(offer: Offer, deps: ReceiveDeps): Promise<OfferReview> {
	const allowLoopback = deps.allowLoopbackHttp === true;
	const issuer = readUrl(offer.credential_issuer, allowLoopback);
	if (issuer?.search !== '' || issuer.hash !== '') throw badUrl('issuer');
	const grant = offer.grants?.[preAuthorizedCodeGrantIdentifier];
	if (!grant) {
		throw new Oid4vciError(
			'oid4vci/unsupported-grant',
			'This issuer wants you to sign in on its own page first. Holdfast only takes offers with a code in them.',
		);
	}
	const metadata = await fetchMetadata(offer.credential_issuer, deps);
	const server = pickServer(offer, grant.authorization_server, metadata.credentialIssuer.authorization_servers);
	const token = metadata.authorizationServers.find((each) => each.issuer === server)?.token_endpoint;
	const credential = metadata.credentialIssuer.credential_endpoint;
	const nonce = metadata.credentialIssuer.nonce_endpoint;
	if (!readUrl(token, allowLoopback) || token === undefined) throw badUrl('token endpoint');
	if (!readUrl(credential, allowLoopback)) throw badUrl('credential endpoint');
	if (nonce !== undefined && !readUrl(nonce, allowLoopback)) throw badUrl('nonce endpoint');

	const supported = metadata.credentialIssuer.credential_configurations_supported as unknown as JsonObject;
	const ids = [...new Set(offer.credential_configuration_ids)];
	const configurations = ids.map((id) => {
		const entry = Object.hasOwn(supported, id) ? supported[id] : undefined;
		if (!isObject(entry))
			throw new Oid4vciError('oid4vci/unknown-configuration', 'The issuer offers a credential that it does not describe. Ask the issuer to correct this.');
		return configurationOf(id, entry);
	});
	const display = firstDisplay(metadata.credentialIssuer.display as Json | undefined);
	const batch = Number(metadata.credentialIssuer.batch_credential_issuance?.batch_size ?? 1);
	return {
		issuer: offer.credential_issuer,
		issuerHost: issuer.host,
		issuerName: cleanText(display?.name, 100) ?? issuer.host,
		issuerLogo: logoOf(display),
		configurations,
		txCode: grant.tx_code
			? { inputMode: grant.tx_code.input_mode ?? 'numeric', length: grant.tx_code.length ?? null, description: cleanText(grant.tx_code.description, 300) }
			: null,
		batchSize: Number.isInteger(batch) ? Math.min(Math.max(batch, 1), 100) : 1,
		endpoints: { token, credential, nonce: nonce ?? null },
		preAuthorizedCode: grant['pre-authorized_code'],
		authorizationServer: server,
	};
}

type Metadata = Awaited<ReturnType<Openid4vciClient['resolveIssuerMetadata']>>;

async function fetchMetadata(issuer: string, deps: ReceiveDeps): Promise<Metadata> {
	const check = (url: string): void => {
		if (!readUrl(url, deps.allowLoopbackHttp === true)) throw badUrl('issuer');
	};
	try {
		const fetch = withoutStrangeImages(libraryFetch(deps.fetch, check));
		return await new Openid4vciClient({ callbacks: clientCallbacks(fetch) }).resolveIssuerMetadata(issuer);
	} catch (error) {
		throw (
			ownError(error) ??
			new Oid4vciError('oid4vci/issuer-metadata', 'What this issuer says about itself cannot be read, or is about another issuer.', { cause: error })
		);
	}
}

/** The library refuses an issuer for one image that it does not like (an SVG in a `data:` URI, say). Those images are left out first. */
function withoutStrangeImages(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
	return async (input, init) => {
		const response = await fetch(input, init);
		const text = await answerText(response);
		const body = text === null ? null : parseJsonObject(text);
		const clean =
			body === null
				? (text ?? '')
				: JSON.stringify(body, (name, value: unknown) => ((name === 'logo' || name === 'background_image') && !usableImage(value) ? undefined : value));
		return new Response(response.status === 204 || response.status === 304 ? null : clean, { status: response.status, headers: response.headers });
	};
}

const usableImage = (value: unknown): boolean => isObject(value) && (readUrl(value.uri, false) !== null || localImage(value.uri) !== null);

/** OpenID4VCI 1.0 §4.1.1 `authorization_server` and §12.2.4 `authorization_servers`. */
function pickServer(offer: Offer, wanted: string | undefined, known: readonly string[] | undefined): string {
	const wrong = new Oid4vciError('oid4vci/issuer-metadata', 'The offer and the issuer do not agree on who gives out access.');
	if (!known || known.length === 0) {
		if (wanted !== undefined && wanted !== offer.credential_issuer) throw wrong;
		return offer.credential_issuer;
	}
	if (wanted !== undefined) {
		if (!known.includes(wanted)) throw wrong;
		return wanted;
	}
	const [only] = known;
	if (known.length !== 1 || only === undefined) throw wrong;
	return only;
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const strings = (value: unknown): string[] =>
	Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string' && each.length <= 500).slice(0, 50) : [];

function firstDisplay(value: Json | undefined): JsonObject | undefined {
	const entries = Array.isArray(value) ? value.filter(isObject) : [];
	return entries.find((entry) => typeof entry.locale === 'string' && /^en\b/i.test(entry.locale)) ?? entries[0];
}

function logoOf(display: JsonObject | undefined): string | null {
	return isObject(display?.logo) ? localImage(display.logo.uri) : null;
}

function configurationOf(id: string, entry: JsonObject): OfferedConfiguration {
	const format = typeof entry.format === 'string' ? entry.format : '';
	const unsupported = unsupportedFormat(format) ?? proofProblem(entry);
	const definition = isObject(entry.credential_definition) ? entry.credential_definition : {};
	const type = (format === 'jwt_vc_json' ? strings(definition.type).at(-1) : typeof entry.vct === 'string' ? entry.vct : undefined) ?? id;
	// Final 1.0 puts display and claims into credential_metadata; earlier drafts had them one level up.
	const metadata = isObject(entry.credential_metadata) ? entry.credential_metadata : entry;
	const display = firstDisplay(metadata.display);
	const kept: JsonObject = {
		...(metadata.display === undefined ? {} : { display: metadata.display }),
		...(metadata.claims === undefined ? {} : { claims: metadata.claims }),
	};
	return {
		id,
		format: unsupportedFormat(format) === null ? (format as 'dc+sd-jwt' | 'jwt_vc_json') : null,
		unsupported,
		type: cleanText(type, 200) ?? id,
		name: cleanText(display?.name, 100) ?? typeInWords(type),
		description: cleanText(display?.description, 500),
		logo: logoOf(display),
		backgroundColor: colour(display?.background_color),
		textColor: colour(display?.text_color),
		claims: claimsOf(metadata.claims),
		proofAlgs: jwtProof(entry) ? strings(jwtProof(entry)?.proof_signing_alg_values_supported) : [],
		bindingMethods: strings(entry.cryptographic_binding_methods_supported),
		display: JSON.stringify(kept).length <= MAX_DISPLAY ? kept : null,
		extensions: extensionsOf(entry),
	};
}

/** What an issuer says beyond the specification, under our own names; small. */
function extensionsOf(entry: JsonObject): JsonObject {
	const own = Object.fromEntries(Object.entries(entry).filter(([name]) => name.startsWith('org.holdfast.')));
	return JSON.stringify(own).length <= 4096 ? own : {};
}

const jwtProof = (entry: JsonObject): JsonObject | undefined => {
	const types = isObject(entry.proof_types_supported) ? entry.proof_types_supported : undefined;
	return isObject(types?.jwt) ? types.jwt : undefined;
};

function proofProblem(entry: JsonObject): string | null {
	if (isObject(entry.proof_types_supported) && !jwtProof(entry)) return 'Its issuer asks for a kind of proof that Holdfast does not support.';
	if (jwtProof(entry)?.key_attestations_required !== undefined) return 'Its issuer asks for a hardware-attested key, which Holdfast does not have.';
	return null;
}

function claimsOf(value: Json | undefined): OfferedClaim[] {
	if (!Array.isArray(value)) return [];
	return value
		.filter(isObject)
		.slice(0, 200)
		.flatMap((claim): OfferedClaim[] => {
			if (!Array.isArray(claim.path) || claim.path.length === 0 || claim.path.length > 32) return [];
			const path = claim.path.filter(
				(part): part is string | number | null => part === null || typeof part === 'string' || (typeof part === 'number' && Number.isInteger(part)),
			);
			if (path.length !== claim.path.length) return [];
			return [{ path, label: cleanText(firstDisplay(claim.display)?.name, 100) ?? pathInWords(path), mandatory: claim.mandatory === true }];
		});
}
