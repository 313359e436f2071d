import { type Code, i32, i64, type Local, type ModuleBuilder, seq } from './emit.ts';
import { ELEMENT_BYTES, type FieldConstants, loadLimbs, productTerm, reduceColumns } from './field.ts';

/**
 * The quadratic extension Fq[u] / (u^2 + 1) over the field `base`, as two elements. A product is two sums of two
 * products, each reduced once: 504 word multiplications, fewer than three full multiplications of Karatsuba's, and no
 * additions. Defines the same functions as `defineField`, except import and export.
 */
export function defineField2(module: ModuleBuilder, prefix: string, base: string, field: FieldConstants): void {
	const three = { params: ['i32', 'i32', 'i32'] } as const;
	const two = { params: ['i32', 'i32'] } as const;
	const second = (address: Code): Code => i32.add(address, i32.const(ELEMENT_BYTES));

	for (const constant of ['Zero', 'One']) {
		module.define(`${prefix}${constant}`, { params: ['i32'] }, (f) => {
			const [r] = f.params as [Local];
			f.emit(module.call(`${base}${constant}`, r.get), module.call(`${base}Zero`, second(r.get)));
		});
	}
	module.define(`${prefix}Mul`, three, (f) => {
		const [a, b, r] = f.params as [Local, Local, Local];
		const [a0, a1] = [loadLimbs(f, a.get), loadLimbs(f, a.get, ELEMENT_BYTES)];
		const [b0, b1] = [loadLimbs(f, b.get), loadLimbs(f, b.get, ELEMENT_BYTES)];
		f.emit(a0.code, a1.code, b0.code, b1.code);
		f.emit(reduceColumns(f, field, [productTerm(a0.limbs, b0.limbs), productTerm(a1.limbs, b1.limbs, -1)], r.get));
		f.emit(reduceColumns(f, field, [productTerm(a0.limbs, b1.limbs), productTerm(a1.limbs, b0.limbs)], r.get, ELEMENT_BYTES));
	});
	// (a0 + a1)(a0 - a1) and a0 * 2a1
	module.define(`${prefix}Square`, two, (f) => {
		const [a, r] = f.params as [Local, Local];
		const [a0, a1] = [loadLimbs(f, a.get), loadLimbs(f, a.get, ELEMENT_BYTES)];
		const sum = a0.limbs.map(() => f.local('i64'));
		const difference = a0.limbs.map(() => f.local('i64'));
		f.emit(a0.code, a1.code);
		for (const [i, limb] of a0.limbs.entries()) {
			const other = a1.limbs[i] as Local;
			f.emit((sum[i] as Local).set(i64.add(limb.get, other.get)), (difference[i] as Local).set(i64.sub(limb.get, other.get)));
			f.emit(other.set(i64.shl(other.get, i64.const(1n))));
		}
		f.emit(reduceColumns(f, field, [productTerm(sum, difference)], r.get));
		f.emit(reduceColumns(f, field, [productTerm(a0.limbs, a1.limbs)], r.get, ELEMENT_BYTES));
	});
	for (const operation of ['Add', 'Sub']) {
		module.define(`${prefix}${operation}`, three, (f) => {
			const [a, b, r] = f.params as [Local, Local, Local];
			f.emit(module.call(`${base}${operation}`, a.get, b.get, r.get));
			f.emit(module.call(`${base}${operation}`, second(a.get), second(b.get), second(r.get)));
		});
	}
	for (const operation of ['Neg', 'Copy', 'Canonical']) {
		module.define(`${prefix}${operation}`, two, (f) => {
			const [a, r] = f.params as [Local, Local];
			f.emit(module.call(`${base}${operation}`, a.get, r.get), module.call(`${base}${operation}`, second(a.get), second(r.get)));
		});
	}
	// Overwrites its operand with the canonical form.
	module.define(`${prefix}IsZero`, { params: ['i32'], result: 'i32' }, (f) => {
		const [a] = f.params as [Local];
		f.emit(i32.and(module.call(`${base}IsZero`, a.get), module.call(`${base}IsZero`, second(a.get))));
	});
	// conjugate / norm. `scratch` holds 20 elements of the base field.
	module.define(`${prefix}Inverse`, three, (f) => {
		const [a, r, scratch] = f.params as [Local, Local, Local];
		const at = (i: number): Code => i32.add(scratch.get, i32.const(i * ELEMENT_BYTES));
		f.emit(
			seq(
				module.call(`${base}Square`, a.get, at(17)),
				module.call(`${base}Square`, second(a.get), at(18)),
				module.call(`${base}Add`, at(17), at(18), at(17)),
				module.call(`${base}Inverse`, at(17), at(17), scratch.get),
				module.call(`${base}Neg`, second(a.get), at(18)),
				module.call(`${base}Mul`, a.get, at(17), r.get),
				module.call(`${base}Mul`, at(18), at(17), second(r.get)),
			),
		);
	});
}
