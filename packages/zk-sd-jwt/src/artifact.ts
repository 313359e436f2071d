import { hexEncode, sha256, utf8 } from '@holdfast/crypto';
import { ZkSdJwtError } from './errors.ts';
import type { CircuitName } from './model.ts';

/** A compiled circuit: what `npm run build:circuits` writes. */
export interface CircuitArtifact {
	readonly noir_version: string;
	readonly abi: unknown;
	/** ACIR, gzip, base64. */
	readonly bytecode: string;
}

/** SHA-256 of the text of each artifact. A build of the same source gives the same text. */
export const ARTIFACT_SHA256: { readonly [name in CircuitName]: string } = {
	small: '50ef1df4279702a8d01fc8a80fbae6f72107f72fcc1b54a0b50c62ba8aa614f9',
	medium: '39cc5a36f805ddd3cdf59c778a88ae00d9cb8b50ab4ab3164ef52bbaedc4f8e7',
};

export const artifactHash = (text: string): string => hexEncode(sha256(utf8(text)));

/** Parses an artifact if it has this SHA-256; fails closed. */
export function readPinned(sha256Hex: string | undefined, text: string): CircuitArtifact {
	if (artifactHash(text) !== sha256Hex) throw new ZkSdJwtError('zk-sd-jwt/bad-artifact', 'The circuit for this proof is missing or was changed.');
	return JSON.parse(text) as CircuitArtifact;
}

export const readArtifact = (name: CircuitName, text: string): CircuitArtifact => readPinned(ARTIFACT_SHA256[name], text);
