import { CopyButton, TextField } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { call } from './bridge.dom.ts';

/** Copies through the shell. Rejects when the clipboard was not reached, so that a copy button can say so. */
export async function copyText(text: string, secret = false): Promise<void> {
	const result = await call('app.copy', { text, secret });
	if (!result.ok) throw new Error(result.error.code);
}

export interface CopyFieldProps {
	readonly label: string;
	readonly value: string;
	readonly description?: string;
	/** Cleared from the clipboard after a while. */
	readonly secret?: boolean;
}

/** A link or a code to hand on: read-only, with a button that copies it. */
export function CopyField({ label, value, description, secret = false }: CopyFieldProps): ReactElement {
	return (
		<div className="app-copy-field">
			<TextField label={label} value={value} onChange={() => undefined} isReadOnly isMono description={description} />
			<CopyButton label={`Copy ${label.toLowerCase()}`} variant="words" size="medium" onCopy={() => copyText(value, secret)} />
		</div>
	);
}
