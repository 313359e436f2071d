import type { CallInput } from '@holdfast/contract';

type Dcql = Extract<CallInput<'verify.prepare'>['request'], { kind: 'dcql' }>['dcql'];

/** Reads a DCQL query (OpenID4VP 1.0 §6) as far as to know that it is one; the vault checks the rest. */
export function readDcql(text: string): { readonly dcql: Dcql } | { readonly problem: string } {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return { problem: 'This is not JSON. Check brackets, commas and quotes.' };
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'A DCQL query is a JSON object.' };
	if (!('credentials' in value) || !Array.isArray(value.credentials) || value.credentials.length === 0)
		return { problem: 'A DCQL query needs a “credentials” list.' };
	return { dcql: value as Dcql };
}
