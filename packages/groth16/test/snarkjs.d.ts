/** The part of snarkjs that the tests compare with. */
declare module 'snarkjs' {
	interface Logger {
		debug(message: string): void;
	}
	type Source = string | { readonly type: 'mem'; data?: Uint8Array };
	interface CurveGroup {
		readonly g: Uint8Array;
		readonly zeroAffine: Uint8Array;
		timesScalar(point: Uint8Array, scalar: bigint): Uint8Array;
		toAffine(point: Uint8Array): Uint8Array;
		neg(point: Uint8Array): Uint8Array;
		toObject(affine: Uint8Array): bigint[] & bigint[][];
		multiExpAffine(bases: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
	}
	interface Curve {
		readonly G1: CurveGroup;
		readonly G2: CurveGroup;
		terminate(): Promise<void>;
	}
	export const curves: { getCurveFromName(name: string): Promise<Curve> };
	export const powersOfTau: {
		newAccumulator(curve: Curve, power: number, file: string, logger?: Logger): Promise<unknown>;
		contribute(from: string, to: string, name: string, entropy: string, logger?: Logger): Promise<unknown>;
		preparePhase2(from: string, to: string, logger?: Logger): Promise<unknown>;
	};
	export const zKey: {
		newZKey(r1cs: string, ptau: string, to: string, logger?: Logger): Promise<unknown>;
		contribute(from: string, to: string, name: string, entropy: string, logger?: Logger): Promise<unknown>;
		exportVerificationKey(source: Source | Uint8Array): Promise<Record<string, unknown>>;
	};
	export const wtns: { calculate(input: object, wasm: Source, to: { type: 'mem'; data?: Uint8Array }): Promise<void> };
	export const groth16: {
		prove(zkey: Source, witness: Source): Promise<{ proof: Record<string, unknown>; publicSignals: string[] }>;
		fullProve(input: object, wasm: Source, zkey: Source): Promise<{ proof: Record<string, unknown>; publicSignals: string[] }>;
		verify(key: object, publicSignals: readonly string[], proof: object): Promise<boolean>;
	};
}
