import { Arena } from './arena.ts';
import { FIELD_MODULUS, G1_B, G2_B, rootOfUnity, SCALAR_MODULUS } from './curve.ts';
import { windowCount } from './digits.ts';
import { Groth16Error } from './errors.ts';
import { type Group, groupsOf } from './group.ts';
import { jacobianBytes } from './jacobian.ts';
import type { Layout } from './layout.ts';
import type { Bases } from './msm.ts';
import { allocateScratch, type Scratch } from './scratch.ts';
import { allocateTables, tableShapes } from './tables.ts';
import { type VerificationKey, verificationKeyOf } from './verification-key.ts';
import { centredLimbs, ELEMENT_BYTES, fieldConstants, LIMBS, MONTGOMERY_BITS, modInverse } from './wasm/field.ts';
import { compileModule, type WasmModule } from './wasm/host.ts';
import { type Arithmetic, buildArithmeticModule, instantiateArithmetic } from './wasm/module.ts';
import { POINT_SCRATCH_ELEMENTS } from './wasm/points.ts';
import { TERM_BYTES } from './wasm/polynomial.ts';
import { checkBelow, G1_BYTES, parseZkey, TERM_RECORD_BYTES, view, type Zkey } from './zkey.ts';

const bad = (reason: string): Groth16Error =>
	new Groth16Error('groth16/bad-key', 'This proving key is damaged or of an unknown kind. Get the file again.', { data: { reason } });

/** A proving key in the form that proving needs, in a memory that threads can share. One prover at a time may use it. */
export class ProvingKey {
	/** Values in a witness, the constant one included. */
	readonly variables: number;
	readonly publicSignals: number;
	readonly domainSize: number;
	/** Contributions to the second phase of the ceremony that the file lists (unverified). */
	readonly contributions: number;
	/** What `snarkjs zkey export verificationkey` gives, without vk_alphabeta_12. */
	readonly verificationKey: VerificationKey;
	/** Internal: for the prover of this package. */
	readonly parts: { readonly arena: Arena; readonly module: WasmModule; readonly layout: Layout };
	readonly #scratches: Scratch[] = [];
	#tables: Layout['sets'] | undefined;
	/** Internal. Whether the tables are filled. */
	tablesReady = false;
	#inUse = false;

	constructor(zkey: Zkey, parts: ProvingKey['parts']) {
		this.variables = zkey.variables;
		this.publicSignals = zkey.publicSignals;
		this.domainSize = zkey.domainSize;
		this.contributions = zkey.contributions;
		this.verificationKey = verificationKeyOf(zkey);
		this.parts = parts;
	}

