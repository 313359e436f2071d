import type { Address } from 'viem';
import { addressOf, type SeedKeys } from '../firewall/firewall.ts';
import { type AccountContext, accountPath } from './context.ts';

/** The address of a context's account, from the recovery phrase and the context alone. */
export function accountAddress(context: AccountContext, keys: SeedKeys, index = 0): Address {
	const pair = keys.seedKey({ type: 'Secp256k1', path: accountPath(context, index) });
	pair.privateKey.wipe();
	return addressOf(pair);
}
