import type { Network } from '@holdfast/chain';
import { algOf, CryptoError, hexDecode, type Jwk, jwkThumbprint, type KeyType, publicKeyToJwk, type Signer } from '@holdfast/crypto';
import { type Clock, newId, type Random } from '@holdfast/kernel';
import type { GuardedFetch } from '@holdfast/net';
import type { DidRow, KeyRow, Vault } from '@holdfast/vault';
import { Agent } from '@veramo/core';
import type { IDIDManager, IKey, IKeyManager, IPluginMethodMap, IResolver, TAgent } from '@veramo/core-types';
import { type AbstractIdentifierProvider, DIDManager } from '@veramo/did-manager';
import { EthrDIDProvider, KmsEthereumSigner } from '@veramo/did-provider-ethr';
import { PkhDIDProvider } from '@veramo/did-provider-pkh';
import { DIDResolverPlugin } from '@veramo/did-resolver';
import { KeyManager } from '@veramo/key-manager';
import { computeAddress, type Signer as EthersSigner } from 'ethers';
import { didJwkDocument, didJwkFor, didKeyDocument, didKeyFor } from './did-key.ts';
import { firstKeyOf, usable } from './did-keys.ts';
import { didPeerFor } from './did-peer.ts';
import { publishDidWeb } from './did-web.node.ts';
import { didWebDocument, didWebFor } from './did-web.ts';
import { methodsFor, parseDid, parseDidUrl } from './document.ts';
import { DidError, invalidDid } from './errors.ts';
import { createEthrOperations, EthrNetworks } from './ethr.node.ts';
import { KeyRefProvider } from './key-provider.node.ts';
import { KMS_NAME, unboundKeys, VaultKms } from './kms.node.ts';
import { DidResolver } from './resolver.node.ts';
import { VaultDidStore, VaultKeyStore } from './stores.node.ts';
import type { CreateDidInput, DidInfo, DidMethod, HoldfastAgent, KeyInfo } from './types.ts';

export interface CreateAgentOptions {
	readonly vault: Vault;
	readonly networks: readonly Network[];
	readonly fetch: GuardedFetch;
	readonly clock: Clock;
	readonly random: Random;
	/** How long a change of a did:ethr waits to be mined, in ms. Default three minutes. */
	readonly transactionWaitMs?: number;
}

/** Key type of a new DID where the caller does not say. P-256 is what HAIP 1.0 asks of everybody. */
const DEFAULT_KEY_TYPE: Readonly<Record<DidMethod, KeyType>> = {
	'did:key': 'Secp256r1',
	'did:jwk': 'Secp256r1',
	'did:web': 'Secp256r1',
	'did:ethr': 'Secp256k1',
	'did:peer': 'Ed25519',
	'did:pkh': 'Secp256k1',
};

/**
 * Veramo's agent without its log: `execute` of the original writes arguments and results to the console
 * under `DEBUG=veramo:*`, private keys and shared secrets included.
 */
class QuietAgent extends Agent {
	// biome-ignore lint/suspicious/noExplicitAny: the signature of the method that is replaced
	override async execute<P = any, R = any>(method: string, args: P): Promise<R> {
		const run = this.methods[method];
		if (!run) throw new DidError('did/unsupported');
		return (await run(args ?? {}, { ...this.context, agent: this })) as R;
	}
}

