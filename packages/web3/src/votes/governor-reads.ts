import { displayText } from '@holdfast/kernel';
import type { Address, PublicClient } from 'viem';
import { type Domain, structs } from '../typed-data/index.ts';
import { GOVERNOR, KEYED_NONCES, TOKEN } from './abis.ts';
import type { ContractRef } from './adapter.ts';
import { VoteError } from './errors.ts';
import { type ClockMode, noSuchDao, statedDomain, type TokenFacts, tokenFacts } from './on-chain.ts';
import { maybe, read } from './reads.ts';

/** How a governor works, read from itself. */
export interface Governor {
	readonly name: string;
	readonly domain: Domain;
	/** `nonce`: OpenZeppelin 5, whose ballots name the voter and a counter; `plain`: OpenZeppelin 4. */
	readonly ballots: 'nonce' | 'plain';
	readonly counting: {
		readonly fractional: boolean;
		readonly override: boolean;
		/** The options that count towards the quorum. */
		readonly quorumOf: readonly (0 | 1 | 2)[];
	};
	readonly clock: ClockMode;
	readonly token: TokenFacts | null;
	readonly timelock: Address | null;
	readonly late: bigint | null;
	readonly delay: bigint;
	readonly period: bigint;
}

export async function readGovernor(client: PublicClient, ref: ContractRef): Promise<Governor> {
	const at = { address: ref.contract, abi: GOVERNOR } as const;
	const [typeHash, counting, clockMode, stated, name, version, token, timelock, late, delay, period] = await Promise.all([
		maybe(client, { ...at, functionName: 'BALLOT_TYPEHASH' }),
		maybe(client, { ...at, functionName: 'COUNTING_MODE' }),
		maybe(client, { ...at, functionName: 'CLOCK_MODE' }),
		statedDomain(client, ref),
		maybe(client, { ...at, functionName: 'name' }),
		maybe(client, { ...at, functionName: 'version' }),
		maybe(client, { ...at, functionName: 'token' }),
		maybe(client, { ...at, functionName: 'timelock' }),
		maybe(client, { ...at, functionName: 'lateQuorumVoteExtension' }),
		maybe(client, { ...at, functionName: 'votingDelay' }),
		maybe(client, { ...at, functionName: 'votingPeriod' }),
	]);
	if (typeHash === undefined || counting === undefined || name === undefined) throw noSuchDao('governor of OpenZeppelin’s kind');
	const ballots = typeHash === structs['governor-ballot'].typeHash ? 'nonce' : typeHash === structs['bravo-ballot'].typeHash ? 'plain' : undefined;
	if (!ballots) throw new VoteError('vote/not-supported', 'This governor has ballots of a kind that Holdfast does not know. Vote by a transaction instead.');
	// Before 4.9 it says its domain's parts only. The transaction is tried out before it is sent, and would fail if this were another.
	const domain = stated ?? { name, version: version ?? '1', chainId: ref.chainId, verifyingContract: ref.contract };
	const modes = new URLSearchParams(counting);
	const supports = (modes.get('support') ?? '').split(',');
	const quorum = (modes.get('quorum') ?? 'for,abstain').split(',');
	return {
		name: displayText(name, 120) || 'Unnamed DAO',
		domain,
		ballots,
		counting: {
			fractional: supports.includes('fractional'),
			override: supports.includes('override'),
			quorumOf: (['against', 'for', 'abstain'] as const).flatMap((name, option) => (quorum.includes(name) ? [option as 0 | 1 | 2] : [])),
		},
		clock: new URLSearchParams(clockMode ?? '').get('mode') === 'timestamp' ? 'seconds' : 'blocks',
		token: token ? await tokenFacts(client, token) : null,
		timelock: timelock ?? null,
		late: late === undefined ? null : BigInt(late),
		delay: delay ?? 0n,
		period: period ?? 0n,
	};
}

/** The counter of the next ballot: the proposal's (GovernorNoncesKeyed), or, where there is none or `own` asks for it, the account's own, as for overrides. */
export async function nextNonce(
	client: PublicClient,
	{ contract }: ContractRef,
	voter: Address,
	proposalId: bigint,
	own: boolean,
): Promise<{ nonce: bigint; keyed: boolean }> {
	const key = proposalId & ((1n << 192n) - 1n);
	const keyed = own ? undefined : await maybe(client, { address: contract, abi: KEYED_NONCES, functionName: 'nonces', args: [voter, key] });
	if (keyed !== undefined) return { nonce: keyed, keyed: true };
	return { nonce: await read(client, { address: contract, abi: GOVERNOR, functionName: 'nonces', args: [voter] }), keyed: false };
}

/** Power at the snapshot, or of now where that is still to come. */
export async function powerAt(client: PublicClient, { token }: Governor, { contract }: ContractRef, voter: Address, snapshot: bigint): Promise<bigint> {
	const then = await maybe(client, { address: contract, abi: GOVERNOR, functionName: 'getVotes', args: [voter, snapshot] });
	if (then !== undefined) return then;
	return (token && (await maybe(client, { address: token.address, abi: TOKEN, functionName: 'getVotes', args: [voter] }))) || 0n;
}

export async function ownShareAt(client: PublicClient, { token }: Governor, voter: Address, snapshot: bigint): Promise<bigint> {
	return (token && (await maybe(client, { address: token.address, abi: TOKEN, functionName: 'getPastBalanceOf', args: [voter, snapshot] }))) || 0n;
}

export async function remainingPower(client: PublicClient, governor: Governor, ref: ContractRef, voter: Address, id: bigint): Promise<bigint> {
	const at = { address: ref.contract, abi: GOVERNOR } as const;
	const snapshot = await read(client, { ...at, functionName: 'proposalSnapshot', args: [id] });
	const [power, used] = await Promise.all([
		powerAt(client, governor, ref, voter, snapshot),
		maybe(client, { ...at, functionName: 'usedVotes', args: [id, voter] }),
	]);
	return power - (used ?? 0n);
}
