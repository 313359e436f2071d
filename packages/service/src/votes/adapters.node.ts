import { createSnapshotAdapter, type DaoRef, type VoteAdapter } from '@holdfast/web3';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';

/** The adapter for where a DAO votes. */
export function adapterFor(session: Session, ref: DaoRef): VoteAdapter {
	switch (ref.system) {
		case 'snapshot':
			return createSnapshotAdapter({ fetch: session.fetch, clock: session.clock }) as VoteAdapter;
		default:
			throw new ServiceError('votes/unknown-system', 'Holdfast cannot vote in this kind of DAO yet.', { system: ref.system });
	}
}
