import { type Address, decodeEventLog, type EIP1193RequestFn, getAddress, type Hex, hexToBigInt, isAddressEqual, numberToHex, parseAbi } from 'viem';
import { z } from 'zod';
import { isBatch } from './batches.ts';
import type { Action, DecodedAction } from './decode.ts';
import { ProposalError } from './errors.ts';

/** What left and reached the treasury. `token`: `null` is the network's own currency. Amounts in the smallest unit. */
export interface Moved {
	readonly token: Address | null;
	readonly out: bigint;
	readonly in: bigint;
	/** What is gone in the end, as a share of what was there before, from 0 to 1; `null` where nothing was known to be there. */
	readonly share: number | null;
}

export interface Simulation {
	/** The block on which it was tried out. */
	readonly block: bigint;
	/** Whether every call went through. */
	readonly succeeds: boolean;
	readonly moved: readonly Moved[];
	/** Allowances that the treasury gives; the last one for each token and spender. */
	readonly approvals: readonly { readonly token: Address; readonly spender: Address; readonly amount: bigint }[];
	/** How many calls can't be tried out from outside: those that run foreign code as the treasury's own. */
	readonly left: number;
}

const EVENTS = parseAbi([
	'event Transfer(address indexed from, address indexed to, uint256 value)',
	'event Approval(address indexed owner, address indexed spender, uint256 value)',
]);

/** What `traceTransfers` names as the token of the network's own currency. */
const CURRENCY = '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee';

const zHex = z.string().regex(/^0x[0-9a-f]*$/i) as z.ZodType<Hex>;
const zBlocks = z.array(
	z.object({
		number: zHex,
		calls: z
			.array(
				z.object({
					status: zHex,
					logs: z
						.array(z.object({ address: zHex, topics: z.array(zHex), data: zHex }))
						.max(10_000)
						.default([]),
				}),
			)
			.max(2_000),
	}),
);

/**
 * Tries out what a proposal does, as its executor (the timelock, or the Safe), on the state of now, through
 * `eth_simulateV1`. Nothing is sent to the chain; the server at the other end of `request` learns the calls, which
 * the proposal has made public already.
 *
 * Throws `web3/cannot-simulate` where the server knows no such call, `web3/bad-simulation` where its answer is none.
 */
export async function simulate(request: EIP1193RequestFn, executor: Address, actions: readonly DecodedAction[]): Promise<Simulation> {
	const { calls, left } = flatten(actions);
	const answer = await request({
		method: 'eth_simulateV1' as never,
		params: [
			{
				blockStateCalls: [{ calls: calls.map(({ to, value, data }) => ({ from: executor, to, value: numberToHex(value), data })) }],
				traceTransfers: true,
				validation: false,
			},
			'latest',
		] as never,
	}).catch((cause: unknown) => {
		throw new ProposalError('web3/cannot-simulate', 'The network’s server can’t try out a proposal. Another server of the same network may.', { cause });
	});
	const parsed = zBlocks.safeParse(answer);
	const [block] = parsed.data ?? [];
	if (!block) throw new ProposalError('web3/bad-simulation', 'The network’s server gave an answer that is no simulation.');

	const totals = new Map<string, { out: bigint; in: bigint }>();
	const approvals = new Map<string, Simulation['approvals'][number]>();
	for (const log of block.calls.flatMap(({ logs }) => logs)) {
		const event = readEvent(log.topics, log.data);
		if (event === null) continue;
		if (event.eventName === 'Transfer') {
			const { from, to, value } = event.args;
			const total = totals.get(log.address.toLowerCase()) ?? { out: 0n, in: 0n };
			if (isAddressEqual(from, executor)) total.out += value;
			if (isAddressEqual(to, executor)) total.in += value;
			totals.set(log.address.toLowerCase(), total);
		} else if (isAddressEqual(event.args.owner, executor)) {
			const { spender, value } = event.args;
			approvals.set(`${log.address}${spender}`.toLowerCase(), { token: getAddress(log.address), spender, amount: value });
		}
	}
	const moved = await Promise.all(
		[...totals]
			.filter(([, total]) => total.out > 0n || total.in > 0n)
			.map(async ([address, total]): Promise<Moved> => {
				const token = address === CURRENCY ? null : getAddress(address);
				const before = await balance(request, token, executor);
				const gone = total.out - total.in;
				return { token, ...total, share: before === null || before === 0n ? null : gone <= 0n ? 0 : Math.min(1, Number((gone * 10_000n) / before) / 10_000) };
			}),
	);
	return {
		block: hexToBigInt(block.number),
		succeeds: block.calls.every(({ status }) => hexToBigInt(status) === 1n),
		moved,
		approvals: [...approvals.values()],
		left,
	};
}

/** The calls that the executor makes itself: batches by delegatecall to MultiSend are taken apart, other delegatecalls left out. */
function flatten(actions: readonly DecodedAction[]): { calls: readonly Action[]; left: number } {
	const calls: Action[] = [];
	let left = 0;
	for (const action of actions) {
		if (action.operation === 'call') calls.push(action);
		else if (isBatch(action)) {
			const inner = flatten(action.inside);
			calls.push(...inner.calls);
			left += inner.left;
		} else left += 1;
	}
	return { calls, left };
}

function readEvent(topics: readonly Hex[], data: Hex) {
	try {
		return decodeEventLog({ abi: EVENTS, topics: topics as [Hex, ...Hex[]], data });
	} catch {
		return null; // An event of another kind, an ERC-721's `Transfer` among them.
	}
}

async function balance(request: EIP1193RequestFn, token: Address | null, owner: Address): Promise<bigint | null> {
	const answer: unknown = await (token === null
		? request({ method: 'eth_getBalance', params: [owner, 'latest'] })
		: request({ method: 'eth_call', params: [{ to: token, data: `0x70a08231${owner.slice(2).toLowerCase().padStart(64, '0')}` }, 'latest'] })
	).catch(() => null);
	const hex = zHex.safeParse(answer);
	return hex.success && hex.data.length > 2 && hex.data.length <= 66 ? hexToBigInt(hex.data) : null;
}
