// The cryptography of a setup, one step a function, on snarkjs. Paths in, facts out; nothing is printed.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCurveFromName } from 'ffjavascript';
import { powersOfTau, zKey } from 'snarkjs';

export const hashOf = (path, algorithm = 'sha256') => createHash(algorithm).update(readFileSync(path)).digest('hex');

/** Ends the threads that snarkjs shares between calls; without this the process stays alive. */
export async function endThreads() {
	await globalThis.curve_bn128?.terminate();
}

/** A phase 1 by one contributor, ready for phase 2. For development: whoever makes it could have kept the secret. */
export async function developmentPhase1({ out, power, name, entropy }) {
	const curve = await getCurveFromName('bn128');
	await powersOfTau.newAccumulator(curve, power, `${out}.0`);
	await powersOfTau.contribute(`${out}.0`, `${out}.1`, name, entropy);
	await powersOfTau.preparePhase2(`${out}.1`, out);
}

/** Which phase 1 a file is: one of the public ones by its pinned hash, or a development one. */
export function identifyPhase1(path, known) {
	const power = readPower(path);
	const blake2b512 = hashOf(path, 'blake2b512');
	const found = known.files.find((file) => file.blake2b512 === blake2b512);
	return { source: found?.name ?? 'development', sha256: hashOf(path), power };
}

/** A .ptau file's power: section 1 is n8, the prime, power, power of the ceremony. */
function readPower(path) {
	const bytes = readFileSync(path);
	if (bytes.toString('latin1', 0, 4) !== 'ptau') throw new Error('This is not a powers-of-tau file.');
	for (let at = 12, left = bytes.readUInt32LE(8); left > 0; left--) {
		const size = Number(bytes.readBigUInt64LE(at + 4));
		if (bytes.readUInt32LE(at) === 1) return bytes.readUInt32LE(at + 12 + 4 + bytes.readUInt32LE(at + 12));
		at += 12 + size;
	}
	throw new Error('This powers-of-tau file has no header.');
}

/** The key before any contribution, which nobody may use: the same for everybody with the same circuit and phase 1. */
export const initialKey = ({ r1cs, phase1, out }) => zKey.newZKey(r1cs, phase1, out);

/** Adds a contribution with fresh entropy. Returns its hash, which the contributor may publish. */
export async function contribute({ from, to, name, entropy }) {
	return Buffer.from(await zKey.contribute(from, to, name, entropy)).toString('hex');
}

/** Adds a contribution that anybody can compute from a value that nobody could know before. */
export async function beacon({ from, to, name, value, iterations }) {
	return Buffer.from(await zKey.beacon(from, to, name, value, iterations)).toString('hex');
}

/** Whether the key belongs to this circuit and this phase 1, and every contribution follows from the one before. */
export const verifyKey = async ({ r1cs, phase1, zkey }) => (await zKey.verifyFromR1cs(r1cs, phase1, zkey)) === true;

export const verificationKey = (zkey) => zKey.exportVerificationKey(zkey);

/** The contributions in a key, in order: name, kind and the hash of everything before. */
export function contributionsOf(path) {
	const bytes = readFileSync(path);
	const points = 64 + 64 + 64 + 128;
	for (let at = 12, left = bytes.readUInt32LE(8); left > 0; left--) {
		const size = Number(bytes.readBigUInt64LE(at + 4));
		if (bytes.readUInt32LE(at) === 10) {
			let cursor = at + 12 + 64;
			const found = [];
			const count = bytes.readUInt32LE(cursor);
			cursor += 4;
			for (let i = 0; i < count; i++) {
				cursor += points;
				const transcript = bytes.toString('hex', cursor, cursor + 64);
				const type = bytes.readUInt32LE(cursor + 64);
				const length = bytes.readUInt32LE(cursor + 68);
				cursor += 72;
				found.push({ kind: type === 1 ? 'beacon' : 'contribution', ...parameters(bytes.subarray(cursor, cursor + length)), transcript });
				cursor += length;
			}
			return found;
		}
		at += 12 + size;
	}
	throw new Error('This key does not say who contributed to it.');
}

function parameters(bytes) {
	const found = {};
	for (let at = 0; at < bytes.length; ) {
		const type = bytes[at];
		if (type === 2) {
			found.iterations = bytes[at + 1];
			at += 2;
		} else {
			const value = bytes.subarray(at + 2, at + 2 + bytes[at + 1]);
			if (type === 1) found.name = value.toString('utf8');
			else found.value = value.toString('hex');
			at += 2 + value.length;
		}
	}
	return found;
}
