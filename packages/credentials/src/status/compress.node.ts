import { deflateSync, inflateSync } from 'node:zlib';
import { base64urlEncode } from '@holdfast/crypto';
import { CredentialError } from '../errors.ts';
import { decodeBytes } from '../jws.ts';
import { isStatusBits, STATUS_LIMITS, StatusList } from './list.ts';

/** `lst`: the bytes in zlib's format at the highest level, which the specification recommends, as base64url (§4.2). */
export const encodeList = (list: StatusList): string => base64urlEncode(deflateSync(list.bytes, { level: 9 }));

/**
 * Reads `bits` and `lst`. What would inflate beyond {@link STATUS_LIMITS} is refused without being inflated.
 *
 * @throws CredentialError `status/malformed`, `status/too-large`
 */
export function decodeList(bits: unknown, lst: unknown): StatusList {
	if (!isStatusBits(bits) || typeof lst !== 'string') throw new CredentialError('status/malformed', 'The status list does not have the form of one.');
	const packed = decodeBytes(lst, 'The status list');
	let bytes: Uint8Array;
	try {
		bytes = inflateSync(packed, { maxOutputLength: STATUS_LIMITS.bytes });
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
			throw new CredentialError('status/too-large', 'The status list is larger than Holdfast reads.', { cause });
		throw new CredentialError('status/malformed', 'The status list cannot be unpacked.', { cause });
	}
	return new StatusList(bits, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
