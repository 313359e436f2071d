import { CenteredFrame, PageHeader, type PageHeaderProps } from '@holdfast/ui';
import { type ReactElement, type ReactNode, useEffect } from 'react';

/**
 * Says which screen this is: in the window's title, and by moving the focus to the heading, so that a
 * screen reader starts there. A field that took the focus for itself keeps it.
 */
function useScreen(title: string): void {
	useEffect(() => {
		document.title = `${title} – Holdfast`;
	}, [title]);
	useEffect(() => {
		const main = document.querySelector('main');
		if (main === null || main.contains(document.activeElement)) return;
		main.scrollTop = 0;
		const heading = main.querySelector('h1');
		if (heading === null) return;
		heading.tabIndex = -1;
		heading.focus({ preventScroll: true });
	}, []);
}

export interface ScreenProps extends PageHeaderProps {
	readonly children: ReactNode;
}

/** One screen. A step of a longer task is a screen of its own: give each one a `key`. */
export function Screen({ children, ...header }: ScreenProps): ReactElement {
	useScreen(header.title);
	return (
		<>
			<PageHeader {...header} />
			{children}
		</>
	);
}

/** A screen outside the wallet's frame: onboarding and the lock screen. */
export function CenteredScreen({ children, width, ...header }: ScreenProps & { readonly width?: string }): ReactElement {
	return (
		<CenteredFrame width={width}>
			<CenteredBody {...header}>{children}</CenteredBody>
		</CenteredFrame>
	);
}

// Its own component, so that its effect runs when <main> is there.
function CenteredBody({ children, ...header }: ScreenProps): ReactElement {
	useScreen(header.title);
	return (
		<div className="app-centered">
			<PageHeader {...header} />
			{children}
		</div>
	);
}
