import { hexEncode, KEY_TYPES } from '@holdfast/crypto';
import type { Clock, Json } from '@holdfast/kernel';
import type { DidRow, Vault } from '@holdfast/vault';
import type { IIdentifier, IKey, ManagedKeyInfo } from '@veramo/core-types';
import { AbstractDIDStore } from '@veramo/did-manager';
import { AbstractKeyStore, AbstractPrivateKeyStore, type ImportablePrivateKey, type ManagedPrivateKey } from '@veramo/key-manager';
import { DidError } from './errors.ts';
import { deleteUnbound, KMS_NAME, managedKey, unboundKey, unboundKeys, type VaultKms } from './kms.node.ts';

/** Veramo's record of which key lives where. The rows are written by {@link VaultKms}, together with the keys. */
export class VaultKeyStore extends AbstractKeyStore {
	readonly #vault: Vault;

	constructor(vault: Vault) {
		super();
		this.#vault = vault;
	}

	/** Confirms a key that the vault has just made. There are no keys elsewhere. @throws DidError did/no-such-key */
	override async importKey(key: Partial<IKey>): Promise<boolean> {
		const row = key.kid === undefined ? undefined : this.#vault.keys.get(key.kid);
		if (!row || row.publicKeyHex !== key.publicKeyHex || key.kms !== KMS_NAME) throw new DidError('did/no-such-key');
		return true;
	}

	override async getKey({ kid }: { kid: string }): Promise<IKey> {
		return managedKey(unboundKey(this.#vault, kid));
	}

	override async deleteKey({ kid }: { kid: string }): Promise<boolean> {
		// The key management system deletes the row, which is the same one.
		deleteUnbound(this.#vault, kid);
		return true;
	}

	override async listKeys(): Promise<ManagedKeyInfo[]> {
		return unboundKeys(this.#vault).map(managedKey);
	}
}

/**
 * Veramo's interface to imported private keys, for code that needs one. The agent itself never reads
 * keys through it: signing happens in {@link VaultKms} without a private key in hexadecimal.
 */
export class VaultPrivateKeyStore extends AbstractPrivateKeyStore {
	readonly #vault: Vault;
	readonly #kms: VaultKms;

	constructor(vault: Vault, kms: VaultKms) {
		super();
		this.#vault = vault;
		this.#kms = kms;
	}

	/** The alias is always the key's thumbprint. */
	override async importKey(key: ImportablePrivateKey): Promise<ManagedPrivateKey> {
		const { kid } = await this.#kms.importKey({ type: key.type, privateKeyHex: key.privateKeyHex });
		return { alias: kid, privateKeyHex: key.privateKeyHex, type: key.type };
	}

	/** @throws DidError did/no-such-key, for derived keys too: they are never given out */
	override async getKey({ alias }: { alias: string }): Promise<ManagedPrivateKey> {
		const row = unboundKey(this.#vault, alias);
		const secret = this.#vault.keys.privateKey(alias);
		if (!secret) throw new DidError('did/no-such-key');
		try {
			return { alias, type: row.type, privateKeyHex: secret.use(hexEncode) };
		} finally {
			secret.wipe();
		}
	}

	override async deleteKey({ alias }: { alias: string }): Promise<boolean> {
		return deleteUnbound(this.#vault, alias);
	}

	override async listKeys(): Promise<ManagedPrivateKey[]> {
		const imported = unboundKeys(this.#vault).filter((row) => row.path === null);
		return await Promise.all(imported.map(({ kid }) => this.getKey({ alias: kid })));
	}
}

/** Veramo's DIDs in the vault. */
export class VaultDidStore extends AbstractDIDStore {
	readonly #vault: Vault;
	readonly #clock: Clock;

	constructor(vault: Vault, clock: Clock) {
		super();
		this.#vault = vault;
		this.#clock = clock;
	}

	/** Stores or replaces. What Veramo does not know of a row (its age, its meta) is kept. */
	override async importDID(identifier: IIdentifier): Promise<boolean> {
		this.#vault.transaction(() => {
			const before = this.#vault.dids.get(identifier.did);
			this.#vault.dids.put({
				did: identifier.did,
				provider: identifier.provider,
				alias: identifier.alias ?? null,
				controllerKid: identifier.controllerKeyId ?? null,
				// Member by member: a private key that comes along stays behind.
				keys: identifier.keys.map(({ kid, kms, type, publicKeyHex }) => ({ kid, kms, type, publicKeyHex })),
				services: identifier.services.map(({ id, type, serviceEndpoint, description }) => ({
					id,
					type,
					serviceEndpoint: serviceEndpoint as Json,
					...(description === undefined ? {} : { description }),
				})),
				meta: before?.meta ?? {},
				createdAt: before?.createdAt ?? this.#clock.now(),
			});
		});
		return true;
	}

	/** @throws DidError did/not-managed */
	override async getDID({ did, alias }: { did?: string; alias?: string }): Promise<IIdentifier> {
		const row = did !== undefined ? this.#vault.dids.get(did) : alias !== undefined ? this.#vault.dids.list({ alias })[0] : undefined;
		if (!row) throw new DidError('did/not-managed');
		return this.#identifier(row);
	}

	override async deleteDID({ did }: { did: string }): Promise<boolean> {
		return this.#vault.dids.delete(did);
	}

	override async listDIDs({ alias, provider }: { alias?: string; provider?: string }): Promise<IIdentifier[]> {
		const filter = { ...(alias === undefined ? {} : { alias }), ...(provider === undefined ? {} : { provider }) };
		return this.#vault.dids.list(filter).map((row) => this.#identifier(row));
	}

	#identifier(row: DidRow): IIdentifier {
		return {
			did: row.did,
			provider: row.provider,
			...(row.alias === null ? {} : { alias: row.alias }),
			...(row.controllerKid === null ? {} : { controllerKeyId: row.controllerKid }),
			keys: row.keys.map((key) => {
				const known = KEY_TYPES.some((type) => type === key.type) ? this.#vault.keys.get(key.kid) : undefined;
				return known ? managedKey(known) : { ...key, meta: key.meta ? { ...key.meta } : null };
			}),
			services: row.services.map(({ description, ...service }) => ({
				...service,
				serviceEndpoint: service.serviceEndpoint as IIdentifier['services'][number]['serviceEndpoint'],
				...(description === undefined ? {} : { description }),
			})),
		};
	}
}
