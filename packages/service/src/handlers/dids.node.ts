import type { DidInfo } from '@holdfast/agent';
import type { DidSummary } from '@holdfast/contract';
import { record } from '../activity.node.ts';
import { networks } from '../networks.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';

/** Where did:web looks for the document (did:web method specification, "Read"). */
export function webDocumentUrl(did: string): string | null {
	if (!did.startsWith('did:web:')) return null;
	const [domain, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
	return `https://${domain}/${path.length === 0 ? '.well-known' : path.join('/')}/did.json`;
}

/** did:ethr names its chain by a hexadecimal id, or not at all for mainnet. */
function networkName(session: Session, did: string): string | null {
	if (!did.startsWith('did:ethr:')) return null;
	const parts = did.split(':');
	const id = parts.length === 4 ? parts[2] : '0x1';
	return networks(session.vault).find((network) => network.name === id || network.chainId === Number(id))?.name ?? id ?? null;
}

const view = (session: Session, info: DidInfo): DidSummary => ({
	did: info.did,
	method: info.method,
	alias: info.alias,
	keyTypes: [...new Set(info.keys.map((key) => key.type))],
	network: networkName(session, info.did),
	createdAt: info.createdAt,
	publishAt: webDocumentUrl(info.did),
});

export const didHandlers: Handlers<'dids.list' | 'dids.create' | 'dids.resolve' | 'dids.rename' | 'dids.forget' | 'dids.publishWeb'> = {
	'dids.list': async (_input, session) => (await session.agent.dids.list()).map((info) => view(session, info)),

	'dids.create': async ({ method, keyType, alias, chainId, domain, path }, session) => {
		const info = await session.agent.dids.create({
			method,
			...(keyType ? { keyType } : {}),
			...(alias ? { alias } : {}),
			...(chainId ? { network: chainId } : {}),
			...(domain ? { domain } : {}),
			...(path ? { path } : {}),
		});
		record(session, { kind: 'identity', title: `Identity created${alias ? `: ${alias}` : ''}`, detail: info.did });
		session.changed('dids');
		return view(session, info);
	},

	'dids.resolve': async ({ did, fresh }, session) => {
		const { document, ageMs, fromCache, method } = await session.agent.resolve(did.trim(), { fresh: fresh ?? false });
		return { did: document.id, method, document, ageMs, fromCache, own: session.vault.dids.get(document.id) !== undefined };
	},

	'dids.rename': async ({ did, alias }, session) => {
		await session.agent.dids.rename(did, alias);
		session.changed('dids');
		return view(session, await session.agent.dids.get(did));
	},

	'dids.forget': async ({ did }, session) => {
		await session.agent.dids.forget(did);
		record(session, { kind: 'identity', title: 'Identity removed', detail: did });
		session.changed('dids');
		return {};
	},

	'dids.publishWeb': async ({ did }, session) => {
		await session.agent.dids.get(did);
		const folder = await session.ports.chooseFolder('Choose the folder that is served as your website');
		if (folder === null) return { path: null };
		const path = await session.agent.didWeb.publish(did, folder);
		record(session, { kind: 'identity', title: 'Identity document written', detail: did });
		return { path };
	},
};
