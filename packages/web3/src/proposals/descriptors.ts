import { displayText } from '@holdfast/kernel';
import {
	type AbiFunction,
	type AbiParameter,
	type Address,
	decodeFunctionData,
	encodeFunctionData,
	getAddress,
	type Hex,
	isAddress,
	isHex,
	numberToHex,
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
type Field = z.output<typeof zField> & {
	/** The group that it stands in: paths among its parameters begin there. */
	readonly prefix?: string;
};

/** Characters of a function with its arguments. */
const MAX_KEY = 4000;
const zText = z.string().max(300);
const zJson = z.record(z.string().max(120), z.unknown());
const zMatch = z.array(z.union([zText, z.number(), z.boolean()])).max(DESCRIPTOR_LIMITS.values);
/** Files write `null` for what they leave out. */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);
const zField = z.looseObject({
	$ref: optional(zText),
	path: optional(zText),
	value: optional(z.union([zText, z.number()])),
	label: optional(zText),
	format: optional(zText),
	params: optional(zJson),
	visible: optional(z.union([zText, z.looseObject({ ifNotIn: optional(zMatch), mustMatch: optional(zMatch) })])),
	encryption: optional(z.looseObject({ fallbackLabel: optional(zText) })),
	fields: optional(z.array(z.unknown()).max(DESCRIPTOR_LIMITS.fields)),
});
const zFormat = z.looseObject({
	intent: optional(z.union([zText, z.record(z.string().max(80), zText)])),
	fields: optional(z.array(z.unknown()).max(DESCRIPTOR_LIMITS.fields)),
});
const zFile = z.looseObject({
	context: z.looseObject({
		contract: z.looseObject({
			deployments: optional(z.array(z.looseObject({ chainId: z.int().positive(), address: z.string() })).max(500)),
			/** An address in most files: nobody asks there. */
			abi: z.unknown().optional(),
		}),
	}),
	metadata: optional(z.looseObject({ owner: optional(zText), constants: zJson.nullish(), enums: zJson.nullish(), maps: zJson.nullish() })),
	display: z.looseObject({ definitions: zJson.nullish(), formats: z.record(z.string().max(MAX_KEY), z.unknown()) }),
});

const bad = (message: string) => new ProposalError('web3/bad-descriptor', message);

