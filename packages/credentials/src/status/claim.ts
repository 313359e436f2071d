import type { Json } from '@holdfast/kernel';
import { isObject, member } from '../json.ts';
import { STATUS_LIMITS } from './list.ts';

/** Where a credential's status stands: an entry of a status list. */
export interface StatusReference {
	readonly uri: string;
	readonly idx: number;
}

/** The `status` claim of a credential (Token Status List §6.1). */
export const statusClaim = ({ uri, idx }: StatusReference): { status_list: { idx: number; uri: string } } => ({ status_list: { idx, uri } });

/** Whether `reference` can be put into a credential, or taken from one. */
export const isReference = ({ uri, idx }: StatusReference): boolean =>
	Number.isSafeInteger(idx) && idx >= 0 && uri.length <= STATUS_LIMITS.uri && URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol);

/** Reads a `status` claim. `unknown`: a way to tell the status that Holdfast does not know. `malformed`: a status list without a usable entry. */
export function readStatus(status: Json | undefined): StatusReference | 'none' | 'unknown' | 'malformed' {
	if (status === undefined) return 'none';
	const list = isObject(status) ? member(status, 'status_list') : undefined;
	if (list === undefined) return 'unknown';
	if (!isObject(list)) return 'malformed';
	const [uri, idx] = [member(list, 'uri'), member(list, 'idx')];
	if (typeof uri !== 'string' || typeof idx !== 'number') return 'malformed';
	const reference = { uri, idx };
	return isReference(reference) ? reference : 'malformed';
}
