import type { Proof } from '@holdfast/groth16';
import { SemaphoreError } from './errors.ts';
import { hasOnly, isRecord } from './json.ts';
import { BASE_FIELD_ORDER, FIELD_ORDER, readDecimal, VALUE_LIMIT } from './numbers.ts';

/** A proof in the form of @semaphore-protocol/proof 4. Numbers are decimal texts, of one spelling each. */
export interface SemaphoreProof {
	/** Of the tree that the circuit is for, not of the group's tree. */
	readonly merkleTreeDepth: number;
	readonly merkleTreeRoot: string;
	readonly nullifier: string;
	/** 256 bits; the circuit gets a hash of it. */
	readonly message: string;
	/** 256 bits; the circuit gets a hash of it. */
	readonly scope: string;
	/** A, B, C: eight coordinates, those of B's in the order of Ethereum's precompile. */
	readonly points: readonly string[];
}

const MEMBERS = ['merkleTreeDepth', 'merkleTreeRoot', 'nullifier', 'message', 'scope', 'points'];
/** Of the circuits that the Semaphore project publishes. */
const DEEPEST = 32;

/** Reads a proof from parsed JSON, strictly: these members only, numbers in range. Checks nothing of what it proves. Throws `semaphore/malformed`. */
export function readSemaphoreProof(json: unknown): SemaphoreProof {
	if (!isRecord(json) || !hasOnly(json, MEMBERS)) throw malformed();
	const { merkleTreeDepth: depth, points } = json;
	if (typeof depth !== 'number' || !Number.isInteger(depth) || depth < 1 || depth > DEEPEST) throw malformed();
	if (!Array.isArray(points) || points.length !== 8) throw malformed();
	const number = (value: unknown, limit: bigint): string => {
		if (readDecimal(value, limit) === undefined) throw malformed();
		return value as string;
	};
	return {
		merkleTreeDepth: depth,
		merkleTreeRoot: number(json.merkleTreeRoot, FIELD_ORDER),
		// A nullifier at or above the order would be a second spelling of another one.
		nullifier: number(json.nullifier, FIELD_ORDER),
		message: number(json.message, VALUE_LIMIT),
		scope: number(json.scope, VALUE_LIMIT),
		points: points.map((each) => number(each, BASE_FIELD_ORDER)),
	};
}

const malformed = (): SemaphoreError => new SemaphoreError('semaphore/malformed', 'This anonymous proof cannot be read.');

/** Coordinates as Semaphore packs them: B's two halves are swapped, as Ethereum's pairing precompile wants them. */
export const packPoints = ({ pi_a: a, pi_b: b, pi_c: c }: Proof): string[] => [a[0], a[1], b[0][1], b[0][0], b[1][1], b[1][0], c[0], c[1]];

export function unpackPoints(points: readonly string[]): Proof {
	const [ax, ay, bx1, bx0, by1, by0, cx, cy] = points as [string, string, string, string, string, string, string, string];
	return {
		pi_a: [ax, ay, '1'],
		pi_b: [
			[bx0, bx1],
			[by0, by1],
			['1', '0'],
		],
		pi_c: [cx, cy, '1'],
		protocol: 'groth16',
		curve: 'bn128',
	};
}
