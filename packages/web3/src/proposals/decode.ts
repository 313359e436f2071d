import {
	type Abi,
	type AbiFunction,
	type Address,
	concat,
	decodeFunctionData,
	encodeFunctionData,
	getAddress,
	type Hex,
	hexToBigInt,
	keccak256,
	parseAbiItem,
	size,
	slice,
	stringToHex,
	toFunctionSelector,
} from 'viem';
import { ProposalError } from './errors.ts';
import KNOWN from './known-functions.json' with { type: 'json' };

/** One call that a proposal makes. `value` in wei. A `delegatecall` runs the target's code as the caller itself. */
export interface Action {
	readonly to: Address;
	readonly value: bigint;
	readonly data: Hex;
	readonly operation: 'call' | 'delegatecall';
}

export interface Argument {
	readonly name: string;
	readonly type: string;
	/** As viem decodes it: addresses with checksum, integers as bigint, tuples as objects. */
	readonly value: unknown;
}

export interface DecodedAction extends Action {
	/** `null` where the call has no data or no known function has its selector. */
	readonly call: { readonly name: string; readonly signature: string; readonly args: readonly Argument[] } | null;
	/** Whether `data` is what encoding `call` gives, byte for byte. Other bytes could hide something from a reader. */
	readonly exact: boolean;
	/** The calls that this one makes others do: of a batch, a timelock, a Safe, an upgrade. */
	readonly inside: readonly DecodedAction[];
}

/** Limits on hostile proposals: bytes of one call, calls altogether, how deep they lie in each other. */
export const LIMITS = { bytes: 256 * 1024, actions: 1000, depth: 8 } as const;

const functions: Readonly<Record<string, string>> = KNOWN;

/**
 * Reads what `actions` do from their bytes alone: the functions of OpenZeppelin's and Safe's contracts and of ERC-20,
 * 721 and 1155 are known offline, and nothing is asked of anybody. Batches (MultiSend, `multicall`), timelocks
 * (OpenZeppelin, Compound), Safe transactions, `propose`, `relay` and upgrades are opened. `signatures` adds functions,
 * spelled as in Solidity (`mint(address to,uint256 amount)`); a known selector is not replaced.
 *
 * Throws `web3/proposal-too-large` for more than {@link LIMITS}.
 */
export function decodeActions(actions: readonly Action[], signatures: readonly string[] = []): readonly DecodedAction[] {
	const added = new Map(signatures.map((signature) => [toFunctionSelector(`function ${bare(signature)}`) as string, signature]));
	let seen = 0;

	const decode = (action: Action, depth: number): DecodedAction => {
		seen += 1;
		if (seen > LIMITS.actions || depth > LIMITS.depth || size(action.data) > LIMITS.bytes) {
			throw new ProposalError('web3/proposal-too-large', 'This proposal makes more calls than Holdfast reads. Don’t vote on what nobody can read.');
		}
		const read = readCall(action.data, added);
		if (!read) return { ...action, call: null, exact: size(action.data) === 0, inside: [] };
		const { item, args, exact, isKnown } = read;
		// What a function of somebody else's naming does with its arguments, nobody here knows.
		const inside = ((isKnown ? opened(action, item.name, args) : null) ?? []).map((inner) => decode(inner, depth + 1));
		return {
			...action,
			call: {
				name: item.name,
				signature: `${item.name}(${item.inputs.map(typeOf).join(',')})`,
				args: item.inputs.map((input, index) => ({ name: input.name || `#${index + 1}`, type: typeOf(input), value: args[index] })),
			},
			exact: exact && (item.name !== 'multiSend' || packedSize(inside) === size(args[0] as Hex)),
			inside,
		};
	};
	return actions.map((action) => decode(action, 0));
}

/** The action of a Governor Bravo proposal, whose function stands apart from its arguments as text (`''`: it does not). */
export function actionFromBravo(to: Address, value: bigint, signature: string, data: Hex): Action {
	// The text is hashed exactly as it stands, as the timelock does: with a space in it, it looks the same and is another function.
	return { to, value, data: signature === '' ? data : concat([slice(keccak256(stringToHex(signature)), 0, 4), data]), operation: 'call' };
}

/** Every action, those inside others too, in the order in which they are made. */
export function* allActions(actions: readonly DecodedAction[]): Generator<DecodedAction> {
	for (const action of actions) {
		yield action;
		yield* allActions(action.inside);
	}
}

const bare = (signature: string): string => signature.replace(/ payable$/, '');

type Input = AbiFunction['inputs'][number];
const typeOf = (input: Input): string =>
	'components' in input && input.components ? `(${input.components.map(typeOf).join(',')})${input.type.slice('tuple'.length)}` : input.type;

