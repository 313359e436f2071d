import { type Address, type EIP1193RequestFn, getAddress, type Hex, hexToString, keccak256, numberToHex, size, slice } from 'viem';
import { z } from 'zod';
import { type Action, allActions, type DecodedAction, decodeActions } from './decode.ts';
import { type Description, type Descriptor, describe, describedTokens, signaturesOf } from './descriptors.ts';
import { ProposalError } from './errors.ts';
import { type CodeFacts, type Flag, flagProposal } from './flags.ts';
import { type Simulation, simulate } from './simulate.ts';
import { amountOf, type Names, sentence } from './words.ts';

/** One call in words, and those that it makes others do. */
export interface ActionWords {
	readonly words: string;
	readonly to: Address;
	/** The function as it is spelled, or `null` where nobody here knows it. */
	readonly signature: string | null;
	/** The whole calldata, for whoever wants to check. */
	readonly data: Hex;
	/** The same in the words of a file that the user added; null where none is for it. */
	readonly described: Description | null;
	readonly inside: readonly ActionWords[];
}

export interface ProposalReading {
	readonly actions: readonly ActionWords[];
	readonly flags: readonly Flag[];
	/** What would move, in words; `null` where nobody could try it out. */
	readonly effects: readonly string[] | null;
}

export interface ReadInput {
	/** The network's server, and what its own currency is called. */
	readonly request: EIP1193RequestFn;
	readonly currency: string;
	/** Whose calls they are: the timelock, the Safe, or the governor where it has no timelock. */
	readonly executor: Address;
	readonly actions: readonly Action[];
	/** Title and body, hostile. */
	readonly text: string;
	/** The block in which the proposal was made, where known: code is compared with what it was then. */
	readonly madeIn?: bigint;
	/** Names of addresses that the user or the DAO itself gave. Their addresses are what look-alikes are compared with. */
	readonly names: ReadonlyMap<Address, string>;
	readonly chainId: number;
	/** How others describe contracts, which the user added. */
	readonly descriptors?: readonly Descriptor[];
}

/** Most addresses that the server is asked about: a proposal with more is read without the facts of the rest. */
const MOST_ADDRESSES = 60;

/**
 * Reads a proposal: its calls in words, what is dangerous in them, and what trying it out on the state of now shows. The
 * network's server learns the addresses that the proposal names, which are public, and nothing about the reader.
 *
 * Throws `web3/proposal-too-large`. A server that can't simulate, or knows no old blocks, leaves its part out and is named in a flag.
 */
export async function readProposal(input: ReadInput): Promise<ProposalReading> {
	const { chainId, descriptors = [] } = input;
	const actions = decodeActions(input.actions, signaturesOf(descriptors));
	const all = [...allActions(actions)];
	const targets = [...new Set(all.map(({ to }) => getAddress(to)))].slice(0, MOST_ADDRESSES);
	const [code, tokens, simulation] = await Promise.all([
		factsOf(targets, (address) => codeFacts(input, address)),
		factsOf([...new Set([...targets, ...all.flatMap((each) => describedTokens(descriptors, chainId, each))])].slice(0, 2 * MOST_ADDRESSES), (address) =>
			tokenFacts(input, address),
		),
		all.length === 0
			? null
			: simulate(input.request, input.executor, actions).catch((error: unknown) => {
					if (error instanceof ProposalError) return null;
					throw error;
				}),
	]);
	for (const { token } of simulation?.moved ?? []) {
		if (token !== null && !tokens.has(token)) {
			const facts = await tokenFacts(input, token);
			if (facts) tokens.set(token, facts);
		}
	}
	const describedBy = (action: DecodedAction, names: Names) => describe(descriptors, chainId, action, names);
	const named = new Map([...input.names].map(([address, name]) => [getAddress(address), name]));
	const names: Names = {
		nameOf: (address) => named.get(getAddress(address)) ?? null,
		tokenAt: (address) => tokens.get(getAddress(address)) ?? null,
		currency: input.currency,
	};
	return {
		actions: actions.map((action) => inWords(action, names, describedBy)),
		flags: flagProposal({
			actions,
			text: input.text,
			code: (address) => code.get(getAddress(address)),
			known: [...named.keys()],
			names,
			simulation,
		}),
		effects: simulation === null ? null : effects(simulation, names),
	};
}

