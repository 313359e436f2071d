import { hexEncode, jwkThumbprint, publicKeyToJwk } from '@holdfast/crypto';
import type { Address } from 'viem';
import { addressOf, type SeedKeys } from '../firewall/firewall.ts';
import { type AccountContext, accountPath, contextName } from './context.ts';

/** The address of a context's account, from the recovery phrase and the context alone. */
export function accountAddress(context: AccountContext, keys: SeedKeys, index = 0): Address {
	const pair = keys.seedKey({ type: 'Secp256k1', path: accountPath(context, index) });
	pair.privateKey.wipe();
	return addressOf(pair);
}

/** A key of the vault that is bound to one purpose, as the vault keeps it (its `KeyRow`), and its address. */
export interface BoundKey {
	readonly address: Address;
	readonly row: {
		readonly kid: string;
		readonly type: 'Secp256k1';
		readonly publicKeyHex: string;
		readonly path: string;
		readonly purpose: 'vote' | 'collection';
		readonly alias: string;
		readonly createdAt: number;
	};
}

/** The key of a context's account. Its purpose keeps it from everything but its own review. `now` is in milliseconds since the epoch. */
export function boundKey(context: AccountContext, keys: SeedKeys, now: number, index = 0): BoundKey {
	const path = accountPath(context, index);
	const pair = keys.seedKey({ type: 'Secp256k1', path });
	pair.privateKey.wipe();
	return {
		address: addressOf(pair),
		row: {
			kid: jwkThumbprint(publicKeyToJwk('Secp256k1', pair.publicKey)),
			type: 'Secp256k1',
			publicKeyHex: hexEncode(pair.publicKey),
			path,
			purpose: context.kind === 'dao' ? 'vote' : 'collection',
			alias: contextName(context),
			createdAt: now,
		},
	};
}
