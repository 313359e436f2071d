/**
 * A small WebAssembly assembler: just the instructions that the arithmetic here needs. The arithmetic is unrolled and
 * parametrised by the modulus, which is easier to read as a generator than as a thousand lines of text format; and the
 * module has to import a memory shared between threads, which the builders on npm cannot declare.
 */

export type ValueType = 'i32' | 'i64' | 'v128';

/** Encoded instructions. Expressions leave their value on the stack, statements leave nothing. */
export type Code = readonly number[];

const TYPE_BYTE = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const;

function unsigned(value: number): number[] {
	const bytes: number[] = [];
	let rest = value >>> 0;
	do {
		const low = rest & 0x7f;
		rest >>>= 7;
		bytes.push(rest === 0 ? low : low | 0x80);
	} while (rest !== 0);
	return bytes;
}

function signed(value: bigint): number[] {
	const bytes: number[] = [];
	let rest = value;
	for (;;) {
		const low = Number(rest & 0x7fn);
		rest >>= 7n;
		if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) {
			bytes.push(low);
			return bytes;
		}
		bytes.push(low | 0x80);
	}
}

const vector = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const name = (text: string): number[] => vector([...new TextEncoder().encode(text)].map((byte) => [byte]));
const section = (id: number, content: Code): number[] => [id, ...unsigned(content.length), ...content];

export const seq = (...parts: Code[]): Code => parts.flat();
const op =
	(code: number) =>
	(...operands: Code[]): Code => [...operands.flat(), code];

export const i32 = {
	const: (value: number): Code => [0x41, ...signed(BigInt(value | 0))],
	load: (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)],
	store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x36, 2, ...unsigned(offset)],
	eqz: op(0x45),
	eq: op(0x46),
	ltU: op(0x49),
	geU: op(0x4f),
	add: op(0x6a),
	sub: op(0x6b),
	mul: op(0x6c),
	and: op(0x71),
	or: op(0x72),
	shl: op(0x74),
	shrU: op(0x76),
	wrap: op(0xa7),
};

export const i64 = {
	const: (value: bigint): Code => [0x42, ...signed(value)],
	load: (address: Code, offset = 0): Code => [...address, 0x29, 0, ...unsigned(offset)],
	load32S: (address: Code, offset = 0): Code => [...address, 0x34, 0, ...unsigned(offset)],
	load32U: (address: Code, offset = 0): Code => [...address, 0x35, 0, ...unsigned(offset)],
	store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x37, 0, ...unsigned(offset)],
	store32: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x3e, 0, ...unsigned(offset)],
	eqz: op(0x50),
	ltS: op(0x53),
	add: op(0x7c),
	sub: op(0x7d),
	mul: op(0x7e),
	and: op(0x83),
	or: op(0x84),
	shl: op(0x86),
	shrS: op(0x87),
	shrU: op(0x88),
	extendS: op(0xac),
};

const simd =
	(code: number) =>
	(...operands: Code[]): Code => [...operands.flat(), 0xfd, ...unsigned(code)];

/** Vectors of two 64-bit or four 32-bit lanes. Addresses need no alignment. */
export const v128 = {
	load: (address: Code, offset = 0): Code => [...address, 0xfd, 0x00, 0, ...unsigned(offset)],
	/** One 32-bit word in all lanes. */
	load32Splat: (address: Code, offset = 0): Code => [...address, 0xfd, 0x09, 0, ...unsigned(offset)],
	store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0xfd, 0x0b, 0, ...unsigned(offset)],
	store32Lane: (address: Code, value: Code, lane: number, offset = 0): Code => [...address, ...value, 0xfd, 0x5a, 0, ...unsigned(offset), lane],
	/** Four of the eight 32-bit lanes of two vectors. */
	shuffle: (a: Code, b: Code, lanes: readonly [number, number, number, number]): Code => [
		...a,
		...b,
		0xfd,
		0x0d,
		...lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
	],
	constant32: (lanes: readonly [number, number, number, number]): Code => [
		0xfd,
		0x0c,
		...lanes.flatMap((lane) => [lane & 0xff, (lane >>> 8) & 0xff, (lane >>> 16) & 0xff, lane >>> 24]),
	],
	and: simd(0x4e),
	xor: simd(0x51),
};

