import { createChainClient } from '@holdfast/chain';
import {
	type ChainAccess,
	type ContractRef,
	createBaalAdapter,
	createBravoAdapter,
	createDelegationAdapter,
	createGovernorAdapter,
	createSafeAdapter,
	createShutter,
	createSnapshotAdapter,
	type DaoRef,
	type DelegationAdapter,
	detectSystem,
	type SafeAdapter,
	type SnapshotAdapter,
	type VoteAdapter,
} from '@holdfast/web3';
import { ServiceError } from '../errors.ts';
import { networks } from '../networks.node.ts';
import type { Session } from '../session.node.ts';
import { safeQueue, safeService } from './safe-queue.node.ts';

/** Chains, each through the node on the user's own list. */
const chainAccess = (session: Session): ChainAccess => ({
	client: (chainId) => {
		const network = networks(session.vault).find((each) => each.chainId === chainId);
		if (!network) throw new ServiceError('network/unknown', 'This network is not on your list any more. Add it under Identities, Networks.');
		return createChainClient(network, session.fetch) as unknown as ReturnType<ChainAccess['client']>;
	},
	clock: session.clock,
});

export const snapshotFor = (session: Session): SnapshotAdapter =>
	createSnapshotAdapter({ fetch: session.fetch, clock: session.clock, encrypt: createShutter(session.random, session.ports.shutterThread) });

/** The adapter for where a DAO votes. */
export function adapterFor(session: Session, ref: DaoRef): VoteAdapter {
	switch (ref.system) {
		case 'snapshot':
			return snapshotFor(session) as VoteAdapter;
		case 'governor':
			return createGovernorAdapter(chainAccess(session)) as VoteAdapter;
		case 'bravo':
			return createBravoAdapter(chainAccess(session)) as VoteAdapter;
		case 'baal':
			return createBaalAdapter(chainAccess(session)) as VoteAdapter;
		case 'safe':
			return safeFor(session) as VoteAdapter;
	}
}

export const safeFor = (session: Session): SafeAdapter =>
	createSafeAdapter({ ...chainAccess(session), queue: safeQueue(session), service: (ref) => safeService(session, ref) });

/** Which kind of DAO is at an address. */
export const detectKind = (session: Session, ref: ContractRef): Promise<ContractRef> => detectSystem(chainAccess(session), ref);

export const delegationFor = (session: Session): DelegationAdapter => createDelegationAdapter(chainAccess(session));
