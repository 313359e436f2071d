import type { Step } from './engine.ts';
import type { Groth16ErrorCode } from './errors.ts';
import type { Layout } from './layout.ts';
import type { Bases } from './msm.ts';
import type { Scratch } from './scratch.ts';
import type { TableSlice } from './tables.ts';
import type { Proof } from './verification-key.ts';
import type { WasmModule } from './wasm/host.ts';
import type { CircuitInputs } from './witness-calculator.ts';

/** What a thread is started with. */
export interface WorkerData {
	readonly module: WasmModule;
	readonly layout: Layout;
	readonly scratch: Scratch;
	readonly calculator: WasmModule | undefined;
}

/** One piece of work. A thread does one at a time and answers each. */
export type Task =
	| { readonly kind: 'witness'; readonly inputs: CircuitInputs }
	| Step
	| { readonly kind: 'table'; readonly slice: TableSlice; readonly table: Bases }
	| { readonly kind: 'finish'; readonly r: bigint; readonly s: bigint };

export type Answer =
	| { readonly ok: true; readonly proof: Proof | undefined }
	| { readonly ok: false; readonly code: Groth16ErrorCode; readonly message: string };
