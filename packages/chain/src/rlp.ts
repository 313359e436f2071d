import { fromRlp, type Hex, isHex } from 'viem';

export type Rlp = Hex | readonly Rlp[];

/** RLP from outside, decoded; undefined where it is not RLP, not canonical enough to be taken, or longer than `maxBytes`. */
export function decodeRlp(data: Hex, maxBytes: number): Rlp | undefined {
	if (!isHex(data) || data.length % 2 !== 0 || data.length > 2 + 2 * maxBytes) return undefined;
	try {
		return fromRlp(data, 'hex') as Rlp;
	} catch {
		return undefined;
	}
}

export const isList = (value: Rlp | undefined): value is readonly Rlp[] => Array.isArray(value);
