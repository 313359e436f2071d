// How claims are named on the command line: `address.locality`, `nationalities.0`, `*` for every element.
// A backslash takes its meaning from a dot, a comma or a star that is part of a name.

export type ClaimPath = readonly (string | number | null)[];

const SPECIAL = /[\\.,*]/g;

/** A claims path pointer (OpenID4VP 1.0 §7) as text. */
export const pathToText = (path: ClaimPath): string =>
	path.map((part) => (part === null ? '*' : typeof part === 'number' ? String(part) : textOfName(part))).join('.');

/** A name that looks like an index is marked, so that it is not taken for one. */
const textOfName = (name: string): string => (/^\d+$/.test(name) ? `\\${name}` : name.replace(SPECIAL, '\\$&'));

/** Splits at an unescaped `separator`; escapes stay in the parts. */
function split(text: string, separator: string): string[] {
	const parts = [''];
	for (let at = 0; at < text.length; at += 1) {
		const char = text[at] ?? '';
		if (char === '\\') {
			parts.push((parts.pop() ?? '') + char + (text[at + 1] ?? ''));
			at += 1;
		} else if (char === separator) parts.push('');
		else parts.push((parts.pop() ?? '') + char);
	}
	return parts;
}

export const textToPath = (text: string): (string | number | null)[] =>
	split(text, '.').map((part) => (part === '*' ? null : /^\d{1,9}$/.test(part) ? Number(part) : part.replace(/\\(.)/gs, '$1')));

/** `given_name,address.locality` as paths. */
export const textToPaths = (text: string): (string | number | null)[][] =>
	split(text, ',')
		.map((each) => each.trim())
		.filter(Boolean)
		.map(textToPath);

/** Whether `path` is one of `agreed` or stands below one; an agreed `*` stands for every element. */
export const isWithin = (path: ClaimPath, agreed: readonly ClaimPath[]): boolean =>
	agreed.some(
		(each) =>
			each.length <= path.length && each.every((part, at) => part === path[at] || (part === null && (typeof path[at] === 'number' || path[at] === null))),
	);
