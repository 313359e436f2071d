/// <reference path="./libraries.d.ts" />
import type { Random } from '@holdfast/kernel';
import { bn254 } from '@noble/curves/bn254.js';
import { buildBn128 } from 'ffjavascript';
import { writeReferenceString } from './reference-string-folder.node.ts';

const WINDOW = 13;
const WINDOWS = Math.ceil(254 / WINDOW);
const SIZE = 1 << WINDOW;
const AFFINE = 64;
const JACOBIAN = 96;

/** BN254 in WebAssembly, as far as it is used: its memory and what works on points in it. */
interface RawCurve {
	readonly tm: {
		readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
		readonly instance: {
			readonly exports: { readonly [name in `g1m_${'zero' | 'add' | 'addMixed' | 'batchToAffine' | 'batchLEMtoU'}`]: (...pointers: number[]) => void };
		};
		u8: Uint8Array;
		u32: Uint32Array;
		alloc(bytes: number): number;
	};
	/** The generator in Jacobian coordinates, in Montgomery form. */
	readonly G1: { readonly g: Uint8Array };
	terminate(): Promise<void>;
}

/**
 * Makes a reference string for development: powers of a random number that is forgotten when this returns. Nobody but its
 * maker can know that it was, so it is never canonical and no production build takes it. About 10 s for 2^18 points.
 *
 * Multiples of the generator from a table of 13-bit windows, in WebAssembly.
 */
export async function makeDevelopmentReferenceString(folder: string, points: number, random: Random): Promise<void> {
	const order = bn254.G1.Point.Fn.ORDER;
	const x = (BigInt(`0x${Buffer.from(random.bytes(48)).toString('hex')}`) % (order - 2n)) + 2n;

	const curve = await buildBn128<RawCurve>(true);
	const { tm } = curve;
	const wasm = tm.instance.exports;
	const table = tm.alloc(WINDOWS * SIZE * AFFINE);
	const work = tm.alloc(Math.max(points, WINDOWS * SIZE) * JACOBIAN);
	const out = tm.alloc(points * AFFINE);
	const base = tm.alloc(JACOBIAN);
	// What converts to affine coordinates takes room behind what is allocated.
	const room = base + JACOBIAN + Math.max(points, WINDOWS * SIZE) * AFFINE - tm.memory.buffer.byteLength;
	tm.memory.grow(Math.max(0, Math.ceil(room / 65_536)) + 1);
	// The views of the memory before it grew are gone.
	tm.u8 = new Uint8Array(tm.memory.buffer);
	tm.u32 = new Uint32Array(tm.memory.buffer);
	tm.u8.set(curve.G1.g, base);

	for (let window = 0; window < WINDOWS; window++) {
		const at = (k: number): number => work + (window * SIZE + k) * JACOBIAN;
		wasm.g1m_zero(at(0));
		for (let k = 1; k < SIZE; k++) wasm.g1m_add(at(k - 1), base, at(k));
		wasm.g1m_add(at(SIZE - 1), base, base);
	}
	wasm.g1m_batchToAffine(work, WINDOWS * SIZE, table);

	const mask = BigInt(SIZE - 1);
	let power = 1n;
	for (let i = 0; i < points; i++) {
		const point = work + i * JACOBIAN;
		wasm.g1m_zero(point);
		let rest = power;
		for (let window = 0; rest > 0n; window++) {
			const digit = Number(rest & mask);
			rest >>= BigInt(WINDOW);
			if (digit > 0) wasm.g1m_addMixed(point, table + (window * SIZE + digit) * AFFINE, point);
		}
		power = (power * x) % order;
	}
	wasm.g1m_batchToAffine(work, points, out);
	wasm.g1m_batchLEMtoU(out, points, out);
	const g1 = new Uint8Array(tm.memory.buffer, out, points * AFFINE).slice();

	const { x: a, y: b } = bn254.G2.Point.BASE.multiply(x).toAffine();
	const g2 = Buffer.from([a.c0, a.c1, b.c0, b.c1].map((each) => each.toString(16).padStart(64, '0')).join(''), 'hex');
	await curve.terminate();
	await writeReferenceString(folder, g1, new Uint8Array(g2));
}
