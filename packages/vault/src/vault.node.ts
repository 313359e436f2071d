import * as fs from 'node:fs';
import { join } from 'node:path';
import {
	type Argon2Params,
	deriveKey,
	hkdf,
	type KeyPair,
	type KeyType,
	mnemonicToSeed,
	open,
	SecretBytes,
	seal,
	utf8,
	utf8Decode,
	validateMnemonic,
} from '@holdfast/crypto';
import { type Clock, type Random, Secret } from '@holdfast/kernel';
import { z } from 'zod';
import { AttemptLimit } from './attempts.node.ts';
import { checkIntegrity, type Db, openDatabase } from './database.node.ts';
import type { DeviceWrap } from './deviceWrap.ts';
import { asVaultError, damaged, guarded, VaultError } from './errors.ts';
import { ownFiles, removeTemporaries, syncFolder, vaultFiles } from './files.node.ts';
import { HEADER_VERSION, readHeader, type VaultHeader, writeHeader } from './header.node.ts';
import { DEFAULT_KDF, isWeaker } from './kdf.ts';
import { backupPath, migrate } from './migrate.node.ts';
import { type Migration, migrations } from './migrations/index.ts';
import { OpenMarker } from './openMarker.node.ts';
import { ActivityRepository } from './repositories/activity.node.ts';
import { BatchRepository } from './repositories/batches.node.ts';
import { CacheRepository } from './repositories/cache.node.ts';
import { CollectionRepository } from './repositories/collections.node.ts';
import { CredentialRepository } from './repositories/credentials.node.ts';
import { CredentialTypeRepository } from './repositories/credentialTypes.node.ts';
import { DaoRepository } from './repositories/daos.node.ts';
import { DescriptionRepository } from './repositories/descriptions.node.ts';
import { DidRepository } from './repositories/dids.node.ts';
import { ExchangeRepository } from './repositories/exchanges.node.ts';
import { IssuedRepository } from './repositories/issued.node.ts';
import { KeyRepository } from './repositories/keys.node.ts';
import { NetworkRepository } from './repositories/networks.node.ts';
import { NonceRepository } from './repositories/nonces.node.ts';
import { OfferRepository } from './repositories/offers.node.ts';
import { OwnerChoiceRepository } from './repositories/ownerChoices.node.ts';
import { PreparedProofRepository } from './repositories/preparedProofs.node.ts';
import { ProofNullifierRepository } from './repositories/proofNullifiers.node.ts';
import { ProofRevocationRepository } from './repositories/proofRevocations.node.ts';
import { SafeFileRepository } from './repositories/safeFiles.node.ts';
import { SettingRepository } from './repositories/settings.node.ts';
import { StatusListRepository } from './repositories/statusLists.node.ts';
import { TrustedIssuerRepository } from './repositories/trustedIssuers.node.ts';
import { VerificationRepository } from './repositories/verifications.node.ts';
import { VoteRepository } from './repositories/votes.node.ts';
import { keepOnDevice, type Passphrase, subkey, unwrapOnDevice, unwrapVaultKey, wrapVaultKey } from './vaultKey.node.ts';

export interface VaultOptions {
	/** The folder of the vault. Nothing else should lie in it. */
	readonly dir: string;
	readonly clock: Clock;
	readonly random: Random;
	/** Cost of argon2id. Only tests give it: it also lowers the least that is accepted. Default {@link DEFAULT_KDF}. */
	readonly kdf?: Argon2Params;
	/** Steps of the schema; only tests give other ones. */
	readonly migrations?: readonly Migration[];
}

export interface UnlockOptions extends VaultOptions {
	readonly passphrase: Passphrase;
}

export interface CreateOptions extends UnlockOptions {
	readonly mnemonic: readonly string[] | Secret<readonly string[]>;
}

/** Whether there is a vault in `dir`. */
export function vaultExists(dir: string): boolean {
	const files = vaultFiles(dir);
	return fs.existsSync(files.header) || fs.existsSync(files.headerCopy);
}

