import type { z } from 'zod';

/**
 * `open`: may be made at any time, locked or not. `unlocked`: refused with `vault/locked` before the
 * passphrase was given. Everything that signs or sends has a `…prepare`/`…open` call that returns a
 * review and an `…approve` call that takes only the review's id.
 */
export type Access = 'open' | 'unlocked';

/** A call that the vault process answers. */
export const call = <A extends Access, I extends z.ZodType, O extends z.ZodType>(access: A, input: I, output: O) => ({
	access,
	host: 'vault' as const,
	input,
	output,
});
