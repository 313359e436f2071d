/**
 * The part of the WebAssembly JavaScript interface that this package uses. TypeScript has its types only in the DOM
 * library, which code that runs without a DOM should not see.
 */
export interface WasmMemory {
	readonly buffer: SharedArrayBuffer;
	/** @throws RangeError */
	grow(pages: number): number;
}

/** A compiled module: may be sent to other threads. */
export interface WasmModule {
	readonly wasmModule?: never;
}

interface Host {
	readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
	readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: { readonly [name: string]: unknown } };
	readonly Memory: new (options: { initial: number; maximum: number; shared: true }) => WasmMemory;
}

const host = (): Host => (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;

export function compileModule(bytes: Uint8Array<ArrayBuffer>): WasmModule {
	return new (host().Module)(bytes);
}

export function instantiateModule(module: WasmModule, imports: object): { readonly [name: string]: unknown } {
	return new (host().Instance)(module, imports).exports;
}

export function sharedMemory(maximumPages: number): WasmMemory {
	return new (host().Memory)({ initial: 1, maximum: maximumPages, shared: true });
}
