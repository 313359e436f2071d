import { record } from '../activity.node.ts';
import { ServiceError } from '../errors.ts';
import { networks } from '../networks.node.ts';
import { dismissNotice, listNotices } from '../recovery.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { readSettings, updateSettings } from '../settings.node.ts';

const listNetworks = (session: Session) =>
	networks(session.vault).map(({ chainId, name, rpcUrl, ethrRegistry, custom }) => ({ chainId, name, rpcUrl, ethrRegistry: ethrRegistry ?? null, custom }));

const listTrusted = (session: Session) => session.vault.trustedIssuers.list().map(({ issuer, name, addedAt }) => ({ issuer, name, addedAt }));

export const settingsHandlers: Handlers<
	| 'settings.get'
	| 'settings.update'
	| 'notices.list'
	| 'notices.dismiss'
	| 'networks.list'
	| 'networks.save'
	| 'networks.remove'
	| 'trust.list'
	| 'trust.add'
	| 'trust.remove'
> = {
	'settings.get': (_input, session) => readSettings(session.vault),

	'settings.update': (change, session) => {
		const next = updateSettings(session.vault, Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)));
		session.ports.onAutoLockMinutes?.(next.autoLockMinutes);
		if (!next.provesAhead) session.proofPool.clear();
		session.changed('settings');
		return next;
	},

	'notices.list': (_input, session) => listNotices(session),

	'notices.dismiss': ({ id }, session) => {
		dismissNotice(session, id);
		return {};
	},

	'networks.list': (_input, session) => listNetworks(session),

	'networks.save': (network, session) => {
		const url = new URL(network.rpcUrl);
		const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
		if (url.protocol !== 'https:' && !loopback) {
			throw new ServiceError('network/not-https', 'A network is reached over https. Plain http is for one on this computer only.');
		}
		session.vault.networks.put(network);
		session.agent.setNetworks(networks(session.vault));
		session.changed('networks');
		return listNetworks(session);
	},

	'networks.remove': ({ chainId }, session) => {
		session.vault.networks.remove(chainId);
		session.agent.setNetworks(networks(session.vault));
		session.changed('networks');
		return listNetworks(session);
	},

	'trust.list': (_input, session) => listTrusted(session),

	'trust.add': ({ issuer, name }, session) => {
		session.vault.transaction(() => {
			session.vault.trustedIssuers.put({ issuer, name, addedAt: session.clock.now() });
			record(session, { kind: 'security', title: `${name} added to the trusted issuers`, detail: issuer });
		});
		session.changed('trust');
		return listTrusted(session);
	},

	'trust.remove': ({ issuer }, session) => {
		session.vault.transaction(() => {
			session.vault.trustedIssuers.remove(issuer);
			record(session, { kind: 'security', title: 'Issuer removed from the trusted issuers', detail: issuer });
		});
		session.changed('trust');
		return listTrusted(session);
	},
};
