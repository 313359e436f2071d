import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { signJws } from './jws.ts';
import type { KeyType } from './keyTypes.ts';
import { type KeyBytes, SecretBytes, useBytes } from './secretBytes.ts';

/** PKCS #8 (RFC 5958) up to the private key's bytes: Ed25519 of RFC 8410, P-256 of RFC 5915 without the public half. */
const PREFIX: Partial<Record<KeyType, string>> = {
	Ed25519: '302e020100300506032b657004220420',
	Secp256r1: '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
};

/** Signs many times with one key that was opened once. */
export interface HeldKey {
	/** As {@link signJws}; where the platform signs itself, ECDSA nonces are random instead of derived. */
	sign(data: Uint8Array): Uint8Array;
	/** Ends it. What the platform holds goes with the garbage. */
	release(): void;
}

/**
 * Opens a key for signing in bulk: Ed25519 and P-256 by the platform's own code, which is some twenty times as fast as ours;
 * secp256k1, which not every platform has, by ours.
 */
export function holdKey(type: KeyType, privateKey: KeyBytes): HeldKey {
	const prefix = PREFIX[type];
	if (prefix === undefined) {
		const copy = useBytes(privateKey, (bytes) => SecretBytes.copy(bytes));
		return { sign: (data) => signJws(type, copy, data), release: () => copy.wipe() };
	}
	let key: KeyObject | undefined = useBytes(privateKey, (bytes) => {
		const der = Buffer.concat([Buffer.from(prefix, 'hex'), bytes]);
		try {
			return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
		} finally {
			der.fill(0);
		}
	});
	return {
		sign: (data) => {
			if (!key) throw new Error('this key was released');
			return new Uint8Array(type === 'Ed25519' ? sign(null, data, key) : sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }));
		},
		release: () => {
			key = undefined;
		},
	};
}
