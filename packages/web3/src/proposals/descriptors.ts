import { displayText } from '@holdfast/kernel';
import {
	type AbiFunction,
	type Address,
	decodeFunctionData,
	encodeFunctionData,
	getAddress,
	type Hex,
	isAddress,
	isHex,
	parseAbiItem,
	size,
	slice,
	toFunctionSelector,
	toFunctionSignature,
} from 'viem';
import { z } from 'zod';
import type { Action } from './decode.ts';
import { ProposalError } from './errors.ts';
import { amountOf, duration, type Names, shown } from './words.ts';

// ERC-7730, calldata, versions 1 and 2: how somebody describes the functions of a contract. A file of this kind is a claim of whoever
// wrote it. It adds words beside what Holdfast decodes by itself, and can neither hide nor change anything of that.

/** What one file of an ERC-7730 registry holds. */
export interface DescriptorFile {
	/** The file's name, by which others include it. */
	readonly name: string;
	readonly text: string;
}

export interface Descriptor {
	/** Who the file says is behind the contract: nobody checked it. */
	readonly owner: string;
	readonly deployments: readonly { readonly chainId: number; readonly address: Address }[];
	/** By selector. */
	readonly functions: ReadonlyMap<Hex, Described>;
}

interface Described {
	readonly item: AbiFunction;
	readonly intent: string;
	readonly fields: readonly Field[];
	readonly constants: Json;
}

/** A call in the words of a descriptor. */
export interface Description {
	readonly owner: string;
	readonly intent: string;
	readonly lines: readonly { readonly label: string; readonly value: string }[];
}

export const DESCRIPTOR_LIMITS = { text: 512 * 1024, fields: 200, values: 50, depth: 6 } as const;

type Json = Readonly<Record<string, unknown>>;
type Field = z.output<typeof zField>;

const zText = z.string().max(300);
const zJson = z.record(z.string().max(120), z.unknown());
const zField = z.looseObject({
	$ref: zText.optional(),
	path: zText.optional(),
	value: z.union([zText, z.number()]).optional(),
	label: zText.optional(),
	format: zText.optional(),
	params: zJson.nullish(),
	fields: z.array(z.unknown()).max(DESCRIPTOR_LIMITS.fields).optional(),
});
const zFormat = z.looseObject({
	intent: z.union([zText, z.record(z.string().max(80), zText)]).optional(),
	fields: z.array(z.unknown()).max(DESCRIPTOR_LIMITS.fields).default([]),
});
const zFile = z.looseObject({
	context: z.looseObject({
		contract: z
			.looseObject({
				deployments: z
					.array(z.looseObject({ chainId: z.int().positive(), address: z.string() }))
					.max(500)
					.optional(),
			})
			.optional(),
	}),
	metadata: z.looseObject({ owner: zText.optional(), constants: zJson.nullish(), enums: zJson.nullish() }).default({}),
	display: z.looseObject({ definitions: zJson.nullish(), formats: z.record(z.string().max(4000), z.unknown()) }),
});

const bad = (message: string) => new ProposalError('web3/bad-descriptor', message);

function parse({ text }: DescriptorFile): Json {
	if (text.length > DESCRIPTOR_LIMITS.text) throw bad('This file is larger than a description of a contract can be.');
	try {
		return zJson.parse(JSON.parse(text));
	} catch {
		throw bad('This is not a description of a contract (ERC-7730): it cannot be read.');
	}
}

