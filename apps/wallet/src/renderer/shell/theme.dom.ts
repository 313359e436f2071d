import { applyTheme, type ThemeChoice } from '@holdfast/ui';

// The settings are readable only in an unlocked vault; the lock screen should have the right colours too.
// The theme is the one thing that the page itself remembers.
const KEY = 'holdfast.theme';

export function rememberTheme(choice: ThemeChoice): void {
	try {
		localStorage.setItem(KEY, choice);
	} catch {
		// Without storage the lock screen follows the system.
	}
}

export function applyRememberedTheme(): void {
	try {
		const choice = localStorage.getItem(KEY);
		if (choice === 'light' || choice === 'dark') applyTheme(choice);
	} catch {
		// As above.
	}
}