function readCall(data: Hex, added: ReadonlyMap<string, string>): { item: AbiFunction; args: readonly unknown[]; exact: boolean; isKnown: boolean } | null {
	if (size(data) < 4) return null;
	const selector = slice(data, 0, 4).toLowerCase();
	const isKnown = functions[selector] !== undefined;
	const signature = functions[selector] ?? added.get(selector);
	if (signature === undefined) return null;
	try {
		const item = parseAbiItem(`function ${bare(signature)}` as string) as AbiFunction;
		const abi: Abi = [item];
		const args = (decodeFunctionData({ abi, data }).args ?? []) as readonly unknown[];
		return { item, args, isKnown, exact: encodeFunctionData({ abi, functionName: item.name, args }) === data.toLowerCase() };
	} catch {
		return null; // The selector is known, the arguments are not those of its function.
	}
}

/** The calls that `name(args)` makes, or `null` where it makes none. `action.to` is who is called. */
function opened(action: Action, name: string, args: readonly unknown[]): readonly Action[] | null {
	const call = (to: unknown, value: unknown, data: unknown, operation: unknown = 0): Action => ({
		to: to as Address,
		value: value as bigint,
		data: data as Hex,
		operation: Number(operation) === 1 ? 'delegatecall' : 'call',
	});
	const batch = (targets: unknown, values: unknown, datas: unknown): readonly Action[] => {
		const [to, value, data] = [targets, values, datas] as [readonly Address[], readonly bigint[], readonly Hex[]];
		return to.map((target, index) => call(target, value[index] ?? 0n, data[index] ?? '0x'));
	};
	switch (name) {
		case 'multiSend':
			return multiSend(args[0] as Hex);
		case 'multicall':
			return (args[0] as readonly Hex[]).map((data) => call(action.to, 0n, data));
		case 'schedule':
			return args.length === 6 ? [call(args[0], args[1], args[2])] : [call(args[0], 0n, args[1])];
		case 'execute':
			// A timelock's (target, value, payload, predecessor, salt), an access manager's (target, data), a Governor's (targets, …).
			if (Array.isArray(args[0])) return batch(args[0], args[1], args[2]);
			return args.length === 5 ? [call(args[0], args[1], args[2])] : args.length === 2 ? [call(args[0], 0n, args[1])] : null;
		case 'scheduleBatch':
		case 'executeBatch':
			return batch(args[0], args[1], args[2]);
		case 'propose': {
			if (args.length === 4) return batch(args[0], args[1], args[2]);
			const [targets, values, signatures, datas] = args as [readonly Address[], readonly bigint[], readonly string[], readonly Hex[]];
			return targets.map((to, index) => actionFromBravo(to, values[index] ?? 0n, signatures[index] ?? '', datas[index] ?? '0x'));
		}
		case 'queueTransaction':
		case 'executeTransaction':
			return [actionFromBravo(args[0] as Address, args[1] as bigint, args[2] as string, args[3] as Hex)];
		case 'relay':
			return [call(args[0], args[1], args[2])];
		case 'execTransaction':
		case 'execTransactionFromModule':
		case 'execTransactionFromModuleReturnData':
			return [call(args[0], args[1], args[2], args[3])];
		case 'upgradeToAndCall':
			return size(args[1] as Hex) === 0 ? null : [call(args[0], 0n, args[1], 1)];
		case 'upgradeAndCall':
			return size(args[2] as Hex) === 0 ? null : [call(args[1], 0n, args[2], 1)];
		default:
			return null;
	}
}

const packedSize = (actions: readonly Action[]): number => actions.reduce((sum, { data }) => sum + 85 + size(data), 0);

/** MultiSend's packed transactions: operation (1 byte), to (20), value (32), length (32), data. Stops where they are cut off. */
function multiSend(packed: Hex): readonly Action[] {
	const found: Action[] = [];
	const end = size(packed);
	for (let at = 0; at + 85 <= end && found.length <= LIMITS.actions; ) {
		const length = hexToBigInt(slice(packed, at + 53, at + 85));
		if (length > BigInt(end - at - 85)) break;
		const from = at + 85;
		found.push({
			operation: Number(hexToBigInt(slice(packed, at, at + 1))) === 1 ? 'delegatecall' : 'call',
			to: getAddress(slice(packed, at + 1, at + 21)),
			value: hexToBigInt(slice(packed, at + 21, at + 53)),
			data: length === 0n ? '0x' : slice(packed, from, from + Number(length)),
		});
		at = from + Number(length);
	}
	return found;
}
