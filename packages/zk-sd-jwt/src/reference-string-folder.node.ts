import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decompressCanonical } from './barretenberg.node.ts';
import { ZkSdJwtError } from './errors.ts';
import { CANONICAL_G2, describeReferenceString, type ReferenceString } from './reference-string.ts';

// The names that the native prover expects.
const G1 = 'bn254_g1.dat';
const G2 = 'bn254_g2.dat';
const HASH = 'reference-string.sha256';

/** A reference string on disk, checked: what {@link openEngine} takes. */
export interface ReferenceStringFolder extends ReferenceString {
	readonly folder: string;
}

async function write(folder: string, name: string, bytes: Uint8Array): Promise<void> {
	const part = join(folder, `${name}.${process.pid}.part`);
	await writeFile(part, bytes);
	await rename(part, join(folder, name));
}

const digest = (g1: Uint8Array, g2: Uint8Array): string => createHash('sha256').update(g1).update(g2).digest('hex');

/** Writes a string; the hash last, so that a folder that was cut off is not taken for a whole one. */
export async function writeReferenceString(folder: string, g1: Uint8Array, g2: Uint8Array): Promise<void> {
	describeReferenceString(g1, g2);
	await mkdir(folder, { recursive: true });
	await rm(join(folder, HASH), { force: true });
	await write(folder, G1, g1);
	await write(folder, G2, g2);
	await write(folder, HASH, Buffer.from(`${digest(g1, g2)}\n`));
}

/**
 * Takes over the points of the canonical string from a file that a person has: `g1_compressed.dat` (32 bytes a point, any
 * number of points that fills whole chunks), as Aztec publishes it. Every chunk is compared with the SHA-256 that
 * `@aztec/bb.js` pins; nothing is written where one differs.
 */
export async function importCanonicalReferenceString(folder: string, compressed: Uint8Array): Promise<void> {
	await writeReferenceString(folder, await decompressCanonical(compressed), CANONICAL_G2);
}

/**
 * Opens a folder that {@link writeReferenceString} or {@link importCanonicalReferenceString} made. Fails closed on a changed
 * byte. A development string is refused unless it is allowed: a production build never allows it.
 */
export async function openReferenceString(folder: string, options: { allowDevelopment: boolean }): Promise<ReferenceStringFolder> {
	const [g1, g2, hash] = await Promise.all([readFile(join(folder, G1)), readFile(join(folder, G2)), readFile(join(folder, HASH), 'utf8')]).catch(
		(cause: unknown) => {
			throw new ZkSdJwtError('zk-sd-jwt/no-reference-string', 'The reference string for this kind of proof is not there. It is imported once, from a file.', {
				cause,
			});
		},
	);
	if (digest(g1, g2) !== hash.trim()) throw new ZkSdJwtError('zk-sd-jwt/bad-reference-string', 'The reference string was changed after it was imported.');
	const described = describeReferenceString(g1, g2);
	if (described.setup === 'development' && !options.allowDevelopment) {
		throw new ZkSdJwtError(
			'zk-sd-jwt/development-setup',
			'This reference string was made for development. It is not used here, because its maker could forge proofs.',
		);
	}
	return { ...described, folder };
}

/** The points of an opened string. */
export const readPoints = async (string: ReferenceStringFolder): Promise<Uint8Array> => new Uint8Array(await readFile(join(string.folder, G1)));

// Verification keys follow from a circuit and a string, and take seconds: kept beside the string, under its name, the circuit's and
// their own hash. Whoever can change them can change the string as well.
const keyFile = (string: ReferenceStringFolder, circuit: string): string => `${string.id.slice(0, 16)}-${circuit.slice(0, 16)}.key`;

export async function readVerificationKey(string: ReferenceStringFolder, circuit: string): Promise<Uint8Array | undefined> {
	const bytes = await readFile(join(string.folder, keyFile(string, circuit))).catch(() => Buffer.alloc(0));
	const key = bytes.subarray(32);
	return bytes.length > 32 && createHash('sha256').update(key).digest().equals(bytes.subarray(0, 32)) ? new Uint8Array(key) : undefined;
}

export const keepVerificationKey = (string: ReferenceStringFolder, circuit: string, key: Uint8Array): Promise<void> =>
	write(string.folder, keyFile(string, circuit), Buffer.concat([createHash('sha256').update(key).digest(), key]));
