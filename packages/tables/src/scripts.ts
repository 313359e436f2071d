import { hasInvisible } from '@holdfast/kernel';

/** Scripts that have letters which look like another's. */
const SCRIPTS = ['Latin', 'Greek', 'Cyrillic', 'Armenian', 'Cherokee', 'Coptic'] as const;
export type Script = (typeof SCRIPTS)[number] | 'other';

const PATTERNS = SCRIPTS.map((script) => [script, new RegExp(`^\\p{Script=${script}}$`, 'u')] as const);
const LETTER = /\p{L}/gu;
const WORD = /[\p{L}\p{M}]+/gu;
// Most cells are plain: one test instead of a walk over their letters.
const PLAIN = /^[ -~\u00a0-\u00ac\u00ae-\u024f]*$/;

const scriptOfLetter = (letter: string): Script => PATTERNS.find(([, pattern]) => pattern.test(letter))?.[0] ?? 'other';

/** The one script of a text's letters; `mixed` for several, null for none. */
export function scriptOf(text: string): Script | 'mixed' | null {
	if (PLAIN.test(text)) return /[A-Za-z\u00aa\u00ba\u00c0-\u024f]/.test(text) ? 'Latin' : null;
	const scripts = new Set((text.match(LETTER) ?? []).map(scriptOfLetter));
	if (scripts.size > 1) return 'mixed';
	return [...scripts][0] ?? null;
}

/** `mixed-word`: letters of several alphabets in one word, as in an imitation. `invisible`: characters that nobody sees. */
export function lookAlike(text: string): 'mixed-word' | 'invisible' | null {
	if (PLAIN.test(text)) return null;
	if (hasInvisible(text)) return 'invisible';
	for (const word of text.match(WORD) ?? []) {
		const scripts = new Set((word.match(LETTER) ?? []).map(scriptOfLetter));
		scripts.delete('other');
		if (scripts.size > 1) return 'mixed-word';
	}
	return null;
}
