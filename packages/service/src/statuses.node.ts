import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createStatusSource, STATUS_LIST_TYPE, StatusList, type StatusPolicy, type StatusReference, signStatusList } from '@holdfast/credentials';
import { epochSeconds, newId } from '@holdfast/kernel';
import type { StatusListRow } from '@holdfast/vault';
import { z } from 'zod';
import { ServiceError } from './errors.ts';
import type { Session } from './session.node.ts';
import { readSettings } from './settings.node.ts';

// Status lists: where an issued credential gets its entry, how lists are signed and published, and how a verifier asks for them.

/** Valid, invalid and suspended need two bits. */
const BITS = 2;
const SIZE = 262_144;
/** A list that is half full gets no more entries: drawing stays quick, and who counts entries learns little. */
const FULL = SIZE / 2;
/** A list that the service gives out is signed anew after a minute, so that its age says when it was last true. */
const RESIGN_MS = 60_000;
const SERVICE_TTL_SEC = 300;
const SERVICE_LIFE_SEC = 86_400;
/** Somebody has to unlock the wallet for a list in a folder to be signed again. */
const FOLDER_TTL_SEC = 3_600;
const FOLDER_LIFE_SEC = 30 * 86_400;

const PLACE = 'status-place';
const Place = z.object({ baseUrl: z.string(), folder: z.string() });
export type FolderPlace = z.infer<typeof Place>;

/** The folder that lists are written to, or null where the issuing service gives them out. */
export const folderPlace = (session: Session): FolderPlace | null => session.vault.settings.get(PLACE, Place.nullable()) ?? null;
export const setFolderPlace = (session: Session, place: FolderPlace | null): void => session.vault.settings.set(PLACE, place);

/** Below which address new lists are found; null where nobody would find them. */
export function statusBase(session: Session): string | null {
	const folder = folderPlace(session);
	if (folder) return folder.baseUrl.replace(/\/+$/, '');
	const url = session.servers.issuerUrl();
	return url === null ? null : `${url}/statuslists`;
}

/** An entry of a list of this issuer, drawn at random; none where there is no place for lists. */
export function drawStatus(session: Session, issuerDid: string): StatusReference | undefined {
	const base = statusBase(session);
	if (base === null) return undefined;
	const { vault, random } = session;
	return vault.transaction(() => {
		const open = vault.statusLists.openBelow(issuerDid, `${base}/`, FULL);
		const list = open ?? newList(session, issuerDid, base);
		return { uri: list.uri, idx: vault.statusLists.draw(list.id, random) };
	});
}

function newList(session: Session, issuerDid: string, base: string): StatusListRow {
	const id = newId(session.random);
	const list: StatusListRow = {
		id,
		issuerDid,
		// A server of plain files goes by the ending.
		uri: folderPlace(session) ? `${base}/${id}.jwt` : `${base}/${id}`,
		bits: BITS,
		size: SIZE,
		used: 0,
		revision: 0,
		token: null,
		signedAt: null,
		signedRevision: null,
		publishedAt: null,
		publishedRevision: null,
		createdAt: session.clock.now(),
	};
	session.vault.statusLists.insert(list);
	return list;
}

const inFolder = (list: StatusListRow): boolean => list.uri.endsWith(`${list.id}.jwt`);

/** The list as it is now, signed; the token of a moment ago where nothing has changed. */
export async function statusToken(session: Session, list: StatusListRow): Promise<string> {
	const now = session.clock.now();
	const recent = list.signedAt !== null && now - list.signedAt < RESIGN_MS && now >= list.signedAt;
	if (list.token !== null && list.signedRevision === list.revision && recent) return list.token;
	const statuses = StatusList.ofSize(list.bits, list.size);
	for (const { idx, state } of session.vault.statusLists.entries(list.id)) statuses.set(idx, state);
	const issuedAt = epochSeconds(session.clock);
	const folder = inFolder(list);
	const token = await signStatusList({
		list: statuses,
		uri: list.uri,
		signer: await session.agent.didSigner(list.issuerDid),
		issuedAt,
		expiresAt: issuedAt + (folder ? FOLDER_LIFE_SEC : SERVICE_LIFE_SEC),
		ttl: folder ? FOLDER_TTL_SEC : SERVICE_TTL_SEC,
	});
	session.vault.statusLists.signed(list.id, token, now, list.revision);
	return token;
}

