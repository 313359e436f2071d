import { decodeJwt, isJwsAlg, verifyJwt } from '@holdfast/oid4vc';
import { z } from 'zod';
import type { Session } from './session.node.ts';

// Files that people hand to each other, signed by one of their DIDs: a compact JWS (RFC 7515) whose `typ` says what it is.

/** By how much two computers' clocks may differ. */
const SKEW_SEC = 600;

/** What every such file says: who signed it, and when (seconds). */
export const signedBy = { iss: z.string().startsWith('did:').max(2048), iat: z.number().int().nonnegative() };

/**
 * Reads and verifies a file. `malformed` where it is not of this kind; `not-authentic` where it was changed, is from the future, or is not
 * from whom it says.
 * @throws HoldfastError `did/*` where the signer's key cannot be found
 */
export async function readSigned<T extends { readonly iss: string; readonly iat: number }>(
	session: Session,
	compact: string,
	typ: string,
	content: z.ZodType<T>,
): Promise<T | 'malformed' | 'not-authentic'> {
	const jwt = decodeJwt(compact);
	const header = z.strictObject({ alg: z.string(), typ: z.literal(typ), kid: z.string().max(2600) }).safeParse(jwt?.header);
	const payload = content.safeParse(jwt?.payload);
	if (!jwt || !header.success || !payload.success) return 'malformed';
	const { alg, kid } = header.data;
	const { iss, iat } = payload.data;
	if (!isJwsAlg(alg) || !kid.startsWith(`${iss}#`)) return 'not-authentic';
	const { jwk } = await session.keys.did({ did: iss, kid, alg, relationship: 'assertionMethod' });
	const isAuthentic = verifyJwt(jwt, jwk) && iat * 1000 <= session.clock.now() + SKEW_SEC * 1000;
	return isAuthentic ? payload.data : 'not-authentic';
}
