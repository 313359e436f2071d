import {
	algOf,
	base64urlEncode,
	ecdhP256,
	type HeldKey,
	hexDecode,
	hexEncode,
	holdKey,
	jwkThumbprint,
	KEY_TYPES,
	type KeyPair,
	type KeyType,
	keyPairFromPrivate,
	publicKeyToJwk,
	SecretBytes,
	signDigestRecoverable,
	signJws,
	utf8Decode,
	x25519SharedSecret,
} from '@holdfast/crypto';
import type { Clock } from '@holdfast/kernel';
import { isBoundPurpose, type KeyRow, type Vault } from '@holdfast/vault';
import type { IKey, KeyMetadata, ManagedKeyInfo, MinimalImportableKey, TKeyType } from '@veramo/core-types';
import { AbstractKeyManagementSystem, type Eip712Payload } from '@veramo/key-manager';
import { concat as concatHex, getBytes, hashMessage, hexlify, Signature, Transaction, TypedDataEncoder } from 'ethers';
import { z } from 'zod';
import { DidError, invalidDid } from './errors.ts';
import { keyBranch } from './paths.ts';

/** The name of the vault's key management system in Veramo's records. */
export const KMS_NAME = 'vault';

const createMeta = z.object({ purpose: z.string().min(1).max(64), context: z.string().max(2048).optional(), alias: z.string().max(256).optional() });

const typedData = z.object({
	domain: z.record(z.string(), z.unknown()),
	types: z.record(z.string(), z.array(z.object({ name: z.string(), type: z.string() }))),
	message: z.record(z.string(), z.unknown()),
	primaryType: z.string().optional(),
});

/**
 * Veramo's key management on the vault. Keys are derived from the seed at the moment of use and wiped
 * after it; imported ones come from their sealed rows. A private key is never returned.
 */
export class VaultKms extends AbstractKeyManagementSystem {
	readonly #vault: Vault;
	readonly #clock: Clock;

	constructor(vault: Vault, clock: Clock) {
		super();
		this.#vault = vault;
		this.#clock = clock;
	}

	/** `meta` is `{ purpose, context?, alias? }`. The index and the row are written together, so that no index is used twice. */
	override async createKey({ type, meta }: { type: TKeyType; meta?: unknown }): Promise<ManagedKeyInfo> {
		const keyType = knownType(type);
		const { purpose, context, alias } = createMeta.parse(meta ?? { purpose: 'did' });
		refuseBound(purpose);
		const branch = keyBranch(keyType, context);
		return this.#vault.transaction(() => {
			const path = branch.path(this.#vault.keys.nextIndex(branch.scope));
			const pair = this.#vault.seedKey({ type: keyType, path });
			pair.privateKey.wipe();
			const row = this.#rowOf(pair, { path, purpose, alias: alias ?? null });
			this.#vault.keys.insert(row);
			return managedKey(row);
		});
	}

	override async importKey({ type, privateKeyHex, meta }: Omit<MinimalImportableKey, 'kms'>): Promise<ManagedKeyInfo> {
		const secret = SecretBytes.take(decodePrivateKey(privateKeyHex));
		try {
			const { purpose, alias } = createMeta.parse({ purpose: 'did', ...meta });
			return this.importSecret(knownType(type), secret, { purpose, ...(alias === undefined ? {} : { alias }) });
		} finally {
			secret.wipe();
		}
	}

	/** @throws DidError did/key-exists, CryptoError crypto/bad-key */
	importSecret(type: KeyType, secret: SecretBytes, { purpose, alias }: { readonly purpose: string; readonly alias?: string }): ManagedKeyInfo {
		refuseBound(purpose);
		const pair = keyPairFromPrivate(type, secret);
		try {
			const row = this.#rowOf(pair, { path: null, purpose, alias: alias ?? null });
			this.#vault.transaction(() => {
				if (this.#vault.keys.get(row.kid)) throw new DidError('did/key-exists');
				this.#vault.keys.insert(row, pair.privateKey);
			});
			return managedKey(row);
		} finally {
			pair.privateKey.wipe();
		}
	}

	override async listKeys(): Promise<ManagedKeyInfo[]> {
		return unboundKeys(this.#vault).map(managedKey);
	}

	override async deleteKey({ kid }: { kid: string }): Promise<boolean> {
		return deleteUnbound(this.#vault, kid);
	}

	/** Signs as Veramo's callers ask: base64url for JWS algorithms, 0x-hex for Ethereum's. */
	override async sign({ keyRef, algorithm, data }: { keyRef: Pick<IKey, 'kid'>; algorithm?: string; data: Uint8Array }): Promise<string> {
		const row = this.row(keyRef.kid);
		switch (algorithm) {
			case 'eth_signTransaction':
				return this.#signTransaction(row, data);
			case 'eth_signMessage':
				return this.#signDigest(row, hashMessage(data)).serialized;
			case 'eth_signTypedData':
				return this.#signDigest(row, typedDataHash(data)).serialized;
			default:
				if (row.type === 'X25519') throw new DidError('did/unsupported');
				if (algorithm !== undefined && algorithm !== algOf(row.type) && !(algorithm === 'Ed25519' && row.type === 'Ed25519'))
					throw new DidError('did/unsupported');
				return base64urlEncode(this.signRaw(row.kid, data));
		}
	}

	/** A key opened once, for signing in bulk. The caller releases it. */
	hold(kid: string): HeldKey {
		const row = this.row(kid);
		if (row.type === 'X25519') throw new DidError('did/unsupported');
		return this.#withPair(row, (pair) => holdKey(pair.type, pair.privateKey));
	}

	/** The raw JWS signature of a key over `data`. */
	signRaw(kid: string, data: Uint8Array): Uint8Array {
		return this.#withPair(this.row(kid), (pair) => signJws(pair.type, pair.privateKey, data));
	}

	/** 64 hexadecimal digits. Only between keys of one curve, as Veramo's interface has it. */
	override async sharedSecret({ myKeyRef, theirKey }: { myKeyRef: Pick<IKey, 'kid'>; theirKey: Pick<IKey, 'publicKeyHex' | 'type'> }): Promise<string> {
		const row = this.row(myKeyRef.kid);
		if (row.type !== theirKey.type || (row.type !== 'X25519' && row.type !== 'Secp256r1')) throw new DidError('did/unsupported');
		const theirs = hexDecode(theirKey.publicKeyHex);
		const secret = this.#withPair(row, (pair) => (pair.type === 'X25519' ? x25519SharedSecret : ecdhP256)(pair.privateKey, theirs));
		try {
			return secret.use(hexEncode);
		} finally {
			secret.wipe();
		}
	}

	/** @throws DidError did/no-such-key, did/purpose-bound */
	row(kid: string): KeyRow {
		return unboundKey(this.#vault, kid);
	}

	#signTransaction(row: KeyRow, unsigned: Uint8Array): string {
		const transaction = Transaction.from(hexlify(unsigned));
		if (transaction.signature !== null) throw new DidError('did/unsupported');
		transaction.signature = this.#signDigest(row, transaction.unsignedHash);
		return transaction.serialized;
	}

	#signDigest(row: KeyRow, digest: string): Signature {
		if (row.type !== 'Secp256k1') throw new DidError('did/unsupported');
		const raw = this.#withPair(row, (pair) => signDigestRecoverable(pair.privateKey, getBytes(digest)));
		// ethers wants v as 27 or 28 in the last byte.
		return Signature.from(concatHex([raw.subarray(0, 64), Uint8Array.of(27 + (raw[64] ?? 0))]));
	}

	#withPair<T>(row: KeyRow, work: (pair: KeyPair) => T): T {
		const pair = this.#pair(row);
		try {
			return work(pair);
		} finally {
			pair.privateKey.wipe();
		}
	}

	#pair(row: KeyRow): KeyPair {
		if (row.path !== null) return this.#vault.seedKey({ type: row.type, path: row.path });
		const secret = this.#vault.keys.privateKey(row.kid);
		if (!secret) throw new DidError('did/no-such-key');
		return { type: row.type, publicKey: hexDecode(row.publicKeyHex), privateKey: secret };
	}

	#rowOf(pair: Pick<KeyPair, 'type' | 'publicKey'>, rest: Pick<KeyRow, 'path' | 'purpose' | 'alias'>): KeyRow {
		const kid = jwkThumbprint(publicKeyToJwk(pair.type, pair.publicKey));
		return { kid, type: pair.type, publicKeyHex: hexEncode(pair.publicKey), ...rest, createdAt: this.#clock.now() };
	}
}