/** Makes the agent over an open vault. It holds no secrets of its own: closing the vault ends it. */
export function createAgent({ vault, networks, fetch, clock, random, transactionWaitMs }: CreateAgentOptions): HoldfastAgent {
	const kms = new VaultKms(vault, clock);
	const ethrNetworks = new EthrNetworks(networks, fetch);
	const resolver = new DidResolver({ fetch, ethr: ethrNetworks, cache: vault.cache, clock });
	const providers: Record<DidMethod, AbstractIdentifierProvider> = {
		'did:key': new KeyRefProvider((key) => didKeyFor(key.type as KeyType, hexDecode(key.publicKeyHex))),
		'did:jwk': new KeyRefProvider((key) => didJwkFor(key.type as KeyType, hexDecode(key.publicKeyHex))),
		'did:web': new KeyRefProvider((_key, _agreement, { did }) => String(did)),
		'did:ethr': new EthrDIDProvider({ defaultKms: KMS_NAME, networks: ethrNetworks.veramo }),
		'did:peer': new KeyRefProvider((key, agreement) => didPeerFor(keyBytes(key), keyBytes(agreement))),
		'did:pkh': new PkhDIDProvider({ defaultKms: KMS_NAME }),
	};
	const veramo = new QuietAgent({
		plugins: [
			new KeyManager({ store: new VaultKeyStore(vault), kms: { [KMS_NAME]: kms } }),
			new DIDManager({ store: new VaultDidStore(vault, clock), providers, defaultProvider: 'did:key' }),
			new DIDResolverPlugin({ resolver }),
		],
		// Agent adds the plugins' methods to itself at run time.
	}) as unknown as TAgent<IKeyManager & IDIDManager & IResolver & IPluginMethodMap>;

	const signerOfRow = (row: KeyRow, kid?: string): Signer => {
		if (row.type === 'X25519') throw new DidError('did/unsupported');
		return {
			alg: algOf(row.type),
			publicJwk: jwkOf(row),
			...(kid === undefined ? {} : { kid }),
			sign: async (data) => kms.signRaw(row.kid, data),
		};
	};

	const createKey: HoldfastAgent['createKey'] = async ({ type, ...meta }) => {
		const { kid } = await veramo.keyManagerCreate({ kms: KMS_NAME, type, meta });
		return keyInfo(kms.row(kid));
	};

	const didRow = (did: string): DidRow => {
		const row = vault.dids.get(did);
		if (!row) throw new DidError('did/not-managed');
		return row;
	};

	const didInfo = (row: DidRow): DidInfo => ({
		did: row.did,
		method: row.provider as DidMethod,
		alias: row.alias,
		keys: row.keys.flatMap(({ kid }) => {
			const key = vault.keys.get(kid);
			return key ? [keyInfo(key)] : [];
		}),
		createdAt: row.createdAt,
	});

	const create = async (input: CreateDidInput): Promise<DidInfo> => {
		const { method, alias, context } = input;
		// Everything that can be refused is refused before a key is made.
		const type = checkKeyType(method, input.keyType ?? DEFAULT_KEY_TYPE[method]);
		const options = methodOptions(input, ethrNetworks);
		if (alias !== undefined && vault.dids.list({ alias }).length > 0) throw new DidError('did/alias-taken');
		if (typeof options.did === 'string' && vault.dids.get(options.did)) throw new DidError('did/alias-taken');
		const keys: KeyInfo[] = [];
		const newKey = async (keyType: KeyType): Promise<string> => {
			const key = await createKey({ type: keyType, purpose: 'did', ...(context === undefined ? {} : { context }) });
			keys.push(key);
			return key.kid;
		};
		try {
			const keyRef = await newKey(type);
			const agreement = method === 'did:peer' ? { agreementKeyRef: await newKey('X25519') } : {};
			const { did } = await veramo.didManagerCreate({
				provider: method,
				kms: KMS_NAME,
				...(alias === undefined ? {} : { alias }),
				options: { ...options, keyRef, ...agreement },
			});
			return didInfo(didRow(did));
		} catch (error) {
			for (const { kid } of keys) vault.keys.delete(kid);
			throw error;
		}
	};

	const forget = async (did: string): Promise<void> => {
		vault.transaction(() => {
			const row = didRow(did);
			vault.dids.delete(did);
			const needed = new Set([
				...vault.dids.list().flatMap((other) => other.keys.map(({ kid }) => kid)),
				...vault.credentials.list().flatMap(({ holderKid }) => (holderKid === null ? [] : [holderKid])),
			]);
			for (const { kid } of row.keys) if (!needed.has(kid)) vault.keys.delete(kid);
		});
		forgetCached(did);
	};

	const forgetCached = (did: string): void => {
		try {
			resolver.forget(did);
		} catch (error) {
			// A did:ethr of a network that is no longer configured has no cache entry that could be asked for.
			if (!(error instanceof DidError)) throw error;
		}
	};

	/** The key of this wallet by which a DID signs, and the DID URL under which its document has it. */
	const signingKey = async (did: string, options: Parameters<HoldfastAgent['didSigner']>[1] = {}): Promise<{ row: KeyRow; id: string }> => {
		didRow(did);
		const { document } = await resolver.resolveDid(did);
		for (const { id, jwk, alg } of usable(methodsFor(document, options.relationship ?? 'assertionMethod'))) {
			if (options.alg !== undefined && options.alg !== alg) continue;
			const row = vault.keys.get(jwkThumbprint(jwk));
			if (row) return { row, id };
		}
		throw new DidError('did/no-usable-key');
	};

	const didSigner: HoldfastAgent['didSigner'] = async (did, options) => {
		const { row, id } = await signingKey(did, options);
		return signerOfRow(row, id);
	};

	const heldDidSigner: HoldfastAgent['heldDidSigner'] = async (did) => {
		const { row, id } = await signingKey(did);
		const held = kms.hold(row.kid);
		return { signer: { ...signerOfRow(row, id), sign: async (data) => held.sign(data) }, release: () => held.release() };
	};

	const ethr = createEthrOperations({
		networks: ethrNetworks,
		forgetCached,
		waitMs: transactionWaitMs,
		signerFor: async (address) => {
			const row = unboundKeys(vault).find((key) => key.type === 'Secp256k1' && computeAddress(`0x${key.publicKeyHex}`) === address);
			if (!row) throw new DidError('did/no-such-key');
			const key = await veramo.keyManagerGet({ kid: row.kid });
			return (provider) => new KmsEthereumSigner(key, { agent: veramo }, provider) as EthersSigner;
		},
	});

	const kidOfHolder: HoldfastAgent['kidOfHolder'] = ({ jwk, did }) => {
		if (jwk !== undefined) return ownKid(vault, jwk);
		if (did === undefined) return undefined;
		try {
			const parsed = parseDidUrl(did);
			if (parsed.method === 'key') return ownKid(vault, firstKeyOf(didKeyDocument(parsed.did, parsed.id)));
			if (parsed.method === 'jwk') return ownKid(vault, firstKeyOf(didJwkDocument(parsed.did, parsed.id)));
			const kid = vault.dids.get(parsed.did)?.controllerKid;
			return kid && vault.keys.get(kid) ? kid : undefined;
		} catch (error) {
			if (error instanceof DidError) return undefined;
			throw error;
		}
	};

	const documentFor = async (did: string) => {
		const row = didRow(did);
		if (row.provider !== 'did:web') throw new DidError('did/unsupported');
		return didWebDocument(did, didInfo(row).keys);
	};

	return {
		veramo,
		createKey,
		importKey: async ({ type, privateKey, purpose, alias }) => {
			const { kid } = kms.importSecret(type, privateKey, { purpose, ...(alias === undefined ? {} : { alias }) });
			return keyInfo(kms.row(kid));
		},
		signer: (kid) => signerOfRow(kms.row(kid)),
		didSigner,
		heldDidSigner,
		kidOfHolder,
		setNetworks: (list) => ethrNetworks.set(list),
		dids: {
			create,
			list: async () => vault.dids.list().map(didInfo),
			get: async (did) => didInfo(didRow(did)),
			rename: async (did, alias) => {
				vault.transaction(() => {
					const row = didRow(did);
					if (alias !== null && vault.dids.list({ alias }).some((other) => other.did !== did)) throw new DidError('did/alias-taken');
					vault.dids.put({ ...row, alias });
				});
				return didInfo(didRow(did));
			},
			forget,
			resolve: (did, options) => resolver.resolveDid(did, options),
		},
		resolve: (did, options) => resolver.resolveDid(did, options),
		cachedAge: (did) => resolver.cachedAge(did),
		resolver,
		didWeb: {
			documentFor,
			publish: async (did, folder) => {
				const path = await publishDidWeb(await documentFor(did), folder, newId(random));
				forgetCached(did);
				return path;
			},
		},
		ethr,
		fetch,
	};
}

