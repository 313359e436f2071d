import { getAddress, type Hex } from 'viem';
import { z } from 'zod';

// What stands in files that people hand to each other, brought to one spelling.

export const zAddress = z
	.string()
	.regex(/^0x[0-9a-fA-F]{40}$/)
	.transform((value) => getAddress(value.toLowerCase()));

/** At least one byte. */
export const zHex = z
	.string()
	.regex(/^0x(?:[0-9a-fA-F]{2})+$/)
	.transform((value) => value.toLowerCase() as Hex);
