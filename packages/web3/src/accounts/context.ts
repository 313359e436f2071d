import { sha256, utf8 } from '@holdfast/crypto';
import { type Address, getAddress, isAddress } from 'viem';
import { VoteError } from '../votes/errors.ts';

/**
 * What an account is made for: one DAO, by its contract or its Snapshot space, or one NFT collection. `index` counts the accounts
 * of one context: 0 is the context's account, others are session keys (Snapshot aliases).
 */
export type AccountContext =
	| { readonly kind: 'dao'; readonly chainId: number; readonly contract: Address }
	| { readonly kind: 'dao'; readonly space: string }
	| { readonly kind: 'collection'; readonly chainId: number; readonly contract: Address };

/**
 * The one name of a context: `dao:eip155:1:0x…` (address in lower case), `dao:snapshot:name.eth`, `collection:eip155:1:0x…`.
 * @throws VoteError vote/bad-context
 */
export function contextName(context: AccountContext): string {
	if ('space' in context) {
		// Snapshot's names of spaces are ENS names in lower case, or testnet names of the same form.
		if (!/^[a-z0-9.:_-]{1,128}$/.test(context.space)) throw badContext();
		return `dao:snapshot:${context.space}`;
	}
	if (!Number.isSafeInteger(context.chainId) || context.chainId < 1 || !isAddress(context.contract, { strict: false })) throw badContext();
	return `${context.kind}:eip155:${context.chainId}:${getAddress(context.contract).toLowerCase()}`;
}

const badContext = () => new VoteError('vote/bad-context', 'An account needs a DAO or a collection: a contract on a chain, or the name of a Snapshot space.');

// Below Holdfast's own BIP-43 purpose: kinds 0 to 2 are identity keys (packages/agent/src/paths.ts).
const PURPOSE = 7391;
const KIND = 60;

/**
 * The BIP-32 path of a context's account, secp256k1: `m/7391'/60'/a'/b'/c'/d'/index'`, where a to d are the first four 32-bit words
 * (big-endian, highest bit cleared) of SHA-256 of `holdfast/account/v1:<context's name>`. 124 bits keep contexts apart; every step is
 * hardened, so that no account's key says anything about another's. Nothing but the recovery phrase and the name is needed to find it again.
 */
export function accountPath(context: AccountContext, index = 0): string {
	if (!Number.isInteger(index) || index < 0 || index >= 2 ** 31) throw badContext();
	const hash = sha256(utf8(`holdfast/account/v1:${contextName(context)}`));
	const view = new DataView(hash.buffer, hash.byteOffset);
	const words = [0, 4, 8, 12].map((offset) => view.getUint32(offset) & 0x7fff_ffff);
	return `m/${PURPOSE}'/${KIND}'/${words.map((word) => `${word}'`).join('/')}/${index}'`;
}
