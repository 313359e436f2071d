// What is used of libraries that ship no types.

declare module 'snarkjs' {
	export const groth16: {
		prove(
			zkey: Uint8Array,
			witness: Uint8Array,
			logger?: undefined,
			options?: { readonly singleThread?: boolean },
		): Promise<{ proof: import('./model.ts').Groth16Proof; publicSignals: string[] }>;
		verify(verificationKey: unknown, publicSignals: readonly string[], proof: unknown): Promise<boolean>;
	};
}

declare module 'ffjavascript' {
	type Point = Uint8Array;
	interface Group {
		fromObject(coordinates: readonly unknown[]): Point;
		isValid(point: Point): boolean;
		isZero(point: Point): boolean;
		add(a: Point, b: Point): Point;
		neg(a: Point): Point;
		timesScalar(point: Point, scalar: bigint): Point;
	}
	export interface Curve {
		readonly G1: Group;
		readonly G2: Group;
		/** Whether the product of the pairings of each G1, G2 pair is one. */
		pairingEq(...points: Point[]): Promise<boolean>;
		terminate(): Promise<void>;
	}
	export function buildBn128(singleThread: boolean): Promise<Curve>;
}