const keyBytes = (key: IKey | undefined) => {
	if (!key) throw new DidError('did/unsupported');
	return { type: key.type as KeyType, publicKey: hexDecode(key.publicKeyHex) };
};
const jwkOf = (row: KeyRow): Jwk => publicKeyToJwk(row.type, hexDecode(row.publicKeyHex));
const keyInfo = (row: KeyRow): KeyInfo => ({ kid: row.kid, type: row.type, publicJwk: jwkOf(row) });

function ownKid(vault: Vault, jwk: Jwk | undefined): string | undefined {
	if (jwk === undefined) return undefined;
	try {
		const kid = jwkThumbprint(jwk);
		return vault.keys.get(kid) ? kid : undefined;
	} catch (error) {
		// What a stranger's credential calls a key may be none.
		if (error instanceof CryptoError) return undefined;
		throw error;
	}
}

function checkKeyType(method: DidMethod, type: KeyType): KeyType {
	const only: Partial<Record<DidMethod, KeyType>> = { 'did:ethr': 'Secp256k1', 'did:pkh': 'Secp256k1', 'did:peer': 'Ed25519' };
	const required = only[method];
	if ((required !== undefined && type !== required) || type === 'X25519') throw new DidError('did/unsupported');
	return type;
}

function methodOptions({ method, domain, path, network }: CreateDidInput, networks: EthrNetworks): Record<string, unknown> {
	switch (method) {
		case 'did:web': {
			if (domain === undefined) throw invalidDid('domain');
			const did = didWebFor(domain, path);
			parseDid(did);
			return { did };
		}
		case 'did:ethr':
			return { network: networks.specifier(network) };
		default:
			return {};
	}
}
