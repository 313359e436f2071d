import type { Json } from '@holdfast/kernel';
import { getAddress } from 'viem';
import { TypedDataError } from './errors.ts';
import type { TypedField } from './structs.ts';

const MAX_ITEMS = 1024;
const MAX_TEXT = 100_000;

/**
 * A value of an EIP-712 type in canonical form, checked: a struct has exactly its members, an integer fits, an address is one.
 * `where` is the name of the member in our own structs, for the error.
 * @throws TypedDataError typed-data/bad-value
 */
export function canonicalValue(types: Readonly<Record<string, readonly TypedField[]>>, type: string, value: unknown, where: string): Json {
	const bad = () => new TypedDataError('typed-data/bad-value', { field: where });
	if (type.endsWith('[]')) {
		if (!Array.isArray(value) || value.length > MAX_ITEMS) throw bad();
		return value.map((each) => canonicalValue(types, type.slice(0, -2), each, where));
	}
	const fields = Object.hasOwn(types, type) ? types[type] : undefined;
	if (fields) {
		if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length !== fields.length) throw bad();
		return Object.fromEntries(
			fields.map((field) => {
				if (!Object.hasOwn(value, field.name)) throw new TypedDataError('typed-data/bad-value', { field: field.name });
				return [field.name, canonicalValue(types, field.type, (value as Record<string, unknown>)[field.name], field.name)];
			}),
		);
	}
	switch (type) {
		case 'string':
			// A lone surrogate has no UTF-8, so that what is shown could differ from what is hashed.
			if (typeof value !== 'string' || value.length > MAX_TEXT || !value.isWellFormed()) throw bad();
			return value;
		case 'bool':
			if (typeof value !== 'boolean') throw bad();
			return value;
		case 'address':
			if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) throw bad();
			return getAddress(value.toLowerCase());
		case 'bytes':
			if (typeof value !== 'string' || !/^0x(?:[0-9a-fA-F]{2})*$/.test(value) || value.length > MAX_TEXT) throw bad();
			return value.toLowerCase();
		case 'bytes32':
			if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{64}$/.test(value)) throw bad();
			return value.toLowerCase();
		default:
			return integer(type, value, bad);
	}
}

function integer(type: string, value: unknown, bad: () => TypedDataError): Json {
	const bits = Number(/^uint(\d{1,3})$/.exec(type)?.[1] ?? Number.NaN);
	let number: bigint;
	if (typeof value === 'bigint') number = value;
	else if (typeof value === 'number' && Number.isSafeInteger(value)) number = BigInt(value);
	else if (typeof value === 'string' && /^(?:0|[1-9]\d{0,77}|0x[0-9a-fA-F]{1,64})$/.test(value)) number = BigInt(value);
	else throw bad();
	if (!(bits >= 8) || number < 0n || number >= 1n << BigInt(bits)) throw bad();
	if (bits > 64) return number.toString();
	if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw bad();
	return Number(number);
}