/** How long to wait before a passphrase may be tried, in milliseconds. */
export const vaultRetryAfterMs = (dir: string, clock: Clock): number => new AttemptLimit(dir, clock).retryAfterMs();

/**
 * Makes a vault and opens it. The header is written last: until then there is no vault, and leftovers
 * of an attempt that was interrupted are removed by the next one.
 *
 * Throws `vault/exists`, `vault/empty-passphrase`, `vault/read-only`, `vault/disk-full` and what
 * `validateMnemonic` throws.
 */
export async function createVault(options: CreateOptions): Promise<Vault> {
	const { dir, random } = options;
	const words = validateMnemonic(options.mnemonic instanceof Secret ? options.mnemonic.reveal() : options.mnemonic);
	requirePassphrase(options.passphrase);
	if (vaultExists(dir)) throw new VaultError('vault/exists', 'There is a vault in this folder already. Open it, or choose another folder.');
	const files = vaultFiles(dir);
	guarded(() => {
		fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
		for (const name of ownFiles(dir)) fs.rmSync(join(dir, name), { force: true });
		fs.closeSync(fs.openSync(files.database, 'wx', 0o600));
	});
	const vaultKey = SecretBytes.take(random.bytes(32));
	try {
		const wrapped = await wrapVaultKey(vaultKey, options.passphrase, options.kdf ?? DEFAULT_KDF, random);
		const vault = openConnection(options, vaultKey, true);
		try {
			storeSecrets(vault, vaultKey, words, random);
			writeHeader(dir, { v: HEADER_VERSION, kdf: 'argon2id', ...wrapped, device: null }, vaultKey);
		} catch (error) {
			vault.db.close();
			vault.marker.remove();
			throw error;
		}
		return new Vault(options, vault, vaultKey);
	} finally {
		vaultKey.wipe();
	}
}

/**
 * Opens a vault with its passphrase.
 *
 * Throws `vault/not-found`, `vault/wrong-passphrase` `{ retryAfterMs, attempts }`, `vault/locked-out`
 * `{ retryAfterMs, attempts }`, `vault/damaged` `{ part }`, `vault/weak-kdf`, `vault/newer-version`,
 * `vault/migration-failed`, `vault/read-only`, `vault/disk-full`, `vault/busy`, `vault/io`.
 */
export async function openVault(options: UnlockOptions): Promise<Vault> {
	const { dir, clock, random } = options;
	const { vaultKey, header } = await unwrapVaultKey(dir, options.passphrase, { clock, ...floor(options) });
	try {
		const vault = new Vault(options, openConnection(options, vaultKey, false), vaultKey);
		const target = options.kdf ?? DEFAULT_KDF;
		if (isWeaker(header, target)) {
			try {
				writeHeader(dir, { ...header, ...(await wrapVaultKey(vaultKey, options.passphrase, target, random)) }, vaultKey);
			} catch (error) {
				vault.close();
				throw error;
			}
		}
		return vault;
	} finally {
		vaultKey.wipe();
	}
}

/** Opens a vault that this device remembers. Throws `vault/device-unavailable`, and as {@link openVault}. */
export async function openVaultOnDevice(options: VaultOptions & { readonly device: DeviceWrap }): Promise<Vault> {
	const { vaultKey } = await unwrapOnDevice(options.dir, options.device);
	try {
		return new Vault(options, openConnection(options, vaultKey, false), vaultKey);
	} finally {
		vaultKey.wipe();
	}
}

/**
 * Deletes a vault for good: first the key material is overwritten, then every file of the vault goes,
 * then the folder where it is empty. Close the vault first. Throws `vault/delete-failed` where a file is left.
 */
export function deleteVault(dir: string): void {
	const files = vaultFiles(dir);
	try {
		for (const path of [files.header, files.headerCopy]) overwrite(path);
		for (const name of ownFiles(dir)) fs.rmSync(join(dir, name), { force: true });
		if (fs.existsSync(dir)) {
			syncFolder(dir);
			if (fs.readdirSync(dir).length === 0) fs.rmdirSync(dir);
		}
	} catch (cause) {
		throw deleteFailed(ownFiles(dir).length, cause);
	}
	const left = ownFiles(dir).length;
	if (left > 0) throw deleteFailed(left);
}

