import { p256 } from '@noble/curves/nist.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from './bytes.ts';
import type { PathIndex } from './path.ts';

/** Curves that SLIP-0010 adds to BIP-32. */
export type Slip10Curve = 'ed25519' | 'nist256p1';

export interface Slip10Node {
	readonly privateKey: Uint8Array;
	readonly chainCode: Uint8Array;
}

const MASTER_KEY = { ed25519: 'ed25519 seed', nist256p1: 'Nist256p1 seed' } as const;
const ORDER = p256.Point.Fn.ORDER;

/** Master key generation (SLIP-0010, "Master key generation"). The seed has 16 to 64 bytes. */
export function slip10Master(curve: Slip10Curve, seed: Uint8Array): Slip10Node {
	const key = utf8(MASTER_KEY[curve]);
	let digest = hmac(sha512, key, seed);
	// Step 4: for nist256p1, a digest that is no scalar is hashed again.
	while (curve === 'nist256p1' && !isScalar(digest.subarray(0, 32))) digest = hmac(sha512, key, digest);
	return split(digest);
}

/** Private parent key → private child key (SLIP-0010). For ed25519 only hardened indexes exist: the path parser sees to it. */
export function slip10Child(curve: Slip10Curve, parent: Slip10Node, index: PathIndex): Slip10Node {
	const number = new Uint8Array(4);
	new DataView(number.buffer).setUint32(0, index.value);
	const key = index.hardened ? concat(Uint8Array.of(0), parent.privateKey) : p256.getPublicKey(parent.privateKey, true);
	const data = concat(key, number);
	let digest = hmac(sha512, parent.chainCode, data);
	key.fill(0);
	data.fill(0);
	if (curve === 'ed25519') return split(digest);
	const parentScalar = p256.Point.Fn.fromBytes(parent.privateKey);
	for (;;) {
		const left = digest.subarray(0, 32);
		const scalar = toBigInt(left);
		const child = scalar < ORDER ? p256.Point.Fn.create(scalar + parentScalar) : 0n;
		if (child !== 0n) return { privateKey: p256.Point.Fn.toBytes(child), chainCode: digest.slice(32) };
		digest = hmac(sha512, parent.chainCode, concat(Uint8Array.of(1), digest.subarray(32), number));
	}
}

function split(digest: Uint8Array): Slip10Node {
	const node = { privateKey: digest.slice(0, 32), chainCode: digest.slice(32) };
	digest.fill(0);
	return node;
}

function isScalar(bytes: Uint8Array): boolean {
	const value = toBigInt(bytes);
	return value > 0n && value < ORDER;
}

function toBigInt(bytes: Uint8Array): bigint {
	let value = 0n;
	for (const byte of bytes) value = (value << 8n) | BigInt(byte);
	return value;
}
