/** The part of ffjavascript that is used; the package has no types. */
declare module 'ffjavascript' {
	/** BN254 in WebAssembly; `true`: in this thread. */
	export function buildBn128(singleThread: boolean): Promise<{
		readonly tm: {
			readonly memory: WebAssembly.Memory;
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
	}>;
}
