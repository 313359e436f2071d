import { checkChain, type Network, networkFetch } from '@holdfast/chain';
import { HoldfastError } from '@holdfast/kernel';
import type { GuardedFetch } from '@holdfast/net';
import type { DIDResolutionResult, Resolvable } from 'did-resolver';
import { computeAddress, Network as EthersNetwork, FetchRequest, getAddress, isAddress, isError, isHexString, JsonRpcProvider, type Signer } from 'ethers';
import { EthrDidController, getResolver } from 'ethr-did-resolver';
import { parseDid } from './document.ts';
import { DidError, invalidDid } from './errors.ts';
import type { AttributeInput, DelegateInput, EthrDidOperations } from './types.ts';

/** Where a registry lists a DID's whole history in one block, its answer is larger than ordinary ones. */
const MAX_RPC_BYTES = 4 << 20;
const RPC_TIMEOUT_MS = 15_000;
// The resolver asks for one block after another, as long as the registry names an earlier one: a DID with
// a long history, or a node that leads in circles, would keep it busy for ever.
const MAX_RESOLUTION_REQUESTS = 400;
const RESOLUTION_TIMEOUT_MS = 30_000;
const TRANSACTION_WAIT_MS = 180_000;
// What fits into the library's gas limit of 123,456.
const MAX_ATTRIBUTE_LENGTH = 1024;
const TEN_YEARS_SEC = 10 * 366 * 86_400;

/** Names that did:ethr uses for networks besides their hexadecimal chain ids (ethr-did-resolver's deployments). */
const METHOD_NAMES: ReadonlyMap<number, string> = new Map([
	[1, 'mainnet'],
	[100, 'gno'],
	[137, 'polygon'],
	[11155111, 'sepolia'],
]);

interface EthrNetwork {
	readonly network: Network;
	readonly registry: string;
	readonly provider: JsonRpcProvider;
	/** Fails where the node is unreachable or serves another chain. */
	check(): Promise<void>;
}

/** did:ethr over the networks that are configured with a registry. */
export class EthrNetworks {
	/** Veramo's provider keeps this very array, so it is changed in place. */
	readonly veramo: { name?: string; chainId: string; provider: JsonRpcProvider; registry: string }[] = [];
	readonly #fetch: GuardedFetch;
	#networks: readonly EthrNetwork[] = [];

	constructor(networks: readonly Network[], fetch: GuardedFetch) {
		this.#fetch = fetch;
		this.set(networks);
	}

