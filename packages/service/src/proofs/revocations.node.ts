import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Issued } from '@holdfast/contract';
import { epochSeconds, errorInfo, type Json } from '@holdfast/kernel';
import { readUrl } from '@holdfast/oid4vc';
import { type IssuerPublicKey, MAX_REVOKED, prepareRevocations, publishRevocations, type RevocationList, readRevocationList } from '@holdfast/zk';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { issuerMark, keptToken, withIssuerSecret } from './key-token.node.ts';
import { ATTESTATION_USE } from './names.ts';

// An issuer's list of revoked places: who signs it, where it lies, and how a wallet gets it. A wallet fetches all of it,
// so that nobody learns whose place it looks for.

/** Below the issuer's address, and below a folder that is served there: the lists, by the marks of the DIDs that sign them. */
const FOLDER = 'proof-revocations';

/**
 * A list is signed for the quarter of an hour, or for the moment of the last revocation. So everybody who fetches within it
 * gets the very same, and the time in a proof does not tell which fetch it goes back to.
 */
const PERIOD_SEC = 900;
/** Days in proofs may differ by one, and a document that was asked for twice ends a little later. */
const MARGIN_SEC = 3 * 86_400;
const MAX_BYTES = 256 * 1024;
const KEPT_MS = 31 * 86_400_000;

/** Where the list of `did` is, for an issuer at `issuerUrl`. */
export const listAddress = (issuerUrl: string, did: string): string => `${issuerUrl}/${FOLDER}/${issuerMark(did)}`;

// Issuer

/** This wallet's identities that have attested anything. */
const attesting = (session: Session): string[] =>
	session.vault.dids.list().flatMap(({ did }) => (keptToken(session, ATTESTATION_USE, did) === undefined ? [] : [did]));

/** The list of one of this wallet's issuers as of now, as text. The same for every process and every call within the period; `signed` is where it is kept meanwhile. */
async function currentList(session: Session, did: string, signed: Map<string, { readonly key: string; readonly text: string }>): Promise<string> {
	const now = epochSeconds(session.clock);
	const period = now - (now % PERIOD_SEC);
	const { places, lastAt } = session.vault.proofRevocations.revoked(did, (period - MARGIN_SEC) * 1000);
	const at = Math.max(period, lastAt === null ? 0 : Math.floor(lastAt / 1000));
	const key = JSON.stringify([at, places]);
	const known = signed.get(did);
	if (known?.key === key) return known.text;
	await prepareRevocations(places, pause);
	const list = withIssuerSecret(session, ATTESTATION_USE, did, (signingKey) =>
		publishRevocations({ signingKey, revoked: places, now: { now: () => at * 1000 } }),
	);
	const text = JSON.stringify(list);
	signed.set(did, { key, text });
	return text;
}

/** Whether what was issued on an offer can be revoked for proofs, and since when it is. */
export function revocationOf(session: Session, offerId: string | null): Pick<Issued, 'revocation' | 'revokedAt'> {
	const [place] = offerId === null ? [] : session.vault.proofRevocations.ofOffer(offerId);
	if (place === undefined) return { revocation: 'none', revokedAt: null };
	return { revocation: place.revokedAt === null ? 'possible' : 'revoked', revokedAt: place.revokedAt };
}

/** Revokes all copies of what was issued on an offer, for proofs. For use in a transaction. Throws `issue/not-revocable`, `issue/already-revoked`, `issue/revocations-full`. */
export function revokeForProofs(session: Session, { issuerDid, offerId }: { readonly issuerDid: string; readonly offerId: string | null }): void {
	const { proofRevocations } = session.vault;
	const places = offerId === null ? [] : proofRevocations.ofOffer(offerId);
	if (offerId === null || places.length === 0)
		throw new ServiceError('issue/not-revocable', 'This document was issued without what revoking needs. It is valid until it expires.');
	const now = session.clock.now();
	if (proofRevocations.revoked(issuerDid, now - MARGIN_SEC * 1000).places.length + places.length > MAX_REVOKED)
		throw new ServiceError('issue/revocations-full', 'The list of revoked documents of this identity is full until some of them expire.', {
			limit: MAX_REVOKED,
		});
	if (proofRevocations.revoke(offerId, now) === 0) throw new ServiceError('issue/already-revoked', 'This document is revoked already.');
}

