import { concat } from '@holdfast/crypto';
import { ORDER } from './ciphersuite.ts';
import { BOUND_BASE } from './engine.ts';
import { BbsError } from './errors.ts';

/**
 * The library's composite proof is points and scalars between lengths, tags, flags and the base of the range
 * proof's digits. All but the points and scalars follow from the statement, so a presentation holds only
 * those, and the verifier writes the rest. A holder can't choose the base (there are generators for this one
 * only, and the library would take another from the proof), add or drop a statement, or make the library
 * reserve memory for a length.
 */
type Segment = Uint8Array | 'point' | 'scalar';

export type StatementKind = 'bound' | 'pseudonym';

const POINT = 48;
const SCALAR = 32;

const u64 = (value: number): Uint8Array => {
	const out = new Uint8Array(8);
	new DataView(out.buffer).setBigUint64(0, BigInt(value), true);
	return out;
};
const points = (count: number): Segment[] => new Array<Segment>(count).fill('point');
const scalars = (count: number): Segment[] => new Array<Segment>(count).fill('scalar');

/** Ends every proof: no aggregated SNARKs of either kind, an empty list. */
const END = new Uint8Array(10);

/** Knowledge of a signature with `hidden` undisclosed messages: A_bar, B_bar, T, responses. */
const signature = (hidden: number): Segment[] => [
	Uint8Array.of(0x1f),
	...points(3),
	Uint8Array.of(1),
	u64(hidden + 2),
	...scalars(hidden + 2),
	Uint8Array.of(0),
];

/** The opening of a commitment to a value that the signature's proof has answered for: one point, one response. */
const opening = (): Segment[] => ['point', u64(1), u64(1), 'scalar', u64(2)];

/** V_1, V_2, base, D, M, R, S, seven rounds of two points each, two scalars, the openings of V_1 and V_2. */
const bound = (): Segment[] => [
	Uint8Array.of(0x0c),
	u64(2),
	...points(2),
	Uint8Array.of(BOUND_BASE, 0),
	...points(4),
	u64(7),
	...points(7),
	u64(7),
	...points(7),
	u64(1),
	'scalar',
	u64(1),
	'scalar',
	...opening(),
	...opening(),
];

/** Knowledge of the pseudonym's secret: one point, no response of its own. */
const pseudonym = (): Segment[] => [Uint8Array.of(0x20), 'point', u64(0), u64(1)];

/** Of a presentation: the signature, then the statements in their order. */
export const presentationLayout = (hidden: number, statements: readonly StatementKind[]): readonly Segment[] => [
	u64(1 + statements.length),
	...signature(hidden),
	...statements.flatMap((kind) => (kind === 'bound' ? bound() : pseudonym())),
	END,
];

/** Of a request for a blind signature: knowledge of the opening of a commitment to two values. */
export const commitmentLayout = (): readonly Segment[] => [u64(1), Uint8Array.of(0x03), 'point', u64(2), 'scalar', 'scalar', END];

const lengthOf = (segment: Segment): number => (segment === 'point' ? POINT : segment === 'scalar' ? SCALAR : segment.length);

/** How many bytes of points and scalars there are. */
export const compactLength = (layout: readonly Segment[]): number =>
	layout.reduce((sum, segment) => sum + (typeof segment === 'string' ? lengthOf(segment) : 0), 0);

/** The points and scalars of a proof that the library made. Throws `bbs/engine-failed` where it is not of this layout. */
export function compactProof(layout: readonly Segment[], proof: Uint8Array): Uint8Array {
	const parts: Uint8Array[] = [];
	let at = 0;
	for (const segment of layout) {
		const part = proof.subarray(at, at + lengthOf(segment));
		if (typeof segment === 'string') parts.push(part);
		else if (part.length !== segment.length || segment.some((byte, index) => byte !== part[index])) throw unexpected();
		at += lengthOf(segment);
	}
	if (at !== proof.length) throw unexpected();
	return concat(...parts);
}

/** The library's bytes from points and scalars out of a stranger's hand. Throws `bbs/bad-proof`. */
export function expandProof(layout: readonly Segment[], compact: Uint8Array): Uint8Array {
	if (compact.length !== compactLength(layout)) throw badProof();
	let at = 0;
	const parts = layout.map((segment) => {
		if (typeof segment !== 'string') return segment;
		const part = compact.subarray(at, at + lengthOf(segment));
		at += part.length;
		if (segment === 'point' ? !isCompressedPoint(part) : !isScalar(part)) throw badProof();
		return part;
	});
	return concat(...parts);
}

/** Compressed, and not the identity, which no honest proof holds. The library checks the curve and the subgroup. */
const isCompressedPoint = (bytes: Uint8Array): boolean => ((bytes[0] ?? 0) & 0xc0) === 0x80;

/** Below the order, so that no scalar has two spellings. */
function isScalar(bytes: Uint8Array): boolean {
	let value = 0n;
	for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
	return value < ORDER;
}

const badProof = (): BbsError => new BbsError('bbs/bad-proof', 'The proof is damaged or was not made for this request.');
const unexpected = (): BbsError => new BbsError('bbs/engine-failed', 'The proof could not be made.');