const deleteFailed = (left: number, cause?: unknown): VaultError =>
	new VaultError('vault/delete-failed', 'Not everything could be deleted. Close other Holdfast windows and try again.', {
		data: { filesLeft: left },
		...(cause === undefined ? {} : { cause: asVaultError(cause) }),
	});

function overwrite(path: string): void {
	if (!fs.existsSync(path)) return;
	const length = fs.statSync(path).size;
	const file = fs.openSync(path, 'r+');
	try {
		fs.writeSync(file, new Uint8Array(length));
		fs.fsyncSync(file);
	} finally {
		fs.closeSync(file);
	}
}

interface Connection {
	readonly db: Db;
	readonly marker: OpenMarker;
}

function openConnection(options: VaultOptions, vaultKey: SecretBytes, create: boolean): Connection {
	const { database } = vaultFiles(options.dir);
	if (!create && !fs.existsSync(database)) throw damaged('database');
	const marker = new OpenMarker(options.dir, options.random);
	const databaseKey = subkey(vaultKey, 'database');
	let db: Db | undefined;
	try {
		removeTemporaries(options.dir);
		db = openDatabase(database, databaseKey, { create });
		if (marker.others.length > 0) {
			checkIntegrity(db);
			marker.forgetCrashed();
		}
		// The copy from before a migration is kept until the vault has opened once more.
		if (!migrate(db, database, options.migrations ?? migrations)) for (const suffix of ['', '-wal']) fs.rmSync(backupPath(database) + suffix, { force: true });
		return { db, marker };
	} catch (error) {
		db?.close();
		marker.remove();
		throw error;
	} finally {
		databaseKey.wipe();
	}
}

function storeSecrets({ db }: Connection, vaultKey: SecretBytes, words: readonly string[], random: Random): void {
	const seed = mnemonicToSeed(words);
	const phrase = utf8(words.join(' '));
	const mnemonicKey = subkey(vaultKey, 'mnemonic');
	const seedKey = subkey(vaultKey, 'seed');
	try {
		db.transaction(() => {
			const insert = 'INSERT INTO secrets (name, box) VALUES (@name, @box)';
			db.run(insert, { name: 'mnemonic', box: seal(mnemonicKey, phrase, SECRET_CONTEXT.mnemonic, random) });
			db.run(insert, { name: 'seed', box: seed.use((bytes) => seal(seedKey, bytes, SECRET_CONTEXT.seed, random)) });
		});
	} finally {
		phrase.fill(0);
		for (const secret of [seed, mnemonicKey, seedKey]) secret.wipe();
	}
}

const MIN_ANSWERS = 3;
const SECRET_CONTEXT = { mnemonic: utf8('holdfast/vault/secrets/mnemonic/v1'), seed: utf8('holdfast/vault/secrets/seed/v1') } as const;

/** An open vault. The only one in its process; other processes may have the same vault open. */
export class Vault {
	readonly keys: KeyRepository;
	readonly dids: DidRepository;
	readonly credentials: CredentialRepository;
	readonly exchanges: ExchangeRepository;
	readonly activity: ActivityRepository;
	readonly credentialTypes: CredentialTypeRepository;
	readonly offers: OfferRepository;
	readonly nonces: NonceRepository;
	readonly issued: IssuedRepository;
	readonly statusLists: StatusListRepository;
	readonly batches: BatchRepository;
	readonly proofNullifiers: ProofNullifierRepository;
	readonly proofRevocations: ProofRevocationRepository;
	readonly verifications: VerificationRepository;
	readonly trustedIssuers: TrustedIssuerRepository;
	readonly collections: CollectionRepository;
	readonly ownerChoices: OwnerChoiceRepository;
	readonly networks: NetworkRepository;
	readonly settings: SettingRepository;
	readonly cache: CacheRepository;
	readonly preparedProofs: PreparedProofRepository;
	readonly daos: DaoRepository;
	readonly descriptions: DescriptionRepository;
	readonly safeFiles: SafeFileRepository;
	readonly votes: VoteRepository;

