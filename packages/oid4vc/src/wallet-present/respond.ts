import { present } from '@holdfast/credentials';
import { type Clock, epochSeconds, type JsonObject } from '@holdfast/kernel';
import { isCarried } from '../shared/dcql.ts';
import { encryptJson } from '../shared/encryption.ts';
import { Oid4vpError } from '../shared/errors.ts';
import { parseJsonObject } from '../shared/http.ts';
import { answerText } from '../shared/outside.ts';
import { readUrl } from '../shared/url.ts';
import type { PresentDeps, ReadySelection, RequestReview, ResponseOutcome, Selection, VpToken } from './types.ts';

/**
 * Signs a presentation of each selection for this request: its nonce, and its full client identifier as audience
 * (OpenID4VP 1.0 §14.1.2, Appendix B). Nothing is sent.
 *
 * @throws Oid4vpError `oid4vp/not-asked-for`; `credential/*` where a credential cannot be presented so
 */
export async function buildPresentations(
	review: RequestReview,
	selections: readonly (Selection | ReadySelection)[],
	deps: { readonly clock: Clock },
): Promise<VpToken> {
	const token = new Map<string, string[]>();
	for (const selection of selections) {
		const query = review.dcql.credentials.find((each) => each.id === selection.queryId);
		if (!query || !('presentation' in selection ? isCarried(query.format) : query.format === selection.format)) throw notAsked();
		const presentations = token.get(selection.queryId) ?? [];
		token.set(selection.queryId, presentations);
		if (presentations.length > 0 && !query.multiple) throw notAsked();
		if ('presentation' in selection) {
			presentations.push(selection.presentation);
			continue;
		}
		// Without holder binding a W3C credential goes as it is, not in a presentation (Appendix B.1.3.1).
		const bare = query.require_cryptographic_holder_binding === false && selection.format === 'jwt_vc_json';
		presentations.push(
			bare
				? selection.raw
				: await present({
						raw: selection.raw,
						disclose: selection.format === 'jwt_vc_json' ? 'all' : selection.disclose,
						holder: selection.holder,
						...(selection.holderDid === undefined ? {} : { holderDid: selection.holderDid }),
						nonce: review.nonce,
						audience: review.clientId,
						issuedAt: epochSeconds(deps.clock),
					}),
		);
	}
	if (token.size === 0) throw notAsked();
	return Object.fromEntries(token);
}

const notAsked = (): Oid4vpError => new Oid4vpError('oid4vp/not-asked-for', 'What was chosen does not answer this request.');

/**
 * Sends the answer (OpenID4VP 1.0 §8.2; encrypted, §8.3.1, where the request asks for it). A verifier takes one answer.
 *
 * @throws Oid4vpError `oid4vp/request-expired`, `oid4vp/response-refused`; what the injected fetch throws
 */
export function respond(
	review: RequestReview,
	vpToken: VpToken,
	deps: Pick<PresentDeps, 'fetch' | 'clock' | 'allowLoopbackHttp'> & { readonly signal?: AbortSignal },
): Promise<ResponseOutcome> {
	if (review.expiresAt !== null && review.expiresAt <= deps.clock.now())
		throw new Oid4vpError('oid4vp/request-expired', 'This request has expired. Nothing was sent. Ask the verifier for a new one.');
	return send(review, { vp_token: vpToken as unknown as JsonObject }, deps);
}

/**
 * Tells the verifier that the holder does not want to (OpenID4VP 1.0 §8.5 `access_denied`). What is held is not said.
 *
 * @throws Oid4vpError `oid4vp/response-refused`; what the injected fetch throws
 */
export function refuse(
	review: RequestReview,
	deps: Pick<PresentDeps, 'fetch' | 'allowLoopbackHttp'> & { readonly signal?: AbortSignal },
	description?: string,
): Promise<ResponseOutcome> {
	return send(review, { error: 'access_denied', ...(description ? { error_description: description } : {}) }, deps);
}

async function send(
	review: RequestReview,
	parameters: JsonObject,
	deps: Pick<PresentDeps, 'fetch' | 'allowLoopbackHttp'> & { readonly signal?: AbortSignal },
): Promise<ResponseOutcome> {
	const url = readUrl(review.responseUri, deps.allowLoopbackHttp === true);
	if (!url) throw new Oid4vpError('oid4vp/bad-url', 'The address that the answer goes to is not a secure (https) address.', { data: { what: 'response' } });
	const payload: JsonObject = { ...parameters, ...(review.state === null ? {} : { state: review.state }) };
	const form = new URLSearchParams();
	if (review.encryption) form.set('response', await encryptJson(payload, review.encryption.jwk, review.encryption.enc));
	else for (const [name, value] of Object.entries(payload)) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
	const response = await deps.fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
		body: form.toString(),
		maxBytes: 64 * 1024,
		...(deps.signal ? { signal: deps.signal } : {}),
	});
	const text = await answerText(response, 64 * 1024);
	const body = text === null ? null : parseJsonObject(text);
	if (!response.ok) {
		const error = typeof body?.error === 'string' && /^[a-z_]{1,64}$/.test(body.error) ? body.error : null;
		throw new Oid4vpError('oid4vp/response-refused', 'The verifier did not take the answer. It may have been answered already, or have expired.', {
			data: { status: response.status, error },
		});
	}
	return { redirectUri: redirectOf(body, deps.allowLoopbackHttp === true) };
}

function redirectOf(body: JsonObject | null, allowLoopbackHttp: boolean): string | null {
	return readUrl(body?.redirect_uri, allowLoopbackHttp)?.href ?? null;
}
