import type { Json, JsonObject } from '@holdfast/kernel';

// An extension of ours: OpenID4VP 1.0 without a network. §5.6 and §8 leave room for further response modes, which are named here under
// our own domain. The request travels by value in one QR code or a film of them (§5.3: as parameters, or signed in `request`), the
// answer as a film on the holder's screen:
//
//   response_mode  org.holdfast.qr       the answer is the JSON object {response_uri, vp_token, state}
//                  org.holdfast.qr.jwt   it is {response_uri, response}, `response` as in direct_post.jwt (§8.3.1)
//   response_uri   org.holdfast.qr:<id>  names the request, as a path does in direct_post; nothing is ever sent there
//
// Nonce, audience (the client identifier), `state`, `dcql_query` and everything about the presentations are as the specification has
// them. A verifier without a DID is `redirect_uri:org.holdfast.qr:<id>`: each request has an audience of its own.

const MODES = ['org.holdfast.qr', 'org.holdfast.qr.jwt'] as const;
export type QrResponseMode = (typeof MODES)[number];

export const isQrMode = (mode: unknown): mode is QrResponseMode => MODES.includes(mode as QrResponseMode);

export const qrResponseUri = (id: string): string => `org.holdfast.qr:${id}`;

/** The id of the request that such an address names, or null where it is none. */
export const qrRequestId = (uri: unknown): string | null => (typeof uri === 'string' ? (/^org\.holdfast\.qr:([0-9a-z]{26})$/.exec(uri)?.[1] ?? null) : null);

/** The same request as the library knows it, which checks the form of everything else: it takes no response mode but its own, and no address but https. */
export function asDirectPost(payload: JsonObject): JsonObject {
	if (!isQrMode(payload.response_mode)) return payload;
	const address = `https://qr.invalid/${qrRequestId(payload.response_uri) ?? ''}`;
	const clientId: { readonly [name: string]: Json } =
		payload.client_id === `redirect_uri:${payload.response_uri}` ? { client_id: `redirect_uri:${address}` } : {};
	return { ...payload, ...clientId, response_uri: address, response_mode: payload.response_mode === 'org.holdfast.qr' ? 'direct_post' : 'direct_post.jwt' };
}