const inWords = (action: DecodedAction, names: Names, describedBy: (action: DecodedAction, names: Names) => Description | null): ActionWords => ({
	words: sentence(action, names),
	to: action.to,
	signature: action.call?.signature ?? null,
	data: action.data,
	described: describedBy(action, names),
	inside: action.inside.map((inner) => inWords(inner, names, describedBy)),
});

function effects(simulation: Simulation, names: Names): readonly string[] {
	const give = (token: Address | null, amount: bigint): string => {
		if (token === null) return `${amountOf(amount, 18)} ${names.currency}`;
		// A token calls itself what it likes, so its address stands beside it.
		const known = names.tokenAt(token);
		return known ? `${amountOf(amount, known.decimals)} ${known.symbol} (token ${token})` : `${amountOf(amount, 0)} units of the token ${token}`;
	};
	return simulation.moved.flatMap(({ token, out, in: came, share }) => {
		const gone = out - came;
		if (gone === 0n) return [];
		const part = share === null || share === 0 ? '' : ` (${(share * 100).toFixed(share < 0.1 ? 1 : 0)}% of what it has)`;
		return [gone > 0n ? `${give(token, gone)} would leave the treasury${part}.` : `${give(token, -gone)} would reach the treasury.`];
	});
}

async function factsOf<T>(addresses: readonly Address[], ask: (address: Address) => Promise<T | null>): Promise<Map<Address, T>> {
	const found = new Map<Address, T>();
	await Promise.all(
		addresses.map(async (address) => {
			const facts = await ask(address);
			if (facts !== null) found.set(address, facts);
		}),
	);
	return found;
}

const zHex = z
	.string()
	.regex(/^0x([0-9a-f]{2})*$/i)
	.max(2 + 2 * 64 * 1024) as z.ZodType<Hex>;

async function ask(request: EIP1193RequestFn, method: 'eth_getCode' | 'eth_call', params: readonly unknown[]): Promise<Hex | null> {
	const answer: unknown = await request({ method, params } as never).catch(() => null);
	return zHex.safeParse(answer).data ?? null;
}

async function codeFacts({ request, madeIn }: ReadInput, address: Address): Promise<CodeFacts | null> {
	const [now, before] = await Promise.all([
		ask(request, 'eth_getCode', [address, 'latest']),
		madeIn === undefined ? null : ask(request, 'eth_getCode', [address, numberToHex(madeIn)]),
	]);
	if (now === null) return null;
	const hash = (code: Hex): Hex | null => (code === '0x' ? null : keccak256(code));
	return before === null ? { now: hash(now) } : { now: hash(now), before: hash(before) };
}

/** A token's own name of itself, which is hostile: short, printable, or none. */
async function tokenFacts({ request }: ReadInput, address: Address): Promise<{ symbol: string; decimals: number } | null> {
	const read = (selector: Hex) => ask(request, 'eth_call', [{ to: address, data: selector }, 'latest']);
	const [symbolData, decimalsData] = await Promise.all([read('0x95d89b41'), read('0x313ce567')]);
	if (symbolData === null || decimalsData === null || size(decimalsData) !== 32) return null;
	const decimals = Number(BigInt(decimalsData));
	if (decimals > 36) return null;
	// A dynamic string, or 32 bytes as old tokens have it.
	const bytes = size(symbolData) >= 96 ? slice(symbolData, 64, 96) : size(symbolData) === 32 ? symbolData : null;
	if (bytes === null) return null;
	const symbol = hexToString(bytes).replace(/\0+$/, '');
	return /^[\x21-\x7e]{1,12}$/.test(symbol) ? { symbol, decimals } : null;
}