	/** Takes another list of networks; those without a registry do not matter here. */
	set(networks: readonly Network[]): void {
		for (const { provider } of this.#networks) provider.destroy();
		this.#networks = networks.flatMap((network) => {
			const registry = network.ethrRegistry;
			return registry === undefined
				? []
				: [{ network, registry, provider: guardedProvider(network, this.#fetch), check: () => checkChain(network, this.#fetch) }];
		});
		const configured = this.#networks.map(({ network, registry, provider }) => ({
			...(network.chainId === 1 ? { name: 'mainnet' } : {}),
			chainId: hexChainId(network.chainId),
			provider,
			registry,
		}));
		this.veramo.splice(0, this.veramo.length, ...configured);
	}

	/** The network's part of a new DID's identifier: nothing for mainnet, else the chain id in hexadecimal, which every resolver knows. */
	specifier(chainId: number | undefined): string {
		const found = chainId === undefined ? this.#networks[0] : this.#networks.find(({ network }) => network.chainId === chainId);
		if (!found) throw new DidError('did/unknown-network');
		return found.network.chainId === 1 ? 'mainnet' : hexChainId(found.network.chainId);
	}

	/** What a cached document depends on besides its DID: an answer of another node or registry is another answer. */
	source(did: string): string {
		const { network, registry } = this.#find(did);
		return `${network.rpcUrl} ${registry}`;
	}

	async resolve(did: string): Promise<DIDResolutionResult> {
		const { network, registry, check } = this.#find(did);
		await online(check());
		const provider = guardedProvider(network, this.#fetch, { requests: MAX_RESOLUTION_REQUESTS, signal: AbortSignal.timeout(RESOLUTION_TIMEOUT_MS) });
		const name = METHOD_NAMES.get(network.chainId);
		const config = { chainId: hexChainId(network.chainId), registry, provider, ...(name === undefined ? {} : { name }) };
		const resolver = getResolver({ networks: [config] } as unknown as Parameters<typeof getResolver>[0]).ethr;
		if (!resolver) throw new DidError('did/unsupported-method');
		const { id } = parseDid(did);
		const unused: Resolvable = { resolve: () => Promise.reject(new DidError('did/unsupported')) };
		try {
			return (await resolver(did, { did, didUrl: did, method: 'ethr', id }, unused as never, { accept: 'application/did+ld+json' })) as DIDResolutionResult;
		} finally {
			provider.destroy();
		}
	}

	/** @throws DidError did/network */
	async owner(did: string): Promise<string> {
		const { network, registry, provider, check } = this.#find(did);
		await online(check());
		const controller = new EthrDidController(
			did,
			undefined,
			undefined,
			hexChainId(network.chainId),
			provider as unknown as LibraryProvider,
			undefined,
			registry,
		);
		return await online(controller.getOwner(ethrAddress(did)).then(getAddress));
	}

	/** A controller that signs as `owner`. */
	controller(did: string, signer: (provider: JsonRpcProvider) => Signer): EthrDidController {
		const { network, registry, provider } = this.#find(did);
		return new EthrDidController(
			did,
			undefined,
			signer(provider) as unknown as LibrarySigner,
			hexChainId(network.chainId),
			provider as unknown as LibraryProvider,
			undefined,
			registry,
		);
	}

	#find(did: string): EthrNetwork {
		const { method, id } = parseDid(did);
		const match = /^(?:([A-Za-z0-9:]+):)?0x(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{66})$/.exec(id);
		if (method !== 'ethr' || !match) throw invalidDid('syntax');
		const specifier = match[1] ?? 'mainnet';
		const found = this.#networks.find(
			({ network }) => METHOD_NAMES.get(network.chainId) === specifier || (/^0x[0-9a-f]{1,14}$/.test(specifier) && Number(specifier) === network.chainId),
		);
		if (!found) throw new DidError('did/unknown-network');
		return found;
	}
}

// The library's types name ethers' CommonJS build, ours its ES modules: the same classes by two paths.
type LibraryProvider = NonNullable<ConstructorParameters<typeof EthrDidController>[4]>;
type LibrarySigner = NonNullable<ConstructorParameters<typeof EthrDidController>[2]>;

export interface EthrOperationsPorts {
	readonly networks: EthrNetworks;
	/** The signer for an account of this wallet. @throws DidError did/no-such-key */
	signerFor(address: string): Promise<(provider: JsonRpcProvider) => Signer>;
	/** How long to wait for a transaction to be mined, in ms. Default three minutes. */
	readonly waitMs?: number | undefined;
	/** Called after a change, so that nothing older is used. */
	forgetCached(did: string): void;
}

/** The changes that ERC-1056 knows, each sent by the account that owns the DID now. */
export function createEthrOperations({ networks, signerFor, forgetCached, waitMs = TRANSACTION_WAIT_MS }: EthrOperationsPorts): EthrDidOperations {
	const change = async (did: string, work: (controller: EthrDidController) => Promise<{ hash: string; status: number | null }>): Promise<string> => {
		const signer = await signerFor(await networks.owner(did));
		try {
			const receipt = await within(waitMs, work(networks.controller(did, signer)));
			if (receipt.status !== 1) throw new DidError('did/transaction-failed');
			return receipt.hash;
		} catch (error) {
			throw chainError(error);
		} finally {
			forgetCached(did);
		}
	};
	return {
		addDelegate: async (did, input) => {
			const { delegate, type } = checkDelegate(input);
			const validity = checkValidity(input.validitySec);
			return await change(did, (controller) => controller.addDelegate(type, delegate, validity));
		},
		revokeDelegate: async (did, input) => {
			const { delegate, type } = checkDelegate(input);
			return await change(did, (controller) => controller.revokeDelegate(type, delegate));
		},
		setAttribute: async (did, input) => {
			const { name, value } = checkAttribute(input);
			const validity = checkValidity(input.validitySec);
			return await change(did, (controller) => controller.setAttribute(name, value, validity));
		},
		revokeAttribute: async (did, input) => {
			const { name, value } = checkAttribute(input);
			return await change(did, (controller) => controller.revokeAttribute(name, value));
		},
		changeOwner: async (did, newOwner) => {
			const owner = checkAddress(newOwner);
			return await change(did, (controller) => controller.changeOwner(owner));
		},
		owner: (did) => networks.owner(did),
	};
}

