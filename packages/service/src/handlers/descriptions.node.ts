import type { ContractDescription } from '@holdfast/contract';
import { displayText, newId } from '@holdfast/kernel';
import { record } from '../activity.node.ts';
import { networkName } from '../assets/collections.node.ts';
import { ServiceError } from '../errors.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { keptDescriptions, type ReadDescription, readDescription } from '../votes/descriptions.node.ts';

/** Files that one wallet keeps at most. */
const MOST = 500;
/** Contracts of one file that are told; it may have more. */
const MOST_CONTRACTS = 20;

const view = (session: Session, { row, descriptor }: ReadDescription): ContractDescription => ({
	id: row.id,
	file: displayText(row.name, 120),
	owner: descriptor ? descriptor.owner : null,
	contracts: (descriptor?.deployments ?? []).slice(0, MOST_CONTRACTS).map(({ chainId, address }) => ({ network: networkName(session, chainId), address })),
	functions: descriptor?.functions.size ?? 0,
	addedAt: row.addedAt,
});

export const descriptionHandlers: Handlers<'descriptions.list' | 'descriptions.add' | 'descriptions.remove'> = {
	'descriptions.list': (_input, session) => keptDescriptions(session).map((each) => view(session, each)),

	'descriptions.add': ({ files }, session) => {
		const before = session.vault.descriptions.list();
		const fresh = new Map(files.map((file) => [file.name, file]));
		const all = [...before.filter(({ name }) => !fresh.has(name)), ...fresh.values()];
		if (all.length > MOST) throw new ServiceError('descriptions/too-many', 'This wallet keeps at most 500 descriptions. Remove some first.');
		// All of them, or none: a file that cannot be read is named.
		for (const file of fresh.values()) {
			try {
				readDescription(file, all);
			} catch (error) {
				throw new ServiceError(
					'descriptions/not-read',
					`${displayText(file.name, 80)}: ${error instanceof Error ? error.message : ''} Nothing was added.`,
					{},
					error,
				);
			}
		}
		const now = session.clock.now();
		session.vault.transaction(() => {
			for (const { name, text } of fresh.values()) session.vault.descriptions.put({ id: newId(session.random), name, text, addedAt: now });
			record(session, { kind: 'security', title: `${fresh.size} ${fresh.size === 1 ? 'description' : 'descriptions'} of contracts added` });
		});
		session.changed('daos');
		return keptDescriptions(session).map((each) => view(session, each));
	},

	'descriptions.remove': ({ id }, session) => {
		if (!session.vault.descriptions.remove(id)) throw new ServiceError('descriptions/not-found', 'This description is not in the wallet any more.');
		session.changed('daos');
		return keptDescriptions(session).map((each) => view(session, each));
	},
};
