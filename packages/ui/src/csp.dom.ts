/**
 * React Aria's `usePress` puts one `<style>` in the head, which `style-src 'self'` refuses and reports. It skips
 * that when an element of this id exists already; base.css carries the rule itself.
 */
const PRESS_STYLE_ID = 'react-aria-pressable-style';

/** Stands in for the style element that React Aria would inject. Idempotent; runs when the package is imported. */
export function claimInjectedStyles(page: Document): void {
	if (page.getElementById(PRESS_STYLE_ID)) return;
	const mark = page.createElement('meta');
	mark.id = PRESS_STYLE_ID;
	page.head.append(mark);
}

if (typeof document !== 'undefined') claimInjectedStyles(document);
