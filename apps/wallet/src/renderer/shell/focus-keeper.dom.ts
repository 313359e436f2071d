const FIELD = 'input:not(:disabled, [readonly], [type="hidden"], [type="file"]), textarea:not(:disabled, [readonly])';

/**
 * Focus that falls off the page, because the control that had it went away or became disabled, lands on the
 * first field of its form, or on the screen's heading: whoever uses a keyboard or a screen reader would
 * otherwise be sent back to the top of the window. Returns the function that stops it.
 */
export function keepFocus(page: Document): () => void {
	let last: HTMLElement | undefined;
	let form: HTMLFormElement | null = null;
	let frame = 0;

	const remember = (event: FocusEvent) => {
		const target = event.target instanceof HTMLElement && event.target.closest('main') ? event.target : undefined;
		last = target;
		form = target?.closest('form') ?? null;
	};

	const restore = () => {
		const isLost = last !== undefined && (!last.isConnected || last.matches(':disabled'));
		const main = page.querySelector('main');
		// While a dialog is open, the focus is the dialog's.
		if (!isLost || page.activeElement !== page.body || main === null || main.closest('[inert], [aria-hidden="true"]')) return;
		const field = form?.isConnected ? form.querySelector<HTMLElement>(FIELD) : null;
		const target = field ?? main.querySelector<HTMLElement>('h1');
		if (target === null) return;
		if (field === null) target.tabIndex = -1;
		target.focus({ preventScroll: field === null });
	};

	// A disabled control loses the focus only when the next frame is drawn.
	const soon = () => {
		cancelAnimationFrame(frame);
		frame = requestAnimationFrame(() => {
			frame = requestAnimationFrame(restore);
		});
	};

	page.addEventListener('focusin', remember);
	const observer = new MutationObserver(soon);
	observer.observe(page.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] });
	return () => {
		cancelAnimationFrame(frame);
		page.removeEventListener('focusin', remember);
		observer.disconnect();
	};
}
