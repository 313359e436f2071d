export declare const CIRCUITS_FOLDER: string;
export declare const OUT: string;
export declare const CIRCUITS: readonly string[];
export declare function sha256(bytes: Uint8Array): string;
export declare function compile(
	circuit: string,
	options?: { readonly folder?: string; readonly source?: string; readonly wasm?: boolean },
): Promise<{ readonly r1cs: string; readonly sym: string; readonly wasm: string }>;
