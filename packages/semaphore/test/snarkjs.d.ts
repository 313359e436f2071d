/** The part of snarkjs that the tests and the benchmark compare with. */
declare module 'snarkjs' {
	type Source = string | { readonly type: 'mem'; data?: Uint8Array };
	export const curves: { getCurveFromName(name: string): Promise<{ terminate(): Promise<void> }> };
	export const groth16: {
		fullProve(input: object, wasm: Source, zkey: Source): Promise<{ proof: Record<string, unknown>; publicSignals: string[] }>;
		verify(key: object, publicSignals: readonly string[], proof: object): Promise<boolean>;
	};
}
