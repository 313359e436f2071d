import type { SemaphoreIdentity } from '@holdfast/semaphore';
import { isAddressEqual } from 'viem';
import type { VoteAccount } from '../../firewall/review.ts';
import { OWNERSHIP_DOMAIN } from '../statement.ts';
import { LinkedError } from './errors.ts';
import { groupIdOf, type OwnerSet } from './owner-set.ts';

/**
 * A collection's account that may also link this identity, in this group, and no other: a link to somebody else's identity would give
 * that person the owner's voice. Throws `linked/bad-value` where the group is of another collection.
 */
export function withLink(account: VoteAccount, set: OwnerSet, identity: Pick<SemaphoreIdentity, 'commitment'>): VoteAccount {
	const { context } = account;
	if (context.kind !== 'collection' || context.chainId !== set.chainId || !isAddressEqual(context.contract, set.collection)) {
		throw new LinkedError('linked/bad-value', 'This account belongs to another collection than the group.');
	}
	const pins = { owner: account.address, commitment: String(identity.commitment), groupId: groupIdOf(set), blockNumber: String(set.blockNumber) };
	return { ...account, allowances: [...account.allowances, { struct: 'link-identity', domain: OWNERSHIP_DOMAIN, pins }] };
}
