import { Groth16Error } from './errors.ts';
import { sharedMemory, type WasmMemory } from './wasm/host.ts';
import { MAX_PAGES } from './wasm/module.ts';

const PAGE = 65_536;
/** Address 0 stays unused: it says "no point" in lists. */
const FIRST = 64;

/** Hands out addresses of a memory that all threads of a prover share. Nothing is given back: a key's layout is fixed. */
export class Arena {
	readonly memory: WasmMemory;
	#next = FIRST;

	constructor() {
		try {
			this.memory = sharedMemory(MAX_PAGES);
		} catch (cause) {
			throw noMemory(cause);
		}
	}

	/** An address at a multiple of eight, with `bytes` zero bytes behind it. */
	alloc(bytes: number): number {
		const address = this.#next;
		const end = address + Math.ceil(bytes / 8) * 8;
		const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
		if (missing > 0) {
			try {
				this.memory.grow(missing);
			} catch (cause) {
				throw noMemory(cause);
			}
		}
		this.#next = end;
		return address;
	}

	get used(): number {
		return this.#next;
	}
}

const noMemory = (cause: unknown): Groth16Error =>
	new Groth16Error('groth16/no-memory', 'There is not enough memory for this proving key. Close other programs and try again.', { cause });