	readonly #options: VaultOptions;
	readonly #db: Db;
	readonly #marker: OpenMarker;
	readonly #seedKey: SecretBytes;
	readonly #mnemonicKey: SecretBytes;
	readonly #privateKeysKey: SecretBytes;
	readonly #logKey: SecretBytes;
	readonly #exportKey: SecretBytes;

	constructor(options: VaultOptions, connection: Connection, vaultKey: SecretBytes) {
		const { db } = connection;
		this.#options = options;
		this.#db = db;
		this.#marker = connection.marker;
		this.#seedKey = subkey(vaultKey, 'seed');
		this.#mnemonicKey = subkey(vaultKey, 'mnemonic');
		this.#privateKeysKey = subkey(vaultKey, 'private-keys');
		this.#logKey = subkey(vaultKey, 'log');
		this.#exportKey = subkey(vaultKey, 'export');
		this.keys = new KeyRepository(db, this.#privateKeysKey, options.random);
		this.dids = new DidRepository(db);
		this.credentials = new CredentialRepository(db);
		this.exchanges = new ExchangeRepository(db, options.clock);
		this.activity = new ActivityRepository(db);
		this.credentialTypes = new CredentialTypeRepository(db);
		this.offers = new OfferRepository(db);
		this.nonces = new NonceRepository(db);
		this.issued = new IssuedRepository(db);
		this.statusLists = new StatusListRepository(db);
		this.batches = new BatchRepository(db);
		this.proofNullifiers = new ProofNullifierRepository(db);
		this.proofRevocations = new ProofRevocationRepository(db, options.random);
		this.verifications = new VerificationRepository(db);
		this.trustedIssuers = new TrustedIssuerRepository(db);
		this.collections = new CollectionRepository(db);
		this.ownerChoices = new OwnerChoiceRepository(db);
		this.networks = new NetworkRepository(db);
		this.settings = new SettingRepository(db);
		this.cache = new CacheRepository(db, options.clock);
		this.preparedProofs = new PreparedProofRepository(db, options.random);
		this.daos = new DaoRepository(db);
		this.descriptions = new DescriptionRepository(db);
		this.safeFiles = new SafeFileRepository(db);
		this.votes = new VoteRepository(db);
	}

	/** All or nothing, one writer at a time across processes; nested calls are savepoints. `fn` must not be async. */
	transaction<T>(fn: () => T): T {
		return this.#db.transaction(fn);
	}

	/** Derives a key from the wallet's seed. The seed itself never leaves the vault. The caller wipes the key. */
	seedKey(options: { readonly type: KeyType; readonly path: string }): KeyPair {
		const seed = SecretBytes.take(open(this.#seedKey, this.#secret('seed'), SECRET_CONTEXT.seed));
		try {
			return deriveKey(seed, options);
		} finally {
			seed.wipe();
		}
	}

	/**
	 * 32 bytes that follow from the seed for a purpose and a context: what the recovery phrase brings back besides keys. The
	 * caller wipes them.
	 */
	seedSecret({ purpose, context }: { readonly purpose: string; readonly context: string }): SecretBytes {
		const seed = SecretBytes.take(open(this.#seedKey, this.#secret('seed'), SECRET_CONTEXT.seed));
		try {
			return hkdf(seed, { info: JSON.stringify(['holdfast/vault/seed-secret/v1', purpose, context]) });
		} finally {
			seed.wipe();
		}
	}

	/** The key for encrypting log files, or exports. It lives as long as the vault is open. */
	subkey(purpose: 'log' | 'export'): SecretBytes {
		return purpose === 'log' ? this.#logKey : this.#exportKey;
	}

	/** The recovery phrase, for the passphrase. Throws as {@link openVault} for a wrong one. */
	async revealMnemonic(passphrase: Passphrase): Promise<Secret<string[]>> {
		const { vaultKey } = await this.#unwrap(passphrase);
		const key = subkey(vaultKey, 'mnemonic');
		try {
			return new Secret(utf8Decode(open(key, this.#secret('mnemonic'), SECRET_CONTEXT.mnemonic)).split(' '));
		} finally {
			key.wipe();
			vaultKey.wipe();
		}
	}

	/**
	 * Whether every answer names the right word of the recovery phrase (positions count from 1). False for
	 * fewer than three positions, and it does not say which one is wrong: the phrase cannot be found word by word.
	 */
	matchesMnemonic(answers: readonly { readonly position: number; readonly word: string }[]): boolean {
		const words = utf8Decode(open(this.#mnemonicKey, this.#secret('mnemonic'), SECRET_CONTEXT.mnemonic)).split(' ');
		const positions = new Set(answers.map(({ position }) => position));
		return answers.reduce((all, { position, word }) => words[position - 1] === word && all, positions.size >= MIN_ANSWERS);
	}

	/** Resolves where the passphrase is right; throws `vault/wrong-passphrase` or `vault/locked-out` otherwise. */
	async verifyPassphrase(passphrase: Passphrase): Promise<void> {
		const { vaultKey } = await this.#unwrap(passphrase);
		vaultKey.wipe();
	}

	/** Wraps the vault key for another passphrase. At every moment the old one or the new one works. "Remember on this device" is kept. */
	async changePassphrase(old: Passphrase, next: Passphrase): Promise<void> {
		requirePassphrase(next);
		const { vaultKey, header } = await this.#unwrap(old);
		try {
			const wrapped = await wrapVaultKey(vaultKey, next, this.#options.kdf ?? DEFAULT_KDF, this.#options.random);
			writeHeader(this.#options.dir, { ...header, ...wrapped }, vaultKey);
		} finally {
			vaultKey.wipe();
		}
	}

	/** Lets this device open the vault without the passphrase. Throws `vault/device-unavailable`. */
	async rememberOnDevice(passphrase: Passphrase, device: DeviceWrap): Promise<void> {
		const { vaultKey, header } = await this.#unwrap(passphrase);
		try {
			await keepOnDevice(this.#options.dir, header, vaultKey, device);
		} finally {
			vaultKey.wipe();
		}
	}

	/** Ends what {@link rememberOnDevice} began. */
	async forgetDevice(passphrase: Passphrase): Promise<void> {
		const { vaultKey, header } = await this.#unwrap(passphrase);
		try {
			writeHeader(this.#options.dir, { ...header, device: null }, vaultKey);
		} finally {
			vaultKey.wipe();
		}
	}

	/** Whether this device remembers the vault. */
	get rememberedOnDevice(): boolean {
		return readHeader(this.#options.dir).header.device !== null;
	}

	/** Closes the database and wipes the keys. May be called more than once. */
	close(): void {
		for (const key of [this.#seedKey, this.#mnemonicKey, this.#privateKeysKey, this.#logKey, this.#exportKey]) key.wipe();
		this.preparedProofs.forgetKey();
		this.#db.close();
		this.#marker.remove();
	}

	#unwrap(passphrase: Passphrase): Promise<{ vaultKey: SecretBytes; header: VaultHeader }> {
		return unwrapVaultKey(this.#options.dir, passphrase, { clock: this.#options.clock, ...floor(this.#options) });
	}

	#secret(name: keyof typeof SECRET_CONTEXT): Uint8Array {
		const box = z.instanceof(Uint8Array).safeParse(this.#db.get('SELECT box FROM secrets WHERE name=@name', { name })?.box);
		if (!box.success) throw damaged('database');
		return box.data;
	}
}

const floor = (options: VaultOptions): { floor?: Argon2Params } => (options.kdf ? { floor: options.kdf } : {});

function requirePassphrase(passphrase: Passphrase): void {
	const text = passphrase instanceof Secret ? passphrase.reveal() : passphrase;
	if (text.length === 0) throw new VaultError('vault/empty-passphrase', 'Choose a passphrase.');
}