const hexChainId = (chainId: number): string => `0x${chainId.toString(16)}`;

/** The address in a did:ethr, also where the DID holds a public key. */
function ethrAddress(did: string): string {
	const last = did.slice(did.lastIndexOf(':') + 1);
	return last.length === 42 ? last : computeAddress(last);
}

/** ethers' JSON-RPC provider, whose every request goes through the guarded fetch. */
function guardedProvider(
	network: Network,
	fetch: GuardedFetch,
	budget: { requests: number; readonly signal?: AbortSignal } = { requests: Number.POSITIVE_INFINITY },
): JsonRpcProvider {
	const guarded = networkFetch(network, fetch);
	const request = new FetchRequest(network.rpcUrl);
	request.timeout = RPC_TIMEOUT_MS;
	request.setThrottleParams({ maxAttempts: 2 });
	request.getUrlFunc = async (req) => {
		if (--budget.requests < 0) throw new DidError('did/network', { data: { reason: 'history-too-long' } });
		const headers = new Headers(req.headers);
		headers.delete('accept-encoding');
		headers.delete('content-length');
		const response = await guarded(req.url, {
			method: req.method,
			headers,
			...(req.body ? { body: req.body } : {}),
			...(budget.signal ? { signal: budget.signal } : {}),
			maxBytes: MAX_RPC_BYTES,
			timeoutMs: RPC_TIMEOUT_MS,
		});
		return {
			statusCode: response.status,
			statusMessage: response.statusText,
			headers: Object.fromEntries(response.headers),
			body: new Uint8Array(await response.arrayBuffer()),
		};
	};
	// A static network: ethers' own detection retries for ever and writes to the console. checkChain does it instead.
	return new JsonRpcProvider(request, network.chainId, {
		staticNetwork: EthersNetwork.from(network.chainId),
		batchMaxCount: 1,
		cacheTimeout: -1,
		pollingInterval: 1000,
	});
}

/** What a node does not answer is a matter of the network, whatever the library calls it. */
async function online<T>(work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		throw new DidError('did/network', { data: error instanceof HoldfastError ? { reason: error.code } : {}, cause: error });
	}
}

/** @throws DidError did/transaction-pending */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new DidError('did/transaction-pending')), ms);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

function chainError(error: unknown): DidError {
	if (error instanceof DidError) return error;
	if (isError(error, 'INSUFFICIENT_FUNDS')) return new DidError('did/insufficient-funds', { cause: error });
	if (isError(error, 'CALL_EXCEPTION') || isError(error, 'TRANSACTION_REPLACED')) return new DidError('did/transaction-failed', { cause: error });
	return new DidError('did/network', { cause: error });
}

function checkAddress(address: string): string {
	if (!isAddress(address)) throw invalidDid('address');
	return getAddress(address);
}

function checkDelegate({ delegate, type }: DelegateInput): DelegateInput {
	if (type !== 'veriKey' && type !== 'sigAuth') throw invalidDid('delegate-type');
	return { delegate: checkAddress(delegate), type };
}

function checkAttribute({ name, value }: AttributeInput): AttributeInput {
	// The registry's names have 32 bytes; the library cuts longer ones silently.
	if (!/^did\/(pub|svc)\/[\x21-\x7e]+$/.test(name) || name.length > 32) throw invalidDid('attribute-name');
	if (value === '' || value.length > MAX_ATTRIBUTE_LENGTH || (value.startsWith('0x') && (!isHexString(value) || value.length % 2 !== 0)))
		throw invalidDid('attribute-value');
	return { name, value };
}

function checkValidity(seconds: number): number {
	if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > TEN_YEARS_SEC) throw invalidDid('validity');
	return seconds;
}
