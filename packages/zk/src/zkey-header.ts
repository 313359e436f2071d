import { ZkError } from './errors.ts';

export interface ZkeyHeader {
	readonly variables: number;
	readonly publicSignals: number;
	readonly domainSize: number;
	/** Contributions to phase 2, beacons included. */
	readonly contributions: number;
	/** Whether gamma is delta, as before the first contribution: then anybody can forge. */
	readonly gammaIsDelta: boolean;
}

const damaged = (): ZkError => new ZkError('zk/artifact-malformed', 'A proving key of this installation is damaged. Install Holdfast again.');

/** Reads what must be checked of a Groth16 proving key in iden3's binary format: sections 2 (header) and 10 (contributions). Throws `zk/artifact-malformed`. */
export function readZkeyHeader(zkey: Uint8Array): ZkeyHeader {
	const view = new DataView(zkey.buffer, zkey.byteOffset, zkey.byteLength);
	try {
		if (view.getUint32(0, false) !== 0x7a6b6579) throw damaged();
		const sections = new Map<number, number>();
		let at = 12;
		for (let left = view.getUint32(8, true); left > 0; left--) {
			sections.set(view.getUint32(at, true), at + 12);
			at += 12 + Number(view.getBigUint64(at + 4, true));
		}
		const header = sections.get(2);
		const phase2 = sections.get(10);
		if (at !== zkey.length || header === undefined || phase2 === undefined) throw damaged();
		if (view.getUint32(header, true) !== 32 || view.getUint32(header + 36, true) !== 32) throw damaged();
		const numbers = header + 72;
		// alpha1, beta1: 64 bytes each; beta2, gamma2: 128; delta1: 64; delta2: 128.
		const gamma = numbers + 12 + 64 + 64 + 128;
		const delta = gamma + 128 + 64;
		const bytes = (from: number): string => zkey.subarray(from, from + 128).join();
		return {
			variables: view.getUint32(numbers, true),
			publicSignals: view.getUint32(numbers + 4, true),
			domainSize: view.getUint32(numbers + 8, true),
			contributions: view.getUint32(phase2 + 64, true),
			gammaIsDelta: bytes(gamma) === bytes(delta),
		};
	} catch (error) {
		if (error instanceof ZkError) throw error;
		throw damaged();
	}
}
