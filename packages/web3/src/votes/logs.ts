import { HoldfastError } from '@holdfast/kernel';
import {
	type AbiEvent,
	type Address,
	BaseError,
	type GetLogsReturnType,
	HttpRequestError,
	type PublicClient,
	ResponseBodyTooLargeError,
	TimeoutError,
	WebSocketRequestError,
} from 'viem';
import { PROPOSAL_CREATED } from './abis.ts';
import { onNetwork, type SearchLimits, unreachable } from './reads.ts';

/** Blocks in one question, and about two months of blocks of twelve seconds. */
const DEFAULT_LIMITS: SearchLimits = { chunk: 5_000n, lookback: 432_000n };
const SMALLEST_CHUNK = 64n;

interface Search<event extends AbiEvent> {
	readonly address: Address;
	readonly event: event;
	/** Values of indexed members. */
	readonly args?: Readonly<Record<string, unknown>>;
	readonly from: bigint;
	readonly to: bigint;
}

type Logs<event extends AbiEvent> = GetLogsReturnType<event, [event], true>;

/**
 * A contract's events, newest first, from `to` back to `from`, until `enough` of those found.
 * @throws VoteError vote/unreachable
 */
export async function searchLogs<const event extends AbiEvent>(
	client: PublicClient,
	{ address, event, args, from, to }: Search<event>,
	enough: (found: Logs<event>) => boolean,
	limits: SearchLimits = DEFAULT_LIMITS,
): Promise<Logs<event>> {
	const found: Logs<event>[number][] = [];
	let chunk = limits.chunk;
	let high = to;
	while (high >= from) {
		const low = high - chunk + 1n > from ? high - chunk + 1n : from;
		let logs: Logs<event>;
		try {
			logs = (await client.getLogs({ address, event, args, fromBlock: low, toBlock: high, strict: true } as never)) as unknown as Logs<event>;
		} catch (error) {
			if (!mayBeTooMuch(error) || chunk <= SMALLEST_CHUNK) throw unreachable({ chainId: client.chain?.id ?? 0 }, error);
			chunk /= 2n;
			continue;
		}
		found.push(...logs.toReversed());
		if (enough(found as Logs<event>)) break;
		high = low - 1n;
	}
	return found as Logs<event>;
}

/** "Too many blocks" or "too many events", which each server says in its own way: by an error of JSON-RPC or of HTTP, or by too long an answer. */
function mayBeTooMuch(error: unknown): boolean {
	const long = (each: unknown): boolean => each instanceof ResponseBodyTooLargeError || (each instanceof HoldfastError && each.code === 'net/too-large');
	if (error instanceof BaseError && error.walk(long) !== null) return true;
	const http = error instanceof BaseError ? error.walk((each) => each instanceof HttpRequestError) : null;
	if (http instanceof HttpRequestError) return http.status === 400 || http.status === 413;
	return !(error instanceof BaseError && error.walk((each) => each instanceof TimeoutError || each instanceof WebSocketRequestError) !== null);
}

export const lookbackFrom = (block: bigint, limits: SearchLimits = DEFAULT_LIMITS): bigint => (block > limits.lookback ? block - limits.lookback : 0n);

export const latestBlock = (client: PublicClient): Promise<bigint> => onNetwork(client, () => client.getBlockNumber({ cacheTime: 0 }));

export const blockOf = (client: PublicClient, blockNumber: bigint) => onNetwork(client, () => client.getBlock({ blockNumber }));

/** The last block that is not younger than `seconds` since the epoch, by halving: about 25 questions on a long chain. */
export async function blockAt(client: PublicClient, seconds: bigint): Promise<bigint> {
	let [low, high] = [0n, await latestBlock(client)];
	while (low < high) {
		const middle = (low + high + 1n) / 2n;
		const { timestamp } = await blockOf(client, middle);
		if (timestamp <= seconds) low = middle;
		else high = middle - 1n;
	}
	return low;
}

export const before = (moment: bigint, length: bigint): bigint => (moment > length ? moment - length : 0n);

/**
 * The event of a governor's proposal, which alone holds its text: looked for in the block in which it should stand, and then, because
 * the delay may have been another, or the chain may count the blocks of another, in all.
 */
export async function findCreated(client: PublicClient, address: Address, id: bigint, likely: bigint, limits?: SearchLimits) {
	const latest = await latestBlock(client);
	const search = async (from: bigint, to: bigint) => {
		const logs = await searchLogs(client, { address, event: PROPOSAL_CREATED, from, to }, (found) => found.some(({ args }) => args.proposalId === id), limits);
		return logs.find(({ args }) => args.proposalId === id);
	};
	return (likely <= latest ? await search(likely, likely) : undefined) ?? (await search(lookbackFrom(latest, limits), latest));
}

/** The events of several proposals, by number, in one search from the newest block back to `from`. */
export async function searchEach<const event extends AbiEvent>(
	client: PublicClient,
	search: Omit<Search<event>, 'to'>,
	numberOf: (log: Logs<event>[number]) => bigint,
	wanted: readonly bigint[],
	limits?: SearchLimits,
): Promise<ReadonlyMap<bigint, Logs<event>[number]>> {
	const found = new Map<bigint, Logs<event>[number]>();
	if (wanted.length === 0) return found;
	const range = { ...search, to: await latestBlock(client) } as Search<event>;
	const collect = (logs: Logs<event>): boolean => {
		for (const log of logs) found.set(numberOf(log), log);
		return wanted.every((id) => found.has(id));
	};
	await searchLogs(client, range, collect, limits);
	return found;
}

/** How many proposals that are over are looked at, at most, for one that is open: newer ones have higher numbers, and end later. */
export const MOST_OVER = 30;
