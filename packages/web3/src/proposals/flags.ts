import { type Address, type Hex, isAddress, isAddressEqual } from 'viem';
import { isBatch } from './batches.ts';
import { allActions, type DecodedAction } from './decode.ts';
import type { Simulation } from './simulate.ts';
import { amountOf, isUnlimited, looksLike, type Names } from './words.ts';

export type FlagCode =
	| 'delegatecall'
	| 'no-code'
	| 'code-changed'
	| 'young-code'
	| 'upgrade'
	| 'role-change'
	| 'owner-change'
	| 'governance-change'
	| 'unlimited-approval'
	| 'new-approval'
	| 'permit'
	| 'look-alike'
	| 'unreadable'
	| 'odd-bytes'
	| 'no-actions'
	| 'not-in-text'
	| 'treasury-share'
	| 'would-fail'
	| 'not-simulated';

/** `danger`: it can cost the DAO everything. `warning`: look twice. `note`: worth knowing. */
export interface Flag {
	readonly code: FlagCode;
	readonly severity: 'danger' | 'warning' | 'note';
	readonly message: string;
	/** What is meant, where one address is. */
	readonly address?: Address;
}

/** What the chain says of an address that a proposal touches. Hashes are keccak-256 of the code; `null`: there is none. */
export interface CodeFacts {
	readonly now: Hex | null;
	/** At the block in which the proposal was made; `undefined` where the server can't tell any more. */
	readonly before?: Hex | null;
}

export interface FlagInput {
	readonly actions: readonly DecodedAction[];
	/** The proposal's own text, as it was written. */
	readonly text: string;
	readonly code: (address: Address) => CodeFacts | undefined;
	/** Addresses that the DAO and the user know: the DAO's contracts, earlier recipients, the user's accounts. */
	readonly known: readonly Address[];
	readonly names: Names;
	/** `null`: nobody could simulate it. */
	readonly simulation: Simulation | null;
}

/** From here on a share of the treasury is worth a flag, and from there it is a danger. */
export const TREASURY_SHARE = { warning: 0.05, danger: 0.25 } as const;

const UPGRADES = /^(upgradeTo|upgradeToAndCall|upgrade|upgradeAndCall|_setImplementation|changeProxyAdmin|changeAdmin|setImplementation|changeMasterCopy)$/;
const ROLES =
	/^(grantRole|revokeRole|renounceRole|setRoleAdmin|setRoleGuardian|setTargetFunctionRole|addOwnerWithThreshold|removeOwner|swapOwner|changeThreshold|enableModule|disableModule|setGuard|setFallbackHandler|setMinter)$/;
const OWNERS =
	/^(transferOwnership|renounceOwnership|setPendingAdmin|_setPendingAdmin|acceptAdmin|_acceptAdmin|beginDefaultAdminTransfer|setAuthority|updateAuthority)$/;
const RULES =
	/^(_?setVotingDelay|_?setVotingPeriod|_?setProposalThreshold|updateQuorumNumerator|setQuorum\w*|updateDelay|setDelay|updateTimelock|setLateQuorumVoteExtension|setGracePeriod)$/;
const PERMITS = /^(permit|permitTransferFrom|permitBatch)$/i;

/**
 * What to look at twice in a proposal, the worst first. It reads what the calls do; the prose is only compared with
 * them. A proposal without flags is not safe for that: it is one that none of these rules knows.
 */