	/** Internal. Memory for `count` threads; the next prover gets the same. */
	scratches(count: number): readonly Scratch[] {
		while (this.#scratches.length < count)
			this.#scratches.push(allocateScratch(this.parts.arena, [this.parts.layout.sets, tableShapes(this.parts.layout.sets)]));
		return this.#scratches.slice(0, count);
	}

	/** Internal. The same points with room for their tables. */
	tables(): Layout['sets'] {
		this.#tables ??= allocateTables(this.parts.arena, this.parts.layout.sets);
		return this.#tables;
	}

	/** Internal. @returns gives the key back. */
	claim(): () => void {
		if (this.#inUse) throw new Groth16Error('groth16/key-in-use', 'This proving key already serves a prover. Close that one first.');
		this.#inUse = true;
		return () => {
			this.#inUse = false;
		};
	}
}

/**
 * Reads a .zkey of snarkjs (Groth16, BN254). Checks its structure, that all numbers are in their fields and all points on
 * their curves; not that the key is the result of an honest ceremony, which is what a pinned hash is for.
 *
 * @throws Groth16Error `groth16/bad-key`, `groth16/no-memory`
 */
export function loadProvingKey(zkeyBytes: Uint8Array): ProvingKey {
	const zkey = parseZkey(zkeyBytes);
	const arena = new Arena();
	const module = compileModule(buildArithmeticModule());
	const arithmetic = instantiateArithmetic(module, arena.memory);
	return new ProvingKey(zkey, { arena, module, layout: new Loader(zkey, arena, arithmetic).load() });
}

/** Copies a key's parts to their places in memory, in this package's number format, and checks the points on the way. */
class Loader {
	readonly #zkey: Zkey;
	readonly #arena: Arena;
	readonly #arithmetic: Arithmetic;
	readonly #temporary: number;
	/** Bytes as they come from the file. */
	readonly #staging: number;
	/** Factors for Montgomery's multiplication that take the file's forms (R = 2^256) into ours. */
	readonly #coordinateFactor: number;
	readonly #termFactor: number;
	readonly #b: { readonly g1: number; readonly g2: number };

	constructor(zkey: Zkey, arena: Arena, arithmetic: Arithmetic) {
		this.#zkey = zkey;
		this.#arena = arena;
		this.#arithmetic = arithmetic;
		this.#temporary = arena.alloc(POINT_SCRATCH_ELEMENTS * ELEMENT_BYTES);
		this.#staging = arena.alloc(Math.max(zkey.b2.length, zkey.c.length + zkey.h.length, zkey.ic.length, zkey.terms.length) + 8);
		const r = 1n << BigInt(MONTGOMERY_BITS);
		// x * 2^256 -> x * R
		this.#coordinateFactor = this.#constant((r * r * modInverse(1n << 256n, FIELD_MODULUS)) % FIELD_MODULUS);
		// snarkjs multiplies coefficients by 2^256 twice, so that one multiplication with a plain witness ends in Montgomery form.
		this.#termFactor = this.#constant((r * r * modInverse(1n << 512n, SCALAR_MODULUS)) % SCALAR_MODULUS);
		const curveConstants = this.#constants([G1_B, ...G2_B].map((b) => (b * r) % FIELD_MODULUS));
		this.#b = { g1: curveConstants, g2: curveConstants + ELEMENT_BYTES };
	}

	load(): Layout {
		const zkey = this.#zkey;
		const arena = this.#arena;
		const domainBytes = zkey.domainSize * ELEMENT_BYTES;
		const { g1, g2 } = groupsOf(this.#arithmetic);
		const polynomials = [arena.alloc(domainBytes), arena.alloc(domainBytes), arena.alloc(domainBytes)] as const;
		const signals = arena.alloc(zkey.variables * ELEMENT_BYTES);
		const witness = arena.alloc((zkey.variables + zkey.domainSize) * 32);
		// C begins with the first private signal and ends with the last one, behind which the quotient's values stand.
		const joined = new Uint8Array(zkey.c.length + zkey.h.length);
		joined.set(zkey.c);
		joined.set(zkey.h, zkey.c.length);
		const root = rootOfUnity(Math.log2(zkey.domainSize));
		const layout: Layout = {
			variables: zkey.variables,
			publicSignals: zkey.publicSignals,
			domainSize: zkey.domainSize,
			control: arena.alloc(8),
			witness,
			quotient: witness + zkey.variables * 32,
			signals,
			witnessFactor: this.#constant(fieldConstants(SCALAR_MODULUS).r2),
			polynomials,
			terms: this.#terms(signals, polynomials),
			termCount: zkey.terms.length / TERM_RECORD_BYTES,
			roots: this.#powers(root, 1n, zkey.domainSize / 2),
			inverseRoots: this.#powers(modInverse(root, SCALAR_MODULUS), 1n, zkey.domainSize / 2),
			coset: this.#coset(),
			single: {
				alpha1: this.#point(g1, zkey.alpha1, 'alpha1'),
				beta1: this.#point(g1, zkey.beta1, 'beta1'),
				delta1: this.#point(g1, zkey.delta1, 'delta1'),
				beta2: this.#point(g2, zkey.beta2, 'beta2'),
				delta2: this.#point(g2, zkey.delta2, 'delta2'),
			},
			sets: {
				a: this.#points(g1, 'A', zkey.a),
				b1: this.#points(g1, 'B1', zkey.b1),
				b2: this.#points(g2, 'B2', zkey.b2),
				ch: this.#points(g1, 'C or H', joined, zkey.publicSignals + 1),
			},
			sums: {
				a: arena.alloc(jacobianBytes(g1)),
				b1: arena.alloc(jacobianBytes(g1)),
				b2: arena.alloc(jacobianBytes(g2)),
				ch: arena.alloc(jacobianBytes(g1)),
			},
		};
		// Only verifiers use these; a key whose verification key is broken is broken all the same.
		this.#point(g2, zkey.gamma2, 'gamma2');
		this.#points(g1, 'IC', zkey.ic);
		return layout;
	}

	/** Numbers as they stand, not in Montgomery form. */
	#constants(values: readonly bigint[]): number {
		const address = this.#arena.alloc(values.length * ELEMENT_BYTES);
		new Int32Array(this.#arena.memory.buffer, address, values.length * LIMBS).set(values.flatMap((value) => centredLimbs(value).map(Number)));
		return address;
	}

	#constant(value: bigint): number {
		return this.#constants([value]);
	}

	#import(bytes: Uint8Array, field: 'fq' | 'fr', factor: number, target: number): void {
		new Uint8Array(this.#arena.memory.buffer).set(bytes, this.#staging);
		this.#arithmetic[field].importAll(this.#staging, bytes.length / 32, factor, target);
	}

	/** The finite points of a section, and which scalar each goes with: the first with `firstScalar`, and so on. */
	#points(group: Group, what: string, bytes: Uint8Array, firstScalar = 0): Bases {
		checkBelow(bytes, FIELD_MODULUS);
		const inG2 = group.pointBytes > 2 * ELEMENT_BYTES;
		const fileBytes = inG2 ? 2 * G1_BYTES : G1_BYTES;
		const scalars: number[] = [];
		const finite = new Uint8Array(bytes.length);
		for (let k = 0; k * fileBytes < bytes.length; k++) {
			const point = bytes.subarray(k * fileBytes, (k + 1) * fileBytes);
			if (point.every((byte) => byte === 0)) continue;
			finite.set(point, scalars.length * fileBytes);
			scalars.push(firstScalar + k);
		}
		const count = scalars.length;
		const points = this.#arena.alloc(count * group.pointBytes);
		this.#import(finite.subarray(0, count * fileBytes), 'fq', this.#coordinateFactor, points);
		if (group.points.onCurve(points, count, inG2 ? this.#b.g2 : this.#b.g1, this.#temporary) !== count) {
			throw bad(`a point of ${what} is not on the curve`);
		}
		const windowBits = windowBitsFor(count);
		return { points, count, scalars: Uint32Array.from(scalars), windowBits, sets: windowCount(windowBits) };
	}

	#point(group: Group, bytes: Uint8Array, what: string): number {
		const { points, count } = this.#points(group, what, bytes);
		if (count !== 1) throw bad(`${what} is infinite`);
		return points;
	}

	#terms(signals: number, [a, b]: Layout['polynomials']): number {
		const { terms } = this.#zkey;
		const count = terms.length / TERM_RECORD_BYTES;
		const address = this.#arena.alloc(count * TERM_BYTES);
		const values = new Uint8Array(count * 32);
		for (let i = 0; i < count; i++) values.set(terms.subarray(i * TERM_RECORD_BYTES + 12, (i + 1) * TERM_RECORD_BYTES), i * 32);
		const imported = this.#arena.alloc(count * ELEMENT_BYTES);
		this.#import(values, 'fr', this.#termFactor, imported);
		const words = new Int32Array(this.#arena.memory.buffer);
		const records = view(terms);
		for (let i = 0; i < count; i++) {
			const at = i * TERM_RECORD_BYTES;
			const target = (address + i * TERM_BYTES) / 4;
			words[target] = (records.getUint32(at, true) === 0 ? a : b) + records.getUint32(at + 4, true) * ELEMENT_BYTES;
			words[target + 1] = signals + records.getUint32(at + 8, true) * ELEMENT_BYTES;
			words.copyWithin(target + 2, imported / 4 + i * LIMBS, imported / 4 + (i + 1) * LIMBS);
		}
		return address;
	}

	/** first, first * base, first * base^2, ... in Montgomery form. */
	#powers(base: bigint, first: bigint, count: number): number {
		const { one } = fieldConstants(SCALAR_MODULUS);
		const factor = this.#constant((base * one) % SCALAR_MODULUS);
		const address = this.#arena.alloc(Math.max(count, 1) * ELEMENT_BYTES);
		new Int32Array(this.#arena.memory.buffer, address, LIMBS).set(centredLimbs((first * one) % SCALAR_MODULUS).map(Number));
		for (let i = 1; i < count; i++) this.#arithmetic.fr.mul(address + (i - 1) * ELEMENT_BYTES, factor, address + i * ELEMENT_BYTES);
		return address;
	}

	#coset(): number {
		const { domainSize } = this.#zkey;
		const bits = Math.log2(domainSize);
		// The coset that the H points are made for: shifted by a root of the doubled domain.
		const natural = this.#powers(rootOfUnity(bits + 1), modInverse(BigInt(domainSize), SCALAR_MODULUS), domainSize);
		const address = this.#arena.alloc(domainSize * ELEMENT_BYTES);
		for (let i = 0; i < domainSize; i++) this.#arithmetic.fr.copy(natural + reverseBits(i, bits) * ELEMENT_BYTES, address + i * ELEMENT_BYTES);
		return address;
	}
}

function reverseBits(value: number, bits: number): number {
	let reversed = 0;
	for (let bit = 0; bit < bits; bit++) reversed |= ((value >>> bit) & 1) << (bits - 1 - bit);
	return reversed;
}

/** Without a table each window has its own buckets, whose sum costs twice their number: a few points for each. */
const windowBitsFor = (points: number): number => Math.min(14, Math.max(2, Math.round(Math.log2(Math.max(points, 1)) - 2.5)));