/** Objects are merged, the second one's members win; everything else is replaced (ERC-7730, "includes"). */
function merged(under: unknown, over: unknown): unknown {
	if (!isObject(under) || !isObject(over)) return over ?? under;
	const all: Record<string, unknown> = { ...under };
	for (const [name, value] of Object.entries(over)) all[name] = merged(under[name], value);
	return all;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a descriptor of a contract's calls. What it includes is looked for among `others` by name, and never fetched.
 * @throws ProposalError web3/bad-descriptor
 */
export function readDescriptor(file: DescriptorFile, others: readonly DescriptorFile[] = []): Descriptor {
	let json = parse(file);
	const seen = new Set<string>();
	for (let include = json.includes; include !== undefined; ) {
		const name = typeof include === 'string' ? (include.split('/').at(-1) ?? '') : '';
		const found = others.find((each) => each.name === name);
		if (!found || seen.has(name)) throw bad(`This description builds on another file, “${displayText(name, 80)}”. Add both together.`);
		seen.add(name);
		const under = parse(found);
		const { includes: _includes, ...over } = json;
		json = merged(under, over) as Json;
		include = under.includes;
	}
	const parsed = zFile.safeParse(json);
	if (!parsed.success) throw bad('This is not a description of a contract’s calls in the form of ERC-7730.');
	const { context, metadata, display } = parsed.data;
	if (!context.contract) throw bad('This describes messages, not calls of a contract.');
	const deployments = (context.contract.deployments ?? []).flatMap(({ chainId, address }) =>
		isAddress(address, { strict: false }) ? [{ chainId, address: getAddress(address) }] : [],
	);
	if (deployments.length === 0) throw bad('This description names no contract that it is for.');
	const functions = new Map<Hex, Described>();
	for (const [signature, entry] of Object.entries(display.formats)) {
		const read = readFormat(signature, entry, { metadata: metadata as Json, display: display as Json });
		if (read) functions.set(toFunctionSelector(read.item), read);
	}
	if (functions.size === 0) throw bad('This description has no function that Holdfast can read.');
	return { owner: displayText(metadata.owner ?? '', 80) || 'Somebody', deployments, functions };
}

/** One that cannot be read is left out: nothing else of the file depends on it. */
function readFormat(signature: string, entry: unknown, constants: Json): Described | undefined {
	const format = zFormat.safeParse(entry);
	if (!format.success) return undefined;
	let item: AbiFunction;
	try {
		item = parseAbiItem(`function ${signature.trim().replace(/^function /, '')}`) as AbiFunction;
	} catch {
		return undefined;
	}
	const fields = resolved(format.data.fields, constants, 0);
	if (fields === undefined) return undefined;
	const { intent } = format.data;
	return { item, intent: displayText(typeof intent === 'string' ? intent : Object.values(intent ?? {}).join(', '), 120), fields, constants };
}

/** Groups are opened, and references to shared definitions put in their place. */
function resolved(fields: readonly unknown[], constants: Json, depth: number, prefix = ''): Field[] | undefined {
	if (depth > DESCRIPTOR_LIMITS.depth) return undefined;
	const all: Field[] = [];
	for (const each of fields) {
		const parsed = zField.safeParse(each);
		if (!parsed.success) return undefined;
		const shared = parsed.data.$ref === undefined ? undefined : zField.safeParse(at(constants, parsed.data.$ref));
		if (shared?.success === false) return undefined;
		const field = merged(shared?.data, parsed.data) as Field;
		const path = field.path === undefined ? undefined : /^[@$#]/.test(field.path) || prefix === '' ? field.path : `${prefix}.${field.path}`;
		if (field.fields) {
			const inner = resolved(field.fields, constants, depth + 1, path ?? prefix);
			if (inner === undefined) return undefined;
			all.push(...inner);
		} else all.push({ ...field, path });
		if (all.length > DESCRIPTOR_LIMITS.fields) return undefined;
	}
	return all;
}

/** `$.metadata.constants.max` in the file itself. */
function at(constants: Json, path: string): unknown {
	let value: unknown = constants;
	for (const step of path.replace(/^\$\./, '').split('.')) {
		if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
		value = value[step];
	}
	return value;
}

/** Which descriptor is for a call, and the call as its function; undefined where none is, or where the bytes are not exactly its arguments. */
function matching(descriptors: readonly Descriptor[], chainId: number, action: Action) {
	if (action.operation === 'delegatecall' || size(action.data) < 4) return undefined;
	const selector = slice(action.data, 0, 4);
	for (const { owner, deployments, functions } of descriptors) {
		const described = functions.get(selector);
		if (!described || !deployments.some((each) => each.chainId === chainId && each.address === getAddress(action.to))) continue;
		const { item } = described;
		try {
			const args = (decodeFunctionData({ abi: [item], data: action.data }).args ?? []) as readonly unknown[];
			if (encodeFunctionData({ abi: [item], functionName: item.name, args }) !== action.data.toLowerCase()) return undefined;
			return { owner, described, args };
		} catch {
			return undefined;
		}
	}
	return undefined;
}

/** The functions that descriptors know, by their types alone: what a file calls the arguments stays with its own words. */
export const signaturesOf = (descriptors: readonly Descriptor[]): string[] =>
	descriptors.flatMap(({ functions }) => [...functions.values()].map(({ item }) => toFunctionSignature(item)));

/** The tokens whose amounts a description would show: their own symbols and decimals are asked of the chain, never taken from the file. */
export function describedTokens(descriptors: readonly Descriptor[], chainId: number, action: Action): Address[] {
	const found = matching(descriptors, chainId, action);
	if (!found) return [];
	return found.described.fields
		.flatMap((field) => (field.format === 'tokenAmount' ? [tokenOf(field, found.described, found.args, action)] : []))
		.filter((each) => each !== undefined);
}

/** A call in a descriptor's words, or null where none is for it. */
export function describe(descriptors: readonly Descriptor[], chainId: number, action: Action, names: Names): Description | null {
	const found = matching(descriptors, chainId, action);
	if (!found) return null;
	const { owner, described, args } = found;
	const lines = described.fields.flatMap((field) => {
		const values = field.path === undefined ? (field.value === undefined ? [] : [field.value]) : valuesAt(field.path, described, args, action);
		const label = displayText(field.label ?? '', 80) || displayText(field.path ?? '', 80);
		return values.slice(0, DESCRIPTOR_LIMITS.values).map((value) => ({ label, value: inFormat(value, field, described, args, action, names) }));
	});
	return { owner, intent: described.intent || described.item.name, lines: lines.slice(0, DESCRIPTOR_LIMITS.fields) };
}

/** What a path leads to: `#.` the arguments (where nothing is said), `@.` the call itself, `$.` the file. `[]` is every element, `[a:b]` a slice. */
function valuesAt(path: string, { item, constants }: Described, args: readonly unknown[], action: Action): readonly unknown[] {
	if (path.startsWith('$.')) return [at(constants, path)].filter((each) => each !== undefined);
	if (path.startsWith('@.')) {
		const container: Json = { to: action.to, value: action.value };
		const name = path.slice(2);
		return Object.hasOwn(container, name) ? [container[name]] : [];
	}
	const root = Object.fromEntries(item.inputs.map(({ name }, index) => [name ?? `#${index}`, args[index]]));
	let values: readonly unknown[] = [root];
	for (const step of path.replace(/^#\./, '').match(/\[[^\]]*\]|[^.[\]]+/g) ?? []) values = values.flatMap((value) => stepInto(value, step));
	return values;
}

function stepInto(value: unknown, step: string): readonly unknown[] {
	const [, from, colon, to] = /^\[(-?\d*)(:?)(-?\d*)\]$/.exec(step) ?? [];
	if (colon === undefined) return isObject(value) && Object.hasOwn(value, step) ? [value[step]] : [];
	if (Array.isArray(value)) {
		if (colon === ':') return value.slice(from === '' ? 0 : Number(from), to === '' ? undefined : Number(to));
		return from === '' ? value : [value.at(Number(from))].filter((each) => each !== undefined);
	}
	if (!isHex(value) || colon !== ':') return [];
	const bytes = value.slice(2).match(/../g) ?? [];
	return [`0x${bytes.slice(from === '' ? 0 : Number(from), to === '' ? undefined : Number(to)).join('')}`];
}

const addressIn = (value: unknown): Address | undefined => (typeof value === 'string' && isAddress(value, { strict: false }) ? getAddress(value) : undefined);

function tokenOf({ params }: Field, described: Described, args: readonly unknown[], action: Action): Address | undefined {
	const { tokenPath, token } = params ?? {};
	if (typeof tokenPath === 'string') return addressIn(valuesAt(tokenPath, described, args, action)[0]);
	return addressIn(typeof token === 'string' && token.startsWith('$.') ? at(described.constants, token) : token);
}

function inFormat(value: unknown, field: Field, described: Described, args: readonly unknown[], action: Action, names: Names): string {
	const params = field.params ?? {};
	const number = typeof value === 'bigint' ? value : typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
	const who = (address: Address): string => {
		const name = names.nameOf(address);
		return name === null ? address : `${name} (${address})`;
	};
	const constant = (each: unknown): unknown => (typeof each === 'string' && each.startsWith('$.') ? at(described.constants, each) : each);
	switch (field.format) {
		case 'addressName': {
			const address = addressIn(value);
			return address ? who(address) : shown(value);
		}
		case 'amount':
			return number === undefined ? shown(value) : `${amountOf(number, 18)} ${names.currency}`;
		case 'tokenAmount': {
			if (number === undefined) return shown(value);
			const token = tokenOf(field, described, args, action);
			const facts = token === undefined ? null : names.tokenAt(token);
			const amount = facts
				? `${amountOf(number, facts.decimals)} ${facts.symbol}`
				: `${amountOf(number, 0)} base units${token ? ` of the token ${token}` : ''}`;
			const threshold = bigOf(constant(params.threshold));
			// The file's own word for it stands beside the number, not in its place.
			return threshold !== undefined && number >= threshold ? `${displayText(String(params.message ?? 'Unlimited'), 40)}: ${amount}` : amount;
		}
		case 'nftName': {
			const collection =
				typeof params.collectionPath === 'string'
					? addressIn(valuesAt(params.collectionPath, described, args, action)[0])
					: addressIn(constant(params.collection));
			return `token ${shown(value)}${collection ? ` of ${who(collection)}` : ''}`;
		}
		case 'date': {
			if (number === undefined || number > 8_640_000_000_000n) return shown(value);
			return params.encoding === 'blockheight' ? `block ${number}` : `${new Date(Number(number) * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
		}
		case 'duration':
			return number === undefined ? shown(value) : duration(number);
		case 'unit': {
			const decimals = Number(params.decimals ?? 0);
			if (number === undefined || !Number.isInteger(decimals) || decimals < 0 || decimals > 77) return shown(value);
			return `${amountOf(number, decimals)} ${displayText(String(params.base ?? ''), 20)}`.trim();
		}
		case 'enum': {
			const words = constant(params.$ref);
			const word = isObject(words) && Object.hasOwn(words, String(value)) ? words[String(value)] : undefined;
			return typeof word === 'string' ? `${displayText(word, 80)} (${shown(value)})` : shown(value);
		}
		case 'calldata':
			return isHex(value) ? `${size(value)} bytes for another contract` : shown(value);
		default:
			return shown(value);
	}
}

function bigOf(value: unknown): bigint | undefined {
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	try {
		return BigInt(value);
	} catch {
		return undefined;
	}
}