function parse({ text }: DescriptorFile): Json {
	if (text.length > DESCRIPTOR_LIMITS.text) throw bad('This file is larger than a description of a contract can be.');
	let json: Json;
	try {
		json = zJson.parse(JSON.parse(text));
	} catch {
		throw bad('This is not a description of a contract (ERC-7730): it cannot be read.');
	}
	const { display } = json;
	if (!isObject(display) || !isObject(display.formats)) return json;
	// Files space the same function differently, and have to meet when one includes the other.
	const formats = new Map<string, unknown>();
	for (const [key, format] of Object.entries(display.formats)) {
		const spaced =
			key.length > MAX_KEY
				? key
				: key
						.trim()
						.replace(/\s+/g, ' ')
						.replace(/ ?([(,]) ?/g, '$1')
						.replace(/\btuple(?=\()/g, '')
						.replaceAll(' )', ')')
						.replace(/\)(?=\w)/g, ') ');
		if (formats.has(spaced)) throw twice(spaced);
		formats.set(spaced, format);
	}
	return { ...json, display: { ...display, formats: Object.fromEntries(formats) } };
}

const twice = (what: string) => bad(`This file describes the same function twice: ${displayText(what, 120)}.`);

/** Objects are merged, the second one's members win, and fields of the same path are one (ERC-7730, "Organizing files"); the rest is replaced. */
function merged(under: unknown, over: unknown, name = ''): unknown {
	if (name === 'fields' && Array.isArray(under) && Array.isArray(over)) return mergedFields(under, over);
	if (!isObject(under) || !isObject(over)) return over ?? under;
	const all: Record<string, unknown> = { ...under };
	for (const [key, value] of Object.entries(over)) all[key] = merged(Object.hasOwn(under, key) ? under[key] : undefined, value, key);
	return all;
}

function mergedFields(under: readonly unknown[], over: readonly unknown[]): unknown[] {
	const pathOf = (field: unknown) => (isObject(field) && typeof field.path === 'string' ? field.path : undefined);
	const rest = new Set(over);
	const all = under.map((field) => {
		const path = pathOf(field);
		const own = path === undefined ? undefined : over.find((each) => pathOf(each) === path);
		rest.delete(own);
		return merged(field, own);
	});
	return [...all, ...rest];
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
	const binding = isObject(json.context) ? json.context : {};
	if (isObject(binding.eip712)) {
		throw bad('This describes messages that are signed, not calls of a contract. Holdfast has its own words for the messages that it signs.');
	}
	if (!isObject(binding.contract) && isObject(json.display)) {
		throw bad('This file names no contract: others build on it. Add it together with the file that includes it.');
	}
	const parsed = zFile.safeParse(json);
	if (!parsed.success) throw bad('This is not a description of a contract’s calls in the form of ERC-7730.');
	const { context, metadata, display } = parsed.data;
	const deployments = (context.contract.deployments ?? []).flatMap(({ chainId, address }) =>
		isAddress(address, { strict: false }) ? [{ chainId, address: getAddress(address) }] : [],
	);
	if (deployments.length === 0) {
		throw bad(
			isObject(context.contract.factory)
				? 'This description is for whatever a factory makes. Holdfast reads those that name their contracts.'
				: 'This description names no contract that it is for. If others build on it, add it together with them.',
		);
	}
	const functions = new Map<Hex, Described>();
	let unnamed = 0;
	for (const [signature, entry] of Object.entries(display.formats)) {
		const read = readFormat(signature, entry, { metadata: metadata as Json, display: display as Json }, context.contract.abi);
		if (read === 'unnamed') unnamed += 1;
		if (read === undefined || read === 'unnamed') continue;
		const selector = toFunctionSelector(read.item);
		if (functions.has(selector)) throw twice(toFunctionSignature(read.item));
		functions.set(selector, read);
	}
	if (functions.size === 0) {
		throw bad(
			unnamed > 0
				? 'This file leaves the names of the arguments to an ABI somewhere else. Look for a newer version of it, with the names in it.'
				: 'This description has no function that Holdfast can read.',
		);
	}
	return { owner: displayText(metadata?.owner ?? '', 80) || 'Somebody', deployments, functions };
}

/** The function of a key: with its arguments' names, or, in old files, by types or selector with the names in the file's own ABI. */
function functionOf(key: string, abi: unknown): AbiFunction | undefined {
	const own = Array.isArray(abi) ? abi.slice(0, 1000) : [];
	const inAbi = (selector: string) =>
		own.find((each): each is AbiFunction => {
			try {
				return isObject(each) && each.type === 'function' && toFunctionSelector(each as unknown as AbiFunction) === selector;
			} catch {
				return false;
			}
		});
	if (/^0x[0-9a-f]{8}$/i.test(key.trim())) return inAbi(key.trim().toLowerCase());
	let item: AbiFunction;
	try {
		item = parseAbiItem(`function ${key.trim().replace(/^function /, '')}`) as AbiFunction;
	} catch {
		return undefined;
	}
	return isNamed(item) ? item : (inAbi(toFunctionSelector(item)) ?? item);
}

/** Whether all arguments have names, and all members of structs among them. */
const isNamed = ({ inputs }: { readonly inputs: readonly AbiParameter[] }): boolean =>
	inputs.every((each) => each.name !== undefined && each.name !== '' && (!('components' in each) || isNamed({ inputs: each.components })));

/** One that cannot be read is left out: nothing else of the file depends on it. */
function readFormat(key: string, entry: unknown, constants: Json, abi: unknown): Described | 'unnamed' | undefined {
	const format = zFormat.safeParse(entry);
	if (!format.success) return undefined;
	const item = functionOf(key, abi);
	if (item === undefined) return /^\s*0x[0-9a-f]{8}\s*$/i.test(key) ? 'unnamed' : undefined;
	const fields = resolved(format.data.fields ?? [], constants, 0);
	if (fields === undefined) return undefined;
	if (!isNamed(item) && fields.some(({ path }) => path !== undefined && !/^[@$]/.test(path))) return 'unnamed';
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
		// What the field leaves out is undefined, and leaves what the definition says.
		const field = merged(shared?.data ?? {}, Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined))) as Field;
		const path = field.path === undefined ? undefined : /^[@$#]/.test(field.path) || prefix === '' ? field.path : `${prefix}.${field.path}`;
		if (field.fields) {
			const inner = resolved(field.fields, constants, depth + 1, path ?? prefix);
			if (inner === undefined) return undefined;
			all.push(...inner);
		} else all.push({ ...field, path, prefix });
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

/** A call that a descriptor is for. */
interface Call {
	readonly owner: string;
	readonly described: Described;
	readonly args: readonly unknown[];
	readonly action: Action;
	readonly chainId: number;
}

/** Which descriptor is for a call, and the call as its function; undefined where none is, or where the bytes are not exactly its arguments. */
function matching(descriptors: readonly Descriptor[], chainId: number, action: Action): Call | undefined {
	if (action.operation === 'delegatecall' || size(action.data) < 4) return undefined;
	const selector = slice(action.data, 0, 4);
	for (const { owner, deployments, functions } of descriptors) {
		const described = functions.get(selector);
		if (!described || !deployments.some((each) => each.chainId === chainId && each.address === getAddress(action.to))) continue;
		const { item } = described;
		try {
			const args = (decodeFunctionData({ abi: [item], data: action.data }).args ?? []) as readonly unknown[];
			if (encodeFunctionData({ abi: [item], functionName: item.name, args }) !== action.data.toLowerCase()) return undefined;
			const call = { owner, described, args, action, chainId };
			return described.fields.every((field) => fits(field, call)) ? call : undefined;
		} catch {
			return undefined;
		}
	}
	return undefined;
}

/** `mustMatch`: the description is for calls alone in which the field has one of these values. */
function fits(field: Field, call: Call): boolean {
	const must = isObject(field.visible) ? field.visible.mustMatch : undefined;
	return must === undefined || field.path === undefined || valuesAt(field.path, call).every((value) => isAmong(value, must as readonly unknown[]));
}

const isAmong = (value: unknown, list: readonly unknown[]): boolean => {
	const number = numberOf(value);
	return list.some((each) => String(each).toLowerCase() === String(value).toLowerCase() || (number !== undefined && bigOf(each) === number));
};

/** The functions that descriptors know, by their types alone: what a file calls the arguments stays with its own words. */
export const signaturesOf = (descriptors: readonly Descriptor[]): string[] =>
	descriptors.flatMap(({ functions }) => [...functions.values()].map(({ item }) => toFunctionSignature(item)));

/** The tokens whose amounts a description would show: their own symbols and decimals are asked of the chain, never taken from the file. */
export function describedTokens(descriptors: readonly Descriptor[], chainId: number, action: Action): Address[] {
	const call = matching(descriptors, chainId, action);
	if (!call) return [];
	const all = shownValues(call).flatMap(({ field, value, index, count }) =>
		elsewhere(field, call, index, count) !== undefined
			? undefined
			: field.format === 'tokenAmount'
				? tokenOf(field, call, index, count)
				: field.format === 'tokenTicker'
					? addressIn(value)
					: undefined,
	);
	return [...new Set(all.filter((each) => each !== undefined))];
}

/** A call in a descriptor's words, or null where none is for it. */
export function describe(descriptors: readonly Descriptor[], chainId: number, action: Action, names: Names): Description | null {
	const call = matching(descriptors, chainId, action);
	if (!call) return null;
	const { owner, described } = call;
	const lines = shownValues(call).map(({ field, value, index, count }) => ({
		label: displayText(field.label ?? '', 80) || displayText(field.path ?? '', 80),
		value: inFormat(value, field, call, index, count, names),
	}));
	return { owner, intent: described.intent || described.item.name, lines };
}

/** What a description shows: each field once for each of its values, without what it hides. The decoded call beside it hides nothing. */
function shownValues(call: Call): { field: Field; value: unknown; index: number; count: number }[] {
	const all = call.described.fields.flatMap((field) => {
		const { visible } = field;
		if (visible === 'never' || (isObject(visible) && visible.mustMatch !== undefined)) return [];
		const unless = (isObject(visible) ? visible.ifNotIn : undefined) as readonly unknown[] | undefined;
		const values = field.path === undefined ? [constantOf(field.value, call)] : valuesAt(field.path, call);
		return values
			.slice(0, DESCRIPTOR_LIMITS.values)
			.map((value, index) => ({ field, value, index, count: values.length }))
			.filter(({ value }) => value !== undefined && !(unless && isAmong(value, unless)));
	});
	return all.slice(0, DESCRIPTOR_LIMITS.fields);
}

/** Nobody has sent the call yet. */
const SENDER = Symbol('sender');
const CARRIER = 'whoever carries this out';

/** What a path leads to: `#.` the arguments (where nothing is said), `@.` the call itself, `$.` the file. `[]` is every element, `[a:b]` a slice. */
function valuesAt(path: string, { described: { item, constants }, args, action, chainId }: Call): readonly unknown[] {
	if (path.startsWith('$.')) return [at(constants, path)].filter((each) => each !== undefined);
	if (path.startsWith('@.')) {
		const container: Json = { to: action.to, value: action.value, chainId, from: SENDER };
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
	const range = [from === '' ? 0 : Number(from), to === '' ? undefined : Number(to)] as const;
	if (Array.isArray(value)) {
		if (colon === ':') return value.slice(...range);
		return from === '' ? value : [value.at(Number(from))].filter((each) => each !== undefined);
	}
	// A number is sliced as the word of 32 bytes that it is in the call: an address with flags above it.
	const word = isHex(value) ? value : wordOf(value);
	if (word === undefined || colon !== ':') return [];
	return [`0x${(word.slice(2).match(/../g) ?? []).slice(...range).join('')}`];
}

function wordOf(value: unknown): Hex | undefined {
	const number = typeof value === 'bigint' || typeof value === 'number' ? BigInt(value) : undefined;
	return number === undefined || number < 0n ? undefined : numberToHex(number, { size: 32 });
}

/** An address, also in a word of 32 bytes with nothing above it. */
function addressIn(value: unknown): Address | undefined {
	if (typeof value === 'string' && isAddress(value, { strict: false })) return getAddress(value);
	const word = isHex(value) && size(value) === 32 ? value : wordOf(value);
	return word?.startsWith(`0x${'00'.repeat(12)}`) ? getAddress(slice(word, 12)) : undefined;
}

/** What a parameter says: itself, what it refers to in the file, or a value of one of the file's maps. */
function constantOf(value: unknown, call: Call): unknown {
	if (typeof value === 'string' && value.startsWith('$.')) return at(call.described.constants, value);
	if (!isObject(value) || typeof value.map !== 'string' || typeof value.keyPath !== 'string') return value;
	const map = at(call.described.constants, value.map);
	const key = valuesAt(value.keyPath, call)[0];
	const values = isObject(map) && isObject(map.values) ? Object.entries(map.values) : [];
	return values.find(([each]) => isAmong(key, [each]))?.[1];
}

/** What belongs to one of a field's values, where a parameter is a path: the only one, or that at the same place among as many. */
function besideAt(path: string, { prefix }: Field, call: Call, index: number, count: number): unknown {
	const grouped = prefix && !/^[@$#]/.test(path) ? valuesAt(`${prefix}.${path}`, call) : [];
	const values = grouped.length > 0 ? grouped : valuesAt(path, call);
	return values.length === count ? values[index] : values.length === 1 ? values[0] : undefined;
}

/** The network that a parameter names for an address, where that is another one: there the address is something else than here. */
function elsewhere(field: Field, call: Call, index: number, count: number): bigint | undefined {
	const { chainIdPath, chainId } = field.params ?? {};
	const named = numberOf(typeof chainIdPath === 'string' ? besideAt(chainIdPath, field, call, index, count) : constantOf(chainId, call));
	return named === undefined || named === BigInt(call.chainId) ? undefined : named;
}

function tokenOf(field: Field, call: Call, index: number, count: number): Address | undefined {
	const { tokenPath, token } = field.params ?? {};
	return addressIn(typeof tokenPath === 'string' ? besideAt(tokenPath, field, call, index, count) : constantOf(token, call));
}

function inFormat(value: unknown, field: Field, call: Call, index: number, count: number, names: Names): string {
	const params = field.params ?? {};
	const number = numberOf(value);
	const who = (address: Address): string => {
		const name = names.nameOf(address);
		return name === null ? address : `${name} (${address})`;
	};
	const beside = (path: unknown) => (typeof path === 'string' ? addressIn(besideAt(path, field, call, index, count)) : undefined);
	if (value === SENDER) return CARRIER;
	const chain = elsewhere(field, call, index, count);
	const there = chain === undefined ? '' : ` on chain ${chain}`;
	if (field.encryption) return `${displayText(field.encryption.fallbackLabel ?? '', 60) || 'Encrypted'} (${shown(value)})`;
	switch (field.format) {
		case 'addressName': {
			const address = addressIn(value);
			if (!address) return shown(value);
			const senders = [params.senderAddress].flat().map((each) => addressIn(constantOf(each, call)));
			return senders.includes(address) ? `${CARRIER} (${address})` : who(address);
		}
		case 'amount':
			return number === undefined ? shown(value) : `${amountOf(number, 18)} ${names.currency}`;
		case 'tokenAmount': {
			if (number === undefined) return shown(value);
			const token = tokenOf(field, call, index, count);
			const facts = token === undefined || chain !== undefined ? null : names.tokenAt(token);
			// An address that a contract takes for the network's own currency. One that is a token stays a token.
			const natives = [params.nativeCurrencyAddress].flat().map((each) => addressIn(constantOf(each, call)));
			const amount = facts
				? `${amountOf(number, facts.decimals)} ${facts.symbol}`
				: token !== undefined && chain === undefined && natives.includes(token)
					? `${amountOf(number, 18)} ${names.currency} (${token})`
					: `${amountOf(number, 0)} base units${token ? ` of the token ${token}${there}` : ''}`;
			const threshold = bigOf(constantOf(params.threshold, call));
			const message = constantOf(params.message ?? params.thresholdLabel, call);
			// The file's own word for it stands beside the number, not in its place.
			return threshold !== undefined && number >= threshold ? `${displayText(typeof message === 'string' ? message : 'Unlimited', 40)}: ${amount}` : amount;
		}
		case 'tokenTicker': {
			const token = addressIn(value);
			const facts = token === undefined || chain !== undefined ? null : names.tokenAt(token);
			return facts ? `${facts.symbol} (${token})` : token ? `${token}${there}` : shown(value);
		}
		case 'nftName': {
			const collection = beside(params.collectionPath) ?? addressIn(constantOf(params.collection, call));
			return `token ${shown(value)}${collection ? ` of ${who(collection)}` : ''}`;
		}
		case 'date': {
			if (number === undefined || number > 8_640_000_000_000n) return shown(value);
			return params.encoding === 'blockheight' ? `block ${number}` : `${new Date(Number(number) * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
		}
		case 'duration':
			return number === undefined ? shown(value) : duration(number);
		case 'unit': {
			const decimals = Number(constantOf(params.decimals, call) ?? 0);
			const base = constantOf(params.base, call);
			if (number === undefined || !Number.isInteger(decimals) || decimals < 0 || decimals > 77) return shown(value);
			return `${amountOf(number, decimals)} ${displayText(typeof base === 'string' ? base : '', 20)}`.trim();
		}
		case 'enum': {
			const words = constantOf(params.$ref, call);
			const key = String(number ?? value);
			const word = isObject(words) && Object.hasOwn(words, key) ? words[key] : undefined;
			return typeof word === 'string' ? `${displayText(word, 80)} (${shown(value)})` : shown(value);
		}
		case 'calldata': {
			if (!isHex(value)) return shown(value);
			const callee = beside(params.calleePath) ?? addressIn(constantOf(params.callee, call));
			return `${size(value)} bytes for ${callee ? who(callee) : 'another contract'}`;
		}
		default:
			return shown(value);
	}
}

/** A number as such, or in up to 32 bytes that were sliced out of others. */
function numberOf(value: unknown): bigint | undefined {
	if (typeof value === 'bigint') return value;
	if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
	return isHex(value) && value.length > 2 && size(value) <= 32 ? BigInt(value) : undefined;
}

function bigOf(value: unknown): bigint | undefined {
	if ((typeof value !== 'string' && typeof value !== 'number') || value === '') return undefined;
	try {
		return BigInt(value);
	} catch {
		return undefined;
	}
}
