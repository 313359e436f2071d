import { type KeyType, sha256, utf8 } from '@holdfast/crypto';

// Purpose of Holdfast's identity keys: BIP-43's scheme with a number that no registered standard uses.
const IDENTITY_PURPOSE = 7391;
const IDENTITY_KINDS = { Ed25519: 0, Secp256r1: 1, X25519: 2 } as const;

/** A branch of the derivation tree. `path(index)` is the key's path, `scope` counts the branch's indexes. */
export interface KeyBranch {
	readonly scope: string;
	path(index: number): string;
}

/**
 * The branch for keys of `type` in `context`.
 *
 * Each context has an account of its own: number 0 is the wallet's own, others follow from the
 * context's SHA-256, so that they can be found again from the seed and the context's name. Two contexts
 * that meet in one account (one pair in 2^31) share its counter and still get different keys.
 *
 * secp256k1 follows BIP-44 for Ethereum (`m/44'/60'/account'/0/index`), so that other wallets find the
 * same accounts. The other types are hardened throughout (SLIP-0010): `m/7391'/kind'/account'/index'`.
 */
export function keyBranch(type: KeyType, context: string | undefined): KeyBranch {
	const account = accountOf(context);
	if (type === 'Secp256k1') {
		const branch = `m/44'/60'/${account}'/0`;
		return { scope: branch, path: (index) => `${branch}/${index}` };
	}
	const branch = `m/${IDENTITY_PURPOSE}'/${IDENTITY_KINDS[type]}'/${account}'`;
	return { scope: branch, path: (index) => `${branch}/${index}'` };
}

function accountOf(context: string | undefined): number {
	if (context === undefined || context === '') return 0;
	const [a = 0, b = 0, c = 0, d = 0] = sha256(utf8(`holdfast/context/v1:${context}`));
	// 31 bits without 0, which is the wallet's own account.
	return ((a & 0x7f) << 24) | (b << 16) | (c << 8) | d || 1;
}
