import { SCALAR_WORDS } from './digits.ts';
import { Groth16Error } from './errors.ts';
import { type Group, groupsOf } from './group.ts';
import { addPoint, multiplyPoint, toAffine } from './jacobian.ts';
import type { Layout, SetName } from './layout.ts';
import { type Bases, multiExponentiate } from './msm.ts';
import type { Scratch } from './scratch.ts';
import { fillTable, type TableSlice } from './tables.ts';
import { g1Json, g2Json, type Proof } from './verification-key.ts';
import { ELEMENT_BYTES } from './wasm/field.ts';
import type { WasmModule } from './wasm/host.ts';
import { type Arithmetic, instantiateArithmetic } from './wasm/module.ts';
import { readInteger } from './zkey.ts';

/** The steps of a proof. `evaluate` comes before transforms, all three of these before `quotient`, that before `sum ch`. */
export type Step =
	| { readonly kind: 'evaluate' }
	| { readonly kind: 'transform'; readonly polynomial: 0 | 1 | 2 }
	| { readonly kind: 'quotient' }
	| { readonly kind: 'sum'; readonly set: SetName; readonly bases: Bases };

/** What one thread does of a proof, on its own scratch in the shared memory. */
export class Engine {
	readonly #layout: Layout;
	readonly #scratch: Scratch;
	readonly #arithmetic: Arithmetic;
	readonly #words: Int32Array;

	constructor(module: WasmModule, layout: Layout, scratch: Scratch) {
		this.#layout = layout;
		this.#scratch = scratch;
		this.#arithmetic = instantiateArithmetic(module, scratch.memory);
		this.#words = new Int32Array(scratch.memory.buffer);
	}

	run(step: Step): void {
		this.#checkCancelled();
		if (step.kind === 'evaluate') this.#evaluate();
		else if (step.kind === 'transform') this.#transform(this.#layout.polynomials[step.polynomial]);
		else if (step.kind === 'quotient') this.#quotient();
		else this.#sum(step.set, step.bases);
	}

	/** A and B at the domain's points, and A * B, which for a valid witness is C. */
	#evaluate(): void {
		const { fr } = this.#arithmetic;
		const { polynomials, witness, witnessFactor, signals, variables, domainSize, terms, termCount } = this.#layout;
		const [a, b, c] = polynomials;
		fr.importAll(witness, variables, witnessFactor, signals);
		for (const polynomial of [a, b]) this.#words.fill(0, polynomial / 4, (polynomial + domainSize * ELEMENT_BYTES) / 4);
		fr.addTerms(terms, termCount, this.#scratch.temporary);
		fr.mulVector(a, b, domainSize, c);
	}

	/** From values on the domain to values on the coset. */
	#transform(polynomial: number): void {
		const { fr } = this.#arithmetic;
		const { domainSize, roots, inverseRoots, coset } = this.#layout;
		const bytes = domainSize * ELEMENT_BYTES;
		fr.dif(polynomial, bytes, inverseRoots, this.#scratch.temporary);
		fr.mulVector(polynomial, coset, domainSize, polynomial);
		fr.dit(polynomial, bytes, roots, this.#scratch.temporary);
	}

	/** A * B - C on the coset; the division by the vanishing polynomial, a constant there, is in the H points. */
	#quotient(): void {
		const { fr } = this.#arithmetic;
		const { polynomials, domainSize, quotient } = this.#layout;
		const [a, b, c] = polynomials;
		fr.mulVector(a, b, domainSize, a);
		fr.subVector(a, c, domainSize);
		fr.exportAll(a, domainSize, this.#scratch.temporary, quotient);
	}

	#sum(set: SetName, bases: Bases): void {
		const { witness, variables, domainSize, sums } = this.#layout;
		const scalars = new Uint32Array(this.#scratch.memory.buffer, witness, (variables + domainSize) * SCALAR_WORDS);
		multiExponentiate(this.#group(set), bases, scalars, this.#scratch, sums[set], () => this.#checkCancelled());
	}

	/** Makes a part of a table: `table` is the set with it. */
	fillTable(slice: TableSlice, table: Bases): void {
		this.#checkCancelled();
		if (!fillTable(this.#group(slice.set), this.#layout.sets[slice.set], table, slice, this.#scratch)) {
			throw new Groth16Error('groth16/bad-key', 'This proving key has a point that is not in its group. Get the file again.');
		}
	}

	#group(set: SetName): Group {
		const { g1, g2 } = groupsOf(this.#arithmetic);
		return set === 'b2' ? g2 : g1;
	}

	/** The proof from the sets' sums, blinded with r and s (Groth16, section 3.2). Uses the sums up. */
	finish(r: bigint, s: bigint): Proof {
		const { g1, g2 } = groupsOf(this.#arithmetic);
		const { single, sums } = this.#layout;
		const { temporary, points, buckets: affine } = this.#scratch;
		const addMultiple = (group: Group, sum: number, point: number, scalar: bigint): void => {
			multiplyPoint(group, point, scalar, points, temporary);
			toAffine(group, points, affine, temporary);
			addPoint(group, sum, affine, temporary);
		};
		const coordinates = (group: Group, sum: number): bigint[] => {
			toAffine(group, sum, affine, temporary);
			return this.#numbers(affine, group.pointBytes / ELEMENT_BYTES);
		};

		// A = alpha + sum a + r delta
		addPoint(g1, sums.a, single.alpha1, temporary);
		addMultiple(g1, sums.a, single.delta1, r);
		// B = beta + sum b + s delta
		addPoint(g2, sums.b2, single.beta2, temporary);
		addMultiple(g2, sums.b2, single.delta2, s);
		// C = sum ch + s A + r B - r s delta, where r B - r s delta is r (beta + sum b)
		addPoint(g1, sums.b1, single.beta1, temporary);
		const [ax, ay] = coordinates(g1, sums.a) as [bigint, bigint];
		const aPoint = affine + g2.pointBytes;
		toAffine(g1, sums.a, aPoint, temporary);
		addMultiple(g1, sums.ch, aPoint, s);
		toAffine(g1, sums.b1, aPoint, temporary);
		addMultiple(g1, sums.ch, aPoint, r);

		const [bx0, bx1, by0, by1] = coordinates(g2, sums.b2) as [bigint, bigint, bigint, bigint];
		const [cx, cy] = coordinates(g1, sums.ch) as [bigint, bigint];
		return { pi_a: g1Json(ax, ay), pi_b: g2Json([bx0, bx1], [by0, by1]), pi_c: g1Json(cx, cy), protocol: 'groth16', curve: 'bn128' };
	}

	/** Numbers in plain form. */
	#numbers(address: number, count: number): bigint[] {
		const { temporary, list } = this.#scratch;
		this.#arithmetic.fq.exportAll(address, count, temporary, list);
		const bytes = new Uint8Array(this.#scratch.memory.buffer, list, count * 32);
		return Array.from({ length: count }, (_, i) => readInteger(bytes.subarray(i * 32, (i + 1) * 32)));
	}

	#checkCancelled(): void {
		if (Atomics.load(this.#words, this.#layout.control / 4) !== 0) throw new Groth16Error('groth16/cancelled', 'Proving was cancelled.');
	}
}
