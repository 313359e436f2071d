import { type Code, type FunctionBuilder, i32, i32x4, i64, type Local, loopWhile, type ModuleBuilder, seq, when } from './emit.ts';
import { carryLimbs, ELEMENT_BYTES, type FieldConstants, LIMBS, reduceLimbs } from './field.ts';
import { COUPLE_BYTES, gatherCouple, loadCouple, reduceCouple, scatterCouple, settleCouple, storeCouple } from './pair-field.ts';

/** Bytes of one coefficient of the constraint system: address of the sum, address of the signal, value. */
export const TERM_BYTES = 8 + ELEMENT_BYTES;

/**
 * Vectors of the scalar field: what the quotient polynomial needs. Transforms work in place and never permute: `<p>Dif`
 * takes natural order and gives bit-reversed, `<p>Dit` the reverse, so that one after the other ends where it began.
 */
export function definePolynomials(module: ModuleBuilder, prefix: string, field: FieldConstants): void {
	const load = (address: Code) => (i: number) => i64.load32S(address, i * 4);

	// sum += value * signal for each term; sums may have hundreds of terms, so each is reduced.
	module.define(`${prefix}AddTerms`, { params: ['i32', 'i32', 'i32'] }, (f) => {
		const [terms, count, scratch] = f.params as [Local, Local, Local];
		const [end, sum] = [f.local('i32'), f.local('i32')];
		f.emit(
			end.set(i32.add(terms.get, i32.mul(count.get, i32.const(TERM_BYTES)))),
			loopWhile(
				i32.ltU(terms.get, end.get),
				seq(
					sum.set(i32.load(terms.get)),
					module.call(`${prefix}Mul`, i32.add(terms.get, i32.const(8)), i32.load(terms.get, 4), scratch.get),
					reduceLimbs(f, field, (i) => i64.add(load(sum.get)(i), load(scratch.get)(i)), sum.get),
					terms.set(i32.add(terms.get, i32.const(TERM_BYTES))),
				),
			),
		);
	});

	// r[i] = a[i] * b[i]
	module.define(`${prefix}MulVector`, { params: ['i32', 'i32', 'i32', 'i32'] }, (f) => {
		const [a, b, count, r] = f.params as [Local, Local, Local, Local];
		const end = f.local('i32');
		f.emit(
			end.set(i32.add(a.get, i32.mul(count.get, i32.const(ELEMENT_BYTES)))),
			loopWhile(i32.ltU(a.get, end.get), seq(module.call(`${prefix}Mul`, a.get, b.get, r.get), ...[a, b, r].map(next))),
		);
	});

	// r[i] = r[i] - c[i]
	module.define(`${prefix}SubVector`, { params: ['i32', 'i32', 'i32'] }, (f) => {
		const [r, c, count] = f.params as [Local, Local, Local];
		const end = f.local('i32');
		f.emit(
			end.set(i32.add(r.get, i32.mul(count.get, i32.const(ELEMENT_BYTES)))),
			loopWhile(
				i32.ltU(r.get, end.get),
				seq(
					carryLimbs(f, (i) => i64.sub(load(r.get)(i), load(c.get)(i)), r.get),
					...[r, c].map(next),
				),
			),
		);
	});

	// Butterflies over blocks of 2 * half elements. `roots` holds w^0 ... w^(n/2 - 1), of which a block takes each (n / 2 half)-th.
	const stages = (decimateInFrequency: boolean) => (f: FunctionBuilder) => {
		const [data, bytes, roots, scratch] = f.params as [Local, Local, Local, Local];
		const [end, half, step, block, blockEnd, root] = Array.from({ length: 6 }, () => f.local('i32')) as [Local, Local, Local, Local, Local, Local];
		const [upper, difference] = [f.local('i32'), i32.add(scratch.get, i32.const(ELEMENT_BYTES))];
		const advance = seq(next(data), next(upper), root.set(i32.add(root.get, step.get)));
		const butterfly = decimateInFrequency
			? seq(
					...Array.from({ length: LIMBS }, (_, i) => i64.store32(difference, i64.sub(load(data.get)(i), load(upper.get)(i)), i * 4)),
					// This sum doubles at each stage; below, what is added is fresh from a multiplication.
					reduceLimbs(f, field, (i) => i64.add(load(data.get)(i), load(upper.get)(i)), data.get),
					module.call(`${prefix}Mul`, difference, root.get, upper.get),
				)
			: seq(
					module.call(`${prefix}Mul`, upper.get, root.get, scratch.get),
					carryLimbs(f, (i) => i64.sub(load(data.get)(i), load(scratch.get)(i)), upper.get),
					carryLimbs(f, (i) => i64.add(load(data.get)(i), load(scratch.get)(i)), data.get),
				);

		// The same for two neighbours, as couples, in all stages but the one whose blocks have no neighbours.
		const neighbour = (pointer: Local): Code => i32.add(pointer.get, i32.const(ELEMENT_BYTES));
		const [x, y] = [gatherCouple(f, data.get, neighbour(data)), gatherCouple(f, upper.get, neighbour(upper))];
		const roots2 = gatherCouple(f, root.get, i32.add(root.get, step.get));
		const [left, right] = [scratch.get, i32.add(scratch.get, i32.const(COUPLE_BYTES))];
		const multiplied = loadCouple(f, left);
		const vectorsOf = (locals: readonly Local[]): Code[] => locals.map((local) => local.get);
		const combine = (operation: typeof i32x4.add, a: readonly Local[], b: readonly Local[]): Code[] =>
			a.map((vector, j) => operation(vector.get, (b[j] as Local).get));
		const toData = (vectors: readonly Code[]): Code => scatterCouple(vectors, data.get, neighbour(data));
		const toUpper = (vectors: readonly Code[]): Code => scatterCouple(vectors, upper.get, neighbour(upper));
		const multiply = seq(roots2.code, storeCouple(vectorsOf(roots2.vectors), right), module.call(`${prefix}PairMul`, left, right, left), multiplied.code);
		const twoButterflies = decimateInFrequency
			? seq(
					x.code,
					y.code,
					storeCouple(combine(i32x4.sub, x.vectors, y.vectors), left),
					reduceCouple(f, field, combine(i32x4.add, x.vectors, y.vectors), toData),
					multiply,
					toUpper(vectorsOf(multiplied.vectors)),
				)
			: seq(
					y.code,
					storeCouple(vectorsOf(y.vectors), left),
					multiply,
					x.code,
					settleCouple(f, combine(i32x4.sub, x.vectors, multiplied.vectors), toUpper),
					settleCouple(f, combine(i32x4.add, x.vectors, multiplied.vectors), toData),
				);
		const start = f.local('i32');
		f.emit(
			start.set(data.get),
			end.set(i32.add(data.get, bytes.get)),
			// In bytes: half a block, and the step between its roots.
			half.set(decimateInFrequency ? i32.shrU(bytes.get, i32.const(1)) : i32.const(ELEMENT_BYTES)),
			step.set(decimateInFrequency ? i32.const(ELEMENT_BYTES) : i32.shrU(bytes.get, i32.const(1))),
			loopWhile(
				decimateInFrequency ? i32.geU(half.get, i32.const(ELEMENT_BYTES)) : i32.ltU(half.get, bytes.get),
				seq(
					block.set(start.get),
					loopWhile(
						i32.ltU(block.get, end.get),
						seq(
							data.set(block.get),
							blockEnd.set(i32.add(block.get, half.get)),
							upper.set(blockEnd.get),
							root.set(roots.get),
							when(
								i32.eq(half.get, i32.const(ELEMENT_BYTES)),
								loopWhile(i32.ltU(data.get, blockEnd.get), seq(butterfly, advance)),
								loopWhile(i32.ltU(data.get, blockEnd.get), seq(twoButterflies, advance, advance)),
							),
							block.set(upper.get),
						),
					),
					half.set(decimateInFrequency ? i32.shrU(half.get, i32.const(1)) : i32.shl(half.get, i32.const(1))),
					step.set(decimateInFrequency ? i32.shl(step.get, i32.const(1)) : i32.shrU(step.get, i32.const(1))),
				),
			),
		);
	};
	module.define(`${prefix}Dif`, { params: ['i32', 'i32', 'i32', 'i32'] }, stages(true));
	module.define(`${prefix}Dit`, { params: ['i32', 'i32', 'i32', 'i32'] }, stages(false));
}

const next = (pointer: Local): Code => pointer.set(i32.add(pointer.get, i32.const(ELEMENT_BYTES)));
