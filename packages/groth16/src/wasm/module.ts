import { FIELD_MODULUS, SCALAR_MODULUS } from '../curve.ts';
import { ModuleBuilder } from './emit.ts';
import { defineField } from './field.ts';
import { defineField2 } from './field2.ts';
import { instantiateModule, type WasmMemory, type WasmModule } from './host.ts';
import { definePairField } from './pair-field.ts';
import { defineAddPairs, defineDoubleAll, defineOnCurve } from './points.ts';
import { definePolynomials } from './polynomial.ts';

type Unary = (a: number, result: number) => void;
type Binary = (a: number, b: number, result: number) => void;

/** Field arithmetic as the module exports it under a prefix. Arguments are addresses. */
export interface FieldExports {
	readonly zero: (result: number) => void;
	readonly one: (result: number) => void;
	readonly mul: Binary;
	readonly square: Unary;
	readonly add: Binary;
	readonly sub: Binary;
	readonly neg: Unary;
	readonly copy: Unary;
	readonly canonical: Unary;
	readonly isZero: (a: number) => number;
	readonly inverse: (a: number, result: number, scratch: number) => void;
}

export interface PointExports {
	readonly addPairs: (list: number, count: number, prefixes: number, scratch: number) => number;
	readonly doubleAll: (points: number, count: number, prefixes: number, scratch: number) => number;
	readonly onCurve: (points: number, count: number, b: number, scratch: number) => number;
}

export interface VectorExports {
	readonly importAll: (source: number, count: number, factor: number, target: number) => void;
	readonly exportAll: (source: number, count: number, scratch: number, target: number) => void;
}

export interface ScalarExports extends FieldExports, VectorExports {
	readonly addTerms: (terms: number, count: number, scratch: number) => void;
	readonly mulVector: (a: number, b: number, count: number, result: number) => void;
	readonly subVector: (a: number, b: number, count: number) => void;
	/** `bytes` is the length of `data`. */
	readonly dif: (data: number, bytes: number, roots: number, scratch: number) => void;
	readonly dit: (data: number, bytes: number, roots: number, scratch: number) => void;
}

export interface Arithmetic {
	readonly fq: FieldExports & VectorExports;
	readonly fq2: FieldExports;
	readonly fr: ScalarExports;
	readonly g1: PointExports;
	readonly g2: PointExports;
}

export const MAX_PAGES = 32_768;

/** The module's bytes, for memories that begin with any number of pages and hold at most `MAX_PAGES` (2 GiB). */
export function buildArithmeticModule(): Uint8Array<ArrayBuffer> {
	const module = new ModuleBuilder();
	const q = defineField(module, 'fq', FIELD_MODULUS);
	defineField2(module, 'fq2', 'fq', q);
	definePairField(module, 'fq', q, 'fq2');
	const g1 = { name: 'fq', parts: 1, base: q };
	const g2 = { name: 'fq2', parts: 2, base: q };
	defineAddPairs(module, 'g1', g1);
	defineAddPairs(module, 'g2', g2);
	defineDoubleAll(module, 'g1', g1);
	defineDoubleAll(module, 'g2', g2);
	defineOnCurve(module, 'g1', g1);
	defineOnCurve(module, 'g2', g2);
	const r = defineField(module, 'fr', SCALAR_MODULUS);
	definePairField(module, 'fr', r);
	definePolynomials(module, 'fr', r);
	return module.toBytes(1, MAX_PAGES);
}

/** The module's functions over `memory`. They keep no state of their own: threads may share a memory. */
export function instantiateArithmetic(module: WasmModule, memory: WasmMemory): Arithmetic {
	const exports = instantiateModule(module, { env: { memory } });
	// biome-ignore lint/suspicious/noExplicitAny: exports are untyped; the interfaces above are what buildArithmeticModule defines.
	const get = (name: string): any => exports[name];
	const field = (prefix: string): FieldExports => ({
		zero: get(`${prefix}Zero`),
		one: get(`${prefix}One`),
		mul: get(`${prefix}Mul`),
		square: get(`${prefix}Square`),
		add: get(`${prefix}Add`),
		sub: get(`${prefix}Sub`),
		neg: get(`${prefix}Neg`),
		copy: get(`${prefix}Copy`),
		canonical: get(`${prefix}Canonical`),
		isZero: get(`${prefix}IsZero`),
		inverse: get(`${prefix}Inverse`),
	});
	const vector = (prefix: string): VectorExports => ({ importAll: get(`${prefix}Import`), exportAll: get(`${prefix}Export`) });
	const points = (prefix: string): PointExports => ({
		addPairs: get(`${prefix}AddPairs`),
		doubleAll: get(`${prefix}DoubleAll`),
		onCurve: get(`${prefix}OnCurve`),
	});
	return {
		fq: { ...field('fq'), ...vector('fq') },
		fq2: field('fq2'),
		fr: {
			...field('fr'),
			...vector('fr'),
			addTerms: get('frAddTerms'),
			mulVector: get('frMulVector'),
			subVector: get('frSubVector'),
			dif: get('frDif'),
			dit: get('frDit'),
		},
		g1: points('g1'),
		g2: points('g2'),
	};
}
