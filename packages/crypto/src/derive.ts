import { HDKey } from '@scure/bip32';
import { CryptoError } from './errors.ts';
import { hkdf } from './hash.ts';
import { keyPairFromPrivate } from './keys.ts';
import type { KeyPair, KeyType } from './keyTypes.ts';
import { type PathIndex, parsePath } from './path.ts';
import { type KeyBytes, useBytes } from './secretBytes.ts';
import { type Slip10Curve, slip10Child, slip10Master } from './slip10.ts';

const X25519_INFO = 'holdfast/x25519/v1';

/**
 * The key at `path` under a BIP-39 seed (16 to 64 bytes).
 *
 * - `Secp256k1`: BIP-32.
 * - `Secp256r1`: SLIP-0010, curve nist256p1.
 * - `Ed25519`: SLIP-0010, curve ed25519; every index must be hardened.
 * - `X25519`: no standard exists. HKDF-SHA-256 of the SLIP-0010 ed25519 node at the same path: the key
 *   is the node's key, the salt its chain code, the info `holdfast/x25519/v1`. So an agreement key
 *   is never the signing key of the same path.
 *
 * Throws `crypto/bad-path` and `crypto/bad-parameters`.
 */
export function deriveKey(seed: KeyBytes, options: { readonly type: KeyType; readonly path: string }): KeyPair {
	const { type } = options;
	const indexes = parsePath(options.path);
	return useBytes(seed, (bytes) => {
		if (bytes.length < 16 || bytes.length > 64) {
			throw new CryptoError('crypto/bad-parameters', 'A seed has 16 to 64 bytes.', { data: { length: bytes.length } });
		}
		if (type === 'Secp256k1') return bip32Key(bytes, indexes);
		if (type === 'Secp256r1') return slip10Key('nist256p1', 'Secp256r1', bytes, indexes);
		if (indexes.some((index) => !index.hardened)) {
			throw new CryptoError('crypto/bad-path', `Every step of a path for ${type} is hardened: m/44'/0'.`, { data: { type } });
		}
		return slip10Key('ed25519', type, bytes, indexes);
	});
}

function bip32Key(seed: Uint8Array, indexes: readonly PathIndex[]): KeyPair {
	let node = HDKey.fromMasterSeed(seed);
	for (const index of indexes) {
		const child = node.deriveChild(index.value);
		node.wipePrivateData();
		node = child;
	}
	try {
		const privateKey = node.privateKey;
		if (!privateKey) throw new CryptoError('crypto/bad-path', 'This path has no key. Take another index.');
		return keyPairFromPrivate('Secp256k1', privateKey);
	} finally {
		node.wipePrivateData();
	}
}

function slip10Key(curve: Slip10Curve, type: KeyType, seed: Uint8Array, indexes: readonly PathIndex[]): KeyPair {
	let node = slip10Master(curve, seed);
	try {
		for (const index of indexes) {
			const child = slip10Child(curve, node, index);
			node.privateKey.fill(0);
			node = child;
		}
		if (type !== 'X25519') return keyPairFromPrivate(type, node.privateKey);
		const agreement = hkdf(node.privateKey, { salt: node.chainCode, info: X25519_INFO });
		try {
			return keyPairFromPrivate('X25519', agreement);
		} finally {
			agreement.wipe();
		}
	} finally {
		node.privateKey.fill(0);
		node.chainCode.fill(0);
	}
}
