import { type Address, getAddress } from 'viem';
import { accountAddress } from '../accounts/account.ts';
import type { SeedKeys } from '../firewall/index.ts';
import type { VoteAccount } from '../firewall/review.ts';
import { OWNERSHIP_DOMAIN } from './statement.ts';

/**
 * The account that the wallet has for one collection: an address to receive its tokens into, which no other collection knows. It
 * signs statements about tokens of this collection, its own and those of wallets that let it act for them, and nothing else.
 * @param name of the collection, as the person knows it
 */
export function collectionAccount(collection: { readonly chainId: number; readonly contract: Address; readonly name: string }, keys: SeedKeys): VoteAccount {
	const { chainId, name } = collection;
	const contract = getAddress(collection.contract);
	const context = { kind: 'collection', chainId, contract } as const;
	const address = accountAddress(context, keys);
	const pins = { holder: address, chainId: String(chainId), collection: contract };
	return {
		address,
		context,
		index: 0,
		dao: name,
		allowances: [
			{ struct: 'nft-ownership', domain: OWNERSHIP_DOMAIN, pins },
			{ struct: 'nft-delegate', domain: OWNERSHIP_DOMAIN, pins },
		],
	};
}