export function flagProposal(input: FlagInput): readonly Flag[] {
	const flags: Flag[] = [];
	const all = [...allActions(input.actions)];
	const add = (severity: Flag['severity'], code: FlagCode, message: string, address?: Address): void => {
		if (!flags.some((flag) => flag.code === code && flag.message === message)) flags.push({ severity, code, message, ...(address ? { address } : {}) });
	};
	const called = (address: Address): string => input.names.nameOf(address) ?? address;

	if (all.length === 0) add('note', 'no-actions', 'This proposal does nothing by itself: somebody must keep its promise by hand.');
	for (const action of all) {
		const name = action.call?.name ?? '';
		const target = called(action.to);
		if (action.operation === 'delegatecall' && !isBatch(action)) {
			add('danger', 'delegatecall', `The code of ${target} would run with all the rights of the treasury.`, action.to);
		}
		const code = input.code(action.to);
		if (code?.now === null && action.data !== '0x')
			add('danger', 'no-code', `There is no contract at ${target}. What is put there later decides what happens.`, action.to);
		if (code?.before !== undefined && code.now !== code.before) {
			if (code.before === null) add('danger', 'young-code', `The contract ${target} is younger than the proposal.`, action.to);
			else add('danger', 'code-changed', `The code of ${target} is not what it was when the proposal was made.`, action.to);
		}
		if (UPGRADES.test(name)) add('danger', 'upgrade', `The code of ${target} would be replaced.`, action.to);
		else if (OWNERS.test(name)) add('danger', 'owner-change', `${target} would get another owner.`, action.to);
		else if (ROLES.test(name)) add('danger', 'role-change', `Rights over ${target} would change (${name}).`, action.to);
		else if (RULES.test(name)) add('warning', 'governance-change', `The rules of voting would change (${name}).`, action.to);
		else if (PERMITS.test(name)) add('danger', 'permit', `A permit would be used that lets somebody take tokens of ${target}.`, action.to);

		const [first, second] = action.call?.args.map(({ value }) => value) ?? [];
		if ((name === 'approve' && isUnlimited(second)) || (name === 'setApprovalForAll' && second === true)) {
			add('danger', 'unlimited-approval', `${called(first as Address)} could take everything that the treasury has of ${target}.`, first as Address);
		} else if ((name === 'approve' && second !== 0n) || name === 'increaseAllowance') {
			add('warning', 'new-approval', `${called(first as Address)} could take tokens of ${target} later, without another vote.`, first as Address);
		}
		if (action.call === null && action.data !== '0x') add('warning', 'unreadable', `Holdfast can’t read the call to ${target}.`, action.to);
		else if (!action.exact) add('danger', 'odd-bytes', `The call to ${target} carries bytes that its function does not read.`, action.to);

		for (const address of addressesOf(action)) {
			const twin = input.known.find((one) => looksLike(one, address));
			if (twin) add('danger', 'look-alike', `${address} looks like ${called(twin)}, and is another address.`, address);
		}
	}

	const simulation = input.simulation;
	if (all.length > 0 && simulation === null)
		add('warning', 'not-simulated', 'Nobody tried out what it would do: the network’s server can’t. Only its calls were read.');
	if (simulation && !simulation.succeeds) add('warning', 'would-fail', 'Tried out now, it would fail. It may work later, when something else has changed.');
	if (simulation && simulation.left > 0) add('warning', 'not-simulated', `${simulation.left} of its calls could not be tried out.`);
	for (const moved of simulation?.moved ?? []) {
		if (moved.share === null || moved.out <= moved.in || moved.share < TREASURY_SHARE.warning) continue;
		const token = moved.token === null ? { symbol: input.names.currency, decimals: 18 } : input.names.tokenAt(moved.token);
		const what = token ? `${amountOf(moved.out - moved.in, token.decimals)} ${token.symbol}` : `tokens of ${moved.token}`;
		add(
			moved.share >= TREASURY_SHARE.danger ? 'danger' : 'warning',
			'treasury-share',
			`${percent(moved.share)} of the treasury’s ${token?.symbol ?? 'tokens'} would leave it (${what}).`,
		);
	}
	for (const { token, spender, amount } of simulation?.approvals ?? []) {
		if (isUnlimited(amount))
			add('danger', 'unlimited-approval', `${called(spender)} could take everything that the treasury has of ${called(token)}.`, spender);
		else if (amount > 0n) add('warning', 'new-approval', `${called(spender)} could take tokens of ${called(token)} later, without another vote.`, spender);
	}
	for (const address of unmentioned(input)) {
		add('warning', 'not-in-text', `${called(address)} gets something, and the text names other addresses only.`, address);
	}

	const order = { danger: 0, warning: 1, note: 2 } as const;
	return flags.sort((a, b) => order[a.severity] - order[b.severity]);
}

const percent = (share: number): string => (share >= 0.9995 ? 'All' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`);

function addressesOf(action: DecodedAction): readonly Address[] {
	const found = (value: unknown): readonly Address[] =>
		typeof value === 'string' && isAddress(value, { strict: false }) ? [value] : Array.isArray(value) ? value.flatMap(found) : [];
	return [action.to, ...(action.call?.args.flatMap(({ value }) => found(value)) ?? [])];
}

const GIVES: { readonly [name: string]: number } = { transfer: 0, transferFrom: 1, safeTransferFrom: 1, mint: 0, approve: 0, increaseAllowance: 0 };

/** Who gets something without being named, in a text that names addresses. */
function unmentioned({ actions, text }: FlagInput): readonly Address[] {
	const named = (text.match(/0x[0-9a-f]{40}(?![0-9a-f])/gi) ?? []) as Address[];
	if (named.length === 0) return [];
	const recipients = [...allActions(actions)].flatMap((action) => {
		if (action.call === null) return action.value > 0n ? [action.to] : [];
		const at = GIVES[action.call.name];
		const given = at === undefined ? undefined : action.call.args[at]?.value;
		return typeof given === 'string' && isAddress(given, { strict: false }) ? [given] : [];
	});
	return recipients.filter((address) => !named.some((each) => isAddressEqual(each, address)));
}
