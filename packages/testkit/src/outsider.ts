import { type CredentialFormatId, didJwk, type IssueInput, issue, type PresentInput, present } from '@holdfast/credentials';
import { base64urlDecode, generateKeyPair, type Signer, signerOf, utf8Decode } from '@holdfast/crypto';
import type { JsonObject, Random } from '@holdfast/kernel';
import { asking, type Call } from './contract-actor.ts';

// People without a Holdfast of their own: they hold keys and speak the protocols by hand, honestly or not. What
// an honest wallet never does (an expired document, an answer to somebody else's request) comes from here.

/** Somebody with one P-256 key and the did:jwk of it: an issuer, or a holder. */
export interface Outsider {
	readonly did: string;
	readonly signer: Signer;
}

export function outsider(random: Random): Outsider {
	const key = generateKeyPair('Secp256r1', random);
	const did = didJwk(signerOf(key).publicJwk);
	return { did, signer: signerOf(key, `${did}#0`) };
}

export interface SignedFor {
	readonly format: CredentialFormatId;
	readonly type: string;
	readonly claims: JsonObject;
	readonly holder: Outsider;
	/** Seconds since the epoch. */
	readonly issuedAt: number;
	readonly validUntil?: number;
}

/** A document that `issuer` signs for somebody's key. */
export const signFor = (issuer: Outsider, { holder, ...input }: SignedFor, random: Random): Promise<string> =>
	issue({ ...input, issuer: issuer.did, signer: issuer.signer, holder: { jwk: holder.signer.publicJwk } } satisfies IssueInput, { random });

/**
 * A document from `issuer` for a DID of a wallet's own, taken in as text: what happens where an issuer sends a file. Returns its id in
 * the wallet. `call` is how the wallet is asked.
 */
export async function receiveByHand(
	call: Call,
	issuer: Outsider,
	document: Omit<SignedFor, 'holder'> & { readonly did?: string },
	random: Random,
): Promise<string> {
	const { did: given, ...rest } = document;
	const did = given ?? (await asking(call, 'dids.create', { method: 'did:jwk' })).did;
	const { document: resolved } = await asking(call, 'dids.resolve', { did });
	const [method] = (resolved as { verificationMethod: { publicKeyJwk: Outsider['signer']['publicJwk'] }[] }).verificationMethod;
	if (!method) throw new Error('the DID has no key');
	// Only the public half is used.
	const holder = { did, signer: { ...issuer.signer, publicJwk: method.publicKeyJwk } };
	const { id } = await asking(call, 'receive.open', { text: await signFor(issuer, { ...rest, holder }, random) });
	const { credentialIds } = await asking(call, 'receive.approve', { id });
	const [first] = credentialIds;
	if (first === undefined) throw new Error('nothing was taken in');
	return first;
}

/** What a verifier asks, as it stands in its request object (OpenID4VP 1.0 §5). */
export interface ReadRequest {
	readonly clientId: string;
	readonly nonce: string;
	readonly state: string | undefined;
	readonly responseUri: string;
	/** Id of the first credential that is asked for. */
	readonly queryId: string;
}

/** Reads a request by its link, as any wallet would; for `direct_post` without encryption. */
export async function fetchRequest(link: string): Promise<ReadRequest> {
	const parameters = new URL(link).searchParams;
	const requestUri = parameters.get('request_uri');
	if (requestUri === null) throw new Error('this link has no request_uri');
	const text = await (await fetch(requestUri)).text();
	const payload = JSON.parse(utf8Decode(base64urlDecode(text.split('.')[1] ?? ''))) as Record<string, unknown>;
	const query = payload.dcql_query as { credentials: readonly { id: string }[] };
	return {
		clientId: String(payload.client_id),
		nonce: String(payload.nonce),
		state: typeof payload.state === 'string' ? payload.state : undefined,
		responseUri: String(payload.response_uri),
		queryId: query.credentials[0]?.id ?? '',
	};
}

/** A presentation of a document as `holder`, for this request; `change` makes it a dishonest one. */
export const presentFor = (request: ReadRequest, raw: string, holder: Outsider, issuedAt: number, change: Partial<PresentInput> = {}): Promise<string> =>
	present({ raw, disclose: 'all', holder: holder.signer, nonce: request.nonce, audience: request.clientId, issuedAt, ...change });

/** Sends presentations to the verifier (`direct_post`, OpenID4VP 1.0 §8.2) and gives its HTTP status. */
export async function sendTo(request: ReadRequest, presentation: string): Promise<number> {
	const body = new URLSearchParams({
		vp_token: JSON.stringify({ [request.queryId]: [presentation] }),
		...(request.state === undefined ? {} : { state: request.state }),
	});
	return (await fetch(request.responseUri, { method: 'POST', body })).status;
}
