import type { Json } from '@holdfast/kernel';
import { type Address, concat, type Hex, hashStruct, hashTypedData, keccak256, domainSeparator as viemDomainSeparator } from 'viem';
import { z } from 'zod';
import { TypedDataError } from './errors.ts';
import { type DomainField, type DomainShape, type Struct, type StructId, structIds, structs, type TypedField } from './structs.ts';
import { canonicalValue } from './values.ts';

/** An EIP-712 domain. Only the members that a domain has are there: a missing `version` is another domain than an empty one. */
export interface Domain {
	readonly name?: string;
	readonly version?: string;
	readonly chainId?: number;
	readonly verifyingContract?: Address;
}

export type Message = Readonly<Record<string, Json>>;

/**
 * Typed data in its one canonical form, which is JSON: members in the struct's order, addresses checksummed, bytes in lower case,
 * integers of up to 64 bits as numbers and wider ones as decimal strings. Made by {@link typedData} and {@link parseTypedData} only.
 */
export interface TypedData {
	readonly struct: StructId;
	readonly domain: Domain;
	readonly types: Readonly<Record<string, readonly TypedField[]>>;
	readonly primaryType: string;
	readonly message: Message;
}

const loose = z.strictObject({
	domain: z.record(z.string(), z.unknown()),
	types: z.record(z.string(), z.array(z.strictObject({ name: z.string(), type: z.string() })).max(64)),
	primaryType: z.string(),
	message: z.record(z.string(), z.unknown()),
});

const DOMAIN_TYPES: Readonly<Record<DomainField, string>> = { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address' };

/**
 * Typed data of a known struct.
 * @throws TypedDataError typed-data/bad-domain, typed-data/bad-value
 */
export function typedData(id: StructId, domain: Readonly<Record<string, unknown>> | Domain, message: Readonly<Record<string, unknown>>): TypedData {
	const { types, primaryType, domains } = structs[id];
	const fitting = domains.map((shape) => readDomain(shape, domain)).find((each) => each !== undefined);
	if (!fitting) throw new TypedDataError('typed-data/bad-domain');
	return { struct: id, domain: fitting, types, primaryType, message: canonicalValue(types, primaryType, message, primaryType) as Message };
}

/**
 * Reads typed data from outside (the parameter of `eth_signTypedData_v4`). What it is follows from the hash of the primary type
 * and from the members of the domain, never from the primary type's name. Anything that would not be signed is refused: a type that
 * the struct does not use, a field that it does not have, an EIP712Domain that differs from the domain's members.
 *
 * The result says the same in canonical form, and hashes to the same digest.
 * @throws TypedDataError
 */
export function parseTypedData(input: unknown): TypedData {
	const parsed = loose.safeParse(input);
	if (!parsed.success) throw new TypedDataError('typed-data/malformed');
	const { domain, primaryType, message } = parsed.data;
	const { EIP712Domain: domainType, ...types } = parsed.data.types;
	if (domainType && !sameFields(domainType, declaredDomain(domain))) throw new TypedDataError('typed-data/bad-domain');
	const candidates = structIds.filter((id) => sameTypes(structs[id], primaryType, types));
	if (candidates.length === 0) throw new TypedDataError('typed-data/unknown-struct');
	// The same type hash in two systems (a delegation and a Baal share's) differs by its domain.
	for (const id of candidates) {
		if (structs[id].domains.some((shape) => readDomain(shape, domain) !== undefined)) return typedData(id, domain, message);
	}
	throw new TypedDataError('typed-data/bad-domain');
}

/**
 * The parameter of `eth_signTypedData_v4` as JSON, for a wallet elsewhere. EIP712Domain is written out: wallets take its absence for a
 * domain without members, and would sign something else.
 */
export const walletRequest = ({ domain, types, primaryType, message }: TypedData): string =>
	JSON.stringify({ domain, types: { EIP712Domain: declaredDomain(domain), ...types }, primaryType, message }, null, 2);

/** The bytes that are hashed and signed: 0x1901 ‖ domain separator ‖ hash of the struct (EIP-712, "Specification"). */
export const signingBytes = ({ domain, types, primaryType, message }: TypedData): Hex =>
	concat(['0x1901', domainSeparator(domain), hashStruct({ data: { ...message }, primaryType, types: types as Record<string, TypedField[]> })]);

/** keccak-256 of {@link signingBytes}: what the key signs, and for Snapshot the message's id. */
export const digestOf = (data: TypedData): Hex => keccak256(signingBytes(data));

/** The digest by viem's own one-step function, for data whose struct is not one of ours (a proposal in one of Snapshot's older forms). */
export const hashLoose = (input: { readonly domain: object; readonly types: object; readonly primaryType: string; readonly message: object }): Hex =>
	hashTypedData(input as unknown as Parameters<typeof hashTypedData>[0]);

/** The domain's hash: two domains are the same exactly when this is. */
export const domainSeparator = (domain: Domain): Hex => viemDomainSeparator({ domain });

/** The EIP712Domain type of a domain: its members, in the specification's order. */
function declaredDomain(domain: object): TypedField[] {
	return (Object.keys(DOMAIN_TYPES) as DomainField[]).filter((name) => Object.hasOwn(domain, name)).map((name) => ({ name, type: DOMAIN_TYPES[name] }));
}

function readDomain({ fields, fixed }: DomainShape, domain: Readonly<Record<string, unknown>> | Domain): Domain | undefined {
	const names = Object.keys(domain);
	if (names.length !== fields.length || !fields.every((name) => Object.hasOwn(domain, name))) return undefined;
	const result: Record<string, Json> = {};
	for (const name of fields) {
		try {
			const value = canonicalValue({}, DOMAIN_TYPES[name], (domain as Readonly<Record<string, unknown>>)[name], name);
			if (fixed?.[name] !== undefined && value !== fixed[name]) return undefined;
			result[name] = name === 'chainId' ? Number(value) : value;
		} catch (error) {
			if (error instanceof TypedDataError) return undefined;
			throw error;
		}
	}
	// EIP-2294's bound keeps chain ids exact as numbers.
	if (fields.includes('chainId') && !(Number.isSafeInteger(result.chainId) && Number(result.chainId) > 0)) return undefined;
	return result as Domain;
}

function sameTypes(struct: Struct, primaryType: string, types: Readonly<Record<string, readonly TypedField[]>>): boolean {
	const names = Object.keys(struct.types);
	return (
		primaryType === struct.primaryType &&
		Object.keys(types).length === names.length &&
		names.every((name) => Object.hasOwn(types, name) && sameFields(types[name] ?? [], struct.types[name] ?? []))
	);
}

const sameFields = (a: readonly TypedField[], b: readonly TypedField[]): boolean =>
	a.length === b.length && a.every((field, index) => field.name === b[index]?.name && field.type === b[index]?.type);
