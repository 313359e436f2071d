import { type Address, formatUnits, type Hex, isAddressEqual, keccak256, maxUint256, stringToHex } from 'viem';
import { isBatch } from './batches.ts';
import type { DecodedAction } from './decode.ts';

/** What is known of addresses: nothing here comes from the proposal. */
export interface Names {
	/** A name that the user or the network's own contracts gave, never one that the proposal claims. */
	readonly nameOf: (address: Address) => string | null;
	readonly tokenAt: (address: Address) => { readonly symbol: string; readonly decimals: number } | null;
	/** The network's own currency: `ETH`, `POL`, … */
	readonly currency: string;
}

/** An allowance that in effect has no end (half of all there can be, or more). */
export const isUnlimited = (amount: unknown): boolean => typeof amount === 'bigint' && amount >= 1n << 255n;

const ROLES = ['PROPOSER_ROLE', 'EXECUTOR_ROLE', 'CANCELLER_ROLE', 'MINTER_ROLE', 'PAUSER_ROLE', 'UPGRADER_ROLE', 'BURNER_ROLE', 'TIMELOCK_ADMIN_ROLE'];
const ROLE_NAMES = new Map<string, string>([
	[`0x${'0'.repeat(64)}`, 'administrator'],
	...ROLES.map(
		(name) =>
			[
				keccak256(stringToHex(name)),
				name
					.replace(/_ROLE$/, '')
					.replaceAll('_', ' ')
					.toLowerCase(),
			] as const,
	),
]);

/** One sentence that says what the call does, with whole addresses: short ones can be imitated. */
export function sentence(action: DecodedAction, names: Names): string {
	const who = (address: unknown): string => {
		const name = names.nameOf(address as Address);
		return name === null ? String(address) : `${name} (${String(address)})`;
	};
	const target = who(action.to);
	const paid = action.value > 0n ? ` and pays it ${amountOf(action.value, 18)} ${names.currency}` : '';
	if (action.operation === 'delegatecall' && !isBatch(action)) return `Runs the code of ${target} as if it were its own.`;
	if (action.call === null) {
		if (action.data === '0x') return `Sends ${amountOf(action.value, 18)} ${names.currency} to ${target}.`;
		return `Calls ${target}${paid} with ${(action.data.length - 2) / 2} bytes that Holdfast can’t read.`;
	}
	const args = action.call.args.map(({ value }) => value);
	const token = names.tokenAt(action.to);
	const amount = (value: unknown): string =>
		token ? `${amountOf(value as bigint, token.decimals)} ${token.symbol}` : `${grouped(String(value))} units of the token ${target}`;
	const role = (value: unknown): string => ROLE_NAMES.get(value as Hex) ?? String(value);

	switch (action.call.signature) {
		case 'transfer(address,uint256)':
			return `Sends ${amount(args[1])} to ${who(args[0])}.`;
		case 'transferFrom(address,address,uint256)':
			return `Takes ${amount(args[2])} from ${who(args[0])} and sends it to ${who(args[1])}.`;
		case 'approve(address,uint256)':
			return args[1] === 0n
				? `Takes back what ${who(args[0])} may take of the token ${target}.`
				: `Lets ${who(args[0])} take ${isUnlimited(args[1]) ? `any amount of the token ${target}` : amount(args[1])}, whenever it wants.`;
		case 'increaseAllowance(address,uint256)':
			return `Lets ${who(args[0])} take ${amount(args[1])} more, whenever it wants.`;
		case 'setApprovalForAll(address,bool)':
			return args[1] ? `Lets ${who(args[0])} take every token of ${target}.` : `No longer lets ${who(args[0])} take tokens of ${target}.`;
		case 'mint(address,uint256)':
			return `Makes ${amount(args[1])} out of nothing for ${who(args[0])}.`;
		case 'safeTransferFrom(address,address,uint256)':
		case 'safeTransferFrom(address,address,uint256,bytes)':
			return `Sends token ${String(args[2])} of ${target} from ${who(args[0])} to ${who(args[1])}.`;
		case 'grantRole(bytes32,address)':
			return `Makes ${who(args[1])} ${role(args[0])} of ${target}.`;
		case 'revokeRole(bytes32,address)':
			return `Takes the role ${role(args[0])} of ${target} from ${who(args[1])}.`;
		case 'transferOwnership(address)':
			return `Makes ${who(args[0])} the owner of ${target}.`;
		case 'renounceOwnership()':
			return `Leaves ${target} without an owner, for good.`;
		case 'upgradeTo(address)':
		case 'upgradeToAndCall(address,bytes)':
			return `Replaces the code of ${target} by that of ${who(args[0])}.`;
		case 'upgrade(address,address)':
		case 'upgradeAndCall(address,address,bytes)':
			return `Replaces the code of ${who(args[0])} by that of ${who(args[1])}.`;
		case 'updateDelay(uint256)':
		case 'setDelay(uint256)':
			return `Changes how long ${target} waits before it executes, to ${duration(args[0])}.`;
		case 'addOwnerWithThreshold(address,uint256)':
			return `Makes ${who(args[0])} one of the owners of the Safe ${target}, of whom ${String(args[1])} must sign.`;
		case 'removeOwner(address,address,uint256)':
			return `Takes ${who(args[1])} from the owners of the Safe ${target}, of whom ${String(args[2])} must sign.`;
		case 'swapOwner(address,address,address)':
			return `Makes ${who(args[2])} an owner of the Safe ${target} in place of ${who(args[1])}.`;
		case 'changeThreshold(uint256)':
			return `Changes how many owners of the Safe ${target} must sign, to ${String(args[0])}.`;
		case 'enableModule(address)':
			return `Lets ${who(args[0])} do anything with the Safe ${target} without its owners.`;
		case 'multiSend(bytes)':
		case 'multicall(bytes[])':
			return `Makes ${action.inside.length} calls in one.`;
		default:
			if (action.inside.length > 0)
				return `Has ${target} make ${action.inside.length === 1 ? 'a call' : `${action.inside.length} calls`} (${action.call.name})${paid}.`;
			return `Calls ${action.call.name} of ${target}${paid} with ${action.call.args.map(({ name, value }) => `${name}: ${shown(value)}`).join(', ') || 'nothing'}.`;
	}
}

/** A number of base units with its decimals and thousands marked: `1,000.5`. */
export const amountOf = (amount: bigint, decimals: number): string => grouped(formatUnits(amount, decimals));

const grouped = (number: string): string => {
	const [whole = '', fraction] = number.split('.');
	return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
};

export function duration(value: unknown): string {
	if (typeof value !== 'bigint') return String(value);
	if (value === maxUint256) return 'for ever';
	const [unit, name] = value % 86_400n === 0n && value > 0n ? [86_400n, 'day'] : value % 3_600n === 0n && value > 0n ? [3_600n, 'hour'] : [1n, 'second'];
	return `${value / unit} ${name}${value / unit === 1n ? '' : 's'}`;
}

/** An argument as a person may read it; long ones are cut, with their length. */
export function shown(value: unknown): string {
	if (typeof value === 'bigint') return grouped(String(value));
	const text = typeof value === 'string' ? value : JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
	return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}

/** Whether two addresses are taken for each other where only their ends are shown, and are not the same. */
export function looksLike(one: Address, other: Address): boolean {
	if (isAddressEqual(one, other)) return false;
	const [a, b] = [one.toLowerCase(), other.toLowerCase()];
	return a.slice(2, 6) === b.slice(2, 6) && a.slice(-4) === b.slice(-4);
}
