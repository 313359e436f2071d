import * as library from '@docknetwork/crypto-wasm';
import { utf8 } from '@holdfast/crypto';
import { API_ID, BP2, createGenerators, P1 } from './ciphersuite.ts';
import { BbsError } from './errors.ts';
import { LIMITS } from './limits.ts';

/** The messages before the claims: domain, holder secret, blinding, expiry. */
export const FIRST_CLAIM = 4;

const MAX_GENERATORS = FIRST_CLAIM + LIMITS.claims;

/**
 * Generators of the range proof, from this label by hashing (try and increment): nobody chose them, there is
 * no setup to trust. 64 bits, because the library proves 64 whatever is asked for, and would silently leave
 * generators out if there were fewer.
 */
const BOUND_LABEL = 'holdfast-bbs-bounds/1';
const BOUND_BITS = 64;
/** Digits of the range proof. The only base whose generators these are; a proof never gets to choose it (layout.ts). */
export const BOUND_BASE = 2;

export interface SignatureParams {
	readonly g1: Uint8Array;
	readonly g2: Uint8Array;
	readonly h: Uint8Array[];
}

/** The library, ready, with what is computed once. Holds no secrets. */
export interface Engine {
	/** Generators for `claims` claims: h[0] is Q_1 of the draft, the rest are H_1, H_2, … */
	params(claims: number): SignatureParams;
	/** Setup parameter of the range proof, as the library wants it. */
	boundSetup(): Uint8Array;
}

/**
 * Starts the WebAssembly library: 5.5 MB that are part of its JavaScript, so nothing is fetched and no path
 * has to be known. Needs `WebAssembly`, `Buffer` and `crypto.getRandomValues`: any Node process or worker.
 * About 0.2 s, and 0.5 s more at first use for the generators.
 */
export async function createEngine(): Promise<Engine> {
	try {
		await library.initializeWasm();
	} catch (cause) {
		throw new BbsError('bbs/engine-failed', 'The part of Holdfast that proves without revealing could not be started.', { cause });
	}
	let generators: Uint8Array[] = [];
	let setup: Uint8Array | undefined;
	return {
		params(claims) {
			const count = FIRST_CLAIM + claims;
			if (count > MAX_GENERATORS) throw new BbsError('bbs/too-large', 'This credential has too many claims.', { data: { limit: LIMITS.claims } });
			if (generators.length < count) generators = createGenerators(count, API_ID);
			return { g1: P1, g2: BP2, h: generators.slice(0, count) };
		},
		boundSetup() {
			setup ??= library.generateSetupParamForBppParams(library.boundCheckBppSetup(utf8(BOUND_LABEL), BOUND_BASE, BOUND_BITS, true), true);
			return setup;
		},
	};
}
