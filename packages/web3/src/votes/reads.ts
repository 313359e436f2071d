import type { Clock } from '@holdfast/kernel';
import {
	type Abi,
	type Address,
	BaseError,
	type ContractFunctionArgs,
	type ContractFunctionName,
	HttpRequestError,
	LimitExceededRpcError,
	type PublicClient,
	type ReadContractParameters,
	type ReadContractReturnType,
	ResourceUnavailableRpcError,
	TimeoutError,
	WebSocketRequestError,
} from 'viem';
import type { ContractRef } from './adapter.ts';
import { VoteError } from './errors.ts';

/** What an adapter of contracts is made with. It holds no key and sends no transaction. */
export interface ChainAccess {
	/** A client for the network, over the guarded fetch and the server that the user chose, which learns what is asked. */
	client(chainId: number): PublicClient;
	readonly clock: Clock;
	/** How events are searched. */
	readonly search?: SearchLimits;
}

export interface SearchLimits {
	/** Blocks in one question. Servers refuse more than some thousands; a refused question is asked again in halves. */
	readonly chunk: bigint;
	/** How far back a proposal is looked for, in blocks. */
	readonly lookback: bigint;
}

/** No network in between, as far as the user can tell: not what the contract says. */
const NETWORK_ERRORS = [HttpRequestError, TimeoutError, WebSocketRequestError, LimitExceededRpcError, ResourceUnavailableRpcError];

export const isNetworkError = (error: unknown): boolean =>
	error instanceof BaseError && error.walk((each) => NETWORK_ERRORS.some((kind) => each instanceof kind)) !== null;

export const unreachable = (ref: { readonly chainId: number }, cause: unknown): VoteError =>
	// viem's own message holds the server's address, which may hold an API key.
	new VoteError(
		'vote/unreachable',
		'The network’s server cannot be reached. Check the connection, or its address in the settings.',
		{ chainId: ref.chainId },
		cause,
	);

/**
 * What a view function returns; undefined where the contract does not have it, or reverts.
 * @throws VoteError vote/unreachable
 */
export async function maybe<
	const abi extends Abi,
	name extends ContractFunctionName<abi, 'pure' | 'view'>,
	const args extends ContractFunctionArgs<abi, 'pure' | 'view', name>,
>(client: PublicClient, call: ReadContractParameters<abi, name, args>): Promise<ReadContractReturnType<abi, name, args> | undefined> {
	try {
		return await client.readContract(call);
	} catch (error) {
		if (isNetworkError(error)) throw unreachable({ chainId: client.chain?.id ?? 0 }, error);
		return undefined;
	}
}

/** As {@link maybe}, of a contract that has to answer. @throws VoteError vote/unexpected-answer, vote/unreachable */
export async function read<
	const abi extends Abi,
	name extends ContractFunctionName<abi, 'pure' | 'view'>,
	const args extends ContractFunctionArgs<abi, 'pure' | 'view', name>,
>(client: PublicClient, call: ReadContractParameters<abi, name, args>): Promise<ReadContractReturnType<abi, name, args>> {
	const value = await maybe(client, call);
	if (value === undefined) {
		throw new VoteError('vote/unexpected-answer', 'This contract does not answer as its kind does. Check its address and its network.', {
			function: call.functionName as string,
		});
	}
	return value;
}

/** Runs `work`, whose failures are the network's. @throws VoteError vote/unreachable */
export async function onNetwork<T>(client: PublicClient, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof VoteError) throw error;
		throw unreachable({ chainId: client.chain?.id ?? 0 }, error);
	}
}

/** What stands behind an address. A delegated account (EIP-7702) still signs with its key. */
export async function kindOfAccount(client: PublicClient, address: Address): Promise<'key' | 'delegated-key' | 'contract'> {
	const code = await onNetwork(client, () => client.getCode({ address }));
	if (code === undefined || code === '0x') return 'key';
	return code.startsWith('0xef0100') && code.length === 2 + 46 ? 'delegated-key' : 'contract';
}

/** The client of the ref's chain, once the server has said that it is that chain. @throws VoteError vote/wrong-chain, vote/unreachable */
export async function clientOf(access: ChainAccess, ref: Pick<ContractRef, 'chainId'>): Promise<PublicClient> {
	const client = access.client(ref.chainId);
	const served = await onNetwork(client, () => client.getChainId());
	if (served !== ref.chainId) {
		throw new VoteError('vote/wrong-chain', 'The network’s server serves another chain. Check the network in the settings.', { chainId: ref.chainId, served });
	}
	return client;
}
