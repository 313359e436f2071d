import { useCallback, useSyncExternalStore } from 'react';

/** `system` follows the operating system's preference. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const DARK = '(prefers-color-scheme: dark)';
const REDUCED = '(prefers-reduced-motion: reduce)';

function useMediaQuery(query: string): boolean {
	const subscribe = useCallback(
		(changed: () => void) => {
			const list = window.matchMedia(query);
			list.addEventListener('change', changed);
			return () => list.removeEventListener('change', changed);
		},
		[query],
	);
	return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

function readChoice(): ThemeChoice {
	const value = document.documentElement.dataset.theme;
	return value === 'light' || value === 'dark' ? value : 'system';
}

function subscribeChoice(changed: () => void): () => void {
	const observer = new MutationObserver(changed);
	observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
	return () => observer.disconnect();
}

/** Puts the choice on `<html data-theme>`; `system` removes it. Callable before React renders. */
export function applyTheme(choice: ThemeChoice): void {
	if (choice === 'system') delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = choice;
}

/** The theme chosen and the one in effect. Remembering the choice is the app's business. */
export function useTheme(): { readonly choice: ThemeChoice; readonly theme: 'light' | 'dark'; readonly setChoice: (choice: ThemeChoice) => void } {
	const choice = useSyncExternalStore(subscribeChoice, readChoice);
	const systemDark = useMediaQuery(DARK);
	const theme = choice === 'system' ? (systemDark ? 'dark' : 'light') : choice;
	return { choice, theme, setChoice: applyTheme };
}

/** Whether the person asked the system for less motion. */
export function useReducedMotion(): boolean {
	return useMediaQuery(REDUCED);
}
