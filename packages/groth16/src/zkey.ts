import { FIELD_MODULUS, SCALAR_MODULUS } from './curve.ts';
import { Groth16Error } from './errors.ts';

/**
 * snarkjs's .zkey for Groth16 on BN254, version 1: a header and numbered sections. This reads the structure and checks
 * every length, count and index against the others; whether the points are points is for who loads them.
 */
export interface Zkey {
	readonly variables: number;
	readonly publicSignals: number;
	readonly domainSize: number;
	/** alpha1, beta1, beta2, gamma2, delta1, delta2 as they stand in the file: Montgomery form with R = 2^256. */
	readonly alpha1: Uint8Array;
	readonly beta1: Uint8Array;
	readonly beta2: Uint8Array;
	readonly gamma2: Uint8Array;
	readonly delta1: Uint8Array;
	readonly delta2: Uint8Array;
	/** Points for the public signals, in the verification key. */
	readonly ic: Uint8Array;
	/** Records of 44 bytes: matrix (0 = A, 1 = B), constraint, signal, value times R^2. */
	readonly terms: Uint8Array;
	readonly a: Uint8Array;
	readonly b1: Uint8Array;
	readonly b2: Uint8Array;
	readonly c: Uint8Array;
	readonly h: Uint8Array;
	/** Contributions to the second phase of the ceremony, as the file says; verifying them is the ceremony tool's job. */
	readonly contributions: number;
}

export const G1_BYTES = 64;
export const G2_BYTES = 128;
export const TERM_RECORD_BYTES = 44;
/** Beyond this a circuit is not for a wallet, and the transforms' tables would not be either. */
export const MAX_DOMAIN_POWER = 20;

const MAGIC = [0x7a, 0x6b, 0x65, 0x79];
const GROTH16 = 1;
const HEADER_BYTES = 4 + 32 + 4 + 32 + 12 + 3 * G1_BYTES + 3 * G2_BYTES;

const bad = (reason: string): Groth16Error =>
	new Groth16Error('groth16/bad-key', 'This proving key is damaged or of an unknown kind. Get the file again.', { data: { reason } });

export function parseZkey(bytes: Uint8Array): Zkey {
	const sections = readSections(bytes);
	const section = (id: number, length?: number): Uint8Array => {
		const found = sections.get(id);
		if (!found) throw bad(`section ${id} is missing`);
		if (length !== undefined && found.length !== length) throw bad(`section ${id} has a wrong length`);
		return found;
	};

	if (view(section(1, 4)).getUint32(0, true) !== GROTH16) throw bad('not a Groth16 key');
	const header = section(2, HEADER_BYTES);
	const headerView = view(header);
	if (headerView.getUint32(0, true) !== 32 || readInteger(header.subarray(4, 36)) !== FIELD_MODULUS) throw bad('not on BN254');
	if (headerView.getUint32(36, true) !== 32 || readInteger(header.subarray(40, 72)) !== SCALAR_MODULUS) throw bad('not on BN254');
	const variables = headerView.getUint32(72, true);
	const publicSignals = headerView.getUint32(76, true);
	const domainSize = headerView.getUint32(80, true);
	if (domainSize < 2 || domainSize > 2 ** MAX_DOMAIN_POWER || (domainSize & (domainSize - 1)) !== 0) throw bad('domain size');
	if (variables < 1 || variables > 8 * domainSize || publicSignals >= variables) throw bad('signal counts');

	let position = 84;
	const take = (length: number): Uint8Array => {
		position += length;
		return header.subarray(position - length, position);
	};
	const [alpha1, beta1, beta2, gamma2, delta1, delta2] = [G1_BYTES, G1_BYTES, G2_BYTES, G2_BYTES, G1_BYTES, G2_BYTES].map(take) as [
		Uint8Array,
		Uint8Array,
		Uint8Array,
		Uint8Array,
		Uint8Array,
		Uint8Array,
	];

	const termSection = section(4);
	if (termSection.length < 4) throw bad('section 4 has a wrong length');
	const termCount = view(termSection).getUint32(0, true);
	if (termSection.length !== 4 + termCount * TERM_RECORD_BYTES) throw bad('section 4 has a wrong length');
	const terms = termSection.subarray(4);
	checkTerms(terms, variables, domainSize);

	// The hash of the circuit, then the count.
	const contributionSection = section(10);
	if (contributionSection.length < 68) throw bad('section 10 has a wrong length');

	return {
		variables,
		publicSignals,
		domainSize,
		alpha1,
		beta1,
		beta2,
		gamma2,
		delta1,
		delta2,
		ic: section(3, (publicSignals + 1) * G1_BYTES),
		terms,
		a: section(5, variables * G1_BYTES),
		b1: section(6, variables * G1_BYTES),
		b2: section(7, variables * G2_BYTES),
		c: section(8, (variables - publicSignals - 1) * G1_BYTES),
		h: section(9, domainSize * G1_BYTES),
		contributions: view(contributionSection).getUint32(64, true),
	};
}

function readSections(bytes: Uint8Array): Map<number, Uint8Array> {
	if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) throw bad('not a zkey file');
	const all = view(bytes);
	if (all.getUint32(4, true) !== 1) throw bad('unknown version');
	const count = all.getUint32(8, true);
	const sections = new Map<number, Uint8Array>();
	let position = 12;
	for (let i = 0; i < count; i++) {
		if (position + 12 > bytes.length) throw bad('cut off');
		const id = all.getUint32(position, true);
		const length = all.getBigUint64(position + 4, true);
		position += 12;
		if (length > BigInt(bytes.length - position)) throw bad('cut off');
		if (sections.has(id)) throw bad(`section ${id} stands twice`);
		sections.set(id, bytes.subarray(position, position + Number(length)));
		position += Number(length);
	}
	if (position !== bytes.length) throw bad('bytes after the last section');
	return sections;
}

function checkTerms(terms: Uint8Array, variables: number, domainSize: number): void {
	const records = view(terms);
	for (let at = 0; at < terms.length; at += TERM_RECORD_BYTES) {
		if (records.getUint32(at, true) > 1) throw bad('a coefficient of an unknown matrix');
		if (records.getUint32(at + 4, true) >= domainSize) throw bad('a coefficient outside the domain');
		if (records.getUint32(at + 8, true) >= variables) throw bad('a coefficient of an unknown signal');
	}
	checkBelow(terms, SCALAR_MODULUS, 12, TERM_RECORD_BYTES);
}

/** Refuses values that are not below `modulus`: one in every `step` bytes, from `offset` on. */
export function checkBelow(bytes: Uint8Array, modulus: bigint, offset = 0, step = 32): void {
	const words = view(bytes);
	const limit = Array.from({ length: 8 }, (_, i) => Number((modulus >> BigInt(32 * i)) & 0xffffffffn));
	for (let at = offset; at + 32 <= bytes.length; at += step) {
		let i = 7;
		while (i > 0 && words.getUint32(at + i * 4, true) === limit[i]) i--;
		if (words.getUint32(at + i * 4, true) >= (limit[i] as number)) throw bad('a number outside its field');
	}
}

export const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function readInteger(bytes: Uint8Array): bigint {
	let value = 0n;
	for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
	return value;
}