/** Answers requests for lists below `issuerUrl`; undefined for every other address. */
export function revocationsEndpoint(session: Session, issuerUrl: string): (request: Request) => Promise<Response | undefined> {
	const { pathname: base } = new URL(listAddress(issuerUrl, ''));
	const signed: Parameters<typeof currentList>[2] = new Map();
	const prefix = base.slice(0, base.lastIndexOf('/') + 1);
	return async (request) => {
		const { pathname } = new URL(request.url);
		if (!pathname.startsWith(prefix)) return undefined;
		if (request.method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET' } });
		const mark = pathname.slice(prefix.length);
		const did = attesting(session).find((each) => issuerMark(each) === mark);
		if (did === undefined) return new Response(null, { status: 404 });
		// Whoever asks again wants to know what is revoked now.
		const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
		return new Response(await currentList(session, did, signed), { headers });
	};
}

/** Writes the lists of all of this wallet's issuers below `folder`, for a website at the issuer's address. Each file is whole or the old one. */
export async function writeLists(session: Session, folder: string): Promise<{ readonly path: string; readonly lists: number }> {
	const path = join(folder, FOLDER);
	const issuers = attesting(session);
	if (issuers.length === 0) throw new ServiceError('issue/nothing-to-publish', 'Nothing that could be revoked was issued yet.');
	try {
		await mkdir(path, { recursive: true });
		for (const did of issuers) {
			const file = join(path, issuerMark(did));
			await writeFile(`${file}.new`, await currentList(session, did, new Map()));
			await rename(`${file}.new`, file);
		}
	} catch (cause) {
		throw new ServiceError('issue/not-written', 'The lists could not be written there. Choose another folder.', {}, cause);
	}
	return { path, lists: issuers.length };
}

// Holder

/**
 * Reads where an issuer says that its list is. Only the form that this project's issuers use: an address with room for more
 * could be another one for each holder. Undefined for anything else.
 */
export function readListAddress(text: string, issuer: string): string | undefined {
	const url = readUrl(text, true);
	return url && url.search === '' && url.hash === '' && url.pathname.endsWith(`/${FOLDER}/${issuerMark(issuer)}`) ? url.href : undefined;
}

/** Room for other calls while a long list is hashed. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function readList(json: unknown, key: IssuerPublicKey): Promise<RevocationList> {
	await prepareRevocations((json as { readonly revoked?: unknown } | null)?.revoked, pause);
	return readRevocationList(json, key);
}

const cacheKey = (address: string): string => `proofs/revocations/${address}`;

/** The list that was fetched last, checked anew. Undefined where there is none that holds. */
export async function keptList(session: Session, address: string, key: IssuerPublicKey): Promise<RevocationList | undefined> {
	const kept = session.vault.cache.get(cacheKey(address));
	if (!kept) return undefined;
	try {
		return await readList(kept.value, key);
	} catch {
		return undefined;
	}
}

/**
 * The issuer's list, fetched now. Where the issuer cannot be reached the last one will do, as long as it is no older than
 * the verifier accepts. Throws `proof/no-revocation-list`, `proof/stale-revocation-list`, `zk/*`.
 */
export async function fetchList(session: Session, address: string, key: IssuerPublicKey, maxAgeSec: number): Promise<RevocationList> {
	const list = await download(session, address, key);
	const age = epochSeconds(session.clock) - list.at;
	if (age > maxAgeSec) {
		const from = new Date(list.at * 1000).toISOString().slice(0, 10);
		throw new ServiceError(
			'proof/stale-revocation-list',
			`The issuer’s list of revoked documents is of ${from}, which is older than this verifier accepts. Ask the issuer to publish it anew.`,
			{ ageSec: age, limitSec: maxAgeSec },
		);
	}
	return list;
}

async function download(session: Session, address: string, key: IssuerPublicKey): Promise<RevocationList> {
	const kept = await keptList(session, address, key);
	let json: unknown;
	try {
		const response = await session.fetch(address, { headers: { accept: 'application/json' }, maxBytes: MAX_BYTES });
		if (!response.ok) throw new ServiceError('proof/no-revocation-list', `It answered with ${response.status}.`);
		json = await response.json();
	} catch (cause) {
		if (kept) return kept;
		const why = errorInfo(cause).code.startsWith('internal') ? 'What it answered cannot be read.' : errorInfo(cause).message;
		throw new ServiceError(
			'proof/no-revocation-list',
			`The issuer’s list of revoked documents could not be fetched from ${new URL(address).host}. ${why}`,
			{},
			cause,
		);
	}
	const list = await readList(json, key);
	// An older one than it gave before would undo a revocation.
	if (kept && kept.at > list.at) return kept;
	session.vault.cache.put(cacheKey(address), list as unknown as Json, KEPT_MS);
	return list;
}
