import type { DaoRow } from '@holdfast/vault';
import type { ContractRef, DaoRef, VoteAccount } from '@holdfast/web3';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';

// What the vault keeps of a DAO without looking into it.

export const refOf = (dao: DaoRow): DaoRef => dao.ref as unknown as DaoRef;
export const accountOf = (dao: DaoRow): VoteAccount => dao.account as unknown as VoteAccount;

export function daoRow(session: Session, id: string): DaoRow {
	const dao = session.vault.daos.get(id);
	if (!dao) throw new ServiceError('votes/not-followed', 'You do not follow this DAO any more.');
	return dao;
}

/** Where a Safe is that is followed. @throws ServiceError safe/not-a-safe */
export function safeRef(session: Session, daoId: string): ContractRef {
	const ref = refOf(daoRow(session, daoId));
	if (ref.system !== 'safe') throw new ServiceError('safe/not-a-safe', 'This DAO is not a Safe.');
	return ref;
}