/** The issuing service's answer to a request for a list; null for any other request. Token Status List §8.1. */
export async function statusResponse(session: Session, issuerUrl: string, request: Request): Promise<Response | null> {
	const prefix = `${new URL(issuerUrl).pathname.replace(/\/$/, '')}/statuslists/`;
	const { pathname } = new URL(request.url);
	if (!pathname.startsWith(prefix)) return null;
	if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
	const list = session.vault.statusLists.get(pathname.slice(prefix.length));
	if (!list || inFolder(list)) return new Response(null, { status: 404 });
	return new Response(await statusToken(session, list), {
		headers: { 'content-type': STATUS_LIST_TYPE, 'cache-control': `max-age=${SERVICE_TTL_SEC}`, 'access-control-allow-origin': '*' },
	});
}

/**
 * Signs the lists that belong into a folder and writes them there, each whole or not at all. `all`: also those that have not
 * changed. Returns whether everything that others look at is up to date.
 *
 * @throws ServiceError status/not-written
 */
export async function publishLists(session: Session, { all }: { readonly all: boolean }): Promise<boolean> {
	const place = folderPlace(session);
	const lists = session.vault.statusLists.list().filter(inFolder);
	const due = lists.filter((list) => all || list.publishedRevision !== list.revision);
	const base = place?.baseUrl.replace(/\/+$/, '');
	const mine = due.filter((list) => base !== undefined && list.uri.startsWith(`${base}/`));
	for (const list of mine) {
		const token = await statusToken(session, list);
		await writeWhole(place?.folder ?? '', `${list.id}.jwt`, token);
		session.vault.statusLists.published(list.id, session.clock.now(), list.revision);
	}
	return mine.length === due.length;
}

async function writeWhole(folder: string, name: string, text: string): Promise<void> {
	const path = join(folder, name);
	const part = `${path}.part`;
	try {
		await mkdir(folder, { recursive: true });
		await writeFile(part, text, { flush: true });
		await rename(part, path);
	} catch (cause) {
		await rm(part, { force: true }).catch(() => undefined);
		throw new ServiceError(
			'status/not-written',
			'The status list could not be written into its folder. It is kept: publish it again when the folder is there.',
			{},
			cause,
		);
	}
}

const CACHE_KEY = 'status-list:';
const Kept = z.object({ token: z.string(), issuer: z.string().optional() });
/** Kept beyond its time to live, for when no newer one can be had. */
const KEPT_MS = 30 * 86_400_000;

/** Lists of others that are kept: where each is from, who signed it, and when it was fetched. */
export const keptLists = (session: Session): { readonly uri: string; readonly issuer: string | undefined; readonly fetchedAt: number }[] =>
	session.vault.cache
		.list(CACHE_KEY)
		.map(({ key, value, storedAt }) => ({ uri: key.slice(CACHE_KEY.length), issuer: Kept.safeParse(value).data?.issuer, fetchedAt: storedAt }));

/** How this wallet, as a verifier, finds out whether a credential was withdrawn. */
export function statusPolicy(session: Session, options: { readonly fresh?: boolean; readonly believedSec?: number } = {}): StatusPolicy {
	const { vault } = session;
	return {
		whenUnknown: readSettings(vault).statusUnknown,
		source: createStatusSource({
			...options,
			// This wallet's own lists are at hand, whether its service is on or not.
			fetch: async (url, init) => {
				const own = vault.statusLists.findByUri(url);
				if (!own) return session.fetch(url, init);
				return new Response(await statusToken(session, own), { headers: { 'content-type': STATUS_LIST_TYPE } });
			},
			store: {
				get: (uri) => {
					if (vault.statusLists.findByUri(uri)) return undefined;
					const row = vault.cache.get(`${CACHE_KEY}${uri}`);
					const kept = Kept.safeParse(row?.value);
					return row && kept.success ? { token: kept.data.token, storedAt: row.storedAt } : undefined;
				},
				put: (uri, token, ttlMs, issuer) => {
					if (!vault.statusLists.findByUri(uri)) vault.cache.put(`${CACHE_KEY}${uri}`, { token, issuer }, Math.max(ttlMs, KEPT_MS));
				},
			},
		}),
	};
}
