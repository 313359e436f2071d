/** Characters of an offer or a request at most, as a person pastes or scans it. */
export const MAX_INPUT = 64 * 1024;

/** Query parameters of a link with any scheme. Null where it is no link, or where a parameter is there twice. */
export function linkParameters(input: string): { readonly scheme: string; readonly parameters: ReadonlyMap<string, string> } | null {
	const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(input)?.[1]?.toLowerCase();
	const start = input.indexOf('?');
	if (!scheme || start < 0) return null;
	const end = input.indexOf('#', start);
	const parameters = new Map<string, string>();
	for (const [name, value] of new URLSearchParams(input.slice(start + 1, end < 0 ? undefined : end))) {
		if (parameters.has(name)) return null;
		parameters.set(name, value);
	}
	return { scheme, parameters };
}