/**
 * A key that may be used for whatever the agent is asked. A key that was made for voting, or for one collection, is none: it signs only
 * what its own review has shown.
 * @throws DidError did/no-such-key, did/purpose-bound
 */
export function unboundKey(vault: Vault, kid: string): KeyRow {
	const row = vault.keys.get(kid);
	if (!row) throw new DidError('did/no-such-key');
	refuseBound(row.purpose);
	return row;
}

export const unboundKeys = (vault: Vault): KeyRow[] => vault.keys.list().filter(({ purpose }) => !isBoundPurpose(purpose));

/** False where there is no such key. @throws DidError did/purpose-bound */
export const deleteUnbound = (vault: Vault, kid: string): boolean => vault.keys.get(kid) !== undefined && vault.keys.delete(unboundKey(vault, kid).kid);

function refuseBound(purpose: string): void {
	if (isBoundPurpose(purpose)) throw new DidError('did/purpose-bound');
}

const ALGORITHMS: Readonly<Record<KeyType, readonly string[]>> = {
	Ed25519: ['EdDSA'],
	Secp256k1: ['ES256K', 'eth_signTransaction', 'eth_signMessage', 'eth_signTypedData'],
	Secp256r1: ['ES256', 'ECDH'],
	X25519: ['ECDH'],
};

/** A key's row as Veramo knows it. */
export function managedKey(row: KeyRow): ManagedKeyInfo {
	const meta: KeyMetadata = { algorithms: [...ALGORITHMS[row.type]], purpose: row.purpose };
	return { kid: row.kid, kms: KMS_NAME, type: row.type, publicKeyHex: row.publicKeyHex, meta };
}

function knownType(type: TKeyType): KeyType {
	const known = KEY_TYPES.find((each) => each === type);
	if (!known) throw new DidError('did/unsupported');
	return known;
}

function decodePrivateKey(hex: string): Uint8Array {
	try {
		return hexDecode((hex.startsWith('0x') ? hex.slice(2) : hex).toLowerCase());
	} catch {
		// The decoder's own error may hold the input.
		throw invalidDid('private-key');
	}
}

/** EIP-712 over the JSON that Veramo's signer passes. */
function typedDataHash(data: Uint8Array): string {
	let payload: z.infer<typeof typedData>;
	try {
		payload = typedData.parse(JSON.parse(utf8Decode(data)));
	} catch (error) {
		throw invalidDid('typed-data', error);
	}
	const { EIP712Domain: _domain, ...types } = payload.types;
	return TypedDataEncoder.hash(payload.domain as Eip712Payload['domain'], types, payload.message);
}
