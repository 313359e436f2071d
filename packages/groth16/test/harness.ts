import { Arena } from '../src/arena.ts';
import { FIELD_MODULUS } from '../src/curve.ts';
import { windowCount } from '../src/digits.ts';
import { type Group, groupsOf } from '../src/group.ts';
import { jacobianBytes, toAffine } from '../src/jacobian.ts';
import { type Bases, multiExponentiate } from '../src/msm.ts';
import { allocateScratch } from '../src/scratch.ts';
import { fillTable } from '../src/tables.ts';
import { centredLimbs, ELEMENT_BYTES, fromLimbs, LIMBS, MONTGOMERY_BITS, modInverse } from '../src/wasm/field.ts';
import { compileModule } from '../src/wasm/host.ts';
import { type Arithmetic, buildArithmeticModule, instantiateArithmetic } from '../src/wasm/module.ts';
import { POINT_SCRATCH_ELEMENTS } from '../src/wasm/points.ts';
import { readInteger } from '../src/zkey.ts';

/** The arithmetic over a memory of its own, with numbers and points put in and read out as plain integers. */
export class Harness {
	readonly arena = new Arena();
	readonly arithmetic: Arithmetic = instantiateArithmetic(compileModule(buildArithmeticModule()), this.arena.memory);
	readonly groups = groupsOf(this.arithmetic);

	put(value: bigint, address = this.arena.alloc(ELEMENT_BYTES)): number {
		new Int32Array(this.arena.memory.buffer, address, LIMBS).set(centredLimbs(value).map(Number));
		return address;
	}

	get(address: number): bigint {
		return fromLimbs(new Int32Array(this.arena.memory.buffer, address, LIMBS));
	}

	bytes(address: number, length: number): Uint8Array {
		return new Uint8Array(this.arena.memory.buffer, address, length);
	}

	/** Affine points in snarkjs's form (Montgomery, R = 2^256); infinite ones are left out, as the key's loader does. */
	bases(group: Group, points: readonly Uint8Array[], table: { windowBits: number; sets?: number }): Bases {
		const finite = points.map((point, i) => ({ point, i })).filter(({ point }) => point.some((byte) => byte !== 0));
		const numbers = group.pointBytes / ELEMENT_BYTES;
		const r = 1n << BigInt(MONTGOMERY_BITS);
		const factor = this.put((r * r * modInverse(1n << 256n, FIELD_MODULUS)) % FIELD_MODULUS);
		const address = this.arena.alloc(finite.length * group.pointBytes);
		const staging = this.arena.alloc(numbers * 32 + 8);
		for (const [k, { point }] of finite.entries()) {
			this.bytes(staging, numbers * 32).set(point);
			this.arithmetic.fq.importAll(staging, numbers, factor, address + k * group.pointBytes);
		}
		return {
			points: address,
			count: finite.length,
			scalars: Uint32Array.from(finite, ({ i }) => i),
			windowBits: table.windowBits,
			sets: table.sets ?? windowCount(table.windowBits),
		};
	}

	/** The same points with a table. */
	table(group: Group, bases: Bases): Bases {
		const levels = Math.ceil(windowCount(bases.windowBits) / bases.sets);
		const table = { ...bases, points: this.arena.alloc(levels * bases.count * group.pointBytes) };
		const scratch = allocateScratch(this.arena, [{ a: bases, b1: bases, b2: bases, ch: bases }]);
		if (!fillTable(group, bases, table, { set: 'a', from: 0, to: bases.count }, scratch)) throw new Error('A point has no double.');
		return table;
	}

	/** Coordinates of the sum of scalar * point; zeros for infinity. */
	multiExponentiate(group: Group, bases: Bases, scalars: readonly bigint[]): bigint[] {
		const words = Uint32Array.from(scalars.flatMap((scalar) => Array.from({ length: 8 }, (_, i) => Number((scalar >> BigInt(32 * i)) & 0xffffffffn))));
		const sets = { a: bases, b1: bases, b2: bases, ch: bases };
		const scratch = allocateScratch(this.arena, [sets]);
		const sum = this.arena.alloc(jacobianBytes(group));
		multiExponentiate(group, bases, words, scratch, sum, () => {});
		return this.affine(group, sum);
	}

	affine(group: Group, jacobian: number): bigint[] {
		const scratch = this.arena.alloc(POINT_SCRATCH_ELEMENTS * ELEMENT_BYTES);
		const affine = this.arena.alloc(group.pointBytes);
		toAffine(group, jacobian, affine, scratch);
		const numbers = group.pointBytes / ELEMENT_BYTES;
		const out = this.arena.alloc(numbers * 32);
		this.arithmetic.fq.exportAll(affine, numbers, scratch, out);
		return Array.from({ length: numbers }, (_, i) => readInteger(this.bytes(out + i * 32, 32)));
	}
}
