import { CryptoError } from './errors.ts';

/** Indexes from here on are hardened (BIP-32). */
export const HARDENED = 0x8000_0000;

export interface PathIndex {
	/** The index as it is serialised: with 2^31 added when hardened. */
	readonly value: number;
	readonly hardened: boolean;
}

const SEGMENT = /^(0|[1-9][0-9]{0,9})('?)$/;
const MAX_DEPTH = 32;

/** Parses `m/44'/0'/0` (BIP-32 notation, apostrophe for hardened). Throws `crypto/bad-path`. */
export function parsePath(path: string): PathIndex[] {
	const [root, ...segments] = path.split('/', MAX_DEPTH + 2);
	if (root !== 'm' || segments.length > MAX_DEPTH) throw badPath();
	return segments.map((segment) => {
		const match = SEGMENT.exec(segment);
		const index = Number(match?.[1]);
		if (!match || index >= HARDENED) throw badPath();
		const hardened = match[2] === "'";
		return { value: hardened ? index + HARDENED : index, hardened };
	});
}

const badPath = () => new CryptoError('crypto/bad-path', "A key path looks like m/44'/0'/0'.");
