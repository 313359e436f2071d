// Text from issuers, verifiers and QR codes is hostile: it may hide itself (bidirectional overrides,
// zero-width characters), imitate the app or be megabytes long. It is cleaned once, here, on its way to a person.

// Written as strings so that each range of invisible characters has its reason beside it.
const INVISIBLE = new RegExp(
	[
		'[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]', // control characters (tab and line feed become spaces)
		'[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u3164\\uffa0]', // fillers, soft hyphen, Arabic letter mark
		'[\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff0-\\ufffb]', // zero width and direction
		'[\\ufe00-\\ufe0f]|\\udb40[\\udc00-\\udfff]', // variation selectors and tags
	].join('|'),
	'g',
);
/** Whether a text has characters that nobody sees, or that change the direction of what follows. White space is none. */
export const hasInvisible = (text: string): boolean => text.search(INVISIBLE) >= 0;

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const COMBINING_RUN = /(\p{M}{4})\p{M}+/gu;

/**
 * Text from outside, made safe to show: invisible and direction-changing characters removed, white
 * space folded, at most `max` characters (an ellipsis says that it was cut).
 */
export function displayText(text: string, max = 200): string {
	// Cut before the regular expressions run, so that their cost is bounded too.
	const bounded = text.length > max * 8 ? text.slice(0, max * 8) : text;
	const clean = bounded.replace(INVISIBLE, '').replace(LONE_SURROGATE, '\ufffd').replace(COMBINING_RUN, '$1').replace(/\s+/g, ' ').trim();
	const characters = [...clean];
	if (characters.length <= max && bounded.length === text.length) return clean;
	return `${characters.slice(0, max - 1).join('')}…`;
}