export const i32x4 = {
	splat: simd(0x11),
	shl: simd(0xab),
	shrS: simd(0xac),
	add: simd(0xae),
	sub: simd(0xb1),
	mul: simd(0xb5),
};

export const i64x2 = {
	splat: simd(0x12),
	shrS: simd(0xcc),
	shrU: simd(0xcd),
	add: simd(0xce),
	sub: simd(0xd1),
	/** Products of the two low, or the two high, signed 32-bit lanes. */
	mulLow32: simd(0xdc),
	mulHigh32: simd(0xdd),
};

export const when = (condition: Code, then: Code, otherwise?: Code): Code => [
	...condition,
	0x04,
	0x40,
	...then,
	...(otherwise ? [0x05, ...otherwise] : []),
	0x0b,
];

/** `while (condition) body` */
export const loopWhile = (condition: Code, body: Code): Code => [0x02, 0x40, 0x03, 0x40, ...condition, 0x45, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b];

export const giveBack = (...value: Code[]): Code => [...value.flat(), 0x0f];

/** A local variable or parameter of one function. */
export interface Local {
	readonly get: Code;
	readonly set: (value: Code) => Code;
	readonly tee: (value: Code) => Code;
}

export interface FunctionBuilder {
	readonly params: readonly Local[];
	local(type: ValueType): Local;
	emit(...code: Code[]): void;
}

interface FunctionRecord {
	readonly paramTypes: readonly ValueType[];
	readonly result: ValueType | undefined;
	readonly locals: ValueType[];
	readonly body: Code[];
	readonly exportName: string | undefined;
}

export class ModuleBuilder {
	readonly #functions: FunctionRecord[] = [];
	readonly #indices = new Map<string, number>();

	/** Declares and defines `name`. It may call itself and what was defined before it. */
	define(functionName: string, signature: { params: readonly ValueType[]; result?: ValueType; exported?: boolean }, build: (f: FunctionBuilder) => void): void {
		const record: FunctionRecord = {
			paramTypes: signature.params,
			result: signature.result,
			locals: [],
			body: [],
			exportName: signature.exported === false ? undefined : functionName,
		};
		this.#indices.set(functionName, this.#functions.length);
		this.#functions.push(record);
		const variable = (index: number): Local => ({
			get: [0x20, ...unsigned(index)],
			set: (value) => [...value, 0x21, ...unsigned(index)],
			tee: (value) => [...value, 0x22, ...unsigned(index)],
		});
		build({
			params: signature.params.map((_, index) => variable(index)),
			local(type) {
				record.locals.push(type);
				return variable(signature.params.length + record.locals.length - 1);
			},
			emit(...code) {
				record.body.push(...code);
			},
		});
	}

	call(functionName: string, ...operands: Code[]): Code {
		const index = this.#indices.get(functionName);
		if (index === undefined) throw new RangeError(`No function ${functionName} yet.`);
		return [...operands.flat(), 0x10, ...unsigned(index)];
	}

	/** The module's bytes. It imports `env.memory`, shared, of between `minPages` and `maxPages`. */
	toBytes(minPages: number, maxPages: number): Uint8Array<ArrayBuffer> {
		const types = this.#functions.map(
			(f): Code => [0x60, ...vector(f.paramTypes.map((type) => [TYPE_BYTE[type]])), ...vector(f.result ? [[TYPE_BYTE[f.result]]] : [])],
		);
		const exported = this.#functions.flatMap((f, index): Code[] => (f.exportName ? [[...name(f.exportName), 0, ...unsigned(index)]] : []));
		const bodies = this.#functions.map((f): Code => {
			const content = [...vector(f.locals.map((type) => [1, TYPE_BYTE[type]])), ...f.body.flat(), 0x0b];
			return [...unsigned(content.length), ...content];
		});
		return Uint8Array.from([
			...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
			...section(1, vector(types)),
			...section(2, vector([[...name('env'), ...name('memory'), 0x02, 0x03, ...unsigned(minPages), ...unsigned(maxPages)]])),
			...section(3, vector(this.#functions.map((_, index) => unsigned(index)))),
			...section(7, vector(exported)),
			...section(10, vector(bodies)),
		]);
	}
}
